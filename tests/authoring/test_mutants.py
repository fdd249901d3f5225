"""Which mutants are made of a rule, and what each of them changes."""

from dataclasses import replace
from pathlib import Path

import pytest

from omi_rules.authoring.changes import change_selection, change_tests
from omi_rules.authoring.kinds import change_requirement
from omi_rules.authoring.mutants import change_value, make_mutants
from omi_rules.authoring.naming import use_value
from omi_rules.authoring.places import find_line
from omi_rules.rulebook import model
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import Arm, Deadline, PerEvent, Population, Rule, Selection, Value
from omi_rules.rulebook.usage import values_used

BOOK = load_rulebook()
RULES = tuple(BOOK.rules.values())


def names(rule: str) -> set[str]:
    return {mutant.name for mutant in make_mutants(BOOK, BOOK.rules[rule])}


def words(test: model.Test, table: str = "cases") -> list[str]:
    return [change.words for change in change_tests((test,), table)]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (
            model.Test("roh_level", "in", ("high", "very_high")),
            ["not_in for in", "with low", "with medium", "without high", "without very_high", "left out"],
        ),
        (model.Test("ppo", "is", flag=True), ["false for true", "left out"]),
        (model.Test("tier", "at_least", number=4), ["at_most for at_least", "3 for 4", "5 for 4", "left out"]),
        (model.Test("ethnicity", "recorded"), ["not_recorded for recorded", "left out"]),
        (
            model.Test("order_type", "not_in", ("licence",)),
            ["in for not_in", "with community_order", "with suspended_sentence_order", "left out"],
        ),
    ],
    ids=lambda given: given.operator if isinstance(given, model.Test) else "",
)
def test_test_is_changed_in_every_small_way(test: model.Test, expected: list[str]) -> None:
    assert words(test) == expected


def test_list_of_all_codes_is_no_mutant() -> None:
    two_of_three = model.Test("order_type", "in", ("community_order", "licence"))

    assert "with suspended_sentence_order" not in words(two_of_three)


def test_bank_holiday_has_no_opposite_and_is_left_out() -> None:
    assert words(model.Test("scheduled_on", "on_bank_holiday"), "appointments") == ["left out"]


def test_change_is_placed_inside_the_table_it_selects_from() -> None:
    selection = Selection("sentence_plans", (model.Test("kind", "in", ("initial",)),))

    assert {change.place for change in change_selection(selection)} == {("sentence_plans", "kind")}


def test_value_is_changed_in_its_amounts_its_dates_its_unit_and_its_arms() -> None:
    value = BOOK.values["relevant-failure"]

    changes = [f"{'.'.join(map(str, change.place))} {change.words}" for change in change_value(value)]

    assert "dated.1.from 2007-09-29 for 2007-09-30" in changes
    assert "dated.0.choose.0.amount 1 for 2" in changes
    assert "dated.1.choose.1.within_months 13 for 12" in changes
    assert "dated.1.choose.1.within_months left out" in changes
    assert "dated.0.choose.0 left out" in changes
    assert not [words for words in changes if words.startswith("dated.0.from")]
    assert [change.words for change in change_value(BOOK.values["rmp-limit"])] == [
        "days for working_days",
        "4 for 5",
        "6 for 5",
    ]


def test_border_between_dates_that_say_the_same_is_no_mutant() -> None:
    moved = [change for change in change_value(BOOK.values["assessment-limit"]) if change.place[-1] == "from"]

    assert moved == []


