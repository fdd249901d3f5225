"""A conclusion that follows from clues alone, or from a clue that is not so, in a rulebook of somebody's own."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from omi_rules.explain.narrative import explain_case
from omi_rules.pipeline import Settings, check, judge_case
from omi_rules.resources import rules_folder
from omi_rules.rulebook.load import load_rulebook
from tests.judging import write_export

CONCLUSION = """\
title: The case came from another area
when:
  - {{clue: transferred-in{negated}}}
then:
  flag: lone-clue
  recommendations: [1]
  severity: medium
  cause: The case was supervised elsewhere before.
  action: Ask the other area for its records.
source: {{document: merseyside-omi-2007, place: "criterion 2.1"}}
examples:
  - {{name: the clue is enough, facts: [{{clue: transferred-in{negated}}}], expect: true}}
  - {{name: without it there is none, facts: [{{rule: ethnicity-recorded, outcome: met}}], expect: false}}
"""


@pytest.mark.parametrize(("negated", "holds"), [("", {"CAME"}), (", is: false", {"HERE"})])
def test_conclusion_of_a_clue_alone_is_drawn_of_every_case_and_explained_so(
    tmp_path: Path, negated: str, holds: set[str]
) -> None:
    rules, export, run = tmp_path / "rules", tmp_path / "export", tmp_path / "run"
    shutil.copytree(rules_folder(), rules)
    (rules / "conclusions" / "lone-clue.yaml").write_text(CONCLUSION.format(negated=negated), encoding="utf-8")
    base = load_rulebook().example_case
    tables = {name: rows for name, rows in base.items() if name not in ("as_at", "staff", "case")}
    transfers = [{"transferred_on": date(2006, 9, 4), "direction": "in"}]
    records = [
        {**tables, "case": {**base["case"], "case_id": "CAME"}, "transfers": transfers},
        {**tables, "case": {**base["case"], "case_id": "HERE"}, "transfers": []},
    ]
    export.mkdir()
    write_export(export, records)
    settings = Settings(as_at=base["as_at"], rules=rules)

    check(export, run, settings)

    lines = [json.loads(line) for line in (run / "conclusions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["case_id"] for line in lines if line["flag"] == "lone-clue"} == holds
    for case in ("CAME", "HERE"):
        (told,) = explain_case(judge_case(export, case, settings), ["lone-clue"])
        assert told.reason == f"It {'follows' if case in holds else 'does not follow'} for this case."
