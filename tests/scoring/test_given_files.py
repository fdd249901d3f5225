"""What files that people write have in common: a table's cells, the days of a period, and how mistakes are told."""

from pathlib import Path

import pytest

from omi_rules.problems import UsageError
from omi_rules.scoring.given_files import check_period, read_rows, refuse_mistakes


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [("2006-04-30", "2006-05-01", False), ("2006-05-01", "2006-05-01", False), ("2006-05-02", "2006-05-01", True)],
)
def test_a_period_may_be_one_day_and_does_not_end_before_it_begins(first: str, last: str, wrong: bool) -> None:
    told = [(("period", "to"), "the period ends before it begins")] if wrong else []

    assert list(check_period({"from": first, "to": last}, ("period",))) == told


def test_a_period_without_days_has_nothing_wrong_with_them() -> None:
    assert list(check_period({"printed": "the quarter after it"}, ("period",))) == []


def test_cells_that_a_row_lacks_are_empty(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("a,b,c\n1,2,3\n1,2\n1\n", encoding="utf-8")

    rows = read_rows(tmp_path / "list.csv", ("a", "b", "c"), "the list")

    assert rows == [("1", "2", "3"), ("1", "2", ""), ("1", "", "")]


@pytest.mark.parametrize(("number", "more"), [(1, []), (20, []), (21, ["  and 1 more"]), (25, ["  and 5 more"])])
def test_twenty_mistakes_are_told_and_the_others_counted(number: int, more: list[str]) -> None:
    with pytest.raises(UsageError) as raised:
        refuse_mistakes(Path("list.csv"), "the list", (f"row {row}: it is empty." for row in range(number)))

    first, *told = str(raised.value).splitlines()
    assert first == "the list list.csv has mistakes:"
    assert told == [*(f"  row {row}: it is empty." for row in range(min(number, 20))), *more]
