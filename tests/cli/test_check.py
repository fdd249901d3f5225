"""The main job, as a user runs it."""

import csv
import io
import json
import stat
import zipfile
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from omi_rules import pipeline
from omi_rules.resources import schemas_folder
from tests.cli.running import Ran, run

COLUMNS = (
    "case_id,rule,outcome,due_on,done_on,days_late,severity,criterion,questions,recommendations,causes,reason,"
    "action,division,team,offender_manager"
)


@cache
def check(export: Path, *arguments: str) -> Ran:
    """What is said of a check that keeps nothing: the same however many tests look at it."""
    return run("check", export, *arguments)


def test_summary_states_the_day_first_and_the_exit_code_last(checked: tuple[Ran, Path]) -> None:
    shown, folder = checked

    assert (shown.code, shown.err) == (0, "")
    lines = shown.out.splitlines()
    assert "30 November 2006" in lines[0]
    assert lines[-1].startswith("Exit code 0: ") or lines[-2].startswith("Exit code 0: ")
    assert f"Results: {folder}" in lines


@pytest.mark.parametrize("loudness", [[], ["-v"]], ids=str)
def test_summary_fits_80_columns_without_colour(area: Path, loudness: list[str]) -> None:
    shown = check(area, *loudness).out

    assert max(map(len, shown.splitlines())) <= 80
    assert "\x1b" not in shown


def test_run_folder_is_whole_and_for_its_owner_only(checked: tuple[Ran, Path]) -> None:
    _, folder = checked

    names = {file.name for file in folder.iterdir()}
    wanted = {
        "run.json",
        "outcomes.parquet",
        "cases.parquet",
        "measures.parquet",
        "findings.csv",
        "findings.jsonl",
        "conclusions.jsonl",
        "rejects.csv",
    }
    assert wanted <= names
    assert {stat.S_IMODE(file.stat().st_mode) & 0o077 for file in folder.iterdir()} == {0}


def test_json_is_what_run_json_holds(area: Path, checked: tuple[Ran, Path]) -> None:
    shown = check(area, "--format", "json")

    told = json.loads(shown.out)
    assert told == json.loads((checked[1] / "run.json").read_text("utf-8"))
    schema = json.loads((schemas_folder() / "run.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(told)


def test_csv_is_what_findings_csv_holds(area: Path, checked: tuple[Ran, Path]) -> None:
    shown = check(area, "--format", "csv")

    assert shown.out.encode() == (checked[1] / "findings.csv").read_bytes()
    assert shown.out.splitlines()[0] == COLUMNS
    assert (
        len(list(csv.DictReader(io.StringIO(shown.out))))
        == json.loads((checked[1] / "run.json").read_text("utf-8"))["findings"]
    )


def test_jsonl_is_what_findings_jsonl_holds(area: Path, checked: tuple[Ran, Path]) -> None:
    shown = check(area, "--format", "jsonl")

    assert shown.out.encode() == (checked[1] / "findings.jsonl").read_bytes()
    assert list(json.loads(shown.out.splitlines()[0])) == COLUMNS.split(",")


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_beside_data_the_end_of_the_summary_is_said_apart(area: Path, form: str) -> None:
    shown = check(area, "--format", form)

    assert "Exit code 0: " in shown.err
    assert "Exit code" not in shown.out


@pytest.mark.parametrize("form", ["table", "csv"])
def test_quiet_says_nothing_but_what_was_asked_for(
    small_export: Path, small_options: tuple[str, ...], form: str
) -> None:
    shown = check(small_export, *small_options, "-q", "--format", form)

    assert shown.err == ""
    assert (shown.out == "") == (form == "table")


def test_nothing_is_kept_without_a_folder(
    small_export: Path, small_options: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)

    for form in ("table", "json", "csv"):
        assert run("check", small_export, *small_options, "--format", form).code == 0

    assert list(tmp_path.iterdir()) == []


def test_one_team_leaves_the_others_out(area: Path) -> None:
    with (area / "cases.csv").open(encoding="utf-8", newline="") as rows:
        cases = {row["case_id"]: row["team"] for row in csv.DictReader(rows)}
    team = next(iter(cases.values()))

    shown = run("check", area, "--team", team, "--format", "csv", "--informational")

    found = {record["case_id"] for record in csv.DictReader(io.StringIO(shown.out))}
    assert found
    assert {cases[case] for case in found} == {team}


def test_rule_filters_choose_rules(area: Path) -> None:
    shown = run("check", area, "--criterion", "1.2", "--recommendation", "2", "--format", "json")

    told = json.loads(shown.out)["rules"]
    assert told
    assert all(rule["criterion"] == "1.2" and 2 in rule["recommendations"] for rule in told)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--rule", "contact-frequence"], "did you mean contact-frequency?"),
        (["--criterion", "1.22"], "did you mean 1.2?"),
        (["--recommendation", "9"], "--recommendation"),
        (["--recommendation", "1", "--criterion", "2.4"], "no rule is left"),
        (["--team", "No such team"], "--team"),
        (["--fail-on", "critcal"], "--fail-on"),
        (["--formt", "json"], "--format"),
    ],
)
def test_unknown_choice_is_a_wrong_use(area: Path, arguments: list[str], sentence: str) -> None:
    shown = run("check", area, *arguments)

    assert (shown.code, shown.out) == (2, "")
    assert sentence in shown.err


