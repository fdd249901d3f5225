"""Limits that a user sets on an export: beyond one of them it is not checked, and nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from omi_rules.data.accounts import TableCount
from omi_rules.data.export import Export
from omi_rules.data.sources import quote_name
from omi_rules.data.store import Store
from omi_rules.problems import ExportError
from omi_rules.shapes import load_tables


@dataclass(frozen=True)
class Amount:
    """A number of rows or cases, or a share of them in per cent."""

    number: float
    is_share: bool

    @classmethod
    def read(cls, text: str) -> Self:
        """An amount as it is written: `20` of them, or `2%` of them."""
        return cls(float(text.rstrip("%")), text.endswith("%"))

    def is_passed_by(self, part: int, whole: int) -> bool:
        """Whether `part` of `whole` is more than this."""
        return part * 100 > self.number * whole if self.is_share else part > self.number

    def __str__(self) -> str:
        return f"{self.number:g}{'%' if self.is_share else ''}"


@dataclass(frozen=True)
class Gates:
    """The limits: days since the newest record, rejected rows, cases at least, and vanished cases."""

    max_age: int | None = None
    max_rejects: Amount | None = None
    min_cases: int | None = None
    drop_limit: Amount | None = None


def check_gates(store: Store, export: Export, gates: Gates, today: date) -> None:
    """ExportError if the export is too old, too small, or too much of it was rejected.

    Its age counts to the day that the user named, else to today: the export's own word on its day proves nothing.
    """
    check_amounts(export.cases, export.accounting, gates)
    if gates.max_age is None:
        return
    day = export.as_at if export.as_at_from == "option" else today
    newest = _newest_record(store, export, day)
    age = (day - newest).days if newest else None
    if age is None or age > gates.max_age:
        found = f"the newest record is {age:,} days old" if age is not None else "no record has a date"
        raise ExportError(
            f"{found}, counted to {day.isoformat()}, and --max-age is {gates.max_age:,} days: take a newer export."
        )


def check_amounts(cases: int, accounting: Sequence[TableCount], gates: Gates) -> None:
    """ExportError if there are too few cases, or too many of the rows were rejected."""
    if gates.min_cases is not None and cases < gates.min_cases:
        raise ExportError(
            f"the export has {cases:,} cases, and --min-cases is {gates.min_cases:,}: is it whole? Make it "
            "again, or lower the limit."
        )
    rejected, read = (sum(getattr(table, name) for table in accounting) for name in ("rejected", "rows_in"))
    if gates.max_rejects is not None and gates.max_rejects.is_passed_by(rejected, read):
        raise ExportError(
            f"{rejected:,} of {read:,} rows were rejected, and --max-rejects is {gates.max_rejects}: check the export "
            "without the limit and with --output; rejects.csv says what is wrong with each row."
        )


def _newest_record(store: Store, export: Export, day: date) -> date | None:
    """The latest day on which something was recorded; an appointment only once it has an outcome: many lie ahead."""
    parts = ["SELECT max(sentence_date) AS newest FROM cases"]
    for table in load_tables().values():
        if table.own_date and table.name not in export.missing:
            held = " AND outcome IS NOT NULL" if table.name == "appointments" else ""
            own = quote_name(table.own_date)
            parts.append(f"SELECT max({own}) FROM {quote_name(table.name)} WHERE {own} <= DATE '{day}'{held}")
    row = store.execute(f"SELECT max(newest) FROM ({' UNION ALL '.join(parts)})").fetchone()
    newest: date | None = row[0] if row else None
    return newest


def check_dropped(dropped: int, before: int, gates: Gates) -> None:
    """ExportError if too many of the cases that were under supervision in the latest run are not in the export."""
    if gates.drop_limit is not None and before and gates.drop_limit.is_passed_by(dropped, before):
        raise ExportError(
            f"{dropped:,} of {before:,} cases of the latest run are not in the export, though none of them had ended, "
            f"and --drop-limit is {gates.drop_limit}: is the export whole? Make it again, or raise the limit."
        )
