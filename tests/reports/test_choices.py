"""What a run was asked for: filters, when to fail, on which day; and a rule that cannot run."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from omi_rules.calendar.today import today
from omi_rules.checks import run as judging
from omi_rules.pipeline import Filters
from omi_rules.problems import UsageError
from tests.data.exports import AS_AT, CASE, Tables, write_csv
from tests.reports.runs import RULES, Kept, keep, run_only
from tests.reports.test_summary import faults

PLAN = "risk-management-plan-on-time"


def of(kept: Kept, test: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    return [row for row in kept.outcomes() if test(row)]


@pytest.mark.parametrize(
    ("filters", "rules_shown"),
    [
        (Filters(rules=(PLAN,)), {PLAN}),
        (Filters(criteria=("1.2",)), {PLAN, "rmp-standard-headings"}),
        (Filters(recommendations=(2,)), {PLAN, "rmp-standard-headings"}),
        (Filters(criteria=("1.2", "1.4"), rules=(PLAN, "ethnicity-recorded")), {PLAN, "ethnicity-recorded"}),
    ],
)
def test_rule_filters_show_the_same_results_of_fewer_rules(
    small: Path, small_run: Kept, rules: Path, tmp_path: Path, filters: Filters, rules_shown: set[str]
) -> None:
    kept = keep(small, tmp_path / "run", rules=rules, as_at=AS_AT, filters=filters)

    assert kept.outcomes() == of(small_run, lambda row: row["rule"] in rules_shown)
    assert {rule["rule"] for rule in kept.summary["rules"]} == rules_shown
    assert kept.outcomes("cases") == small_run.outcomes("cases")
    assert small_run.outcomes("measures")
    assert kept.outcomes("measures") == []
    assert faults(kept.summary) == []
    shown = [line for line in small_run.lines("findings") if line["rule"] in rules_shown]
    assert [line for line in kept.lines("findings") if line["outcome"]] == shown
    # a conclusion is shown whole, with all its facts, if it rests on a rule that is shown
    resting = [
        line for line in small_run.lines("conclusions") if rules_shown & {fact["rule"] for fact in line["because"]}
    ]
    assert resting
    assert kept.lines("conclusions") == resting


@pytest.mark.parametrize("filters", [Filters(rules=(PLAN,)), Filters(cases=("0200",))], ids=["rule", "case"])
def test_filtered_outcomes_name_nothing_of_what_is_not_shown(
    small: Path, rules: Path, tmp_path: Path, filters: Filters
) -> None:
    kept = keep(small, tmp_path / "run", rules=rules, as_at=AS_AT, filters=filters)

    named = ["case_id", "reason"]
    table = parquet.read_table(kept.folder / "outcomes.parquet", read_dictionary=named)
    for name in named:
        words = {word for chunk in table[name].chunks for word in chunk.dictionary.to_pylist()}
        assert words == {row[name] for row in kept.outcomes()} != set()


@pytest.mark.parametrize(
    ("filters", "cases"),
    [
        (Filters(cases=("0200", "=1+1")), {"0200", "=1+1"}),
        (Filters(teams=("Wirral",)), {"0100"}),
        (Filters(teams=("Wirral", "@team")), {"0100", "=1+1"}),
        (Filters(divisions=("-division",)), {"=1+1"}),
        (Filters(officers=("+om",), teams=("@team",)), {"=1+1"}),
        (Filters(teams=("Wirral",), cases=("0200",)), set()),
    ],
)
def test_case_filters_show_the_same_results_of_fewer_cases(
    small: Path, small_run: Kept, rules: Path, tmp_path: Path, filters: Filters, cases: set[str]
) -> None:
    kept = keep(small, tmp_path / "run", rules=rules, as_at=AS_AT, filters=filters)

    assert kept.outcomes() == of(small_run, lambda row: row["case_id"] in cases)
    for name in ("findings", "conclusions"):
        assert kept.lines(name) == [line for line in small_run.lines(name) if line["case_id"] in cases]
    for name in ("cases", "measures"):
        assert kept.outcomes(name) == [row for row in small_run.outcomes(name) if row["case_id"] in cases]
    assert kept.summary["cases"] == len(cases)
    assert kept.summary["findings"] == len(kept.lines("findings"))
    assert faults(kept.summary) == []


def test_filters_are_told(small: Path, rules: Path) -> None:
    told = run_only(small, rules=rules, as_at=AS_AT, filters=Filters(recommendations=(2,), teams=("Wirral",)))

    assert told.summary["filters"] == {"recommendations": ["2"], "teams": ["Wirral"]}


@pytest.mark.parametrize(
    "filters",
    [Filters(teams=("x",)), Filters(divisions=("x",)), Filters(officers=("x",)), Filters(cases=("x",))],
)
def test_filter_that_names_nothing_is_a_slip(small: Path, rules: Path, filters: Filters) -> None:
    with pytest.raises(UsageError, match="no case of the export"):
        run_only(small, rules=rules, as_at=AS_AT, filters=filters)


@pytest.mark.parametrize(
    ("fail_on", "rule", "code"),
    [
        ("never", PLAN, 0),
        ("critical", PLAN, 1),
        ("critical", "contact-frequency", 0),
        ("missing", PLAN, 1),
        ("missing", "contact-frequency", 0),
        ("any", "contact-frequency", 1),
    ],
)
def test_exit_code_is_what_fail_on_asks_for(small: Path, rules: Path, fail_on: str, rule: str, code: int) -> None:
    ran = run_only(small, rules=rules, as_at=AS_AT, fail_on=fail_on, filters=Filters(rules=(rule,)))

    assert (ran.exit_code, ran.summary["exit_code"]) == (code, code)
    assert (fail_on in ran.summary["exit_because"]) == (fail_on != "never" and code == 1) or code == 0


def test_nothing_found_never_fails(small: Path, rules: Path) -> None:
    ran = run_only(small, rules=rules, as_at=AS_AT, fail_on="any", filters=Filters(cases=("0100",)))

    assert (ran.summary["findings"], ran.exit_code) == (0, 0)


@pytest.mark.parametrize("how", ["compile", "run"])
def test_rule_at_fault_gives_error_and_the_others_results(
    small: Path, small_run: Kept, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    compile_rule = judging.compile_rule

    def fail(plan: Any, rule: Any) -> Any:
        if rule.id != PLAN:
            return compile_rule(plan, rule)
        if how == "compile":
            raise ZeroDivisionError
        return "SELECT nonsense", compile_rule(plan, rule)[1]

    monkeypatch.setattr(judging, "compile_rule", fail)

    kept = keep(small, tmp_path / "run", rules=rules, as_at=AS_AT, fail_on="any")

    others = of(small_run, lambda row: row["rule"] != PLAN)
    assert of(kept, lambda row: row["rule"] != PLAN) == others
    faulty = of(kept, lambda row: row["rule"] == PLAN)
    assert len(faulty) * (len(RULES) - 1) == len(others)
    assert {row["outcome"] for row in faulty} == {"error"}
    assert {(row["due_on"], row["done_on"], row["days_late"]) for row in faulty} == {(None, None, None)}
    told = kept.summary
    assert (told["exit_code"], PLAN in told["exit_because"]) == (4, True)
    assert [note for note in told["notes"] if f"{PLAN}.yaml" in note]
    assert [line for line in kept.lines("findings") if line["rule"] == PLAN] == []
    assert kept.lines("conclusions")
    assert faults(told) == []


def test_case_sentenced_later_is_left_out_and_counted(small_run: Kept) -> None:
    told = {table["table"]: table for table in small_run.summary["tables"]}

    assert "0600" not in {row["case_id"] for row in small_run.outcomes()}
    assert (small_run.summary["cases"], small_run.summary["cases_left_out"]) == (8, 1)
    assert (told["cases"]["left_out"], told["cases"]["rejected"]) == (1, 1)
    # the plan of that case, and a plan made later
    assert told["risk_management_plans"]["left_out"] == 2


def test_no_case_at_the_as_at_date_is_an_empty_result(small: Path, rules: Path, tmp_path: Path) -> None:
    kept = keep(small, tmp_path / "run", rules=rules, as_at=date(2005, 1, 1), fail_on="any")

    assert kept.outcomes() == kept.lines("findings") == kept.lines("conclusions") == kept.table("findings") == []
    told = kept.summary
    assert (told["cases"], told["cases_left_out"], told["findings"], told["exit_code"]) == (0, 9, 0, 0)
    assert {rule["rate"] for rule in told["rules"]} == {None}
    assert faults(told) == []


@pytest.mark.parametrize("source", ["option", "export.yaml", "today"])
def test_as_at_says_where_it_comes_from(rules: Path, tmp_path: Path, source: str) -> None:
    export = write_csv({"cases": [{"case_id": "1", **CASE}]}, tmp_path / "export")
    if source != "today":
        (export / "export.yaml").write_text("as_at: 2006-06-01\narea: Merseyside\n", encoding="utf-8")

    told = run_only(export, rules=rules, as_at=AS_AT if source == "option" else None).summary

    days = {"option": AS_AT, "export.yaml": date(2006, 6, 1), "today": today()}
    assert (told["as_at"], told["as_at_from"]) == (days[source].isoformat(), source)
    assert told["area"] == ("" if source == "today" else "Merseyside")


@pytest.mark.parametrize("staff", [True, False])
def test_staff_outcomes_are_there_with_a_staff_table(rules: Path, tmp_path: Path, staff: bool) -> None:
    tables: Tables = {"cases": [{"case_id": "1", **CASE}]}
    if staff:
        tables = {**tables, "staff": [{"staff_id": "S1", "grade": "po", "employed_on": "2001-01-01"}]}

    kept = keep(write_csv(tables, tmp_path / "export"), tmp_path / "run", rules=rules, as_at=AS_AT)

    assert (kept.folder / "staff_outcomes.parquet").exists() == staff
