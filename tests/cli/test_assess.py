"""`omi-rules assess`: workbooks out, answers in, and what is said of both."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from omi_rules.resources import rules_folder
from tests.assess.making import Office, edit, put
from tests.cli.running import run

CASE = "0002"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


def new(office: Office, output: Path, *more: str | Path) -> Any:
    given = ("--export", office.export, "--assessors", office.assessors, "--output", output)
    return run("assess", "new", office.sample, *given, *more)


def take(office: Office, output: Path, *workbooks: Path, form: str = "table") -> Any:
    return run("assess", "import", *workbooks, "--sample", office.sample, "--output", output, "--format", form)


def fill(office: Office, folder: Path, **cells: Any) -> Path:
    source = office.workbook_with(CASE)
    return edit(source, folder / source.name, lambda book: put(book[office.sheet_of(CASE)], "1.1.03", **cells))


def test_new_makes_workbooks_and_says_who_has_what(office: Office, tmp_path: Path) -> None:
    shown = new(office, tmp_path / "out", "--double", "50%")

    assert (shown.code, shown.err) == (0, f"Workbooks: {tmp_path / 'out'}\n")
    lines = shown.out.splitlines()
    assert lines[0] == "6 cases for 3 assessors: 2 to assessors of the area; 3 are assessed twice."
    assert lines[2].split() == ["Assessor", "Local", "Cases", "Second", "Workbook"]
    assert len(lines) == 6
    assert max(map(len, lines)) <= 80
    kept = json.loads((tmp_path / "out" / "assignment.json").read_text("utf-8"))
    assert kept["double_percent"] == 50


def test_new_gives_the_assignment_to_programs(office: Office, tmp_path: Path) -> None:
    shown = new(office, tmp_path / "out", "--format", "json")

    assert json.loads(shown.out) == json.loads((tmp_path / "out" / "assignment.json").read_text("utf-8"))
    assert json.loads(shown.out) == office.assignment


def test_other_rulebook_than_that_of_the_sample_is_said(office: Office, tmp_path: Path) -> None:
    other = Path(shutil.copytree(rules_folder(), tmp_path / "rules"))
    (other / "rulebook.yaml").write_text((other / "rulebook.yaml").read_text("utf-8") + "# a comment\n", "utf-8")

    shown = new(office, tmp_path / "out", "--rules", other)

    assert shown.code == 0
    assert shown.err.startswith("omi-rules: the rulebook has changed since the sample was drawn.")


@pytest.mark.parametrize("share", ["101%", "-1", "half", "15.5%", ""])
def test_share_that_is_none_is_a_wrong_use(office: Office, tmp_path: Path, share: str) -> None:
    shown = new(office, tmp_path / "out", "--double", share)

    assert (shown.code, shown.out) == (2, "")
    assert "--double should be a share of the cases, from 0% to 100%, as in 15%." in shown.err


def test_sample_that_is_none_is_refused(office: Office, tmp_path: Path) -> None:
    given = ("--export", office.export, "--assessors", office.assessors, "--output", tmp_path / "out")

    shown = run("assess", "new", office.assessors, *given)

    assert (shown.code, shown.out) == (3, "")
    assert "is no sample" in shown.err


def test_import_says_what_it_took_and_what_is_open(office: Office, tmp_path: Path) -> None:
    workbook = fill(office, tmp_path, answer="poor", comment="Too short.")

    shown = take(office, tmp_path / "answers", workbook)

    assert (shown.code, shown.err) == (0, f"Answers: {tmp_path / 'answers'}\n")
    lines = shown.out.splitlines()
    assert lines[0].startswith("1 workbook read: 1 new answer, 1 of ")
    assert "Not answered yet:" in lines
    assert max(map(len, lines)) <= 80
    assert any(f"{office.sheet_of(CASE)}: " in line and "questions, G" in line for line in lines)
    assert any(line.endswith(" questions, all of them") for line in lines)
    assert CASE not in shown.out
    assert "Too short." not in shown.out


def test_import_lists_what_it_could_not_use_and_what_was_kept(office: Office, tmp_path: Path) -> None:
    take(office, tmp_path / "answers", fill(office, tmp_path / "first", answer="poor"))

    shown = take(office, tmp_path / "answers", fill(office, tmp_path / "second", answer="SECRET"))

    text = " ".join(shown.out.split())
    assert "Cannot be used: assessor-" in text
    assert "this is not one of the six answers. Choose one from the list." in text
    assert "has no usable answer to 1.1.03 any more; the one imported before is kept." in text
    assert "SECRET" not in shown.out + shown.err


def test_import_says_what_it_replaced(office: Office, tmp_path: Path) -> None:
    take(office, tmp_path / "answers", fill(office, tmp_path / "first", answer="poor"))

    shown = take(office, tmp_path / "answers", fill(office, tmp_path / "second", answer="excellent"))

    assert "replaces what was imported before." in " ".join(shown.out.split())


def test_import_gives_every_place_to_programs(office: Office, tmp_path: Path) -> None:
    shown = take(office, tmp_path / "answers", fill(office, tmp_path, answer="good"), form="json")

    told = json.loads(shown.out)
    (unusable,) = told["unusable"]
    assert unusable["place"].startswith(f"{office.sheet_of(CASE)}, G")
    assert (told["new"], told["ratings"], told["corrections"]) == (0, 0, 0)
    assert set(told["workbooks"][0]["unanswered"]) >= {office.sheet_of("0002")}


def test_import_of_something_else_is_refused(office: Office, tmp_path: Path) -> None:
    shown = take(office, tmp_path / "answers", office.assessors)

    assert (shown.code, shown.out) == (3, "")
    assert "is no workbook" in shown.err
    assert not (tmp_path / "answers").exists()


def test_import_needs_a_workbook(office: Office, tmp_path: Path) -> None:
    assert take(office, tmp_path / "answers").code == 2
