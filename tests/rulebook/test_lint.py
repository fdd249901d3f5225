"""What the lint asks of a rulebook that loads."""

from pathlib import Path

import pytest

from omi_rules.rulebook.lint import lint
from omi_rules.rulebook.load import load_rulebook

SCREENING = "checks/1.2/screening-on-time.yaml"
TRANSFER = "checks/2.1/visited-after-transfer.yaml"
ETHNICITY = "checks/1.4/ethnicity-recorded.yaml"
CONTACT = "checks/2.4/contact-enough.yaml"
APPRAISAL = "checks/staff/yearly-appraisal.yaml"
SCORE = "checks/1.3/score-held.yaml"
PLAN = "checks/2.1/plan-reviewed.yaml"
RISE = "conclusions/unseen-rise.yaml"

#: file, what stands there, what is put in its place, and the line and words of the finding
FINDINGS = [
    (SCREENING, "Is it so?", "Is it so", 2, "question mark"),
    (SCREENING, "title: Screening on time", "title: Screening on time.", 1, "title"),
    (SCREENING, "to_do: Complete it now.", "to_do: Complete it now", 21, "full stop"),
    (SCREENING, "A reason is recorded.", "A reason", 11, "full stop"),
    (SCREENING, "days late.", "days late", 19, "full stop"),
    (SCREENING, "{limit} after the start.", "{limit} before {done_on}.", 20, "{done_on} is empty"),
    (SCREENING, '"1.2.01"', '"1.3.02"', 3, "no question of criterion 1.2"),
    (SCREENING, '["1.2.01"]', "[]", 3, "answers no question"),
    (
        SCREENING,
        "case: {mappa_exception_reason: agreed}, expect: excluded",
        "expect: met",
        22,
        "shows excluded",
    ),
    (CONTACT, "case: {tier: null}, expect: unknown", "expect: due", 16, "no example shows unknown"),
    (SCREENING, "careless: It would be thought late., ", "", 22, "no example has `careless`"),
    (SCREENING, "careless: It would be thought late.,", "careless: It is late,", 23, "full stop"),
    (SCREENING, "case: {mappa_exception_reason: agreed}, expect: excl", "expect: excl", 22, "a column of excluded"),
    (TRANSFER, "direction: in, oasys_received_on: 2006-09-05}", "direction: in}", 16, "a column of transfers"),
    (SCREENING, "case: {end_date: 2006-09-20}", "case: {tier: 1}", 22, "no example has end_date"),
    (APPRAISAL, "left_on: 2007-01-05", "grade: spo", 16, "no example has left_on"),
    (
        SCORE,
        "score: 72}], expect: unknown",
        "score: 72}], lost: {oasys_assessments: 1}, expect: unknown",
        17,
        "an empty cell",
    ),
    (SCREENING, "name: the last day is in time", "name: in time", 23, "at least three words"),
    (SCREENING, "name: the last day is in time", "name: the last day.", 23, "no full stop"),
    (SCREENING, "done_on: 2006-09-25}", "done_on: 2006-09-22}", 22, "no example stands on the due day"),
    (TRANSFER, "The papers came.", "Papers", 10, "full stop"),
    (TRANSFER, "No visit was made., late:", "No visit was made., met:", 14, "no sentence for late"),
    (
        CONTACT,
        "expect: {outcome: not_met",
        "expect: {outcome: due",
        16,
        "no example stands after the due day",
    ),
    (
        PLAN,
        "case: {end_date: 2006-10-01}, sentence_plans: [], expect: not_applicable",
        "expect: met",
        16,
        "shows not_app",
    ),
    (ETHNICITY, "title: Ethnicity recorded", "title: SCREENING on time", 1, "same title"),
    (APPRAISAL, "answers: []", 'answers: ["1.2.02"]', 3, "write []"),
    (SCORE, '"1.3.01"', '"1.2.01"', 3, "also answers 1.2.01"),
    ("values/first-limit.yaml", "The report gives no number.", "No number", 7, "full stop"),
    ("values/first-limit.yaml", "title: Limit for the screening", "title: Limit.", 1, "title"),
    ("values/triggers.yaml", "The day of sentence or release.", "The day", 1, "full stop"),
    ("clues/roh-rose.yaml", "title: Risk of Harm rose after the start", "title: It rose.", 1, "title"),
    (RISE, "cause: Nobody looked.", "cause: Nobody", 10, "full stop"),
    (RISE, "action: Look now.", "action: Look", 11, "full stop"),
    (RISE, "{clue: roh-rose}], expect: false", "{clue: roh-rose}], expect: true", 13, "expects false"),
    (
        RISE,
        "outcome: met}, {clue: roh-rose}",
        "outcome: met}, {clue: plan-reviewed-late}",
        15,
        "does not ask about",
    ),
]


