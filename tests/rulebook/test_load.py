"""Loading gives the model of right files, and every problem of wrong ones."""

import copy
import hashlib
import json
import os
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omi_rules.problems import Problem, RulebookError
from omi_rules.rulebook import model
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import (
    Arm,
    Count,
    Deadline,
    Fact,
    Matches,
    Paired,
    PerEvent,
    Population,
    ReviewChain,
    Selection,
    Source,
)
from omi_rules.rulebook.outcomes import possible_outcomes
from omi_rules.rulebook.strict_yaml import read_yaml
from omi_rules.rulebook.usage import columns_read, selections_read, values_used

SPOILT_FILES = (
    "checks/1.2/screening-on-time.yaml",
    "checks/2.1/visited-after-transfer.yaml",
    "checks/2.1/reviews-together.yaml",
    "checks/2.4/contact-enough.yaml",
    "checks/staff/yearly-appraisal.yaml",
    "values/first-limit.yaml",
    "values/triggers.yaml",
    "clues/reviewed-by-pso.yaml",
    "clues/plan-reviewed-late.yaml",
    "conclusions/alert.yaml",
    "conclusions/unseen-rise.yaml",
    "example-case.yaml",
    "sources.yaml",
    "rulebook.yaml",
)


def problems_of(folder: Path) -> tuple[Problem, ...]:
    try:
        load_rulebook(folder)
    except RulebookError as error:
        return error.problems
    return ()


def test_program_rulebook_loads() -> None:
    rulebook = load_rulebook()
    assert rulebook.rules
    assert list(rulebook.rules) == sorted(rulebook.rules)


def test_rule_has_everything_its_file_says(good: Path) -> None:
    rule = load_rulebook(good).rules["screening-on-time"]
    assert (rule.criterion, rule.kind, rule.file) == ("1.2", "deadline", "checks/1.2/screening-on-time.yaml")
    assert (rule.answers, rule.recommendations, rule.severity) == (("1.2.01",), (1,), "high")
    assert rule.risk_of_harm_thread
    assert not rule.about_staff
    assert rule.source == Source("the-report", "page 1")
    community = model.Test("order_type", "in", values=("community_order", "suspended_sentence_order"))
    assert rule.population == Population((community,), (Selection("roh_screenings"),))
    assert rule.excluded is not None
    assert rule.excluded.tests == (model.Test("mappa_exception_reason", "recorded"),)
    assert rule.require == Deadline(
        trigger="start",
        limit="first-limit",
        done=(Selection("roh_screenings", (model.Test("exempted", "is", flag=False),)),),
        window="before_start",
    )


def test_every_kind_has_its_shape(good: Path) -> None:
    rules = load_rulebook(good).rules
    review = Selection("sentence_plans", (model.Test("kind", "in", values=("review",)),))
    exists = rules["score-held"].require
    assert isinstance(exists, Deadline)
    assert (exists.grace, exists.window, len(exists.done)) == (True, "any_time", 2)
    assert rules["plan-reviewed"].require == ReviewChain(
        review, "start", "review-interval", "all", "review_interval_weeks"
    )
    assert rules["ethnicity-recorded"].require == Matches("case", None, (model.Test("ethnicity", "recorded"),))
    event = rules["visited-after-transfer"].require
    assert isinstance(event, PerEvent)
    assert event.event == Selection("transfers", (model.Test("direction", "in", values=("in",)),))
    assert event.deadline.trigger is None
    count = rules["contact-enough"].require
    assert isinstance(count, Count)
    assert count.rows.tests[1] == model.Test("outcome", "not_in", values=("cancelled_by_service",))
    paired = rules["reviews-together"].require
    assert isinstance(paired, Paired)
    assert [partner.table for partner in paired.partners] == ["roh_assessments", "oasys_assessments"]


def test_example_cells_have_the_types_of_their_columns(good: Path) -> None:
    rulebook = load_rulebook(good)
    first, _, third, fourth, *_ = rulebook.rules["screening-on-time"].examples
    assert first.line == 23
    assert first.tables["roh_screenings"] == ({"completed_on": date(2006, 9, 25), "exempted": False},)
    assert first.expect == {"outcome": "met", "due_on": date(2006, 9, 25), "done_on": date(2006, 9, 25)}
    assert third.expect == {"outcome": "missing"}
    assert fourth.as_at == date(2006, 9, 25)
    assert rulebook.example_case["as_at"] == date(2007, 1, 31)
    assert rulebook.example_case["case"]["tier"] == 2
    assert rulebook.example_case["appointments"][0]["hours"] == Decimal("1.5")


