"""Small random exports that crowd the places where rules go wrong; the same seed gives the same export.

Boundary days, bank holidays, ended cases, rows of one day or yet to come, empty cells, lost rows and tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from omi_rules.shapes import load_tables
from tests.random_tables import (
    ANCHORS,
    DAY_LIMITS,
    LIKELY_KINDS,
    NEVER_EMPTIED,
    SINGLE_TABLES,
    THEMES,
    TYPICAL,
    WORKING_DAY_LIMITS,
)
from tests.reference.days import bank_holidays, working_days_after, working_days_before
from tests.reference.world import OWN_DATES, SAYS_SOMETHING

Record = dict[str, Any]


@dataclass
class _Draw:
    """Draws for one record around some days."""

    rng: Random
    as_at: date
    bases: list[date]

    def chance(self, odds: float) -> bool:
        return self.rng.random() < odds

    def day(self) -> date:
        """A day at, next to, or a limit away from a day that matters."""
        day = self.rng.choice(self.bases)
        way = self.rng.random()
        if way < 0.4:
            step = self.rng.choice((working_days_after, working_days_before, working_days_after))
            day = step(day, self.rng.choice(WORKING_DAY_LIMITS)) or day
        elif way < 0.7:
            day += timedelta(days=self.rng.choice((1, 1, -1)) * self.rng.choice(DAY_LIMITS))
        elif way < 0.8:
            day += timedelta(days=self.rng.randint(-30, 200))
        return day + timedelta(days=self.rng.choice((0, 0, 0, 0, 1, -1)))

    def cell(self, table: str, column: str) -> Any:
        """A value for a cell; what is empty by right is empty half the time."""
        spec = load_tables()[table].column(column)
        if (table, column) in SAYS_SOMETHING and self.chance(0.4):
            return None
        if spec.type == "code":
            likely = LIKELY_KINDS.get(table) if column == "kind" and self.chance(0.7) else None
            return self.rng.choice(likely or spec.codes)
        if spec.type == "boolean":
            return self.chance(0.6)
        if spec.type == "date":
            return self.day()
        if spec.type == "integer":
            return self.rng.randint(spec.minimum or 0, min(spec.maximum or 9, 9))
        if spec.type == "number":
            return self.rng.choice([Decimal(text) for text in ("2", "3", "5.9", "6", "6", "0.1", "7.5", "2.9", "3.1")])
        return self.rng.choice(("A1", "B2", "C3", "D4"))

    def row(self, table: str) -> Record:
        """A row of the table, its own date among the days that matter from now on."""
        row = {column.name: self.cell(table, column.name) for column in load_tables()[table].columns[1:]}
        own = OWN_DATES.get(table)
        if table in TYPICAL and own is not None and self.chance(0.5):
            row[own] = self.typical(table)
        if own is not None and row[own] is not None and self.chance(0.5):
            self.bases.append(row[own])
        return row

    def typical(self, table: str) -> date:
        """A day on which a rule of the table would expect a row, or next to it."""
        unit, amount = self.rng.choice(TYPICAL[table])
        day = self.bases[1] + timedelta(days=amount)
        if unit == "working":
            day = working_days_after(self.bases[1], amount) or day
        return day + timedelta(days=self.rng.choice((0, 0, 0, -1, -1, 1, 5)))

    def rows(self, table: str, most: int) -> list[Record]:
        """Up to so many rows, now and then two of one day."""
        rows = [self.row(table) for _ in range(self.rng.randint(0, most))]
        own = OWN_DATES.get(table)
        if own is not None and len(rows) > 1 and self.chance(0.25):
            rows[1][own] = rows[0][own]
        return rows


def random_case(rng: Random, case_id: str, as_at: date) -> Record:
    """The record of one case, with a few things left open."""
    draw = _Draw(rng, as_at, [as_at])
    start = draw.day() if draw.chance(0.5) else as_at - timedelta(days=rng.randint(0, 500))
    if draw.chance(0.85):
        start = min(start, as_at)
    order = rng.choice(("community_order", "community_order", "suspended_sentence_order", "licence", "licence"))
    sentence = start - timedelta(days=rng.choice((0, 30, 56, 200, 700))) if order == "licence" else start
    case: Record = {
        "case_id": case_id,
        "order_type": order,
        "sentence_date": sentence,
        "release_date": start if order == "licence" or draw.chance(0.1) else None,
    }
    draw.bases += [start, start, start, start, sentence]
    for column in load_tables()["cases"].columns:
        if column.name not in case and column.name not in ("end_date", "resentenced_date"):
            case[column.name] = draw.cell("cases", column.name)
    if draw.chance(0.6):
        case["mappa_exception_reason"] = None
    case["end_date"] = max(start, draw.day()) if draw.chance(0.35) else None
    case["resentenced_date"] = max(sentence, draw.day()) if draw.chance(0.2) else None
    case["review_interval_weeks"] = rng.choice((4, 8, 15, 16)) if draw.chance(0.15) else None
    if case["resentenced_date"]:
        draw.bases.append(case["resentenced_date"])
    record: Record = {"case": case}
    for table in sorted({*rng.choice(THEMES), *rng.choice(THEMES), *rng.sample(SINGLE_TABLES, 2)}):
        record[table] = draw.rows(table, 4)
    _crowd(draw, record, start)
    _fit(draw, record, sentence)
    _leave_open(draw, record, "cases")
    return record


def random_member_of_staff(rng: Random, staff_id: str, as_at: date) -> Record:
    """The record of one member of staff."""
    draw = _Draw(rng, as_at, [as_at])
    employed = min(draw.day(), as_at) if draw.chance(0.3) else as_at - timedelta(days=rng.randint(0, 900))
    if draw.chance(0.3):
        employed = as_at - timedelta(days=rng.choice((364, 365, 366, 41, 42, 43, 730)))
    draw.bases += [employed, employed]
    staff = {
        "staff_id": staff_id,
        "grade": rng.choice(("po", "pso", "spo", "tpo")),
        "division": "A1",
        "team": "B2",
        "employed_on": employed,
        "left_on": max(employed, draw.day()) if draw.chance(0.3) else None,
    }
    record: Record = {
        "staff": staff,
        "appraisals": draw.rows("appraisals", 3),
        "supervisions": draw.rows("supervisions", 4),
    }
    _leave_open(draw, record, "staff")
    return record


def _crowd(draw: _Draw, record: Record, start: date) -> None:
    """Some cases have enough appointments to count, or missed too many, or missed one on a bank holiday."""
    if "appointments" not in record or not draw.chance(0.6):
        return
    if draw.chance(0.6):
        _miss(draw, record, start)
        return
    many = draw.rng.choice((9, 10, 15, 16, 31, 32, 33))
    record["appointments"] = [
        {
            "scheduled_on": start + timedelta(days=draw.rng.choice((0, 7, 20, 60, 111, 110, 112))),
            "kind": draw.rng.choice(("office", "programme", "drug_test", "other")),
            "outcome": "cancelled_by_service" if draw.chance(0.03) else "attended",
            "hours": Decimal(1),
        }
        for _ in range(many)
    ]


def _miss(draw: _Draw, record: Record, start: date) -> None:
    """Absences a day, some months or a year apart, and breach action around them."""
    day = start
    for row in record["appointments"]:
        row["outcome"] = "unacceptable_absence" if draw.chance(0.9) else "acceptable_absence"
        row["scheduled_on"] = day
        day += timedelta(days=draw.rng.choice((0, 1, 14, 60, 182, 183, 365, 366)))
        if draw.chance(0.2):
            row["scheduled_on"] = draw.rng.choice(sorted(bank_holidays())[70:130])
    days = [row["scheduled_on"] for row in record["appointments"]]
    for row in record.get("breaches", ()):
        if days and draw.chance(0.8):
            missed = draw.rng.choice(days)
            row["instigated_on"] = working_days_after(missed, draw.rng.choice((0, 1, 9, 10, 11, 40)))
        if row["resolved_on"] is not None and row["instigated_on"] is not None:
            after = draw.rng.choice((0, 14, 15, 25, 25, 26))
            row["resolved_on"] = working_days_after(row["instigated_on"], after)


def _fit(draw: _Draw, record: Record, sentence: date) -> None:
    """Reports before sentence, and requirements that the other tables are about."""
    for row in record.get("court_reports", ()):
        if draw.chance(0.7):
            row["completed_on"] = completed = sentence - timedelta(days=draw.rng.choice((0, 0, 1, 10)))
            row["requested_on"] = working_days_before(completed, draw.rng.choice((4, 5, 6, 14, 15, 16)))
            row["due_on"] = completed + timedelta(days=draw.rng.choice((-1, 0, 1))) if draw.chance(0.3) else None
    for table in ("sentence_plans", "roh_assessments", "oasys_assessments"):
        if table in record and draw.chance(0.25):
            _review(draw, record[table])
    requirements = record.get("requirements", [])
    if requirements and "court_reviews" in record and draw.chance(0.8):
        requirements[0]["kind"] = "drug_rehabilitation"
    if requirements and "oasys_assessments" in record and draw.chance(0.5):
        requirements[0]["kind"] = "unpaid_work"
        record["case"]["tier"] = 1
    if requirements and "appointments" in record and draw.chance(0.5):
        started = min(draw.as_at - timedelta(days=draw.rng.choice((6, 7, 13, 14, 20))), draw.as_at)
        requirements[0] |= {"kind": "unpaid_work", "started_on": started}
        for place, row in enumerate(record["appointments"][:4]):
            row |= {
                "kind": "unpaid_work",
                "hours": draw.rng.choice((Decimal(6), Decimal("3.1"), Decimal("2.9"))),
            }
            row["scheduled_on"] = started + timedelta(days=7 * (place // 2) + draw.rng.choice((0, 6, 3, 7)))
    for row in record.get("court_reviews", ()):
        if draw.chance(0.6) and row["due_on"] is not None:
            row["report_completed_on"] = row["due_on"] + timedelta(days=draw.rng.choice((-3, 0, 0, 1)))


def _review(draw: _Draw, rows: list[Record]) -> None:
    """Reviews about 16 weeks apart."""
    day = draw.bases[1]
    for row in rows:
        day += timedelta(days=draw.rng.choice((50, 105, 111, 112, 112, 113, 119)))
        row |= {"kind": "review", "completed_on": day}


def _leave_open(draw: _Draw, record: Record, subject: str) -> None:
    """Empty a few cells that decide something, and lose a row now and then."""
    tables = [table for table in record if table not in ("case", "staff")]
    cells: list[tuple[Record, str]] = []
    for table in tables:
        for row in record[table]:
            names = [name for name in row if (table, name) not in SAYS_SOMETHING]
            cells += [(row, name) for name in names]
            cells += [(row, OWN_DATES[table])] * 2 if table in OWN_DATES else []
    whole = record["case" if subject == "cases" else "staff"]
    asked = ("tier", "roh_level", "ppo", "domestic_abuse", "statutory_victim_contact", "employed_on")
    cells += [(whole, name) for name in asked if name in whole] * 2
    for _ in range(draw.rng.choice((0, 0, 0, 1, 1, 2, 3))):
        row, name = draw.rng.choice(cells)
        if name not in NEVER_EMPTIED:
            row[name] = None
    record["lost"] = {}
    if tables and draw.chance(0.12):
        record["lost"][draw.rng.choice(tables)] = draw.rng.choice((1, 1, 1, 2))


@dataclass(frozen=True)
class RandomExport:
    """Records, the as-at date, and the tables that are not in the export."""

    records: Sequence[Record]
    as_at: date
    missing_tables: frozenset[str]


def random_export(seed: int, cases: int = 200, staff: int = 20) -> RandomExport:
    """An export of that many cases and members of staff."""
    rng = Random(seed)
    as_at = _Draw(rng, date(2006, 11, 30), list(ANCHORS)).day()
    missing: frozenset[str] = frozenset()
    if rng.random() < 0.3:
        possible = [name for name in load_tables() if name not in ("cases", "staff")]
        missing = frozenset(rng.sample(possible, rng.choice((1, 1, 2))))
    records = [random_case(rng, f"C{number:04}", as_at) for number in range(cases)]
    records += [random_member_of_staff(rng, f"S{number:04}", as_at) for number in range(staff)]
    for record in records:
        for table in missing:
            record.pop(table, None)
            record["lost"].pop(table, None)
    return RandomExport(records, as_at, missing)


def records() -> st.SearchStrategy[tuple[Record, date]]:
    """One case or member of staff, and an as-at date, for hypothesis."""

    def draw_record(rng: Random, anchor: date, about_staff: bool) -> tuple[Record, date]:
        as_at = _Draw(rng, anchor, [anchor]).day()
        draw_one = random_member_of_staff if about_staff else random_case
        return draw_one(rng, "R0001", as_at), as_at

    chance = st.randoms(note_method_calls=False, use_true_random=False)
    return st.builds(draw_record, chance, st.sampled_from(ANCHORS), st.sampled_from((False, False, True)))
