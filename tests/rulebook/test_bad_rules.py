"""The gallery of mistakes: each folder of tests/bad_rules, laid over the good rulebook, and its words."""

import shutil
from pathlib import Path

import pytest

from omi_rules.problems import RulebookError
from omi_rules.rulebook.lint import lint
from omi_rules.rulebook.load import load_rulebook

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


def test_gallery_has_many_mistakes() -> None:
    assert len(MISTAKES) >= 90


def test_good_rulebook_loads_and_lints_without_a_word() -> None:
    assert lint(load_rulebook(GOOD)) == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_reported_once_in_the_words_expected(mistake: str, tmp_path: Path) -> None:
    expected = (GALLERY / mistake / "expected.txt").read_text(encoding="utf-8").splitlines()
    folder = lay_over(GALLERY / mistake, tmp_path / "rules")

    with pytest.raises(RulebookError) as raised:
        load_rulebook(folder)

    said = [str(problem) for problem in raised.value.problems]
    assert len(said) == len(expected), "\n".join(said)
    for line in expected:
        words = line.split(" | ")
        assert any(all(word in sentence for word in words) for sentence in said), f"{line}\n\n" + "\n".join(said)
    assert list(raised.value.problems) == sorted(raised.value.problems)
    assert all(problem.line or ".yaml" in problem.file or ".yml" in problem.file for problem in raised.value.problems)
