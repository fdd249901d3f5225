"""Workbooks for tests, and how they are read."""

import io
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from omi_rules.reports.audience import AUDIENCES
from omi_rules.reports.gathering import ReportSettings
from omi_rules.reports.workbook.build import build_workbook
from omi_rules.reports.workbook.table import HEAD

#: The row of a table's headings, as a spreadsheet counts.
HEADINGS = HEAD + 1


def make(folder: Path, audience: str = "manager", **settings: Any) -> bytes:
    """The bytes of a new workbook."""
    file = io.BytesIO()
    build_workbook(folder, ReportSettings(audience=AUDIENCES[audience], **settings), file)
    return file.getvalue()


@cache
def made(folder: Path, audience: str = "manager", **settings: Any) -> bytes:
    """The bytes of a workbook, the same for all who ask."""
    return make(folder, audience, **settings)


@cache
def _opened(content: bytes) -> Any:
    with warnings.catch_warnings():
        # bars behind figures are newer than what openpyxl keeps
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(content))


def book_of(folder: Path, audience: str = "manager", **settings: Any) -> Any:
    """The workbook, opened; nobody changes it."""
    return _opened(made(folder, audience, **settings))


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a table by its headings."""
    heads, *rows = sheet.iter_rows(HEADINGS, sheet.max_row, values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def words_of(sheet: Any) -> str:
    """Every text and number of a sheet, with single spaces."""
    cells = (cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)
    return " ".join(" ".join(str(cell) for cell in cells).split())


def parts_of(content: bytes) -> Mapping[str, bytes]:
    """The files inside a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def found_in(content: bytes, names: Sequence[str]) -> list[str]:
    """Which of these names somebody could find in a workbook, wherever they look."""
    everything = b"\n".join(parts_of(content).values())
    return [name for name in names if name.encode() in everything]