def test_unknown_column_of_a_mapping_is_a_wrong_use_with_the_nearest(area: Path, tmp_path: Path) -> None:
    file = tmp_path / "map.yaml"
    file.write_text("tables: {cases: {columns: {rho_level: Risk}}}\n", encoding="utf-8")

    shown = run("check", area, "--map", file)

    assert (shown.code, shown.out) == (2, "")
    assert "did you mean roh_level?" in shown.err


MARKED = {
    "cases.csv": "case_id,team,offender_manager,order_type,sentence_date,tier,roh_level,ethnicity,"
    "MARKED column\n"
    "MARKED1,MARKED2,MARKED3,community_order,2006-01-05,2,high,MARKED4,MARKED5\n"
    "MARKED6,MARKED7,MARKED8,MARKED9,2006-01-05,2,high,,\n"
    "MARKED10,MARKED11,,community_order,MARKED12,2,high,,\n",
    "appointments.csv": "case_id,scheduled_on,kind\nMARKED1,MARKED13,office\nMARKED14,2006-02-01,office\n",
    "sentence_plans.csv": "case_id,completed_on,kind\nMARKED1,2006-02-01,MARKED15\n",
}


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    folder = tmp_path / "marked"
    folder.mkdir()
    for name, text in MARKED.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_value_of_a_cell_never_reaches_stderr(marked: Path, form: str) -> None:
    shown = run("check", marked, "--as-at", "2006-11-30", "-v", "--format", form)

    assert shown.code == 0
    assert "MARKED" not in shown.err.replace("MARKED column", "")


