"""Lines put together from pieces hold exactly what was recorded, whatever it is."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pyarrow import parquet

from omi_rules.reports.lines import cell_sql, copy_rows, json_sql, neutral_sql, share_words, write_lines
from tests.data.exports import AS_AT, CASE, write_csv
from tests.reports.runs import FINDING_COLUMNS, keep, write_rulebook

AWKWARD = [
    'a "quoted" word',
    '"',
    "one, two; three",
    "first\nsecond",
    "first\r\nsecond",
    "#not a comment",
    "back\\slash \\n \\",
    "=1+1",
    '=HYPERLINK("x,y")',
    "-1\n-2",
    "@team",
    "＝wide",
    "bell\x07 escape\x1b delete\x7f",
    "é ü ß 漢字 😀",
    "next\u2028line\x85 end",
    "it's {due_on} ${x}",
    "null",
    "'",
]
#: What a rule and a conclusion say here.
TO_DO = '=Do, "now" bell\x07'
MISSING = '-No plan, \\n "back\\slash", and no line.'
CAUSE = '=Nobody, "read"\\ 漢字 it.'


def plain(text: str) -> str:
    """The text as a spreadsheet may have it."""
    return f"'{text}" if text.startswith(tuple("=-+@\t\r\n＝＋－＠")) else text


@pytest.mark.parametrize("text", [*AWKWARD, "", None])
def test_quoted_text_is_read_back_as_it_was(text: str | None) -> None:
    with duckdb.connect() as store:
        query = f"SELECT {cell_sql('t')}, {json_sql('t')} FROM (SELECT ?::VARCHAR AS t)"
        cell, told = store.execute(query, [text]).fetchall()[0]

    assert next(csv.reader(io.StringIO(f"{cell},end", newline=""))) == [text or "", "end"]
    assert json.loads(told) == text


def test_lines_are_those_that_the_store_would_write(tmp_path: Path) -> None:
    texts = [text for text in [*AWKWARD, "", None] for _ in range(200)]
    with duckdb.connect() as store:
        store.execute(
            "CREATE TABLE given AS SELECT unnest(?::VARCHAR[]) AS t, unnest(range(?)) AS n", [texts, len(texts)]
        )
        store.execute(f"""CREATE TABLE pieces AS SELECT concat('{{"t":', {json_sql("t")}) AS start_json, n AS n_json,
            {cell_sql(neutral_sql("t"))} AS t_csv FROM given ORDER BY n""")
        share_words(store, "pieces", ["start_json", "t_csv"])
        write_lines(store, "pieces", ["start_json", "',\"n\":'", "n_json", "'}'"], tmp_path / "own.jsonl")
        write_lines(store, "pieces", ["t_csv", "','", "n_json"], tmp_path / "own.csv", header="t,n")
        copy_rows(store, "FROM given ORDER BY n", tmp_path / "its.jsonl", "FORMAT JSON")
        copy_rows(store, f"SELECT {neutral_sql('t')} AS t, n FROM given ORDER BY n", tmp_path / "its.csv", "FORMAT CSV")

    assert (tmp_path / "own.jsonl").read_bytes() == (tmp_path / "its.jsonl").read_bytes()
    assert (tmp_path / "own.csv").read_bytes() == (tmp_path / "its.csv").read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in which every text of a case, of a rule and of the conclusions is awkward."""
    rules = write_rulebook(tmp_path_factory.mktemp("awkward"))
    rule = rules / "checks/1.2/risk-management-plan-on-time.yaml"
    text = rule.read_text("utf-8")
    for key, words in (("to_do", TO_DO), ("  missing", MISSING)):
        text = re.sub(f"(?m)^{key}: .*$", lambda _: f"{key}: {json.dumps(words)}", text)  # noqa: B023
    rule.write_text(text, encoding="utf-8")
    flag = rules / "conclusions/plan-falls-short.yaml"
    text = flag.read_text("utf-8").replace("=Nobody read it.", json.dumps(CAUSE))
    flag.write_text(text, encoding="utf-8")
    cases = [
        {"case_id": f"{text}{number}", **CASE, "tier": 3, "roh_level": "high", "ethnicity": None}
        | {"team": text, "division": text[::-1].strip(), "offender_manager": text}
        for number, text in enumerate(AWKWARD)
    ]
    plan = {"case_id": cases[0]["case_id"], "completed_on": "2006-03-10"}
    assessment = {**plan, "kind": "full_analysis", "level": "high"}
    export = write_csv(
        {"cases": cases, "risk_management_plans": [plan], "roh_assessments": [assessment]},
        tmp_path_factory.mktemp("cases"),
    )
    return keep(export, tmp_path_factory.mktemp("runs") / "awkward", rules=rules, as_at=AS_AT).folder


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_bytes().decode("utf-8").removesuffix("\n").split("\n")]


def test_findings_hold_the_awkward_words_as_they_were(folder: Path) -> None:
    found = lines(folder / "findings.jsonl")
    outcomes = {
        (row["case_id"], row["rule"]): row for row in parquet.read_table(folder / "outcomes.parquet").to_pylist()
    }

    assert {line["case_id"] for line in found} == {f"{text}{number}" for number, text in enumerate(AWKWARD)}
    for line in found:
        assert list(line) == FINDING_COLUMNS
        assert line["team"] == line["offender_manager"] == AWKWARD[AWKWARD.index(line["team"])]
        assert line["division"] == line["team"][::-1].strip()
        assert line["case_id"].startswith(line["team"])
        if line["outcome"]:
            row = outcomes[line["case_id"], line["rule"]]
            assert (line["outcome"], line["reason"]) == (row["outcome"], row["reason"])
    missing = [line for line in found if line["outcome"] == "missing"]
    assert {line["action"] for line in missing} == {TO_DO}
    assert {line["reason"] for line in missing} == {MISSING}
    assert {tuple(line["causes"]) for line in missing} == {(CAUSE, "Two things went wrong.")}
    with duckdb.connect() as store:
        query = f"SELECT case_id, reason, team FROM read_json('{folder / 'findings.jsonl'}')"
        assert store.execute(query).fetchall() == [(line["case_id"], line["reason"], line["team"]) for line in found]


def test_flat_findings_say_the_same_without_formulas(folder: Path) -> None:
    with (folder / "findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert rows == [
        {
            name: ""
            if value is None
            else plain({"questions": ";", "recommendations": ";", "causes": " "}[name].join(map(str, value)))
            if isinstance(value, list)
            else plain(str(value))
            for name, value in line.items()
        }
        for line in lines(folder / "findings.jsonl")
    ]


def test_conclusions_hold_the_awkward_words_as_they_were(folder: Path) -> None:
    found = lines(folder / "conclusions.jsonl")

    findings = [line for line in lines(folder / "findings.jsonl") if line["outcome"] is None]
    assert len(findings) > len(AWKWARD)
    assert {(line["case_id"], line["flag"]) for line in found} == {(line["case_id"], line["rule"]) for line in findings}
    assert [CAUSE] in [line["causes"] for line in found]