def test_run_of_rows_is_read_as_its_rows(rules: Path) -> None:
    file = rules / "checks" / "2.4" / "contact-enough.yaml"
    text = file.read_text("utf-8").partition("    appointments:\n")[0]
    file.write_text(
        f"{text}    appointments:\n"
        "      - {from: 2006-09-06, every_days: 7, times: 3, row: {kind: office, hours: 1}}\n"
        "      - {from: 2006-09-30, every_days: 0, times: 2, row: {}}\n"
        "      - {kind: programme}\n"
        "    careless: They were all there.\n"
        "    expect: due\n",
        encoding="utf-8",
    )

    example = load_rulebook(rules).rules["contact-enough"].examples[-1]

    week = {"kind": "office", "hours": Decimal(1)}
    assert example.careless == "They were all there."
    assert example.tables["appointments"] == (
        {**week, "scheduled_on": date(2006, 9, 6)},
        {**week, "scheduled_on": date(2006, 9, 13)},
        {**week, "scheduled_on": date(2006, 9, 20)},
        {"scheduled_on": date(2006, 9, 30)},
        {"scheduled_on": date(2006, 9, 30)},
        {"kind": "programme"},
    )


def test_equivalent_mutants_belong_to_the_rulebook_and_its_hash(rules: Path) -> None:
    before = load_rulebook(rules).hash
    (rules / "equivalent-mutants.yaml").write_text("a-rule: [{mutant: this, because: That.}]\n", encoding="utf-8")

    assert load_rulebook(rules).hash != before


def test_staff_rule_states_columns_of_staff(good: Path) -> None:
    rulebook = load_rulebook(good)
    rule = rulebook.rules["yearly-appraisal"]
    assert rule.about_staff
    assert rulebook.staff_rules == (rule,)
    assert rule not in rulebook.case_rules
    assert rule.examples[0].case == {"employed_on": date(2006, 1, 2)}
    assert rulebook.example_case["staff"]["employed_on"] == date(2005, 1, 3)


def test_value_has_dated_arms(good: Path) -> None:
    value = load_rulebook(good).values["first-limit"]
    first, second = value.dated
    assert (first.start, second.start) == (date(2005, 3, 4), date(2007, 9, 30))
    assert first.arms[0] == Arm(5, high_roh_at_start=True, source=Source("the-report", "page 1"))
    assert first.arms[1] == Arm(15, assumed=True, because="The report gives no number.")
    assert second.arms[0].tests == (model.Test("tier", "at_least", number=4),)
    assert second.arms[0].any_row == (Selection("transfers", (model.Test("direction", "in", values=("in",)),)),)
    assert value.assumed


def test_conclusion_has_ways_of_facts(good: Path) -> None:
    conclusions = load_rulebook(good).conclusions
    assert conclusions["alert"].ways == (
        (Fact("flag", "unseen-rise", ("true",)), Fact("clue", "plan-reviewed-late", ("true",))),
        (Fact("rule", "visited-after-transfer", ("missing",)),),
    )
    assert conclusions["unseen-rise"].ways[0][2] == Fact("clue", "reviewed-by-pso", ("false",))
    assert [example.expect for example in conclusions["alert"].examples] == [True, False]


def test_usage_lists_what_a_rule_reads(good: Path) -> None:
    rules = load_rulebook(good).rules
    assert values_used(rules["contact-enough"]) == ("contact-window", "contact-minimum")
    tables = [selection.table for selection in selections_read(rules["screening-on-time"])]
    assert tables == ["roh_screenings", "roh_screenings"]
    read = {(table, test.column) for table, test in columns_read(rules["visited-after-transfer"])}
    assert read == {
        ("transfers", "direction"),
        ("home_visits", "purposeful"),
        ("transfers", "oasys_received_on"),
    }


def test_possible_outcomes_follow_the_kind(good: Path) -> None:
    rules = load_rulebook(good).rules
    assert "excluded" in possible_outcomes(rules["visited-after-transfer"])
    assert "excluded" not in possible_outcomes(rules["plan-reviewed"])
    assert possible_outcomes(rules["ethnicity-recorded"]) == {"met", "not_met", "unknown", "not_applicable"}


def test_nothing_is_due_where_only_cases_are_judged_whose_limit_has_passed() -> None:
    rule = load_rulebook().rules["oasys-rescored"]
    longer = replace(rule, population=replace(rule.population, started_longer_ago_than="review-interval"))

    assert possible_outcomes(rule) == {"met", "missing", "unknown", "not_applicable"}
    assert "due" in possible_outcomes(longer)


