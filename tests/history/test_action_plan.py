"""The improvement plan in the store, in SQLite and in PostgreSQL: its dates, and what a later run leaves alone."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from omi_rules.history.action_plan import (
    Plan,
    add_item,
    assign_item,
    change_plan,
    close_item,
    draw_up,
    load_plan,
)
from omi_rules.history.database import read_store
from omi_rules.history.place import Place, find_place
from omi_rules.history.plan_files import plan_sentence
from omi_rules.history.plan_progress import measure_progress
from omi_rules.history.writer import hold_store
from omi_rules.problems import HeldError, UsageError
from omi_rules.scoring.breaches import read_breaches
from tests.scoring.kept_runs import conclusion, finding, write_run

PUBLISHED = date(2007, 2, 14)
HOSTILE = "=1+1'); DROP TABLE plan_items; -- \u202e"


@pytest.fixture
def place(store: str) -> Place:
    """An empty store of either kind."""
    return find_place(store)


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A run that breaches recommendations 1 and 4."""
    findings = [finding("plan-review-with-risk-review", name) for name in "AB"]
    return write_run(tmp_path / "first", [*findings, conclusion("role", "A", [4])])


def draw(place: Place, run: Path, published: date | None = None) -> Any:
    with change_plan(place, new=True) as connection:
        return draw_up(connection, read_breaches(run), published)


def load(place: Place) -> Plan:
    with read_store(place) as connection:
        return load_plan(connection)


@pytest.mark.parametrize(
    ("published", "due"),
    [
        (date(2007, 2, 13), date(2007, 3, 13)),
        (date(2007, 2, 14), date(2007, 3, 14)),
        (date(2008, 2, 14), date(2008, 3, 13)),
        (date(2006, 12, 25), date(2007, 1, 22)),
    ],
)
def test_the_plan_is_due_four_weeks_after_publication(published: date, due: date, first: Path, tmp_path: Path) -> None:
    place = find_place(str(tmp_path / "omi-rules.db"))
    draw(place, first, published)

    assert load(place).due_on == due
    assert (load(place).due_on - published).days == 28


def test_each_recommendation_that_is_breached_gets_an_item(place: Place, first: Path) -> None:
    assert draw(place, first, PUBLISHED).added == (1, 4)

    plan = load(place)
    told = [(item.id, item.recommendation, item.owner, item.due_on, item.closed_on) for item in plan.items]
    assert told == [(1, 1, None, None, None), (2, 4, None, None, None)]
    assert plan.items[0].action == "Put plan-review-with-risk-review right."
    assert (plan.planned[1].findings, plan.planned[1].cases) == (2, 2)
    assert [cause.words for cause in plan.causes if cause.recommendation == 4] == [
        "plan-review-with-risk-review",
        "role",
    ]
    assert plan_sentence(plan).startswith("The plan is due on 14 March 2007, four weeks after publication")


def test_the_same_run_again_changes_nothing(place: Place, first: Path) -> None:
    draw(place, first, PUBLISHED)
    before = load(place)

    assert draw(place, first).added == ()
    assert load(place) == before


def test_a_later_run_keeps_what_people_put_in(place: Place, first: Path, tmp_path: Path) -> None:
    draw(place, first, PUBLISHED)
    with change_plan(place) as connection:
        assign_item(connection, 1, owner="Head of Wirral", due_on=date(2007, 4, 2), action="Train every reviewer")
        close_item(connection, 2, "Panel sits", date(2006, 12, 20))
        assert add_item(connection, 3, HOSTILE, HOSTILE, date(2007, 5, 1)) == 3
    before = load(place).items
    staff = [finding("annual-appraisal", "", staff_id="OM1")]
    later = write_run(
        tmp_path / "later", [finding("plan-review-with-risk-review", "A")], staff, as_at="2006-12-31", cases=9
    )

    assert draw(place, later).added == (8,)

    plan = load(place)
    assert [item for item in plan.items if item.recommendation != 8] == list(before)
    assert {number: counted.findings for number, counted in plan.planned.items()} == {1: 2, 4: 2, 8: 1}
    assert {number: counted.findings for number, counted in plan.latest.items()} == {1: 1, 4: 1, 8: 1}
    assert plan.items[1].action == plan.items[1].owner == HOSTILE
    assert plan.unattended() == [4]
    assert plan.items[-1].opened_as_at == date(2006, 12, 31)


def test_an_older_run_does_not_undo_a_newer_one(place: Place, first: Path, tmp_path: Path) -> None:
    draw(place, first, PUBLISHED)
    before = load(place)
    older = write_run(tmp_path / "older", [], as_at="2006-11-29")

    with pytest.raises(UsageError, match="take a run of that day or later"):
        draw(place, older)
    assert load(place) == before


def test_another_day_of_publication_moves_the_plan_and_is_told(place: Place, first: Path) -> None:
    draw(place, first, PUBLISHED)

    assert draw(place, first, date(2007, 2, 15)).was_due_on == date(2007, 3, 14)
    assert load(place).due_on == date(2007, 3, 15)


