"""`omi-rules score` as a user runs it: on a page of 80 columns, for programs, and after a mistake."""

import csv
import io
import json
import stat
from pathlib import Path

import pytest

from tests.cli.running import Ran, run
from tests.scoring.scores import check_shape

KINDS = ("question", "criterion", "section", "thread", "target")
SAYS = ("The line of priority for improvement is no line of sufficiency.", "Areas must not be compared")


@pytest.fixture(scope="module")
def kept(checked: tuple[Ran, Path]) -> Path:
    """A run on the small area."""
    shown, folder = checked
    assert shown.code == 0
    return folder


@pytest.fixture(scope="module")
def answers(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Answers to every question of criterion 2.6 about three cases of it."""
    from omi_rules.rulebook.criteria import load_criteria
    from tests.scoring.runs import write_answers

    with (kept / "findings.csv").open(encoding="utf-8", newline="") as file:
        cases = sorted({row["case_id"] for row in csv.DictReader(file)})[:3]
    asked = [question.id for question in load_criteria().criteria["2.6"].all_questions]
    given = [(case, question, "poor" if case == cases[0] else "sufficient") for case in cases for question in asked]
    return write_answers(tmp_path_factory.mktemp("answers"), given)


def words(shown: Ran) -> str:
    return " ".join(shown.out.split())


def test_scores_are_shown_on_80_columns_with_what_they_are_not(kept: Path, answers: Path) -> None:
    shown = run("score", kept, "--answers", answers)

    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    assert "\x1b" not in shown.out
    for sentence in SAYS:
        assert sentence in words(shown)
    assert any(line.startswith("2.6  Restrictive int") and "  67%  " in line for line in shown.out.splitlines())
    assert "3 cases: the cases that the answers are about" in words(shown)
    assert "Without answers to the summary question" in words(shown)


@pytest.mark.parametrize("option", ["-v", "--show-working"])
def test_more_of_it_fits_the_page_too(kept: Path, answers: Path, option: str) -> None:
    shown = run("score", kept, "--answers", answers, option)

    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    assert SAYS[0] in words(shown)


def test_csv_has_a_line_for_each_question_criterion_section_and_the_thread(kept: Path, answers: Path) -> None:
    shown = run("score", kept, "--answers", answers, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(shown.out)))

    counted = {kind: sum(row["kind"] == kind for row in rows) for kind in KINDS}
    assert counted == {"question": 202, "criterion": 14, "section": 3, "thread": 1, "target": 19}
    found = next(row for row in rows if (row["kind"], row["id"]) == ("criterion", "2.6"))
    assert (found["percent"], found["conclusion"]) == ("66.6667", "priority for improvement")
    assert found["note"] == "rests on questions and summary question"


def test_csv_says_what_the_scores_are_not_and_where_the_line_is(kept: Path) -> None:
    plain = list(csv.DictReader(io.StringIO(run("score", kept, "--format", "csv").out)))
    moved = list(csv.DictReader(io.StringIO(run("score", kept, "--format", "csv", "--line", "60").out)))

    told = [row["note"] for row in plain if row["kind"] == "to know before use"]
    assert all(any(sentence in note for note in told) for sentence in SAYS)
    assert any("bands" in sentence for sentence in told)
    assert any("These targets rest on fewer than 10 cases" in sentence for sentence in told)
    lines = [next(row for row in rows if row["kind"] == "line of priority") for rows in (plain, moved)]
    assert [row["percent"] for row in lines] == ["75", "60"]
    assert [row["note"].startswith("assumed: ") for row in lines] == [True, False]


def test_json_goes_to_a_file_that_is_its_owner_s_alone(kept: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "score.json"

    shown = run("score", kept, "--format", "json", "--output", target)

    assert (shown.code, shown.out, shown.err) == (0, "", f"Written: {target}\n")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert {"questions", "criteria", "sections", "thread"} <= json.loads(target.read_text("utf-8")).keys()
    assert [entry.name for entry in target.parent.iterdir()] == ["score.json"]


def test_a_mistake_names_what_to_do(kept: Path, area: Path, tmp_path: Path) -> None:
    no_run = run("score", area)
    no_answers = run("score", kept, "--answers", tmp_path)
    no_line = run("score", kept, "--line", "101")

    assert (no_run.code, no_answers.code, no_line.code) == (2, 2, 2)
    assert "is no run: make one with `omi-rules check" in no_run.err
    assert "answers.csv cannot be read" in no_answers.err
    assert "--line" in no_line.err


def test_a_file_that_cannot_be_written_is_exit_6(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    shown = run("score", kept, "--output", tmp_path / "file" / "score.txt")

    assert shown.code == 6
    assert "cannot be written" in shown.err


PUBLISHED = """figures:
  - of: {target: high-roh-assessed-and-planned}
    figure: {percent: 97}
    by: a performance report
    period: {printed: the quarter after it}
    definition: Nobody says.
"""


def test_groups_and_published_figures_follow_the_scores(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "published.yaml").write_text(PUBLISHED, encoding="utf-8")

    shown = run("score", kept, "--by", "gender", "--by", "team", "--reconcile", tmp_path / "published.yaml")

    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    headings = [line for line in shown.out.splitlines() if line in ("By gender", "By team", "What differs")]
    assert headings == ["By team", "What differs", "By gender", "What differs"]
    assert "Published: 97%, by a performance report" in shown.out


def test_groups_and_published_figures_are_rows_of_the_csv(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "published.yaml").write_text(PUBLISHED, encoding="utf-8")
    options = ("--by", "officer", "--reconcile", tmp_path / "published.yaml")

    shown = run("score", kept, *options, "--format", "csv")
    told = json.loads(run("score", kept, *options, "--format", "json").out)
    rows = list(csv.DictReader(io.StringIO(shown.out)))

    groups = [row for row in rows if row["kind"] == "group's question"]
    hidden = [row for row in groups if row["note"] == "hidden"]
    assert len(hidden) == sum(
        question["suppressed"] for group in told["groups"][0]["groups"] for question in group["questions"]
    )
    assert {(row["sufficient"], row["insufficient"], row["percent"], row["interval_low"]) for row in hidden} == {
        ("", "", "", "")
    }
    (published,) = [row for row in rows if row["kind"] == "published target"]
    assert (published["id"], published["published"]) == ("high-roh-assessed-and-planned", "97.0")


def test_an_unknown_dimension_and_a_wrong_file_are_refused(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "published.yaml").write_text("figures: [{of: {target: no-such}}]\n", encoding="utf-8")

    assert run("score", kept, "--by", "height").code == 2
    refused = run("score", kept, "--reconcile", tmp_path / "published.yaml")
    assert refused.code == 2
    assert "published.yaml:1" in refused.err


FIGURES = """period: {printed: 2006/2007, from: 2006-04-01, to: 2007-03-31}
figures:
  sickness-absence: {figure: "9.7", source: the staff office}
  high-roh-assessed-and-planned: {reported: 97}
"""


def test_targets_are_judged_with_the_figures_typed_in(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "typed-in.yaml").write_text(FIGURES, encoding="utf-8")

    shown = run("score", kept, "--figures", tmp_path / "typed-in.yaml")
    told = json.loads(run("score", kept, "--figures", tmp_path / "typed-in.yaml", "--format", "json").out)
    working = run("score", kept, "--figures", tmp_path / "typed-in.yaml", "--show-working")

    targets = {target["id"]: target for target in told["targets"]}
    assert targets["sickness-absence"]["result"] == "near miss"
    assert targets["high-roh-assessed-and-planned"]["reported"]["figure"] == 97.0
    assert any(line.startswith("sickness-absence") and line.endswith("amber") for line in shown.out.splitlines())
    assert "sickness-absence: 9.70, set at most 9: near miss, within 0.8 days (assumed)" in words(working)
    assert max(map(len, working.out.splitlines())) <= 80


def test_targets_cover_the_days_asked_for(kept: Path) -> None:
    shown = run("score", kept, "--from", "2006-04-01", "--to", "2006-09-30")
    after = run("score", kept, "--to", "2006-12-01")

    assert "1 April 2006 to 30 September 2006:" in shown.out
    assert after.code == 2
    assert "the run tells of nothing after 2006-11-30" in after.err


def test_the_improvement_plan_of_a_store_is_shown_with_the_scores(kept: Path, tmp_path: Path) -> None:
    store = tmp_path / "omi-rules.db"
    assert run("score", kept, "--store", store).code != 0
    assert run("action", "plan", kept, "--published", "2006-11-01", "--store", store, "-q").code == 0

    shown = run("score", kept, "--store", store)
    told = json.loads(run("score", kept, "--store", store, "--format", "json").out)
    rows = list(csv.DictReader(io.StringIO(run("score", kept, "--store", store, "--format", "csv").out)))

    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    assert "The improvement plan" in shown.out.splitlines()
    assert "Fewer findings are no proof" in words(shown)
    steps = {step["recommendation"]: step for step in told["plan"]["recommendations"]}
    assert steps[1]["findings"] == steps[1]["planned_findings"] > 0
    assert [row["id"] for row in rows if row["kind"] == "recommendation of the plan"] == [str(n) for n in steps]
    check_shape(told)