def test_hash_covers_paths_and_bytes_of_every_rule_file(rules: Path) -> None:
    digest = hashlib.sha256()
    for name in sorted(file.relative_to(rules).as_posix() for file in rules.rglob("*.yaml")):
        content = (rules / name).read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    assert load_rulebook(rules).hash == digest.hexdigest()


def test_hash_changes_with_a_comment_and_with_files_read_elsewhere(rules: Path) -> None:
    before = load_rulebook(rules).hash
    (rules / "rulebook.yaml").write_text((rules / "rulebook.yaml").read_text() + "# a comment\n")
    commented = load_rulebook(rules).hash
    (rules / "samples" / "another.yaml").write_text("anything: at all\n")
    assert len({before, commented, load_rulebook(rules).hash}) == 3


def test_hash_ignores_where_the_folder_lies_and_other_files(good: Path, rules: Path) -> None:
    (rules / "README.md").write_text("words")
    (rules / ".rulebook.yaml.swp").write_text("words")
    assert load_rulebook(rules).hash == load_rulebook(good).hash


def test_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match=r"there is no folder .* with a rulebook in it"):
        load_rulebook(tmp_path / "nowhere")


def test_empty_folder_names_each_file_that_it_needs(tmp_path: Path) -> None:
    named = [problem.file for problem in problems_of(tmp_path)]
    assert named == ["example-case.yaml", "rulebook.yaml", "sources.yaml", "values/triggers.yaml"]


def test_file_that_cannot_be_read_is_a_problem(rules: Path) -> None:
    (rules / "clues" / "roh-rose.yaml").unlink()
    (rules / "clues" / "roh-rose.yaml").symlink_to(rules / "nowhere.yaml")
    assert "cannot be read" in str(problems_of(rules)[0])


def test_file_name_that_is_not_utf_8_is_a_printable_problem(rules: Path) -> None:
    clue = os.fsencode(rules / "clues") + b"/caf\xe9.yaml"
    Path(os.fsdecode(clue)).write_bytes((rules / "clues" / "roh-rose.yaml").read_bytes())
    assert [str(problem).encode() for problem in problems_of(rules)]


def test_every_problem_of_every_file_is_told_at_once(rules: Path) -> None:
    for file in SPOILT_FILES:
        (rules / file).write_text((rules / file).read_text() + "unknown_key: 1\n")
    told = {problem.file for problem in problems_of(rules)}
    assert told == set(SPOILT_FILES)


def test_one_broken_file_does_not_blame_the_files_that_name_it(rules: Path) -> None:
    for file in ("checks/1.2/screening-on-time.yaml", "values/first-limit.yaml", "sources.yaml"):
        (rules / file).write_text("title: [\n")
    assert len(problems_of(rules)) == 3


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    good = Path(__file__).resolve().parent.parent / "bad_rules" / "good"
    return Path(shutil.copytree(good, tmp_path_factory.mktemp("spoilt") / "rules"))


def spoil_and_load(folder: Path, file: str, content: bytes) -> None:
    """Loading a rulebook with one file changed: a model or problems, and never anything else."""
    before = (folder / file).read_bytes()
    (folder / file).write_bytes(content)
    try:
        assert all(problem.sentence for problem in problems_of(folder))
    finally:
        (folder / file).write_bytes(before)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.sampled_from(SPOILT_FILES), st.text(max_size=100))
def test_loading_random_text_never_crashes(spoilt: Path, file: str, text: str) -> None:
    spoil_and_load(spoilt, file, text.encode())


WORDS = [
    "x",
    "start",
    "roh_screenings",
    "first-limit",
    "relevant-failure",
    "kind",
    "late",
    "2006-12-20",
    "case",
    "",
]
LEAVES = st.none() | st.booleans() | st.integers(-1, 20) | st.sampled_from(WORDS)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=2),
)


def holders(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value] * bool(inner) + [holder for part in inner for holder in holders(part)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.data())
def test_loading_spoilt_files_never_crashes(spoilt: Path, data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(SPOILT_FILES))
    content = copy.deepcopy(read_yaml((spoilt / file).read_bytes(), file)[0].value)
    for _ in range(data.draw(st.integers(1, 3))):
        holder = data.draw(st.sampled_from(holders(content) or [{"": None}]))
        step = data.draw(st.sampled_from(list(holder) if isinstance(holder, dict) else list(range(len(holder)))))
        holder[step] = data.draw(VALUES)
    spoil_and_load(spoilt, file, json.dumps(content).encode())
