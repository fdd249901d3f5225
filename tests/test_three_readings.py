"""A rule is right when three readings agree: its own examples, the product, and the reference."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import Example, Rule, Rulebook
from tests.judging import judge_records
from tests.random_exports import RandomExport, random_export, records
from tests.reference import LAW, MOST_WAYS, LeftOut, TooManyWays, judge, judge_by_law
from tests.reference.by_rule import reading_of
from tests.reference.days import working_days_after, working_days_before
from tests.sizes import sized

CASES = 300
STAFF = 40

Verdict = tuple[str, date | None, date | None, int | None]


@cache
def rulebook() -> Rulebook:
    """The program's own rulebook."""
    return load_rulebook()


def record_of(example: Example, rule: Rule) -> Mapping[str, Any]:
    """The record that an example means: the example case, with what the example states."""
    base = {name: cells for name, cells in rulebook().example_case.items() if name != "as_at"}
    subject, other = ("staff", "case") if rule.about_staff else ("case", "staff")
    base.pop(other, None)
    record = {**base, **example.tables, "lost": example.lost}
    record[subject] = {**base.get(subject, {}), **example.case}
    return {name: rows for name, rows in record.items() if name not in example.missing_tables}


def expected_verdicts(export: RandomExport, book: Rulebook) -> Iterator[tuple[str, Rule, Mapping[str, Any], Verdict]]:
    """What the reference says of every rule and record in the run, as far as it can try every way."""
    for record in export.records:
        subject = "staff" if "staff" in record else "case"
        rules = book.staff_rules if subject == "staff" else book.case_rules
        for rule in rules:
            try:
                judged = judge(rule, book, record, export.as_at, export.missing_tables)
            except (LeftOut, TooManyWays):
                continue
            verdict = (judged.outcome, judged.due_on, judged.done_on, judged.days_late)
            yield record[subject][f"{subject}_id"], rule, record, verdict


def disagreements(export: RandomExport, book: Rulebook) -> tuple[int, list[str]]:
    """How many verdicts were compared, and where the product and the reference differ."""
    judged = judge_records(export.records, export.as_at, book, export.missing_tables)
    compared = 0
    found = []
    for name, rule, record, expected in expected_verdicts(export, book):
        compared += 1
        got = judged.get((name, rule.id))
        if got != expected:
            place = f"{rule.id} as at {export.as_at}, without {sorted(export.missing_tables)}"
            found.append(f"{place}: the product says {got}, the reference {expected}, of {record}")
    return compared, found


@pytest.mark.parametrize("rule", sorted(rulebook().rules))
def test_examples_agree_with_the_reference(rule: str) -> None:
    spec = rulebook().rules[rule]
    for example in spec.examples:
        as_at = example.as_at or rulebook().example_case["as_at"]
        judged = judge(spec, rulebook(), record_of(example, spec), as_at, example.missing_tables, MOST_WAYS)
        for word, expected in example.expect.items():
            assert getattr(judged, word) == expected, f"{rule}, line {example.line}: {example.name}: {word}"


@pytest.mark.parametrize("seed", [*range(sized(7, 10)), 27])  # 27 lies at the end of the calendar
def test_random_exports_are_judged_as_the_reference_judges_them(seed: int) -> None:
    export = random_export(seed, CASES, STAFF)
    compared, found = disagreements(export, rulebook())
    assert not found, f"{len(found)} of {compared} differ; the first: " + "\n".join(found[:3])
    assert compared > 0.95 * CASES * len(rulebook().case_rules) * share_in_the_run(export)


def share_in_the_run(export: RandomExport) -> float:
    """The share of the cases that are not sentenced after the as-at date."""
    cases = [record["case"] for record in export.records if "case" in record]
    in_the_run = [case for case in cases if case["sentence_date"] <= export.as_at]
    return len(in_the_run) / len(cases)


@given(records())
@settings(max_examples=sized(6, 20), deadline=None, suppress_health_check=list(HealthCheck))
def test_a_random_record_is_judged_as_the_reference_judges_it(drawn: tuple[dict[str, Any], date]) -> None:
    record, as_at = drawn
    if "staff" in record:
        # An export has at least one case; this one was sentenced long before anything else and has no rows.
        case = {"case_id": "C1", "order_type": "community_order", "sentence_date": date(2000, 1, 3)}
        assert disagreements(RandomExport([record, {"case": case}], as_at, frozenset()), rulebook())[1] == []
    elif record["case"]["sentence_date"] <= as_at:
        assert disagreements(RandomExport([record], as_at, frozenset()), rulebook())[1] == []


@cache
def random_export_of(seed: int) -> RandomExport:
    """A random export that every rule is tried on; nobody changes it."""
    return random_export(seed, 100, 30)


@pytest.mark.parametrize("rule", sorted(LAW.keys() & rulebook().rules))
def test_rule_file_says_what_the_law_says(rule: str) -> None:
    by_file = reading_of(rulebook().rules[rule], rulebook())
    compared = too_many = 0
    for seed in range(1000, 1003):
        export = random_export_of(seed)
        subject = "staff" if by_file.subject == "staff" else "case"
        for record in export.records:
            if subject not in record:
                continue
            try:
                law = judge_by_law(LAW[rule], record, export.as_at, export.missing_tables)
                file = judge_by_law(by_file, record, export.as_at, export.missing_tables)
            except LeftOut:
                continue
            except TooManyWays:
                too_many += 1
                continue
            compared += 1
            assert file == law, f"{rule} as at {export.as_at}, without {export.missing_tables}: {record}"
    assert too_many < 0.05 * compared


def test_working_days_of_the_reference_skip_christmas() -> None:
    assert working_days_after(date(2006, 12, 20), 5) == date(2006, 12, 29)
    assert working_days_before(date(2006, 12, 29), 5) == date(2006, 12, 20)
    assert working_days_after(date(2035, 12, 20), 10) is None
    assert working_days_before(date(1994, 12, 31), 1) is None
    assert working_days_after(date(2006, 12, 23), 0) == date(2006, 12, 24) - timedelta(days=1)


def test_random_exports_of_one_seed_are_the_same() -> None:
    assert random_export(7, 20, 5) == random_export(7, 20, 5)
