"""The gallery of mistakes: each folder of tests/bad_rules, laid over the good rulebook, and its words."""

import shutil
from pathlib import Path

import pytest

from omi_rules.problems import Problem, RulebookError
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.criteria_lint import lint_criteria
from omi_rules.rulebook.lint import lint
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.samples import lint_samples, load_samples

GALLERY = Path(__file__).resolve().parent.parent / "bad_rules"
GOOD = GALLERY / "good"
MISTAKES = sorted(folder.name for folder in GALLERY.iterdir() if folder.is_dir() and folder != GOOD)


def lay_over(mistake: Path, target: Path) -> Path:
    """The good rulebook with a mistake's files laid over it; removed.txt lists files to take away."""
    shutil.copytree(GOOD, target)
    shutil.copytree(mistake, target, dirs_exist_ok=True)
    removed = mistake / "removed.txt"
    for name in removed.read_text(encoding="utf-8").split() if removed.exists() else ():
        (target / name).unlink()
    return target


def problems_of(folder: Path) -> list[Problem]:
    """What loading the rules says, what loading the criteria and targets says, and what loading the samples says."""
    found: set[Problem] = set()
    for load in (load_rulebook, load_criteria, load_samples):
        try:
            load(folder)
        except RulebookError as error:
            found.update(error.problems)
    return sorted(found)


def test_gallery_has_many_mistakes() -> None:
    assert len(MISTAKES) >= 130


def test_problems_come_in_order(tmp_path: Path) -> None:
    folder = lay_over(GALLERY / "several-files-at-once", tmp_path / "rules")

    with pytest.raises(RulebookError) as raised:
        load_rulebook(folder)

    assert list(raised.value.problems) == sorted(raised.value.problems)


def test_good_rulebook_loads_and_lints_without_a_word() -> None:
    book = load_rulebook(GOOD)

    assert lint(book) == []
    assert lint_criteria(load_criteria(GOOD), book) == []
    assert lint_samples(load_samples(GOOD), GOOD) == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_reported_once_in_the_words_expected(mistake: str, tmp_path: Path) -> None:
    expected = (GALLERY / mistake / "expected.txt").read_text(encoding="utf-8").splitlines()
    folder = lay_over(GALLERY / mistake, tmp_path / "rules")

    problems = problems_of(folder)

    said = [str(problem) for problem in problems]
    assert len(said) == len(expected), "\n".join(said)
    for line in expected:
        words = line.split(" | ")
        assert any(all(word in sentence for word in words) for sentence in said), f"{line}\n\n" + "\n".join(said)
    assert all(problem.line or ".yaml" in problem.file or ".yml" in problem.file for problem in problems)
