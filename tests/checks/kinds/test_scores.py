"""A score that falls, where several scores are of unknown day."""

from datetime import date

import pytest

from tests.checks.rows import judge, order

FIRST, LAST = date(2006, 9, 11), date(2006, 12, 19)


@pytest.mark.parametrize(
    ("dated", "undated", "expected"),
    [
        ([(FIRST, 72), (LAST, 64)], [65, 71], "unknown"),
        ([(FIRST, 72), (LAST, 72)], [72, 72], "not_met"),
        ([(FIRST, 72), (LAST, 72)], [72, 71], "unknown"),
        ([(FIRST, 70), (FIRST, 72)], [71], "not_met"),
        ([(FIRST, 70), (FIRST, 72)], [73], "unknown"),
        ([(FIRST, 70), (FIRST, 72)], [69], "unknown"),
        ([(FIRST, 72)], [72, 72], "not_met"),
        ([], [72, 72], "not_met"),
        ([], [72, 71], "unknown"),
        ([], [72], "not_applicable"),
    ],
)
def test_undated_scores_may_be_first_or_last(dated: list[tuple[date, int]], undated: list[int], expected: str) -> None:
    days = [*dated, *((None, score) for score in undated)]
    rows = [{"completed_on": day, "kind": "review", "score": score} for day, score in days]
    case = order(date(2006, 9, 4))
    assert judge("oasys-score-improved", case, date(2007, 1, 31), oasys_assessments=rows)[0] == expected
