"""What clues say of a case, to the day: on small exports, by the conclusions that they lead to."""

import pytest

from tests.data.exports import AS_AT, CASE, write_csv
from tests.reports.runs import Kept, keep

#: Sentence on Monday 9 January 2006: 16 weeks later is 1 May. Assessed on 6 February: 16 weeks later is 29 May.
ASSESSED = "2006-02-06"
RULE = "plan-reviewed-every-16-weeks"
REVIEWS = {
    "first in time, second late": ["2006-05-01", "2006-09-01"],
    "first late, in time from the assessment": ["2006-05-02"],
    "first late, on the last day from the assessment": ["2006-05-29"],
    "first late from the assessment too": ["2006-05-30"],
    "first late, and one undated": ["2006-05-02", None],
    "first late, and one rejected": ["2006-05-02", "2006-02-30"],
    "first in time, second missing": ["2006-05-01"],
}
#: The others end before a second review is due.
ENDS = dict.fromkeys(("first in time, second late", "first in time, second missing"), "2006-09-15")


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("clues")
    tables = {
        "cases": [{**CASE, "case_id": case, "end_date": ENDS.get(case, "2006-08-01")} for case in REVIEWS],
        "oasys_assessments": [
            {"case_id": case, "completed_on": ASSESSED, "kind": "start", "score": 50} for case in REVIEWS
        ],
        "sentence_plans": [
            {"case_id": case, "completed_on": day, "kind": "review"} for case, days in REVIEWS.items() for day in days
        ],
    }
    return keep(write_csv(tables, folder / "export"), folder / "run", as_at=AS_AT)


def test_clock_is_said_to_start_at_the_assessment_only_of_a_first_review_that_was_late(reviewed: Kept) -> None:
    judged = {row["case_id"]: row["outcome"] for row in reviewed.outcomes() if row["rule"] == RULE}
    said = {row["case_id"] for row in reviewed.lines("conclusions") if row["flag"] == "clock-started-at-assessment"}

    assert judged["first in time, second late"] == judged["first late from the assessment too"] == "late"
    assert judged["first in time, second missing"] == "missing"
    assert said == {"first late, in time from the assessment", "first late, on the last day from the assessment"}
