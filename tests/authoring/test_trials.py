"""Mutants held against the examples: in the program's rulebook none survives, and a gap in the examples is found."""

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

from omi_rules.authoring.coverage import Part, measure_coverage
from omi_rules.authoring.equivalents import read_equivalents
from omi_rules.authoring.mutants import Mutant, make_mutants
from omi_rules.authoring.trials import find_stale, hold_trials
from omi_rules.checks.examples import make_batches, read_batch
from omi_rules.resources import rules_folder
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import Rulebook

BOOK = load_rulebook()
#: The gate tries every mutant; here so many of each rule are tried, others on other days of the calendar.
SAMPLE = 4
#: Nothing in it could be a little different.
NAMES_A_COLUMN_ALONE = "oasys-score-improved"
HEADINGS = "rmp-standard-headings"
FILE = f"checks/1.2/{HEADINGS}.yaml"


def a_few(mutants: Sequence[Mutant]) -> Sequence[Mutant]:
    chance = random.Random(mutants[0].rule.id if mutants else "")
    return chance.sample(mutants, min(SAMPLE, len(mutants)))


def spoilt(folder: Path, *removed: str) -> Rulebook:
    """The program's rulebook without the examples of a rule whose line holds one of these words."""
    copy = Path(shutil.copytree(rules_folder(), folder / "rules"))
    path = copy / FILE
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not any(f"name: {words}" in line for words in removed)]
    assert len(kept) < len(lines)
    path.write_text("".join(kept), encoding="utf-8")
    return load_rulebook(copy)


def test_mutants_of_every_rule_are_caught_or_known_to_make_no_difference() -> None:
    trials = hold_trials(BOOK, list(BOOK.rules.values()), a_few)

    assert {(trial.rule.id, mutant.name) for trial in trials for mutant in trial.survivors} == set()
    assert [trial.rule.id for trial in trials if not trial.tried] == [NAMES_A_COLUMN_ALONE]


def test_entries_of_equivalent_mutants_name_mutants_and_rules_there_are() -> None:
    made = {(rule.id, mutant.name) for rule in BOOK.rules.values() for mutant in make_mutants(BOOK, rule)}

    assert {(entry.rule, entry.mutant) for entry in read_equivalents(BOOK)} <= made


def test_equivalent_mutants_survive_and_are_not_counted_as_survivors() -> None:
    rule = BOOK.rules["contact-frequency"]
    listed = {entry.mutant for entry in read_equivalents(BOOK) if entry.rule == rule.id}

    (trial,) = hold_trials(BOOK, [rule], lambda mutants: [mutant for mutant in mutants if mutant.name in listed])

    assert {mutant.name for mutant in trial.equivalent} == listed
    assert not trial.survivors
    assert find_stale(BOOK, [trial]) == []


def test_mutant_that_no_example_tells_from_the_rule_survives(tmp_path: Path) -> None:
    book = spoilt(tmp_path, "the latest plan decides", "an earlier plan")

    (trial,) = hold_trials(book, [book.rules[HEADINGS]])
    (coverage,) = measure_coverage(book, [book.rules[HEADINGS]])

    assert "require.matches.latest first for latest" in {mutant.name for mutant in trial.survivors}
    assert Part(FILE, ("require", "matches", "satisfies", "standard_headings")) not in coverage.untouched
    assert coverage.outcomes["not_met"] == 5


def test_part_that_no_example_touches_is_named(tmp_path: Path) -> None:
    book = spoilt(tmp_path, "the latest plan decides", "an earlier plan", "an undated plan")

    (coverage,) = measure_coverage(book, [book.rules[HEADINGS]])

    assert coverage.untouched == [Part(FILE, ("require", "matches", "latest"))]


def test_entry_is_stale_when_its_mutant_is_caught_or_its_rule_is_gone(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(rules_folder(), tmp_path / "rules"))
    entries = "- {mutant: require.matches.latest every for latest, because: It was once.}"
    (copy / "equivalent-mutants.yaml").write_text(
        f"{HEADINGS}:\n  {entries}\nno-such-rule:\n  {entries}\ncontact-frequency:\n  {entries}\n", encoding="utf-8"
    )
    book = load_rulebook(copy)

    trials = hold_trials(book, [book.rules[HEADINGS]])

    assert [(entry.rule, entry.line) for entry in find_stale(book, trials)] == [(HEADINGS, 2), ("no-such-rule", 4)]


def test_no_mutant_makes_the_engine_fail() -> None:
    for name in (
        "plan-reviewed-every-16-weeks",
        "initial-plan-on-time",
        "rmp-standard-headings",
        "court-report-on-time",
        "breach-resolved-on-time",
        "drr-court-reviews",
        "skills-intervention-arranged",
        "programme-starts-on-plan",
        "oasys-rescored",
        "annual-appraisal",
        "six-weekly-supervision",
    ):
        rule = BOOK.rules[name]
        changed = [mutant.rule for mutant in make_mutants(BOOK, rule) if not mutant.values]
        with read_batch(BOOK, make_batches(BOOK, [rule])[0]) as days:
            judged = next(days).judge(BOOK, changed)
        assert "error" not in {got["outcome"] for cases in judged.values() for got in cases.values()}
