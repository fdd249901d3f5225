"""The skeleton of every kind: what lint asks of it is what has to be filled in, and filled in it is a rule."""

import shutil
from pathlib import Path

import pytest

from omi_rules.authoring.skeletons import kinds, write_skeleton
from omi_rules.cli.lint import find_problems
from omi_rules.problems import OutputError, UsageError
from omi_rules.rulebook.files import modeline
from omi_rules.rulebook.lint import lint
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.strict_yaml import read_yaml

#: What is empty in the skeleton of each kind, beside what is in every rule.
EMPTY = {
    "deadline": ["require.deadline.trigger", "require.deadline.within", "require.deadline.done", "late", "missing"],
    "exists": ["require.exists.trigger", "require.exists.grace", "require.exists.done", "missing"],
    "review_chain": [
        "require.review_chain.reviews",
        "require.review_chain.clock_from",
        "require.review_chain.every",
        "require.review_chain.part",
        "late",
        "missing",
    ],
    "per_event": [
        "require.per_event.event",
        "require.per_event.deadline.within",
        "require.per_event.deadline.done",
        "late",
        "missing",
    ],
    "count": ["require.count.rows", "require.count.within_first", "require.count.at_least", "not_met"],
    "matches": ["require.matches.latest", "require.matches.satisfies", "not_met"],
    "paired": ["require.paired.each", "require.paired.with", "require.paired.within", "not_met"],
}
ALWAYS_FIRST = ["title", "asks", "answers", "recommendations", "severity", "source.document", "source.place"]
ALWAYS_LAST = ["to_do", "examples[1].name", "examples[1].expect"]

ID = "plan-made-in-time"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rulebook of one's own: the good tiny one of the tests."""
    good = Path(__file__).resolve().parent.parent / "bad_rules" / "good"
    return Path(shutil.copytree(good, tmp_path / "rules"))


def test_every_kind_is_tried() -> None:
    assert set(EMPTY) == set(kinds())


@pytest.mark.parametrize("kind", EMPTY)
def test_lint_lists_exactly_what_is_empty_with_its_line(rules: Path, kind: str) -> None:
    path = write_skeleton(rules, ID, kind, "2.1")

    problems, _ = find_problems(rules)

    expected = [*ALWAYS_FIRST, *(part if "." in part else f"says.{part}" for part in EMPTY[kind]), *ALWAYS_LAST]
    assert [problem.path for problem in problems] == expected
    lines = path.read_text("utf-8").splitlines()
    for problem in problems:
        assert problem.file == f"checks/2.1/{ID}.yaml"
        assert lines[problem.line - 1].strip().removeprefix("- ") == f"{problem.path.rpartition('.')[2]}:"
        assert " should be " in f" {problem.sentence}" or "should name" in problem.sentence


@pytest.mark.parametrize("kind", EMPTY)
def test_skeleton_is_yaml_with_notes_and_the_modeline(rules: Path, kind: str) -> None:
    path = write_skeleton(rules, ID, kind, "2.1")

    document, problems = read_yaml(path.read_bytes(), "skeleton")
    assert problems == []
    assert list(document.value["require"]) == [kind]
    assert document.value["shadow"] is True
    lines = path.read_text("utf-8").splitlines()
    assert lines[0] == modeline(f"checks/2.1/{ID}.yaml", "rule")
    assert max(map(len, lines)) <= 120


def test_rule_of_staff_or_of_a_target_answers_no_question(rules: Path) -> None:
    text = write_skeleton(rules, ID, "deadline", "targets").read_text("utf-8")

    assert "\nanswers: []\n" in text


def test_skeleton_is_completed_step_by_step(rules: Path) -> None:
    path = write_skeleton(rules, ID, "deadline", "2.1")

    def fill(*pairs: tuple[str, str]) -> list[str]:
        text = path.read_text("utf-8")
        for empty, filled in pairs:
            assert f"{empty}\n" in text
            text = text.replace(f"{empty}\n", f"{empty} {filled}\n", 1)
        path.write_text(text, encoding="utf-8")
        return [f"{problem.path}: {problem.sentence}" for problem in find_problems(rules)[0]]

    # everything that is asked for, with a value, a table and a document that there are not
    said = fill(
        ("title:", "Plan in time"),
        ("asks:", "Was there a plan in time"),
        ("answers:", '["1.2.01"]'),
        ("recommendations:", "[]"),
        ("severity:", "high"),
        ("document:", "report"),
        ("place:", "page 2"),
        ("trigger:", "start"),
        ("within:", "firs-limit"),
        ("done:", "{sentence_plan: {}}"),
        ("late:", "It came late."),
        ("missing:", "There is none."),
        ("to_do:", "Make one now."),
        ("name:", "a plan on the day"),
        ("expect:", "met"),
    )
    assert [line.partition(":")[0] for line in said] == [
        "source.document",
        "require.deadline.within",
        "require.deadline.done.sentence_plan",
    ]
    text = path.read_text("utf-8")
    for wrong, right in (
        ("document: report", "document: the-report"),
        ("firs-limit", "first-limit"),
        ("sentence_plan:", "sentence_plans:"),
    ):
        text = text.replace(wrong, right)
    path.write_text(text, encoding="utf-8")

    # it loads: what is left is what makes a rule good
    said = [f"{problem.path}: {problem.sentence}" for problem in lint(load_rulebook(rules))]
    assert "asks: a question ends with a question mark" in said
    assert "answers[1]: 1.2.01 is no question of criterion 2.1: move the rule or correct it" in said
    assert "examples: no example shows missing: add one" in said


@pytest.mark.parametrize(
    ("id_", "kind", "criterion", "words"),
    [
        ("Plan made", "deadline", "2.1", "small letters, digits and hyphens"),
        (ID, "dedline", "2.1", "there is no kind dedline; did you mean deadline?"),
        (ID, "x", "2.1", "it is one of deadline, exists"),
        (ID, "deadline", "5.1", "5.1 is no criterion"),
        ("screening-on-time", "deadline", "2.1", "already, in checks/1.2/screening-on-time.yaml"),
    ],
)
def test_wrong_names_are_refused_and_nothing_is_written(
    rules: Path, id_: str, kind: str, criterion: str, words: str
) -> None:
    before = sorted(rules.rglob("*"))

    with pytest.raises(UsageError, match=words.replace("?", r"\?")):
        write_skeleton(rules, id_, kind, criterion)

    assert sorted(rules.rglob("*")) == before


def test_folder_without_a_rulebook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no rulebook\.yaml"):
        write_skeleton(tmp_path, ID, "deadline", "2.1")


def test_what_is_there_is_never_written_over(rules: Path) -> None:
    # a name that the rulebook does not read, and a file all the same
    (rules / "checks" / "2.1" / f"{ID}.yaml").mkdir()

    with pytest.raises(OutputError):
        write_skeleton(rules, ID, "deadline", "2.1")