def test_value_of_a_cell_stays_out_of_a_fault(marked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise ValueError("MARKED1")

    monkeypatch.setattr(pipeline, "check", fail)

    shown = run("check", marked)

    assert (shown.code, shown.out) == (70, "")
    assert "MARKED" not in shown.err
    assert "ValueError" in shown.err
    assert "omi_rules/cli/check.py:" in shown.err
    assert "report it" in shown.err


def test_exit_0_though_there_are_findings_if_none_should_fail(checked: tuple[Ran, Path]) -> None:
    shown, folder = checked

    assert shown.code == 0
    assert json.loads((folder / "run.json").read_text("utf-8"))["findings"] > 0


@pytest.mark.parametrize("kind", ["critical", "missing", "any"])
def test_exit_1_with_findings_that_should_fail(small_export: Path, small_options: tuple[str, ...], kind: str) -> None:
    shown = check(small_export, *small_options, "--fail-on", kind)

    assert shown.code == 1
    assert "Exit code 1: " in shown.out


LATE_SCREENING = {
    "cases": "case_id,order_type,sentence_date,tier,ethnicity\nC1,community_order,2006-01-10,3,W1\n",
    "roh_screenings": "case_id,completed_on,full_analysis_indicated,exempted\nC1,2006-06-01,no,no\n",
}


@pytest.mark.parametrize("command", [["check"], ["explain", "C1"], ["due"], ["register"], ["sample"]])
def test_what_a_zip_may_unpack_to_is_a_setting(tmp_path: Path, command: list[str]) -> None:
    packed, settings = tmp_path / "export.zip", tmp_path / "omi-rules.toml"
    with zipfile.ZipFile(packed, "w") as archive:
        for table, rows in LATE_SCREENING.items():
            archive.writestr(f"{table}.csv", rows)
    size = sum(map(len, LATE_SCREENING.values()))
    name, *rest = command

    settings.write_text(f'unpack_limit = "{(size - 1) / 1000}KB"\n')
    shown = run(name, packed, *rest, "--as-at", "2006-11-30", "--config", settings)
    assert shown.code == 3
    assert f"unpacks to more than {size - 1} bytes" in shown.err

    if name == "check":
        settings.write_text(f'unpack_limit = "{size / 1000}KB"\n')
        assert run(name, packed, "--as-at", "2006-11-30", "--config", settings).code == 0


@pytest.mark.parametrize(("kind", "code"), [("never", 0), ("critical", 1), ("missing", 1), ("any", 1)])
def test_what_is_critical_is_at_or_above_every_other_limit(tmp_path: Path, kind: str, code: int) -> None:
    for table, rows in LATE_SCREENING.items():
        (tmp_path / f"{table}.csv").write_text(rows)

    one = ("--as-at", "2006-11-30", "--rule", "roh-screening-at-start")
    shown = run("check", tmp_path, *one, "--fail-on", kind, "--format", "json")

    (rule,) = json.loads(shown.out)["rules"]
    assert (rule["severity"], rule["outcomes"]["late"]) == ("critical", 1)
    assert shown.code == code


def test_exit_2_for_a_wrong_use() -> None:
    assert run("check").code == 2


def test_exit_3_for_an_export_that_is_not_there(tmp_path: Path) -> None:
    shown = run("check", tmp_path / "nowhere")

    assert (shown.code, shown.out) == (3, "")
    assert "there is no export" in shown.err


def test_exit_4_for_a_rulebook_at_fault(area: Path, tmp_path: Path) -> None:
    shown = run("check", area, "--rules", tmp_path)

    assert (shown.code, shown.out) == (4, "")
    assert "rulebook.yaml" in shown.err


def test_exit_6_for_an_output_that_cannot_be_written(area: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    shown = run("check", area, "--output", tmp_path / "file" / "run")

    assert (shown.code, shown.out) == (6, "")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_explain_says_why(area: Path) -> None:
    with (area / "cases.csv").open(encoding="utf-8", newline="") as rows:
        case = next(csv.DictReader(rows))["case_id"]

    whole = run("explain", area, case)
    single = run("explain", area, case, "contact-frequency")
    told = json.loads(run("explain", area, case, "contact-frequency", "--format", "json").out)

    assert (whole.code, single.code, whole.err) == (0, 0, "")
    assert max(map(len, (whole.out + single.out).splitlines())) <= 80
    assert (told["case_id"], told["rule"]) == (case, "contact-frequency")


def test_finding_that_is_a_conclusion_is_explained_by_its_name(area: Path, tmp_path: Path) -> None:
    """What the summary names first is what a manager asks about."""
    run("check", area, "--output", tmp_path / "run")
    with (tmp_path / "run" / "conclusions.jsonl").open(encoding="utf-8") as lines:
        drawn = json.loads(next(lines))

    shown = run("explain", area, drawn["case_id"], drawn["flag"])

    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    assert "It follows for this case." in shown.out
    for resting in drawn["because"]:
        assert f"{resting['outcome'].replace('_', ' '):<16}{resting['rule']}: " in " ".join(
            shown.out.split("Rules it rests on")[1].split("\n")
        )


def test_explain_of_an_unknown_rule_is_a_wrong_use_with_the_nearest(area: Path) -> None:
    with (area / "cases.csv").open(encoding="utf-8", newline="") as rows:
        case = next(csv.DictReader(rows))["case_id"]

    shown = run("explain", area, case, "contact-frequence")

    assert (shown.code, shown.out) == (2, "")
    assert "did you mean contact-frequency?" in shown.err


def test_explain_of_an_unknown_case_says_so(area: Path) -> None:
    shown = run("explain", area, "no-such-case")

    assert (shown.code, shown.out) == (2, "")
    assert "case" in shown.err
