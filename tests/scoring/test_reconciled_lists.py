"""A list of the cases behind a published figure, case by case beside ours."""

from pathlib import Path

import pytest

from omi_rules.reports.reconcile_text import show_reconciled
from tests.scoring.reconciling import TARGET, one, reconciled


def test_list_of_cases_names_those_judged_differently(tmp_path: Path) -> None:
    listed = "case_id,result\nC001,sufficient\nC002,Insufficient\nC003,outside\nC004,sufficient\nZ9,sufficient\n"
    text = one(f"rule: {TARGET}", "sufficient: 3, of: 4", "cases: mine.csv")

    (entry,) = reconciled(tmp_path, text, {"met": 2, "late": 1, "unknown": 1, "missing": 1}, mine=listed)

    found = entry["list"]
    assert (found["sufficient"], found["relevant"], found["percent"], found["agrees"]) == (3, 4, 75.0, True)
    assert found["differing"] == [
        {"case_id": "C002", "theirs": "insufficient", "ours": "met", "reason": "It is met."},
        {"case_id": "C003", "theirs": "outside", "ours": "late", "reason": "It is late."},
        {"case_id": "C004", "theirs": "sufficient", "ours": "unknown", "reason": "It is unknown."},
        {"case_id": "C005", "theirs": None, "ours": "missing", "reason": "It is missing."},
        {"case_id": "Z9", "theirs": "sufficient", "ours": None, "reason": None},
    ]
    assert sum(row["cases"] for row in found["table"]) == 6


def test_case_of_the_run_that_does_not_count_is_not_told_as_missing_from_the_run(tmp_path: Path) -> None:
    listed = "case_id,result\nC001,sufficient\nC002,sufficient\nC003,outside\nZ9,sufficient\n"
    text = one(f"rule: {TARGET}", "percent: 100", "cases: mine.csv")

    (entry,) = reconciled(tmp_path, text, {"met": 4}, counted=1, mine=listed)

    assert entry["list"]["differing"] == [
        {"case_id": "C002", "theirs": "sufficient", "ours": "not_counted", "reason": None},
        {"case_id": "Z9", "theirs": "sufficient", "ours": None, "reason": None},
    ]
    assert {"theirs": "outside", "ours": "not_counted", "cases": 1} in entry["list"]["table"]
    told = " ".join(" ".join(show_reconciled([entry])).split())
    assert "C002: theirs sufficient, ours in the run, but not among those counted." in told
    assert "Z9: theirs sufficient, ours not in the run." in told


@pytest.mark.parametrize("result", ["sufficient", "outside"])
def test_list_of_cases_that_does_not_give_the_figure_says_so(result: str, tmp_path: Path) -> None:
    text = one(f"rule: {TARGET}", "percent: 50", "cases: mine.csv")

    (entry,) = reconciled(tmp_path, text, {"met": 1, "late": 1}, mine=f"case_id,result\nC001,{result}\n")

    assert (entry["agrees"], entry["list"]["agrees"]) == (True, False)


def test_case_that_counts_for_neither_is_not_judged_differently(tmp_path: Path) -> None:
    listed = "case_id,result\nC001,sufficient\nC002,outside\nC003,outside\n"
    text = one(f"rule: {TARGET}", "percent: 100", "cases: mine.csv")

    (entry,) = reconciled(tmp_path, text, {"met": 1, "unknown": 1, "not_applicable": 1, "excluded": 1}, mine=listed)

    assert entry["list"]["differing"] == []
    assert entry["agrees"]
