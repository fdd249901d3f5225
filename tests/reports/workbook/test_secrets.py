"""Whatever readers shall not see is in no part of their workbook."""

import pytest
from pyarrow import parquet

from omi_rules.reports.audience import AUDIENCES
from omi_rules.reports.pseudonyms import pseudonym
from tests.reports.runs import Kept
from tests.reports.workbook.books import book_of, found_in, made, rows_of, words_of


def references(run: Kept) -> list[str]:
    return [row["case_id"] for row in parquet.read_table(run.folder / "cases.parquet").to_pylist()]


def officers(run: Kept) -> list[str]:
    """Offender managers and every other member of staff."""
    cases = parquet.read_table(run.folder / "cases.parquet").to_pylist()
    named = {row["offender_manager"] for row in cases} | {row["staff_id"] for row in run.outcomes("staff_outcomes")}
    return sorted(named)


def test_managers_and_officers_see_cases_and_officers(area_run: Kept) -> None:
    named = {line["case_id"] for line in area_run.lines("findings")}
    held = {line["offender_manager"] for line in area_run.lines("findings")}

    for audience in ("manager", "officer"):
        content = made(area_run.folder, audience)
        assert set(found_in(content, sorted(named))) == named
        assert set(found_in(content, sorted(held))) == held


def test_board_has_no_case_and_no_officer_in_any_part(area_run: Kept) -> None:
    content = made(area_run.folder, "board")

    assert found_in(content, references(area_run)) == []
    assert found_in(content, officers(area_run)) == []


def test_board_counts_by_team(area_run: Kept) -> None:
    book = book_of(area_run.folder, "board")

    assert book.sheetnames == [
        *("Summary", "By team", "Scores", "Questions", "Targets", "Causes", "Data problems", "Notes"),
    ]
    assert sum(row["Findings"] for row in rows_of(book["By team"])) == area_run.summary["findings"]
    assert "Row rejected" not in words_of(book["Data problems"])
    assert "Rows rejected appointments 2" in words_of(book["Data problems"])


def test_inspector_has_no_officer_in_any_part(area_run: Kept) -> None:
    content = made(area_run.folder, "inspector")

    assert found_in(content, officers(area_run)) == []
    assert found_in(content, references(area_run)) != []
    assert "By team" in book_of(area_run.folder, "inspector").sheetnames


def test_officers_have_no_scores(area_run: Kept) -> None:
    names = book_of(area_run.folder, "officer").sheetnames

    assert not {"Scores", "Questions", "Targets", "Staff"} & set(names)
    assert "Scores of sections" not in words_of(book_of(area_run.folder, "officer")["Summary"])


@pytest.mark.parametrize("audience", AUDIENCES)
def test_pseudonyms_leave_no_reference_in_any_part(area_run: Kept, audience: str, key: bytes) -> None:
    content = made(area_run.folder, audience, key=key)

    assert found_in(content, references(area_run)) == []


def test_a_case_keeps_its_findings_under_its_pseudonym(area_run: Kept, key: bytes) -> None:
    open_, hidden = (rows_of(book_of(area_run.folder, key=given)["Findings by case"]) for given in (None, key))

    assert sorted(row["Finding"] + row["Case"] for row in hidden) == sorted(
        row["Finding"] + pseudonym(key, row["Case"]) for row in open_
    )
    assert [row["Case"] for row in hidden] == sorted(row["Case"] for row in hidden)
    assert "Case references are pseudonyms." in words_of(book_of(area_run.folder, key=key)["Summary"])
