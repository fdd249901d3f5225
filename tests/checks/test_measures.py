"""What is measured for national targets: by hand, at the boundaries, and as the slow reference measures it."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from omi_rules.checks.measures import create_measures
from omi_rules.checks.run import judge
from omi_rules.data.export import read_export
from omi_rules.data.store import open_store
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import Rulebook
from tests.judging import write_export
from tests.random_exports import random_export
from tests.reference import LeftOut, TooManyWays
from tests.reference.measures import Measured, measure
from tests.sizes import sized

ATTENDED = "appointments-attended"
RESOLUTION = "breach-resolution-average"
START = date(2006, 3, 1)  # the 16 weeks end on 20 June
LAST = date(2006, 6, 20)
AS_AT = date(2006, 11, 30)

Record = Mapping[str, Any]


@cache
def rulebook() -> Rulebook:
    """The program's own rulebook."""
    return load_rulebook()


def measured(
    records: Sequence[Record], as_at: date = AS_AT, missing: Iterable[str] = (), without: str = ""
) -> list[tuple[str, Measured]]:
    """What the product measures of an export of these records, by case; `without` is a rule that is not shown."""
    with tempfile.TemporaryDirectory() as folder, open_store() as store:
        write_export(Path(folder), records, missing)
        export = read_export(store, Path(folder), as_at=as_at)
        rules = [rulebook().rules[name] for name in ("breach-resolved-on-time", "contact-frequency")]
        judged = judge(store, export, rulebook(), rules)
        shown = [number for number, rule in enumerate(rules) if rule.id != without]
        store.execute("CREATE TABLE shown_rules AS SELECT unnest(?::SMALLINT[]) AS rule_no", [shown])
        store.execute("CREATE TABLE shown_cases AS SELECT case_no FROM cases WHERE team IS DISTINCT FROM 'hidden'")
        store.execute("DELETE FROM judged WHERE case_no NOT IN (SELECT case_no FROM shown_cases)")
        create_measures(store.cursor(), judged)
        rows = store.execute("SELECT case_id, measure, day, amount FROM measured JOIN cases USING (case_no)").fetchall()
    return sorted(((case, (*rest,)) for case, *rest in rows), key=repr)  # type: ignore[misc]


def case(**cells: Any) -> dict[str, Any]:
    """An order of tier 3 from 1 March 2006."""
    known = {"case_id": "C1", "order_type": "community_order", "sentence_date": START, "tier": 3}
    return {"case": {**known, **cells}}


def weekly(times: int, outcome: str | None = "attended") -> list[dict[str, Any]]:
    """Appointments from the first day on, a week apart."""
    days = (START + timedelta(days=7 * week) for week in range(times))
    return [{"scheduled_on": day, "kind": "office", "outcome": outcome} for day in days]


def amounts(record: Record, measure_: str, **settings: Any) -> list[tuple[date | None, float | None]]:
    """The days and amounts of one measure."""
    found = measured([record], **settings)
    return [(day, amount) for _, (name, day, amount) in found if name == measure_]


@pytest.mark.parametrize(
    ("appointments", "amount"),
    [
        (weekly(16), 1.0),
        (weekly(15), 0.0),
        ([*weekly(15), {**weekly(1)[0], "outcome": "unacceptable_absence"}], 0.0),
        ([*weekly(15), {**weekly(1)[0], "kind": "unpaid_work"}], 0.0),
        ([*weekly(15), {**weekly(1)[0], "scheduled_on": LAST}], 1.0),
        ([*weekly(15), {**weekly(1)[0], "scheduled_on": LAST + timedelta(days=1)}], 0.0),
        ([*weekly(15), {**weekly(1)[0], "outcome": None}], None),
        ([*weekly(15), {**weekly(1)[0], "kind": None}], None),
        ([*weekly(15), {**weekly(1)[0], "scheduled_on": None}], None),
        ([*weekly(14), {**weekly(1)[0], "outcome": None}], 0.0),
    ],
)
def test_attended_is_one_where_as_many_were_attended_as_are_to_be_arranged(
    appointments: list[dict[str, Any]], amount: float | None
) -> None:
    assert amounts({**case(), "appointments": appointments}, ATTENDED) == [(LAST, amount)]


@pytest.mark.parametrize(("as_at", "found"), [(LAST, []), (LAST + timedelta(days=1), [(LAST, 0.0)])])
def test_attended_is_not_told_before_the_sixteen_weeks_are_over(as_at: date, found: list[Any]) -> None:
    assert amounts({**case(), "appointments": weekly(10)}, ATTENDED, as_at=as_at) == found
    # whoever has attended enough before is told of with the others, or they would look better than they are
    assert len(amounts({**case(), "appointments": weekly(16)}, ATTENDED, as_at=as_at)) == len(found)


def test_who_ended_first_counts_as_far_as_the_rule_counts_the_case() -> None:
    ended = case(end_date=date(2006, 6, 14))
    absent = weekly(16, "acceptable_absence")

    assert amounts({**ended, "appointments": weekly(16)}, ATTENDED) == [(LAST, 1.0)]
    assert amounts({**ended, "appointments": absent}, ATTENDED) == [(LAST, 0.0)]
    assert amounts({**ended, "appointments": absent[:15]}, ATTENDED) == []
    # whether the sixteenth was arranged decides whether the case counts at all
    assert amounts({**ended, "appointments": [*absent[:15], *weekly(1, None)]}, ATTENDED) == [(LAST, None)]