def put(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(("file", "old", "new", "line", "words"), FINDINGS)
def test_finding_names_its_line(rules: Path, file: str, old: str, new: str, line: int, words: str) -> None:
    put(rules, file, old, new)
    found = [problem for problem in lint(load_rulebook(rules)) if problem.file == file]
    assert any(words in problem.sentence and problem.line == line for problem in found), found


def test_unused_value_is_found(rules: Path) -> None:
    (rules / "values" / "spare.yaml").write_text((rules / "values" / "distance.yaml").read_text())
    assert [str(problem) for problem in lint(load_rulebook(rules))] == [
        "values/spare.yaml:1  no rule uses this value: use it or remove it"
    ]


def test_unused_clue_is_found(rules: Path) -> None:
    (rules / "clues" / "spare.yaml").write_text((rules / "clues" / "roh-rose.yaml").read_text())
    assert [problem.file for problem in lint(load_rulebook(rules))] == ["clues/spare.yaml"]


def test_value_of_a_worked_out_event_is_used(rules: Path) -> None:
    value = (rules / "values" / "distance.yaml").read_text().replace("working_days", "absences")
    (rules / "values" / "relevant-failure.yaml").write_text(value)
    assert [problem.file for problem in lint(load_rulebook(rules))] == ["values/relevant-failure.yaml"]
    put(rules, TRANSFER, "event: {transfers: {direction: [in]}}", "event: relevant-failure")
    put(
        rules,
        TRANSFER,
        "    excluded: {when: {oasys_received_on: recorded}, because: The papers came.}\n",
        "",
    )
    put(rules, TRANSFER, "oasys_received_on: 2006-09-05}], expect: excluded", "}], expect: met")
    assert lint(load_rulebook(rules)) == []


def test_condition_on_a_recorded_column_needs_no_unknown_example(good: Path) -> None:
    rulebook = load_rulebook(good)
    shown = {example.expect["outcome"] for example in rulebook.rules["ethnicity-recorded"].examples}
    assert shown == {"met", "not_met"}
    assert lint(rulebook) == []


def test_condition_on_a_column_that_can_be_empty_needs_one(rules: Path) -> None:
    put(rules, ETHNICITY, "case: {ethnicity: recorded}", "case: {ppo: false}")
    said = [problem.sentence for problem in lint(load_rulebook(rules))]
    assert said == ["no example shows unknown: add one"]


def test_presence_is_judged_in_every_case(rules: Path) -> None:
    put(rules, ETHNICITY, "case: {ethnicity: recorded}", "none: {breaches: {}}")
    said = [problem.sentence for problem in lint(load_rulebook(rules))]
    assert said == ["no example shows unknown: add one"]


@pytest.mark.parametrize(
    ("rows", "needed"),
    [
        ("{court_reports: {completed_on: {on_or_before: sentence_date}}}", False),
        ("{court_reports: {completed_on: {on_or_before: requested_on}}}", True),
        ("{court_reports: {outline_plan: true}}", True),
        ("{breaches: {}}", True),
    ],
)
def test_empty_cell_is_asked_for_where_it_hides_something(rules: Path, rows: str, needed: bool) -> None:
    put(rules, ETHNICITY, "case: {ethnicity: recorded}", f"any: {rows}")
    put(rules, ETHNICITY, "case: {ethnicity: null}, expect: not_met", "lost: {breaches: 1}, expect: unknown")
    put(
        rules,
        ETHNICITY,
        "is enough, expect: met}",
        "is enough, expect: met}\n  - {name: none is none, expect: not_met}",
    )
    said = [problem.sentence for problem in lint(load_rulebook(rules))]
    assert any("empty cell" in sentence for sentence in said) == needed, said
    assert len(said) == needed


def test_met_at_once_has_no_date_to_say(rules: Path) -> None:
    put(rules, SCREENING, "    trigger: start", "    trigger: start\n    met_at_once: {mappa_level: recorded}")
    put(rules, SCREENING, "says:", 'says:\n  met: "It was done on {done_on}."')
    assert any("met at once" in problem.sentence for problem in lint(load_rulebook(rules)))


def test_program_rulebook_lints_without_a_word() -> None:
    assert [str(problem) for problem in lint(load_rulebook())] == []
