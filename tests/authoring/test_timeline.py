"""One example of a rule, day by day."""

from datetime import date

import pytest

from omi_rules.authoring.timeline import example_to_show, stated_in_words, timeline
from omi_rules.rulebook.load import load_rulebook

BOOK = load_rulebook()


def told(rule: str, name: str = "") -> list[str]:
    spec = BOOK.rules[rule]
    example = next(one for one in spec.examples if one.name == name) if name else example_to_show(spec)
    return [f"{one.day or 'no date'}  {one.text}" for one in timeline(spec, example, BOOK)]


def test_late_example_shows_start_due_day_and_work_with_the_holidays_passed_over() -> None:
    assert told("risk-management-plan-on-time") == [
        "2006-12-20  start (sentence)",
        "2006-12-29  due (5 working days from 2006-12-20; Christmas Day and Boxing Day not counted)",
        "2007-01-02  risk management plans: done, 4 days late",
        "2007-01-31  as at this day: late",
    ]


def test_due_day_is_counted_from_the_row_that_calls_for_it() -> None:
    assert "2006-10-25  due (10 working days from 2006-10-11)" in told("breach-instigated-on-time")
    assert "2006-12-11  due (16 weeks from 2006-08-21)" in told("roh-reviewed-every-16-weeks")
    assert "2006-11-22  due (15 working days from 2006-11-01)" in told("oasys-after-resentence")


def test_window_of_a_count_ends_on_its_last_day() -> None:
    assert "2006-12-24  due (112 days from 2006-09-04)" in told("contact-frequency")


def test_many_rows_are_told_by_the_first_and_the_last() -> None:
    rows = [
        line for line in told("contact-frequency", "sixteen appointments are not enough in tier 4") if "app" in line
    ]

    assert len(rows) == 3
    assert rows[1] == "2006-09-13  appointments: 16 more follow, the first on this day"


def test_row_without_a_day_comes_last_and_is_not_left_out() -> None:
    lines = told("risk-management-plan-on-time", "an undated plan proves nothing")

    assert lines[-1] == "no date  risk management plans"


def test_licence_starts_with_release() -> None:
    lines = told(
        "victim-offer-on-time",
        next(
            one.name for one in BOOK.rules["victim-offer-on-time"].examples if one.case.get("order_type") == "licence"
        ),
    )

    assert any(line.endswith("start (release)") for line in lines)
    assert any(line.endswith("  sentence") for line in lines)


def test_missing_work_says_how_long_it_is_overdue() -> None:
    assert told("initial-plan-exists")[-1] == "2007-01-31  as at this day: missing, 128 days overdue"


@pytest.mark.parametrize("rule", BOOK.rules)
def test_every_example_is_told_in_order_of_day(rule: str) -> None:
    spec = BOOK.rules[rule]
    for example in spec.examples:
        lines = timeline(spec, example, BOOK)
        days = [one.day or date.max for one in lines]
        assert days == sorted(days)
        assert (example.as_at or BOOK.example_case["as_at"]) in days
        assert [one.text for one in lines if "None" in one.text or not one.text] == []
        due_on = example.expect.get("due_on")
        assert due_on is None or any(one.day == due_on and one.text.startswith("due") for one in lines)


def test_what_the_rule_asks_about_the_case_is_stated() -> None:
    spec = BOOK.rules["initial-plan-on-time"]

    assert stated_in_words(spec, example_to_show(spec), BOOK) == "a community order, tier 2 and PPO no"
