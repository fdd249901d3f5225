"""The registers for other programs: a table of CSV, and JSON."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from omi_rules.data.cells import csv_text
from omi_rules.registers.find import Registers

COLUMNS = (
    *("part", "case_id", "register", "roh_level", "mappa_level", "tier", "start_date"),
    *("division", "team", "officer", "note", "to_do"),
)


def registers_json(found: Registers) -> str:
    """Everything, with dates as text."""
    return json.dumps(asdict(found), ensure_ascii=False, indent=2, default=lambda day: day.isoformat()) + "\n"


def registers_csv(found: Registers) -> str:
    """A line an entry, a move and a disagreement; a cell that a spreadsheet would run is neutralised."""
    return csv_text(COLUMNS, _rows(found))


def _rows(found: Registers) -> Iterator[Mapping[str, Any]]:
    for entry in found.entries:
        for register in entry.registers:
            yield {"part": "entry", "register": register, **asdict(entry)}
    for move in found.moves:
        yield {"part": "joined" if move.joined else "left", "note": move.why, **asdict(move)}
    for one in found.disagreements:
        yield {"part": "disagreement", "note": one.says, **asdict(one)}