def test_amount_never_falls_below_nothing() -> None:
    value = BOOK.values["rmp-limit"]
    nothing = replace(value, dated=(replace(value.dated[0], arms=(Arm(0),)),))

    assert [change.words for change in change_value(nothing) if change.place[-1] == "amount"] == ["1 for 0"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            "risk-management-plan-on-time",
            {
                "population.roh_level without high",
                "require.deadline exists for deadline",
                "require.deadline.trigger start for high-roh-trigger",
                "require.deadline.work_before_start_counts any_time for before_start",
                "rmp-limit dated[1].choose[1].amount 4 for 5",
            },
        ),
        (
            "high-roh-managed-in-mappa",
            {"excluded left out", "require.deadline.met_at_once.mappa_level left out"},
        ),
        (
            "roh-full-analysis-when-indicated",
            {
                "require.per_event.excluded left out",
                "require.per_event.event.roh_screenings.full_analysis_indicated false for true",
                "require.per_event.deadline.window_opens any_time for trigger",
            },
        ),
        (
            "roh-reviewed-every-16-weeks",
            {
                "require.review_chain.part first for next",
                "require.review_chain.part all for next",
                "require.review_chain.shorter_if_set left out",
            },
        ),
        (
            "rmp-standard-headings",
            {"require.matches.latest first for latest", "require.matches.latest every for latest"},
        ),
        (
            "plan-review-with-risk-review",
            {
                "require.paired.with[1].roh_assessments left out",
                "require.paired.with[2].oasys_assessments.kind with start",
                "pairing-distance dated[1].choose[1].amount 11 for 10",
            },
        ),
        (
            "contact-frequency",
            {
                "require.count.rows.appointments.kind without programme",
                "contact-window dated[1].choose[1].amount 113 for 112",
                "contact-minimum dated[2].choose[1].if.tier 5 for 4",
            },
        ),
        (
            "court-report-on-time",
            {
                "require.per_event.deadline.due_column left out",
                "require.per_event.deadline.clock_column left out",
                "require.per_event.deadline.within.kind.sdr left out",
                "require.per_event.deadline.within.kind.fdr left out",
                "sdr-limit dated[1].choose[1].amount 14 for 15",
            },
        ),
        (
            "breach-resolved-on-time",
            {
                "require.per_event.deadline.clock_from left out",
                "relevant-failure dated[1].choose[1].amount 1 for 2",
            },
        ),
        (
            "drr-court-reviews",
            {
                "require.per_event.deadline.also.attended false for true",
                "require.per_event.deadline.also.attended left out",
            },
        ),
        (
            "skills-intervention-arranged",
            {
                "require.exists.trigger.first.skills_for_life.kind without assessment",
                "require.exists.trigger.first.skills_for_life.need_indicated false for true",
            },
        ),
        (
            "oasys-rescored",
            {
                "population.started_longer_ago_than left out",
                "require.exists.times 1 for 2",
                "require.exists.times 3 for 2",
                "rescoring-grace dated[1].choose[1].amount 17 for 16",
            },
        ),
        (
            "annual-appraisal",
            {
                "population.lasted_at_least left out",
                "require.review_chain.part next for all",
                "appraisal-interval dated[1].choose[1].amount 364 for 365",
            },
        ),
    ],
)
def test_each_kind_is_changed_in_its_own_ways(rule: str, expected: set[str]) -> None:
    assert expected <= names(rule)


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        ("court-report-on-time", ["require.per_event.deadline exists for deadline", "require.per_event.of left out"]),
        ("breach-resolved-on-time", ["require.per_event.deadline exists for deadline"]),
        ("drr-court-reviews", ["require.per_event.deadline exists for deadline"]),
        (
            "programme-starts-on-plan",
            [
                "require.per_event.deadline.clock_column left out",
                "require.per_event.event.requirements.planned_start_on left out",
                "require.per_event.event.requirements.planned_start_on not_recorded for recorded",
            ],
        ),
        ("requirements-implemented", ["require.per_event.exists.due_column left out"]),
        (
            "skills-intervention-arranged",
            ["require.exists.window_opens any_time for trigger", "require.exists deadline for exists"],
        ),
        (
            "oasys-rescored",
            ["require.exists.trigger high-roh-trigger for start", "require.exists deadline for exists"],
        ),
    ],
)
def test_what_no_rule_file_could_say_is_no_mutant(rule: str, refused: list[str]) -> None:
    assert names(rule).isdisjoint(refused)


def test_latest_is_left_out_where_one_limit_holds_for_every_row() -> None:
    breaches = Selection("breaches")
    require = PerEvent(breaches, Deadline(None, "breach-limit", done_column="resolved_on"), latest=True)

    changes = {(change.place, change.words): change.changed for change in change_requirement(require, "cases")}

    assert changes[("of",), "left out"] == replace(require, latest=False)
    assert (("deadline",), "exists for deadline") not in changes


def test_change_of_a_population_keeps_how_long_a_case_must_have_gone_on() -> None:
    rule = BOOK.rules["oasys-rescored"]
    people = Population(
        (model.Test("ppo", "is", flag=True),), (Selection("home_visits"),), "rescoring-grace", "appraisal-interval"
    )
    mutants = make_mutants(BOOK, replace(rule, population=people))

    lengths = {
        mutant.name: (mutant.rule.population.started_longer_ago_than, mutant.rule.population.lasted_at_least)
        for mutant in mutants
        if mutant.place[0] == "population"
    }

    assert lengths == {
        "population.ppo false for true": ("rescoring-grace", "appraisal-interval"),
        "population.ppo left out": ("rescoring-grace", "appraisal-interval"),
        "population.any_row.home_visits left out": ("rescoring-grace", "appraisal-interval"),
        "population.started_longer_ago_than left out": (None, "appraisal-interval"),
        "population.lasted_at_least left out": ("rescoring-grace", None),
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_changed_value_is_used_wherever_the_rule_names_it(rule: Rule) -> None:
    for name in set(values_used(rule)) - {"relevant-failure"}:
        assert set(values_used(use_value(rule, name, "another"))) == {*values_used(rule), "another"} - {name}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_mutants_differ_from_the_rule_and_from_each_other(rule: Rule) -> None:
    mutants = make_mutants(BOOK, rule)

    assert len({mutant.name for mutant in mutants}) == len(mutants)
    assert len({mutant.rule.id for mutant in mutants}) == len(mutants)
    assert all(mutant.values or replace(mutant.rule, id=rule.id) != rule for mutant in mutants)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_mutated_value_goes_by_another_name_unless_the_program_knows_it_by_name(rule: Rule) -> None:
    for mutant in make_mutants(BOOK, rule):
        known = set(mutant.values) & set(BOOK.values)
        assert mutant.alone is bool(known)
        assert all(isinstance(value, Value) and value.name == name for name, value in mutant.values.items())
        assert known <= {"relevant-failure"}


def test_line_is_that_of_the_place_in_its_file() -> None:
    rule = BOOK.rules["contact-frequency"]
    mutant = next(one for one in make_mutants(BOOK, rule) if one.name == "population.tier 1 for 2")

    line = find_line(BOOK, mutant.file, mutant.place)

    assert (Path(BOOK.folder) / rule.file).read_text("utf-8").splitlines()[line - 1] == "  tier: {at_least: 2}"
