"""The store on the command line: `check --store`, its limits, and `history list`, `diff`, `trend` and `verify`."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Ran, environment, run
from tests.history.nights import FIRST, Area, case, plan, tables
from tests.reports.runs import write_rulebook

TEAM = "Wirral, with a name that is longer than most"
PLAN = "risk-management-plan-on-time"


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rulebook(tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="module")
def kept(rulebook: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two nights: many missing plans, some put right, a record that vanished, a case that did."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "export").mkdir()
    area = Area(folder / "export", rulebook, str(folder / "omi-rules.db"))
    cases = [case(f"C{number:02}", team=TEAM, offender_manager=f"OM{number % 2}") for number in range(30)]
    plans = [plan(one["case_id"]) for one in cases[:15]]
    area.night(tables(*cases, case("LEFT"), plans=plans))
    now = [plan(one["case_id"]) for one in cases[1:20]]
    area.night(tables(*cases, case("NEW"), plans=now), 1)
    return folder / "omi-rules.db"


def history(kept: Path, *arguments: str) -> Ran:
    return run("history", *arguments, "--store", kept)


@pytest.mark.parametrize("command", [["list"], ["diff"], ["diff", "-v"], ["trend"], ["verify"]], ids=" ".join)
def test_tables_fit_80_columns_without_colour(kept: Path, command: list[str]) -> None:
    shown = history(kept, *command)

    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    assert "\x1b" not in shown.out


def test_list_tells_the_runs_in_order(kept: Path) -> None:
    rows = json.loads(history(kept, "list", "--format", "json").out)

    assert [(row["run"], row["as_at"], row["cases"], row["exit_code"]) for row in rows] == [
        (1, "2006-11-30", 31, 0),
        (2, "2006-12-01", 31, 0),
    ]
    assert (rows[0]["new"], rows[0]["put_right"]) == (0, 0), "the first run has nothing before it"


def test_diff_tells_each_change_apart(kept: Path) -> None:
    told = json.loads(history(kept, "diff", "--rule", PLAN, "--format", "json").out)

    found = {change["id"]: change["change"] for change in told["changes"]}
    assert found == {
        "C00": "vanished",
        **{f"C{n}": "put_right" for n in range(15, 20)},
        "LEFT": "case_gone",
        "NEW": "new",
    }
    assert told["counts"]["still"] == 10
    assert told["vanished"] == [{"table": "risk_management_plans", "rows": 1, "cases": 1}]
    assert (told["before"]["run"], told["after"]["run"]) == (1, 2)


def test_diff_lists_the_first_of_many_and_all_when_asked(kept: Path) -> None:
    short, whole = history(kept, "diff", "2006-11-30", "2"), history(kept, "diff", "1", "@latest", "-v")

    assert "Data alarm: 1 record vanished from the exports: risk_management_plans 1." in short.out
    assert "Run 1, as at 30 November 2006, beside run 2, as at 1 December 2006." in whole.out
    assert len(whole.out.splitlines()) >= len(short.out.splitlines())


def test_diff_as_csv_is_what_its_json_tells(kept: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(history(kept, "diff", "--format", "csv").out)))
    changes = json.loads(history(kept, "diff", "--format", "json").out)["changes"]

    assert rows == [{name: "" if value is None else value for name, value in row.items()} for row in changes]


def test_filters_leave_the_others_out(kept: Path) -> None:
    whole = json.loads(history(kept, "diff", "--format", "json").out)["changes"]
    ours = json.loads(history(kept, "diff", "--team", TEAM, "--officer", "OM1", "--format", "json").out)["changes"]

    assert {change["id"] for change in ours} == {
        change["id"] for change in whole if change["team"] == TEAM and change["officer"] == "OM1"
    }
    assert json.loads(history(kept, "diff", "--recommendation", "8", "--format", "json").out)["changes"] == []


def test_trend_has_its_numbers_beside_its_curve(kept: Path) -> None:
    shown = history(kept, "trend", "--rule", PLAN)

    curve, told, _, header, first, second = shown.out.splitlines()
    assert curve == "█▁"
    assert told == "16 findings in run 1, 12 in run 2; lowest 12, highest 16."
    assert header.split()[:3] == ["Run", "As", "at"]
    assert first.split() == ["1", "2006-11-30", "16", "0", "0", "0", "0", "0"]
    assert second.split() == ["2", "2006-12-01", "12", "0", "1", "1", "5", "1"]


def test_trend_as_csv_holds_every_run(kept: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(history(kept, "trend", "--last", "1", "--format", "csv").out)))

    assert [row["run"] for row in rows] == ["1", "2"]
    assert len(history(kept, "trend", "--last", "1").out.splitlines()) == 5


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["diff", "7", "@latest"], "the store has no run 7: it has 1 to 2."),
        (["diff", "9" * 5000, "@latest"], "9: it has 1 to 2."),
        (["diff", "@first", "@latest"], "a run is @latest, @previous, a number or a date"),
        (["diff", "2006-12-24", "@latest"], "no run as at 2006-12-24; the last before it is run 2"),
        (["diff", "2", "1"], "run 2 is not before run 1: name the earlier one first."),
        (["diff", "2", "2"], "run 2 is not before run 2"),
        (["diff", "--rule", "risk-management-plan-in-time"], f"did you mean {PLAN}?"),
        (["trend", "--team", "Nowhere"], "--team: no case of the store has team Nowhere."),
        (["trend", "--recommendation", "9"], "--recommendation"),
        (["lst"], "did you mean list?"),
    ],
)
def test_unknown_name_is_a_wrong_use_with_a_sentence(kept: Path, arguments: list[str], sentence: str) -> None:
    shown = history(kept, *arguments) if arguments != ["lst"] else run("history", "lst")

    assert (shown.code, shown.out) == (2, "")
    assert sentence in shown.err


def test_store_has_to_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    shown = run("history", "list")

    assert (shown.code, shown.out) == (2, "")
    assert "name the store: --store FILE, or store = " in shown.err


@pytest.fixture
def here(rulebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an export, and settings that name a store."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "export").mkdir()
    Area(tmp_path / "export", rulebook, "").export(tables(case("A"), case("B", team="Bootle")))
    settings = f'store = "kept.db"\nrules = "{rulebook}"\nas_at = {FIRST}\n'
    (tmp_path / "omi-rules.toml").write_text(settings, encoding="utf-8")
    return tmp_path


def test_settings_file_of_the_folder_names_the_store(here: Path) -> None:
    checked = run("check", "export")

    assert (checked.code, checked.err) == (0, "")
    assert "The first run of the store" in checked.out
    assert "Store: run 1 in kept.db" in checked.out.replace("\n  ", " ")
    assert checked.out.splitlines()[-1].startswith("Exit code 0: ")
    assert len(json.loads(run("history", "list", "--format", "json").out)) == 1


def test_part_of_an_area_is_never_kept_as_if_it_were_the_whole(here: Path) -> None:
    part = run("check", "export", "--team", "Bootle")
    asked = run("check", "export", "--team", "Bootle", "--store", "kept.db")

    assert (part.code, asked.code) == (0, 2)
    assert "this run is not kept in the store, which keeps whole runs" in part.err
    assert "the store keeps whole runs: leave out --store, or the filters" in asked.err
    assert not (here / "kept.db").exists()


def test_limit_on_vanished_cases_needs_a_store(here: Path) -> None:
    with (here / "omi-rules.toml").open("a", encoding="utf-8") as settings:
        settings.write("drop_limit = 5\n")

    part = run("check", "export", "--team", "Bootle")
    typed = run("check", "export", "--team", "Bootle", "--drop-limit", "5%")
    (here / "omi-rules.toml").unlink()
    alone = run("check", "export", "--drop-limit", "5%")

    assert (part.code, typed.code, typed.out, alone.code, alone.out) == (0, 2, "", 2, "")
    assert "The setting drop_limit does not hold: it goes by the store." in part.err
    assert "--drop-limit is for whole runs: leave it out, or the filters of cases and rules." in typed.err
    assert "--drop-limit needs a store to know the cases of the run before: add --store FILE." in alone.err


@pytest.mark.parametrize("form", ["json", "csv"])
def test_beside_data_the_changes_are_said_apart(here: Path, form: str) -> None:
    shown = run("check", "export", "--format", form)

    assert "Store: run 1 in kept.db" in shown.err.replace("\n  ", " ")
    assert "Store:" not in shown.out


def test_summary_says_what_came_and_went_and_raises_the_alarm(here: Path, rulebook: Path) -> None:
    area = Area(here / "export", rulebook, str(here / "kept.db"))
    area.night(tables(case("A"), case("B"), case("C"), plans=[plan("A")]))
    area.export(tables(case("A"), case("B"), plans=[plan("B")]))

    shown = run("check", "export", "--as-at", "2006-12-01").out.replace("\n  ", " ")

    assert "Since run 1, as at 30 November 2006" in shown
    assert "came: because a record vanished" in shown
    assert "went: put right" in shown
    assert "Data alarm: 1 case of the run before has vanished from the export without having ended." in shown
    assert "Data alarm: 1 record of the run before has vanished from the export: risk_management_plans 1." in shown
    assert "Ask who keeps the records, not the officer." in shown
    again = run("check", "export", "--as-at", "2006-12-01").out.replace("\n  ", " ")
    assert "The store had this run already; nothing was written." in again


LIMITS = {
    "min-cases": (["--min-cases", "3"], "--min-cases is 3"),
    "max-rejects": (["--max-rejects", "0"], "--max-rejects is 0"),
    "max-age": (["--max-age", "20"], "--max-age is 20"),
    "drop-limit": (["--drop-limit", "10%"], "--drop-limit is 10%"),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_beyond_a_limit_nothing_is_written(here: Path, rulebook: Path, limit: str) -> None:
    options, sentence = LIMITS[limit]
    area = Area(here / "export", rulebook, str(here / "kept.db"))
    area.night(tables(case("A"), case("B")))
    run("check", "export", "--output", "run")
    area.export(tables(case("A"), case("C", tier=9)))
    before = (here / "kept.db").read_bytes(), (here / "run" / "run.json").read_bytes()

    shown = run("check", "export", "--as-at", "2006-12-24", "--output", "run", *options)

    assert (shown.code, shown.out) == (3, "")
    assert sentence in shown.err
    assert ((here / "kept.db").read_bytes(), (here / "run" / "run.json").read_bytes()) == before


@pytest.mark.parametrize(("limit", "code"), [("1", 3), ("2", 0), ("66%", 3), ("67%", 0)])
def test_limit_on_vanished_cases_is_a_number_of_them_or_a_share(
    here: Path, rulebook: Path, limit: str, code: int
) -> None:
    area = Area(here / "export", rulebook, str(here / "kept.db"))
    area.night(tables(case("A"), case("B"), case("C")))
    area.export(tables(case("A")))

    shown = run("check", "export", "--as-at", "2006-12-01", "--drop-limit", limit)

    assert (shown.code, f"--drop-limit is {limit}:" in shown.err) == (code, code == 3)


@pytest.mark.parametrize(
    "command", [["rules", "list", "--format", "csv"], ["check", "export", "--as-at", "2006-11-30"]]
)
def test_sqlalchemy_is_imported_only_for_a_store(here: Path, command: list[str]) -> None:
    (here / "omi-rules.toml").unlink()
    program = (
        "import sys\nfrom omi_rules.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    )

    shown = subprocess.run(
        [sys.executable, "-c", program, *command], capture_output=True, env=environment({}), text=True
    )

    assert shown.returncode == 0
    assert "sqlalchemy" not in shown.stderr.split()


def test_score_does_not_take_the_folder_of_a_run_for_its_file(here: Path) -> None:
    (here / "omi-rules.toml").write_text(f'as_at = {FIRST}\noutput = "run"\n', encoding="utf-8")

    assert run("check", "export").code == 0
    scored = run("score", "run", "--format", "json")

    assert scored.code == 0
    document: dict[str, Any] = json.loads(scored.out)
    assert document["criteria"]


@pytest.mark.parametrize("command", [["due", "export"], ["register", "export"]], ids=lambda words: words[0])
def test_work_list_does_not_take_the_folder_of_a_run_for_its_file(here: Path, command: list[str]) -> None:
    with (here / "omi-rules.toml").open("a", encoding="utf-8") as settings:
        settings.write('output = "run"\n')

    shown = run(*command, "--format", "csv")

    assert (shown.code, shown.err) == (0, "")
    assert shown.out
    assert not (here / "run").exists()
