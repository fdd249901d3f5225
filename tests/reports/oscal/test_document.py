"""Assessment results: the official model takes them, and they say what the run says."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from omi_rules.problems import UsageError
from omi_rules.reports.audience import AUDIENCES
from omi_rules.reports.oscal.judgements import status_of
from omi_rules.reports.oscal.properties import line
from omi_rules.reports.pseudonyms import pseudonym
from omi_rules.rulebook.model import INSUFFICIENT
from tests.reports.oscal.documents import document_of, props_of
from tests.reports.runs import Kept

ZERO = dict.fromkeys(("met", "late", "missing", "not_met", "due", "unknown", "excluded", "not_applicable", "error"), 0)


def counted(run: Kept) -> dict[str, Any]:
    return {rule["rule"]: rule for rule in json.loads((run.folder / "run.json").read_text())["rules"]}


def test_every_rule_is_an_objective_with_an_observation(area_run: Kept) -> None:
    document = document_of(area_run.folder)
    (selection,) = document.result["reviewed-controls"]["control-selections"]
    observed = [each for each in document.result["observations"] if each["types"] == ["control-objective"]]

    assert [control["control-id"] for control in selection["include-controls"]] == list(counted(area_run))
    for each, rule in zip(observed, counted(area_run).values(), strict=True):
        numbers = {prop["class"]: int(prop["value"]) for prop in each["props"] if prop["name"] == "outcome-count"}
        assert {**ZERO, **numbers} == rule["outcomes"]
        assumed = [prop["value"] for prop in each["props"] if prop["name"] == "assumed-value"]
        assert assumed == rule["assumed"]


def test_judgements_are_those_of_the_run(area_run: Kept) -> None:
    judged = document_of(area_run.folder).judged

    states = {rule: finding["target"]["status"]["state"] for rule, finding in judged.items()}
    assert set(states.values()) == {"satisfied", "not-satisfied"}
    for rule, known in counted(area_run).items():
        broken = any(known["outcomes"][outcome] for outcome in INSUFFICIENT)
        assert (states.get(rule) == "not-satisfied") is broken, rule


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        ({"met": 3}, "satisfied"),
        ({"met": 3, "due": 1, "excluded": 1, "not_applicable": 9}, "satisfied"),
        ({"met": 3, "late": 1}, "not-satisfied"),
        ({"missing": 1, "unknown": 5}, "not-satisfied"),
        ({"not_met": 1}, "not-satisfied"),
        ({"met": 3, "unknown": 1}, None),
        ({"met": 3, "error": 1}, None),
        ({"due": 2}, None),
        ({"not_applicable": 9}, None),
        ({}, None),
    ],
)
def test_what_is_not_decided_is_neither_satisfied_nor_not(outcomes: dict[str, int], state: str | None) -> None:
    status = status_of({**ZERO, **outcomes})

    assert (status and status["state"]) == state


def test_every_finding_of_the_run_is_an_observation_of_its_case(area_run: Kept) -> None:
    document = document_of(area_run.folder)
    found = Counter(
        (
            document.case_names[each["subjects"][0]["subject-uuid"]],
            props_of(each)["rule"],
            props_of(each).get("outcome"),
        )
        for each in document.of_cases
    )

    assert found == Counter((row["case_id"], row["rule"], row["outcome"]) for row in area_run.lines("findings"))
    told = {(props_of(each)["rule"], props_of(each).get("due-on"), each["description"]) for each in document.of_cases}
    assert told == {(row["rule"], row["due_on"], row["reason"]) for row in area_run.lines("findings")}


def test_references_lead_to_what_is_there(area_run: Kept) -> None:
    document = document_of(area_run.folder)
    observed = {each["uuid"]: each for each in document.result["observations"]}

    assert len(document.identifiers) == len(set(document.identifiers))
    for rule, finding in document.judged.items():
        related = [observed[each["observation-uuid"]] for each in finding["related-observations"]]
        assert {props_of(each)["rule"] for each in related} == {rule}
        assert all("outcome" in props_of(each) for each in related[1:])
    risks = {props_of(risk)["conclusion"]: risk for risk in document.result["risks"]}
    for flag, risk in risks.items():
        related = [observed[each["observation-uuid"]] for each in risk["related-observations"]]
        assert len(related) == sum(row["rule"] == flag and not row["outcome"] for row in area_run.lines("findings"))
    assert document.results["import-ap"]["href"][1:] in document.identifiers


def test_same_run_gives_the_same_bytes_and_another_run_other_identifiers(area_run: Kept, earlier: Kept) -> None:
    document = document_of(area_run.folder)

    assert document.content == document_of(area_run.folder).content
    assert not set(document.identifiers) & set(document_of(earlier.folder).identifiers)


def test_document_stands_as_at_the_end_of_the_day_in_london(area_run: Kept, earlier: Kept) -> None:
    assert document_of(area_run.folder).result["end"] == "2006-11-30T23:59:59+00:00"
    assert document_of(earlier.folder).result["end"] == "2006-08-31T23:59:59+01:00"


@pytest.mark.parametrize("audience", AUDIENCES)
def test_readers_find_the_names_that_are_for_them(area_run: Kept, audience: str) -> None:
    content = document_of(area_run.folder, audience).content.decode()
    rows = parquet.read_table(area_run.folder / "cases.parquet").to_pylist()

    assert any(row["case_id"] in content for row in rows) is (audience != "board")
    assert not any(row["offender_manager"] in content for row in rows)
    staff = {line["staff_id"] for line in area_run.lines("staff_findings")}
    assert staff
    assert not any(member in content for member in staff)


def test_pseudonyms_leave_no_reference_and_no_identifier_of_one(area_run: Kept, key: bytes) -> None:
    plain, hidden = document_of(area_run.folder), document_of(area_run.folder, key=key)
    rows = parquet.read_table(area_run.folder / "cases.parquet").to_pylist()

    assert not any(row["case_id"] in hidden.content.decode() for row in rows)
    assert set(hidden.case_names.values()) == {pseudonym(key, name) for name in plain.case_names.values()}
    assert not set(hidden.case_names) & set(plain.case_names)


def test_hostile_names_stay_text(hostile_run: Kept) -> None:
    document = document_of(hostile_run.folder)

    assert set(document.case_names.values()) == {line(row["case_id"]) for row in hostile_run.lines("findings")}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("C1", "C1"),
        ("two\nlines", "two\\u000alines"),
        (" spaces ", "\\u0020spaces\\u0020"),
        ("\u202eright", "\\u202eright"),
        ("<b>=cmd", "<b>=cmd"),
    ],
)
def test_string_is_on_one_line(text: str, shown: str) -> None:
    assert line(text) == shown


def test_run_without_findings_has_no_empty_list(small_run: Kept, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    for file in small_run.folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "findings.jsonl").write_text("")
    summary = json.loads((folder / "run.json").read_text())
    for rule in summary["rules"]:
        rule["outcomes"] = {**ZERO, "not_applicable": 1}
    (folder / "run.json").write_text(json.dumps(summary))

    result = document_of(folder).result

    assert not {"risks", "findings", "local-definitions"} & set(result)


def test_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no run"):
        document_of(tmp_path)
