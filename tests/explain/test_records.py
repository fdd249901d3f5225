"""The rows of a case stand in an order of their own, whatever order the file has them in."""

from datetime import date
from itertools import permutations
from typing import Any

from omi_rules.explain.kinds.failures import ABSENCES, find_failures
from omi_rules.explain.records import Records, records_of
from tests.explain.judgements import judgement_of

FIRST, SECOND = date(2006, 10, 2), date(2006, 10, 9)
ROWS = (
    {"scheduled_on": FIRST, "kind": "office", "hours": 1},
    {"scheduled_on": SECOND, "kind": "office", "hours": 1},
    {"scheduled_on": SECOND, "kind": "programme", "hours": 2},
    {"scheduled_on": SECOND, "kind": "programme", "hours": None},
    {"scheduled_on": SECOND, "kind": None, "hours": 1},
    {"scheduled_on": None, "kind": "office", "hours": 1},
)


def missed(*rows: dict[str, Any]) -> Records:
    """A community order with these appointments, all of them missed."""
    case = {"case_id": "C1", "order_type": "community_order", "sentence_date": date(2006, 9, 4)}
    absences = [{**row, "outcome": "unacceptable_absence"} for row in rows]
    return records_of(judgement_of({"case": case, "appointments": absences, "breaches": []}, date(2007, 1, 31), {}))


def told(row: Any) -> tuple[Any, ...]:
    return row["scheduled_on"], row["kind"], row["hours"]


def test_rows_stand_by_day_and_then_by_their_cells_with_an_empty_one_last() -> None:
    for rows in permutations(ROWS):
        assert [told(row) for _, row in missed(*rows).dated(ABSENCES)] == [told(row) for row in ROWS[:-1]]


def test_rows_that_are_alike_stand_as_in_the_file() -> None:
    records = missed(ROWS[1], ROWS[1], ROWS[0])
    assert [row["row"] for _, row in records.dated(ABSENCES)] == [3, 1, 2]


def test_absence_that_starts_the_clock_is_the_same_in_any_order() -> None:
    one_day = ROWS[1:4]
    for rows in permutations(one_day):
        assert [told(row) for row in find_failures(missed(*rows)).rows] == [told(one_day[1])]
