"""No value of a cell is where nobody asked for it, and what is kept is its owner's alone."""

import os
import stat
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from omi_rules.checks import run as judging
from omi_rules.problems import OmiError
from tests.cli.running import run
from tests.data.exports import AS_AT, CASE, Tables, write_csv
from tests.reports.marked import MARK, marked_tables
from tests.reports.runs import Kept, keep, run_only


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_csv(marked_tables(), tmp_path_factory.mktemp("marked"))


@pytest.fixture(scope="module")
def marked_run(marked: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return keep(marked, tmp_path_factory.mktemp("runs") / "marked", as_at=AS_AT)


def test_run_json_holds_no_value_of_a_cell(marked_run: Kept) -> None:
    text = marked_run.bytes()["run.json"].decode()

    assert MARK not in text
    assert "Secret" not in text
    assert "cases.surname" in marked_run.summary["unread"]


def test_columns_that_are_not_in_the_contract_are_nowhere(tmp_path: Path, rules: Path) -> None:
    tables: Tables = {
        "cases": [{"case_id": "1", **CASE, "surname": MARK}, {"case_id": "2", **CASE, "tier": 9, "surname": MARK}],
        "risk_management_plans": [{"case_id": "1", "completed_on": "x", "address": MARK}],
    }
    export = write_csv(tables, tmp_path / "export")

    kept = keep(export, tmp_path / "run", rules=rules, as_at=AS_AT)

    assert len(kept.table("rejects")) == 2
    assert not [name for name, content in kept.bytes().items() if b"Secret" in content]


def test_rejects_hold_the_cells_of_the_contract_for_their_owner(marked_run: Kept) -> None:
    rows = marked_run.table("rejects")

    assert rows
    for row in rows:
        assert MARK in row["record"]
        assert not {"surname", "address"} & set(row["record"].split('"'))
        assert MARK not in "".join(cell for name, cell in row.items() if name != "record")


def test_messages_hold_no_value_of_a_cell(marked: Path, tmp_path: Path) -> None:
    shown = run("check", marked, "--as-at", "2006-11-30", "-v", "--format", "json", "--output", tmp_path / "run")

    assert shown.code == 0
    assert "Secret" not in shown.err + shown.out


@pytest.mark.parametrize("only", ["bad", "twice"])
def test_refusal_holds_no_value_of_a_cell(tmp_path: Path, only: str) -> None:
    rows = [row for row in marked_tables()["cases"] if only in str(row["case_id"])]
    export = write_csv({"cases": rows}, tmp_path)

    with pytest.raises(OmiError) as refused:
        run_only(export, as_at=AS_AT)

    assert refused.value.exit_code == 3
    assert "Secret" not in "".join(traceback.format_exception(refused.value))


def test_fault_of_a_rule_holds_no_value_of_a_cell(marked: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compile_rule = judging.compile_rule

    def fail_on_data(plan: object, rule: object) -> object:
        query, judgement = compile_rule(plan, rule)  # type: ignore[arg-type]
        return f"SELECT q.* REPLACE (c.team::INTEGER AS arm) FROM ({query}) q JOIN cases c USING (case_no)", judgement

    monkeypatch.setattr(judging, "compile_rule", fail_on_data)

    told = run_only(marked, rules=rules, as_at=AS_AT).summary

    assert told["exit_code"] == 4
    assert "ConversionException" in told["notes"][0]
    assert "Secret" not in str(told)


@pytest.fixture
def open_to_all() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_to_all")
def test_run_is_its_owners_alone_whatever_the_umask(small: Path, rules: Path, tmp_path: Path) -> None:
    kept = keep(small, tmp_path / "new" / "run", rules=rules, as_at=AS_AT)

    assert stat.S_IMODE(kept.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in kept.folder.iterdir()} == {0o600}
    assert os.umask(0) == 0
