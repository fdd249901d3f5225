"""Exports, a small rulebook and runs that the tests of what a run writes share."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from omi_rules.rulebook.criteria import load_criteria
from tests.areas import shared_area
from tests.data.exports import AS_AT, write_csv
from tests.reports.page.pages import hostile_tables
from tests.reports.runs import SMALL, Kept, keep, write_rulebook
from tests.scoring.runs import write_answers


@pytest.fixture(scope="session")
def area(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic area of 200 cases, with two rows that will not do."""
    folder = tmp_path_factory.mktemp("area") / "export"
    shutil.copytree(shared_area(tmp_path_factory, 200), folder)
    with (folder / "appointments.csv").open("a", encoding="utf-8") as file:
        file.write("M0000001,2006-02-30,office,attended,1\nnobody,2006-02-03,office,attended,1\n")
    return folder


@pytest.fixture(scope="session")
def area_run(area: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A run of the program's own rulebook on the area."""
    return keep(area, tmp_path_factory.mktemp("runs") / "area")


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small rulebook."""
    return write_rulebook(tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export for the small rulebook."""
    return write_csv(SMALL, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def small_run(small: Path, rules: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A run of the small rulebook."""
    return keep(small, tmp_path_factory.mktemp("runs") / "small", rules=rules, as_at=AS_AT)


@pytest.fixture(scope="session")
def hostile_run(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A run with hostile names in every column of text."""
    export = write_csv(hostile_tables(), tmp_path_factory.mktemp("hostile"))
    return keep(export, tmp_path_factory.mktemp("runs") / "hostile", as_at=AS_AT)


@pytest.fixture(scope="session")
def key() -> bytes:
    """The key of pseudonyms."""
    return bytes(range(32))


@pytest.fixture(scope="session")
def earlier(area: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A run on the small area as it stood three months before."""
    return keep(area, tmp_path_factory.mktemp("earlier") / "run", as_at=date(2006, 8, 31))


@pytest.fixture(scope="session")
def answers(area_run: Kept, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Assessors' answers to every question that no rule decides, on some cases of the small area."""
    questions = [question.id for question in load_criteria().questions.values() if not question.rule]
    cases = sorted({row["case_id"] for row in area_run.outcomes()})[:12]
    given = [
        (case, question, "sufficient" if number % 3 else "poor")
        for number, case in enumerate(cases)
        for question in questions
    ]
    return write_answers(tmp_path_factory.mktemp("answers"), given)
