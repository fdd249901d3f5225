"""The steps of an inspector follow from the structure of the rule."""

import pytest

from omi_rules.authoring.by_hand import steps
from omi_rules.explain.words import name_in_words
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.usage import selections_read, values_used

BOOK = load_rulebook()


def steps_of(rule: str) -> list[str]:
    return steps(BOOK.rules[rule], BOOK)


def test_deadline_compares_the_date_with_the_due_day() -> None:
    assert steps_of("risk-management-plan-on-time")[2:] == [
        "Add 5 working days: that is the due day. Count Mondays to Fridays without bank holidays, and begin on the day "
        "after.",
        "Find the first of the risk management plans (by completed on). Where the clock starts with supervision, one "
        "from the 56 days before it counts too; pass over earlier ones.",
        "Compare its date with the due day: up to it is in time, after it late. Without one it is missing.",
        "If supervision ended before the due day with the duty not yet done, the rule does not apply.",
        "Where an empty cell could change the answer, write down unknown, and not a failure.",
    ]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("initial-plan-exists", "whatever the date"),
        ("roh-first-review-on-time", "Judge only the first."),
        ("roh-reviewed-every-16-weeks", "Take the review interval weeks of the case where that is set and shorter."),
        ("roh-full-analysis-when-indicated", "Check each by itself; the worst decides. Its date starts the clock."),
        ("roh-full-analysis-when-indicated", "Leave the entry out if"),
        ("requirements-implemented", "Read the due day in the planned start on of the same entry."),
        ("requirements-implemented", "Read when it was done in the started on of the same entry."),
        ("contact-frequency", "the day before is the last that counts."),
        ("plan-review-with-risk-review", "look for its partners, before or after it"),
        ("rmp-standard-headings", "Take the latest of the risk management plans"),
        ("tier-matches-risk", "Look up the minimum tier: "),
        ("full-compliance", "It is met if there is none."),
        ("oasys-score-improved", "lower than every number of the first"),
        ("few-offender-managers", "count the different values of offender manager"),
        ("court-report-on-time", "Where kind is FDR, add 5 working days"),
        ("court-report-on-time", "Take the latest of the court reports"),
        ("court-report-on-time", "Its requested on starts the clock."),
        ("breach-resolved-on-time", "If it answered none, its own date starts the clock."),
        ("oasys-rescored", "Go on only if supervision began more than 16 weeks ago."),
        ("oasys-rescored", "Find the first 2 of the OASys assessments"),
        ("annual-appraisal", "at least 365 days from the start of employment"),
        ("drr-court-reviews", "it is met only if also attended is yes"),
        ("skills-intervention-arranged", "It is the day of the first of the Skills for Life"),
        ("unpaid-work-hours-offered", "It is met if every full week has at least 6 hours."),
        ("high-roh-managed-in-mappa", "it is met without more"),
    ],
)
def test_each_form_says_what_to_look_at(rule: str, words: str) -> None:
    assert words in " ".join(steps_of(rule))


@pytest.mark.parametrize("rule", BOOK.rules)
def test_every_table_and_value_of_a_rule_is_in_its_steps(rule: str) -> None:
    spec = BOOK.rules[rule]
    text = " ".join(steps(spec, BOOK))

    for selection in selections_read(spec):
        assert name_in_words(selection.table) in text
    for name in values_used(spec):
        if name in BOOK.triggers:
            continue  # the event's own words say how many make one
        assert all(str(arm.amount) in text for arm in BOOK.values[name].arms), name
    assert all(step[0].isupper() and step.endswith(".") for step in steps(spec, BOOK))
