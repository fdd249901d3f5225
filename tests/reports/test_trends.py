"""Trends: which runs count, what each line says, and where a run's rulebook was another."""

import copy
from datetime import date
from typing import Any

import pytest

from omi_rules.reports.trends import HEIGHT, MOST_DAYS, WIDTH, Line, Trends, describe_trends
from tests.reports.page.pages import page_of
from tests.reports.runs import Kept

WORDS = ("first", "second")


def run(as_at: str, findings: int = 10, met: int = 3, missing: int = 1, **more: Any) -> dict[str, Any]:
    outcomes = {"met": met, "late": 0, "missing": missing, "not_met": 0, "due": 0, "unknown": 2}
    known = {
        "as_at": as_at,
        "area": "Mersey",
        "filters": {"teams": []},
        "rulebook": {"hash": "a"},
        "findings": findings,
        "cases": 5,
        "rules": [{"outcomes": outcomes}],
        "tables": [],
        "conclusions": [{"flag": "public-protection-alert", "severity": "critical", "cases": 4}],
        "recommendations": [{"recommendation": 1, "breaches": findings, "cases": 3}],
        "staff": {"recommendations": [{"recommendation": 2, "breaches": 7, "members": 6}]},
    }
    return {**known, **more}


def trends_of(latest: dict[str, Any], *before: dict[str, Any]) -> Trends:
    found = describe_trends(latest, before, WORDS)
    assert found is not None
    return found


def line_of(trends: Trends, title: str) -> Line:
    return next(line for line in trends.lines if line.title == title)


def test_every_line_says_what_the_runs_say() -> None:
    found = trends_of(run("2006-12-02", 8), run("2006-11-30", 10), run("2006-12-01", 12, met=0, missing=0))

    assert found.days == (date(2006, 11, 30), date(2006, 12, 1), date(2006, 12, 2))
    told = {line.title: line.values for line in found.lines}
    assert told == {
        "Met, of what could be decided": (0.75, None, 0.75),
        "Findings": (10, 12, 8),
        "Cases with a public-protection alert": (4, 4, 4),
        "Answers that could not be given": (2, 2, 2),
        "Findings under recommendation 1": (10, 12, 8),
        "Findings under recommendation 2": (7, 7, 7),
    }
    findings = line_of(found, "Findings")
    assert (findings.first, findings.lowest, findings.highest, findings.latest) == (10, 8, 12, 8)


def test_last_run_of_a_day_counts() -> None:
    found = trends_of(run("2006-12-01", 8), run("2006-11-30", 10), run("2006-11-30", 11))

    assert line_of(found, "Findings").values == (11, 8)


@pytest.mark.parametrize(
    "other",
    [
        run("2006-11-29", area="Another"),
        run("2006-11-29", filters={"teams": ["Wirral"]}),
        run("2006-11-30"),
        run("2006-12-01"),
    ],
    ids=["another area", "a part of the area", "the same day", "a later day"],
)
def test_run_that_cannot_be_set_beside_this_one_is_left_out(other: dict[str, Any]) -> None:
    assert describe_trends(run("2006-11-30"), [other], WORDS) is None


def test_rulebook_that_changed_is_told_on_its_first_day() -> None:
    other = {"rulebook": {"hash": "b"}}
    found = trends_of(run("2006-12-03", **other), run("2006-11-30"), run("2006-12-01"), run("2006-12-02", **other))

    assert found.rulebook_changes == (date(2006, 12, 2),)


def test_latest_days_are_shown() -> None:
    before = [run(date(2006, 1, 1).replace(day=1 + n % 28, month=1 + n // 28).isoformat(), n) for n in range(100)]

    found = trends_of(run("2006-12-31", 7), *before)

    assert len(found.days) == MOST_DAYS
    assert line_of(found, "Findings").values == (*range(100 - MOST_DAYS + 1, 100), 7)


def test_line_starts_at_nought_and_is_broken_where_a_number_is_not_known() -> None:
    days = tuple(date(2006, 12, day) for day in (1, 2, 3, 11))
    trends = Trends(days, (), ())

    assert trends.strokes(Line("", (10, 0, None, 5))) == [
        f"0.0,4.0 {WIDTH / 10},{HEIGHT}.0",
        f"{WIDTH}.0,{HEIGHT - (HEIGHT - 4) / 2}",
    ]
    assert trends.strokes(Line("", (0, 0, 0, 0))) == [
        f"0.0,{HEIGHT}.0 {WIDTH / 10},{HEIGHT}.0 {WIDTH / 5},{HEIGHT}.0 {WIDTH}.0,{HEIGHT}.0"
    ]
    assert trends.strokes(Line("", (None, None, None, None))) == []


def test_page_shows_trends_where_there_is_history(area_run: Kept, earlier: Kept) -> None:
    before = copy.deepcopy(earlier.summary)
    before["rulebook"]["hash"] = "0" * 64

    shown = page_of(area_run.folder, history=[before]).part("trends")

    assert "2 days with a run, from 31 August 2006 to 30 November 2006" in shown
    assert "another state of the rulebook (30 November 2006)" in shown
    assert f"Findings {before['findings']:,}" in shown
    assert 'id="trends"' not in page_of(area_run.folder).text
