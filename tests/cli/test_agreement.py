"""`omi-rules assess agreement`, `moderate` and `leadership`: what is said, given to programs, kept, and refused."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.assess.leading import give_back, make_run
from tests.assess.ratings import BY_RULE, JUDGED, OTHER, RISK, Row, keep_ratings, rate_twice
from tests.cli.running import Ran, run
from tests.scoring.conftest import write_criteria

ROWS: list[Row] = [
    *rate_twice(JUDGED, *[("sufficient", "sufficient"), ("poor", "insufficient"), ("excellent", "poor")] * 4),
    *rate_twice(OTHER, ("poor", "poor"), ("sufficient", "poor")),
    ("C020", RISK, "Ben", 1, "sufficient"),
    ("C020", RISK, "A name that is as long as names can be, and on", 2, "sufficient"),
    ("C001", BY_RULE, "Ben", 2, "sufficient", "It was done."),
    ("C001", "2.1.S", "Ben", 2, "sufficient"),
]


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_criteria(tmp_path_factory.mktemp("small") / "rules")


@pytest.fixture
def answers(tmp_path: Path, rules: Path) -> Path:
    return keep_ratings(tmp_path / "answers", rules, ROWS)


def words(shown: Ran) -> str:
    return " ".join(shown.out.split())


@pytest.mark.parametrize("more", [(), ("-v",)], ids=["plain", "verbose"])
def test_agreement_fits_the_page_and_says_how_it_counts(answers: Path, rules: Path, more: tuple[str, ...]) -> None:
    shown = run("assess", "agreement", answers, "--rules", rules, *more)

    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    assert "\x1b" not in shown.out
    said = words(shown)
    assert said.startswith("13 cases assessed by two: 15 pairs of answers to 3 questions. Exactly the same: 40%.")
    assert "Kappa is Cohen's, with linear weights" in said
    assert "where fewer than 50 cases were assessed twice, it is rather too narrow" in said
    assert "Answered by one of the two only, and not compared: 1." in said
    assert "assessors differ on 1 of them." in said
    assert ("By question" in said) is bool(more)


def test_agreement_marks_what_rests_on_few(answers: Path, rules: Path) -> None:
    lines = run("assess", "agreement", answers, "--rules", rules).out.splitlines()

    (many,) = (line.split() for line in lines if line.startswith("1.1 Preparing"))
    (few,) = (line.split() for line in lines if line.startswith("2.1 Delivering"))
    assert many[2:6] == ["12", "33%", "67%", "12"]
    assert few[2:] == ["2!", "50%", "50%", "2", "-"]


def test_agreement_without_second_ratings_says_how_to_get_them(tmp_path: Path, rules: Path) -> None:
    folder = keep_ratings(tmp_path / "answers", rules, [("C001", JUDGED, "Ann", 1, "poor")])

    shown = run("assess", "agreement", folder, "--rules", rules)

    assert shown.code == 0
    assert "there is nothing to compare" in words(shown)
    assert "--double" in words(shown)


def test_agreement_gives_every_figure_to_programs(answers: Path, rules: Path) -> None:
    told = json.loads(run("assess", "agreement", answers, "--rules", rules, "--format", "json").out)
    rows = list(
        csv.DictReader(io.StringIO(run("assess", "agreement", answers, "--rules", rules, "--format", "csv").out))
    )

    assert told["most_different"] == [JUDGED, OTHER]
    assert [row["kind"] for row in rows] == ["all", *["criterion"] * 3, *["question"] * 3, *["assessors"] * 2]
    of_question = next(row for row in rows if row["id"] == JUDGED)
    assert of_question["kappa"] == str(next(one["kappa"] for one in told["questions"] if one["id"] == JUDGED))
    assert next(row for row in rows if row["id"] == OTHER)["note"].startswith("fewer than 10 pairs; ")


def test_agreement_is_kept_for_its_owner_alone(answers: Path, rules: Path, tmp_path: Path) -> None:
    output = tmp_path / "agreement.csv"

    shown = run("assess", "agreement", answers, "--rules", rules, "--format", "csv", "--output", output)

    assert (shown.code, shown.out, shown.err) == (0, "", f"Written: {output}\n")
    assert output.stat().st_mode & 0o777 == 0o600


def test_moderate_lists_who_said_what_on_the_page(answers: Path, rules: Path) -> None:
    shown = run("assess", "moderate", answers, "--rules", rules)

    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    said = words(shown)
    assert said.startswith("10 disagreements, 6 across the line; 10 not moderated yet.")
    assert "- Ann: no correction of what the records say - Ben: sufficient: It was done." in said


def test_moderated_table_is_filled_in_and_given_back(answers: Path, rules: Path, tmp_path: Path) -> None:
    table = tmp_path / "agree.csv"
    run("assess", "moderate", answers, "--rules", rules, "--format", "csv", "--output", table)
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows[:2]:
        row.update(answer="poor", reason="Looked at together.", moderator="Mo")
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)

    shown = run("assess", "moderate", answers, "--rules", rules, "--agree", table)
    told = json.loads(run("assess", "moderate", answers, "--rules", rules, "--format", "json").out)

    assert words(shown).startswith("2 agreed answers taken, 0 replaced. 8 rows without an answer yet.")
    assert "Agreed (Mo): poor: Looked at together." in words(shown)
    assert told["unmoderated"] == 8
    assert sum(bool(one["agreed"]) for one in told["disagreements"]) == 2


def test_moderate_tells_bad_rows_and_takes_nothing(answers: Path, rules: Path, tmp_path: Path) -> None:
    (tmp_path / "agree.csv").write_text("case_id,question,answer,reason\nSECRET,1.1.02,poor,x\n", encoding="utf-8")

    shown = run("assess", "moderate", answers, "--rules", rules, "--agree", tmp_path / "agree.csv")

    assert (shown.code, shown.out) == (2, "")
    assert "row 1: case_id:" in shown.err
    assert "SECRET" not in shown.err
    assert not (answers / "moderated.csv").exists()


def test_moderate_without_disagreements_says_so(tmp_path: Path, rules: Path) -> None:
    folder = keep_ratings(tmp_path / "answers", rules, rate_twice(JUDGED, ("poor", "poor")))

    assert words(run("assess", "moderate", folder, "--rules", rules)) == "No two assessors of one case disagree."


@pytest.mark.parametrize("command", ["agreement", "moderate"])
def test_folder_that_holds_no_answers_is_a_wrong_use(tmp_path: Path, command: str) -> None:
    shown = run("assess", command, tmp_path)

    assert (shown.code, shown.out) == (2, "")
    assert "is no folder of answers" in shown.err


def test_leadership_makes_a_workbook_once(tmp_path: Path) -> None:
    kept, output = make_run(tmp_path), tmp_path / "leadership.xlsx"

    first = run("assess", "leadership", kept, "--output", output)
    second = run("assess", "leadership", kept, "--output", output)

    assert (first.code, first.out, first.err) == (0, "", f"Workbook: {output}\n")
    assert second.code == 6
    assert "is there already, and may be filled in" in second.err


def test_score_shows_the_levels_that_were_imported(tmp_path: Path) -> None:
    """The whole way: a workbook from a run, filled in, taken in, and scored with."""
    from tests.assess.making import Office

    office = Office(tmp_path)
    kept, answers = tmp_path / "run", tmp_path / "answers"
    assert run("check", office.export, "--as-at", "2006-11-30", "--output", kept, "-q").code == 0
    assert run("assess", "leadership", kept, "--output", tmp_path / "book.xlsx", "-q").code == 0
    filled = give_back(
        tmp_path / "book.xlsx",
        tmp_path / "back" / "book.xlsx",
        p4_4_level=("partly met", "Appraisals lapse."),
        p4_4_12=("area for improvement", "Five of 22."),
    )

    taken = run("assess", "import", filled, "--sample", office.sample, "--output", answers)

    assert words(taken).startswith("Section 4: 2 new answers, 1 of 6 levels and 1 of 60 points answered so far.")
    (answers / "answers.csv").write_text("case_id,question,answer,reason\n0001,1.3.02,poor,\n", encoding="utf-8")
    page = run("score", kept, "--answers", answers, "-v").out.splitlines()
    assert max(map(len, page)) <= 80
    (level,) = (line.split() for line in page if line.startswith("4.4  "))
    assert level[-6:] == ["partly", "met", "0", "1", "0", "11"]
    assert "- 4.4.12 Has every member of staff received an appraisal during the past 12" in page
    told = json.loads(run("score", kept, "--answers", answers, "--format", "json").out)
    assert [one["level"] for one in told["leadership"]] == [None, None, None, "partly met", None, None]
    table = csv.DictReader(io.StringIO(run("score", kept, "--answers", answers, "--format", "csv").out))
    rows = {row["id"]: row for row in table if row["kind"] == "leadership"}
    assert (rows["4.4"]["conclusion"], rows["4.4"]["insufficient"]) == ("partly met", "1")
    assert rows["4.1"]["conclusion"] == ""