def test_a_new_plan_needs_the_day_of_publication(place: Place, first: Path) -> None:
    with pytest.raises(UsageError, match="add --published"):
        draw(place, first)


def test_a_closed_item_is_closed_for_good(place: Place, first: Path) -> None:
    draw(place, first, PUBLISHED)
    with change_plan(place) as connection:
        close_item(connection, 1, "done", date(2007, 3, 1))

    for again in (
        lambda connection: close_item(connection, 1, "again", date(2007, 3, 2)),
        lambda connection: assign_item(connection, 1, owner="other"),
    ):
        with pytest.raises(UsageError, match="item 1 was closed on 2007-03-01"), change_plan(place) as connection:
            again(connection)
    assert load(place).items[0].note == "done"


def test_an_item_that_is_not_there_is_refused(place: Place, first: Path) -> None:
    draw(place, first, PUBLISHED)

    with pytest.raises(UsageError, match="no item 3: its items are 1 to 2"), change_plan(place) as connection:
        close_item(connection, 3, "done", date(2007, 3, 1))


def test_a_second_writer_is_told_who_holds_the_store(place: Place, first: Path) -> None:
    draw(place, first, PUBLISHED)

    with hold_store(place), pytest.raises(HeldError, match="is held by"), change_plan(place):
        pass


@pytest.mark.parametrize(("day", "overdue"), [(1, False), (2, False), (3, True)])
def test_an_item_is_overdue_from_the_day_after(day: int, overdue: bool, place: Place, first: Path) -> None:
    draw(place, first, PUBLISHED)
    with change_plan(place) as connection:
        assign_item(connection, 1, due_on=date(2007, 4, 2))
        assign_item(connection, 2, due_on=date(2007, 4, 2))
        close_item(connection, 2, "done", date(2007, 4, 3))

    late = [item.id for item in load(place).items if item.is_overdue(date(2007, 4, day))]
    assert late == ([1] if overdue else [])


def test_progress_is_then_and_now(place: Place, first: Path, tmp_path: Path) -> None:
    draw(place, first, PUBLISHED)
    with change_plan(place) as connection:
        assign_item(connection, 1, due_on=date(2007, 4, 2))
        close_item(connection, 2, "done", date(2007, 3, 1))
        add_item(connection, 3, "panel", "ACO", date(2007, 4, 2))
    now = read_breaches(
        write_run(
            tmp_path / "now",
            [finding("plan-review-with-risk-review", name) for name in "ABC"],
            [finding("annual-appraisal", "", staff_id="OM1")],
            as_at="2007-04-03",
        )
    )

    steps = {step.recommendation: step for step in measure_progress(load(place), now)}

    assert sorted(steps) == [1, 3, 4, 8]
    numbers = (steps[1].planned_findings, steps[1].findings, steps[1].change, steps[1].planned_cases, steps[1].cases)
    assert numbers == (2, 3, 1, 2, 3)
    assert [(step.open, step.closed, step.overdue) for step in steps.values()] == [
        (1, 0, 1),
        (1, 0, 1),
        (0, 1, 0),
        (0, 0, 0),
    ]
    assert steps[1].notes == ()
    assert "no item is open" in steps[4].notes[0]
    assert steps[8].change is None
    assert "not in the plan" in steps[8].notes[0]


def test_progress_says_why_numbers_may_not_be_compared(place: Place, first: Path, tmp_path: Path) -> None:
    draw(place, first, PUBLISHED)
    now = read_breaches(
        write_run(
            tmp_path / "now",
            [],
            cases=4,
            unknown={"plan-review-with-risk-review": 3},
            failed=["roh-screening-at-start"],
            rulebook={"hash": "def"},
        )
    )

    first_, fourth = measure_progress(load(place), now)

    assert [note.split(",")[0] for note in first_.notes] == [
        "roh-screening-at-start could not run",
        "3 answers could not be told for want of a record",
        "the run covers 4 cases",
        "the rulebook has changed since it was planned",
    ]
    assert (fourth.findings, fourth.change) == (0, -2)


def test_what_is_not_judged_now_is_not_put_right(place: Place, tmp_path: Path) -> None:
    staff = [finding("annual-appraisal", "", staff_id="OM1")]
    draw(place, write_run(tmp_path / "first", [], staff), PUBLISHED)
    now = read_breaches(write_run(tmp_path / "now", [], None))

    (step,) = measure_progress(load(place), now)

    assert (step.planned_findings, step.findings, step.change) == (1, None, None)
    assert "did not judge it" in step.notes[0]


@pytest.mark.parametrize(("as_at", "noted"), [("2006-11-29", True), ("2006-11-30", False), ("2006-12-01", False)])
def test_a_run_from_before_the_plan_is_said_to_be_one(
    as_at: str, noted: bool, place: Place, first: Path, tmp_path: Path
) -> None:
    draw(place, first, PUBLISHED)
    earlier = write_run(tmp_path / "now", [finding("plan-review-with-risk-review", "A")], as_at=as_at)

    steps = measure_progress(load(place), read_breaches(earlier))

    assert ["earlier day" in " ".join(step.notes) for step in steps] == [noted, noted]