def test_attended_cannot_be_told_where_a_lost_row_or_the_tier_could_change_it() -> None:
    assert amounts({**case(), "appointments": weekly(15), "lost": {"appointments": 1}}, ATTENDED) == [(LAST, None)]
    assert amounts({**case(), "appointments": weekly(14), "lost": {"appointments": 1}}, ATTENDED) == [(LAST, 0.0)]
    assert amounts({**case(tier=None), "appointments": weekly(15)}, ATTENDED) == [(LAST, None)]
    assert amounts(case(tier=1), ATTENDED) == []
    assert amounts(case(), ATTENDED, missing=["appointments"]) == [(LAST, None)]


def breached(resolved_on: date | None, instigated_on: date | None = date(2006, 10, 18), **cells: Any) -> dict[str, Any]:
    """Absences on 4 and 11 October 2006, and action."""
    missed = {"kind": "office", "outcome": "unacceptable_absence"}
    return {
        **case(**cells),
        "appointments": [{"scheduled_on": date(2006, 10, day), **missed} for day in (4, 11)],
        "breaches": [{"instigated_on": instigated_on, "resolved_on": resolved_on}],
    }


@pytest.mark.parametrize(
    ("resolved_on", "amount"),
    [
        (date(2006, 10, 18), 5.0),
        (date(2006, 11, 15), 25.0),
        (date(2006, 11, 16), 26.0),
        (date(2006, 11, 18), 27.0),  # a Saturday counts as the Friday before it
        (date(2006, 10, 11), 0.0),
        (date(2006, 10, 10), None),  # before the failure that it answers
    ],
)
def test_resolution_counts_working_days_from_the_failure(resolved_on: date, amount: float | None) -> None:
    assert amounts(breached(resolved_on), RESOLUTION) == [(resolved_on, amount)]


def test_resolution_skips_bank_holidays() -> None:
    record = {**case(), "breaches": [{"instigated_on": date(2006, 4, 13), "resolved_on": date(2006, 4, 18)}]}

    assert amounts(record, RESOLUTION) == [(date(2006, 4, 18), 1.0)]


def test_action_that_answers_no_failure_is_measured_from_its_own_day() -> None:
    record = {**breached(date(2006, 10, 27), date(2006, 10, 20)), "appointments": []}

    assert amounts(record, RESOLUTION) == [(date(2006, 10, 27), 5.0)]


def test_each_action_resolved_on_an_order_is_measured_and_no_other() -> None:
    record = breached(date(2006, 10, 25))
    more = [
        {"instigated_on": date(2006, 11, 1), "resolved_on": date(2006, 11, 8)},
        {"instigated_on": date(2006, 11, 9)},
    ]
    record["breaches"] += more

    assert amounts(record, RESOLUTION) == [(date(2006, 10, 25), 10.0), (date(2006, 11, 8), 5.0)]
    assert amounts(record, RESOLUTION, as_at=date(2006, 11, 7)) == [(date(2006, 10, 25), 10.0)]
    record["case"] |= {"order_type": "licence", "release_date": START}
    assert amounts(record, RESOLUTION) == []
    record["case"] |= {"order_type": "suspended_sentence_order"}
    assert len(amounts(record, RESOLUTION)) == 2


def test_resolution_cannot_be_told_where_its_clock_is_open() -> None:
    resolved = date(2006, 11, 15)

    assert amounts(breached(resolved, None), RESOLUTION) == [(resolved, None)]
    one_lost = {**breached(resolved), "lost": {"breaches": 1}}
    assert amounts(one_lost, RESOLUTION) == [(None, None), (resolved, None)]
    assert amounts({**breached(resolved), "lost": {"appointments": 1}}, RESOLUTION) == [(resolved, None)]
    unanswered = breached(resolved)
    unanswered["appointments"][0]["outcome"] = None
    assert amounts(unanswered, RESOLUTION) == [(resolved, None)]
    assert amounts(breached(resolved), RESOLUTION, missing=["appointments"]) == [(resolved, None)]
    assert amounts(breached(resolved), RESOLUTION, missing=["breaches"]) == []


def test_only_what_is_shown_is_measured() -> None:
    shown = {**breached(date(2006, 11, 15)), "appointments": weekly(16)}
    hidden = {**shown, "case": {**shown["case"], "case_id": "C2", "team": "hidden"}}
    both = {ATTENDED, RESOLUTION}

    assert {(case_id, name) for case_id, (name, _, _) in measured([shown, hidden])} == {("C1", name) for name in both}
    for without, left in (("contact-frequency", RESOLUTION), ("breach-resolved-on-time", ATTENDED)):
        assert {name for _, (name, _, _) in measured([shown], without=without)} == {left}


@pytest.mark.parametrize("seed", [*range(sized(4, 10)), 27])  # 27 lies at the end of the calendar
def test_random_exports_are_measured_as_the_reference_measures_them(seed: int) -> None:
    export = random_export(seed, 250, 0)
    found = measured(export.records, export.as_at, export.missing_tables)
    by_case: dict[str, list[Measured]] = {}
    for case_id, row in found:
        by_case.setdefault(case_id, []).append(row)
    compared = 0
    for record in export.records:
        try:
            expected = measure(record, export.as_at, export.missing_tables)
        except (LeftOut, TooManyWays):
            continue
        compared += 1
        case_id = record["case"]["case_id"]
        assert by_case.get(case_id, []) == sorted(expected, key=repr), f"as at {export.as_at}: {record}"
    assert compared > 0.9 * len(export.records)
