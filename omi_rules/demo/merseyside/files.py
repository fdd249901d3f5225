"""The tables and the answers as files that are readable by their owner only."""

import csv
import io
import os
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from omi_rules.problems import OutputError
from omi_rules.shapes import Table


def make_folders(*folders: Path) -> None:
    """Make the folders that are not there yet, their owner's alone; OutputError where that cannot be done."""
    for folder in folders:
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{folder} could not be made: {error.strerror}. Name another folder.") from None


def write_table(folder: Path, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a table of the contract: its columns in order, its rows in order of their cells."""
    columns = [column.name for column in table.columns]
    lines = sorted([_cell(row.get(column)) for column in columns] for row in rows)
    write_csv(folder / f"{table.name}.csv", columns, lines)


def write_csv(file: Path, header: list[str], lines: Iterable[list[str]]) -> None:
    """Write a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    write_owned(file, text.getvalue())


def write_owned(file: Path, text: str) -> None:
    """Put a file in place whole, readable by its owner only; OutputError where that cannot be done."""
    part = file.with_name(f".{file.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
            opened.write(text)
        part.replace(file)
    except OSError as error:
        raise OutputError(f"{file} could not be written: {error.strerror}. Name another folder.") from None


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
