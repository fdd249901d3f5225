"""Named values listed with their sources, what is assumed, and the rules that depend on them."""

import json
import re

from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.usage import values_used
from tests.cli.running import run

RULEBOOK = load_rulebook()


def words(text: str) -> str:
    return " ".join(text.split())


def test_values_are_all_listed_within_80_columns_with_the_rules_that_use_them() -> None:
    shown = run("rules", "values")

    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    parts = [words(part) for part in shown.out.split("\n\n")]
    for value in RULEBOOK.values.values():
        part = next(part for part in parts if part.startswith(f"{value.name}: {value.title}"))
        for rule in RULEBOOK.rules.values():
            assert (rule.id in part.partition("Used by")[2].rstrip(".").replace(",", "").split()) is (
                value.name in values_used(rule)
            )


def test_show_of_a_value_is_its_part_of_the_list() -> None:
    shown = run("rules", "show", "pairing-distance")

    assert (shown.code, shown.err) == (0, "")
    assert shown.out.strip() in run("rules", "values").out
    assert shown.out.startswith("pairing-distance: ")
    assert "(assumed: " in shown.out
    assert "Used by plan-review-with-risk-review." in shown.out


def test_show_of_a_value_for_programs_is_that_of_the_list() -> None:
    shown = json.loads(run("rules", "show", "pairing-distance", "--format", "json").out)
    assert shown in json.loads(run("rules", "values", "--format", "json").out)


def test_assumed_values_are_listed_with_reason_and_dependent_rules() -> None:
    shown = run("rules", "values", "--assumed")

    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    assert set(re.findall(r"^([a-z0-9-]+): ", shown.out, re.MULTILINE)) == {
        value.name for value in RULEBOOK.values.values() if value.assumed
    }
    said = words(shown.out)
    assert "where tier is 4 or more: 32 appointments (assumed: The number for tier 4 was not readable." in said
    assert "Used by contact-frequency." in said


def test_what_scoring_assumes_is_listed_with_the_assumed_values() -> None:
    said = words(run("rules", "values", "--assumed").out)

    assert "Bands of criteria 3.1 and 3.2. Good from 75% on, a priority from 50% on (assumed: The report prints" in said
    assert "Line of priority for improvement. 75% (assumed: The line of Chart 1 is a drawing" in said
    assert "Near misses of targets/nps-2005-06.yaml. breach-instigated 8.1, compliance 7.6," in said
    assert "Near misses" not in run("rules", "values").out


def test_what_samples_assume_is_listed_with_the_assumed_values() -> None:
    said = words(run("rules", "values", "--assumed").out)
    records = json.loads(run("rules", "values", "--assumed", "--format", "json").out)

    assert "Sample samples/inspection.yaml. Under supervision: 5 to 7 months (assumed: The report says" in said
    assert "High or very high Risk of Harm: at least 20 (assumed:" in said
    assert [record["value"] for record in records if record["kind"] == "sample"][-1] == "Replacements"
    assert "Sample samples" not in run("rules", "values").out


def test_values_as_json_have_every_amount_and_its_basis() -> None:
    shown = {item["value"]: item for item in json.loads(run("rules", "values", "--format", "json").out)}

    assert list(shown) == list(RULEBOOK.values)
    limit = shown["rmp-limit"]
    assert (limit["unit"], limit["assumed"], limit["rules"]) == (
        "working_days",
        False,
        ["risk-management-plan-on-time"],
    )
    assert limit["amounts"][0]["source"]["document"] == "merseyside-omi-2007"
    for item in shown.values():
        assert item["assumed"] is any(amount["assumed"] for amount in item["amounts"])
        for amount in item["amounts"]:
            assert amount["assumed"] is (amount["source"] is None)
            assert amount["assumed"] is bool(amount["because"])


def test_only_assumed_values_as_json() -> None:
    shown = json.loads(run("rules", "values", "--assumed", "--format", "json").out)

    assert all(item["assumed"] for item in shown if item["kind"] == "value")
    others = [item for item in shown if item["kind"] != "value"]
    assert [item["kind"] for item in others] == ["bands", "bands", "line_of_priority", "near_misses"] + ["sample"] * 8
    assert [len(item["criteria"]) for item in others[:2]] == [12, 2]
    assert others[3]["tolerances"]["sickness-absence"] == "0.8"
