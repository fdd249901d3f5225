"""Plan reviews and their partners, where a partner has no date or was lost."""

from datetime import date

import pytest

from tests.checks.rows import UNDATED, Verdict, judge, order, reviews

AS_AT = date(2006, 9, 29)
RULE = "plan-review-with-risk-review"
MARCH, MARCH_TOO, JUNE = date(2006, 3, 1), date(2006, 3, 22), date(2006, 6, 1)


def paired(plans: tuple[date, ...], *partners: date | None, lost: int = 0) -> Verdict:
    return judge(
        RULE,
        order(date(2005, 12, 1)),
        AS_AT,
        lost={"roh_assessments": lost},
        sentence_plans=reviews(*plans),
        roh_assessments=reviews(*partners),
        oasys_assessments=reviews(*plans),
    )


@pytest.mark.parametrize(
    ("plans", "partners", "expected"),
    [
        # one review of unknown day may be near one plan review, or near two that are close
        ((MARCH,), (UNDATED,), "unknown"),
        ((MARCH, MARCH_TOO), (UNDATED,), "unknown"),
        # but not near two that are months apart
        ((MARCH, JUNE), (UNDATED,), "not_met"),
        ((MARCH, JUNE), (UNDATED, UNDATED), "unknown"),
        ((MARCH, JUNE), (JUNE, UNDATED), "unknown"),
        ((MARCH, JUNE), (MARCH, JUNE), "met"),
    ],
)
def test_partners_of_unknown_day_are_counted(
    plans: tuple[date, ...], partners: tuple[date | None, ...], expected: str
) -> None:
    assert paired(plans, *partners)[0] == expected


def test_lost_partners_are_counted_too() -> None:
    assert paired((MARCH, JUNE), lost=1)[0] == "not_met"
    assert paired((MARCH, JUNE), lost=2)[0] == "unknown"


def test_a_plan_review_still_in_time_does_not_need_its_partner_yet() -> None:
    recent = date(2006, 9, 27)
    assert paired((recent,))[0] == "due"
    assert paired((recent,), UNDATED)[0] == "unknown"
    # the one partner stands near the earlier or the later of them, never near both
    assert paired((MARCH, recent), UNDATED)[0] == "unknown"
    assert paired((MARCH, JUNE, recent), UNDATED)[0] == "not_met"
