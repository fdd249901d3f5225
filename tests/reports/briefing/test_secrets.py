"""Whom a briefing may name: the board no case and no officer, an inspector no officer, and none under pseudonyms."""

from typing import Any

import pytest
from pyarrow import parquet

from omi_rules.reports.audience import AUDIENCES
from omi_rules.reports.briefing.content import tell
from omi_rules.reports.briefing.markdown import show_markdown
from omi_rules.reports.briefing.plain import show_plain
from omi_rules.reports.overview import describe_alerts
from omi_rules.reports.pseudonyms import pseudonym
from tests.reports.briefing.briefings import overview_of, words_of
from tests.reports.runs import Kept


def said(run: Kept, audience: str, **settings: Any) -> str:
    """Every form of the briefing, with an alert in each of its cases."""
    key = settings.get("key")
    overview = overview_of(run.folder, audience, **settings)
    named = [
        {
            "name": pseudonym(key, row["case_id"]) if key else row["case_id"],
            "division": row["division"],
            "team": row["team"],
            "officer": row["offender_manager"] if AUDIENCES[audience].officers else None,
            "because": ["Two things went wrong."],
        }
        for row in cases(run)
    ]
    overview["alerts"] = describe_alerts(named, AUDIENCES[audience], overview["summary"])
    return "\n".join([*show_plain(tell(overview, whole=True)), show_markdown(tell(overview, whole=True))])


def cases(run: Kept) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parquet.read_table(run.folder / "cases.parquet").to_pylist()
    return rows


def references(run: Kept) -> set[str]:
    return {row["case_id"] for row in cases(run)}


def officers(run: Kept) -> set[str]:
    return {row["offender_manager"] for row in cases(run)}


@pytest.mark.parametrize(
    ("audience", "names_cases", "names_officers"),
    [("board", False, False), ("manager", True, True), ("officer", True, True), ("inspector", True, False)],
)
def test_readers_find_the_names_that_are_for_them(
    area_run: Kept, audience: str, names_cases: bool, names_officers: bool
) -> None:
    text = said(area_run, audience)

    assert any(name in text for name in references(area_run)) is names_cases
    assert any(name in text for name in officers(area_run)) is names_officers
    assert ("Scores of sections" in text) is (audience != "officer")


@pytest.mark.parametrize("audience", AUDIENCES)
def test_pseudonyms_leave_no_reference(area_run: Kept, audience: str, key: bytes) -> None:
    text = said(area_run, audience, key=key)

    assert not any(name in text for name in references(area_run))
    assert any(pseudonym(key, name) in text for name in references(area_run)) is (audience != "board")


def test_pseudonyms_are_told_of_where_cases_are_named(area_run: Kept, key: bytes) -> None:
    assert "Case references are pseudonyms." in words_of(area_run.folder, "manager", key=key)
    assert "pseudonyms" not in words_of(area_run.folder, "board", key=key)
    assert "pseudonyms" not in words_of(area_run.folder, "manager")


def test_members_of_staff_are_counted_and_not_named(area_run: Kept) -> None:
    words = words_of(area_run.folder, "manager")
    findings = [line for line in area_run.lines("staff_findings") if line["outcome"]]

    assert findings
    assert f"{len(findings)} findings about members of staff, which the page" in words
    assert not any(line["staff_id"] in words for line in findings)
