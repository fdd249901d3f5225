"""`rules coverage` and `rules mutate` as their user sees them."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from omi_rules.resources import rules_folder
from tests.cli.running import run

RULE = "rmp-standard-headings"
FILE = f"checks/1.2/{RULE}.yaml"
#: A rulebook of eight rules, which is linted ten times as fast as the whole one.
GOOD = Path(__file__).resolve().parent.parent / "bad_rules" / "good"


@pytest.fixture
def gap(tmp_path: Path) -> Path:
    """A rulebook whose examples no longer tell the latest plan from the first."""
    copy = Path(shutil.copytree(rules_folder(), tmp_path / "rules"))
    lines = (copy / FILE).read_text("utf-8").splitlines(keepends=True)
    deciding = ("the latest plan decides", "an earlier plan", "an undated plan")
    kept = [line for line in lines if not any(f"name: {words}" in line for words in deciding)]
    (copy / FILE).write_text("".join(kept), encoding="utf-8")
    return copy


def test_mutate_is_content_where_every_mutant_is_caught() -> None:
    shown = run("rules", "mutate", RULE)

    assert shown.code == 0
    assert shown.out == "4 mutants of 1 rule: none survives.\n"


def test_rules_about_staff_are_tried_too() -> None:
    mutated = run("rules", "mutate", "six-weekly-supervision")
    covered = run("rules", "coverage", "six-weekly-supervision")

    assert mutated.out == "4 mutants of 1 rule: none survives.\n"
    assert covered.out.splitlines()[1].split()[0] == "six-weekly-supervision"


def test_mutate_names_file_line_and_place_of_what_survives(gap: Path) -> None:
    shown = run("rules", "mutate", RULE, "--rules", gap)

    line = (gap / FILE).read_text("utf-8").splitlines().index("    latest: {risk_management_plans: {}}") + 1
    assert shown.code == 4
    assert f"{FILE}:{line}  {RULE}  require.matches.latest first for latest" in shown.out.splitlines()
    assert "survive" in shown.out.splitlines()[-1]


def test_mutant_listed_as_equivalent_is_no_fault_and_a_caught_one_is_stale(gap: Path) -> None:
    (gap / "equivalent-mutants.yaml").write_text(
        f"{RULE}:\n"
        "  - {mutant: require.matches.latest first for latest, because: It is only tried.}\n"
        "  - {mutant: require.matches.latest every for latest, because: It is only tried.}\n"
        "  - {mutant: require.matches.satisfies.standard_headings left out, because: It never survived.}\n",
        encoding="utf-8",
    )

    shown = run("rules", "mutate", RULE, "--rules", gap)

    assert shown.code == 0
    assert shown.out.splitlines() == [
        f"equivalent-mutants.yaml:4  {RULE}  no such mutant survives, take it out: "
        "require.matches.satisfies.standard_headings left out",
        "4 mutants of 1 rule, 2 known to make no difference: none survives.",
    ]


def test_equivalent_mutants_of_a_wrong_shape_are_a_fault_of_the_rulebook(tmp_path: Path) -> None:
    small = shutil.copytree(GOOD, tmp_path / "small")
    (small / "equivalent-mutants.yaml").write_text("contact-enough: [{mutant: something}]\n", encoding="utf-8")

    shown = run("rules", "lint", "--rules", small)

    assert shown.code == 4
    assert shown.out.startswith("equivalent-mutants.yaml:1  contact-enough[1]")


def test_coverage_is_a_table_within_80_columns() -> None:
    shown = run("rules", "coverage", RULE, "transfer-in-rmp-updated")

    head, *lines = shown.out.splitlines()
    assert shown.code == 0
    assert head.split() == ["Rule", "Met", "Late", "Miss", "Not", "Due", "Unk", "Excl", "N/A", "Parts"]
    assert lines[0].split()[:4] == [RULE, "5", "-", "-"]
    assert lines[-1].endswith("each is touched by an example.")
    assert max(map(len, shown.out.splitlines())) <= 80


def test_coverage_names_what_no_example_touches(gap: Path) -> None:
    shown = run("rules", "coverage", RULE, "--rules", gap)

    assert shown.code == 0
    assert f"  {RULE}: no example touches require.matches.latest" in shown.out
    assert shown.out.endswith("2 parts of 1 rule: 1 is touched by no example.\n")


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_coverage_says_the_same_in_every_form(gap: Path, form: str) -> None:
    shown = run("rules", "coverage", RULE, "--rules", gap, "--format", form).out

    if form == "csv":
        (record,) = csv.DictReader(io.StringIO(shown))
        assert (record["rule"], record["met"], record["parts"]) == (RULE, "2", "2")
        assert record["untouched"].endswith(" require.matches.latest")
        return
    record = json.loads(shown)[0] if form == "json" else json.loads(shown)
    assert record["outcomes"] == {"met": 2, "not_met": 5, "unknown": 3, "not_applicable": 1}
    assert [part["part"] for part in record["untouched"]] == ["require.matches.latest"]
    assert record["untouched"][0]["file"] == FILE


@pytest.mark.parametrize("command", ["coverage", "mutate"])
def test_rule_that_fails_an_example_of_its_own_proves_nothing(gap: Path, command: str) -> None:
    text = (gap / FILE).read_text("utf-8")
    (gap / FILE).write_text(text.replace("is met, expect: met", "is met, expect: not_met", 1), encoding="utf-8")

    shown = run("rules", command, RULE, "--rules", gap)

    assert (shown.code, shown.out) == (4, "")
    assert f"run omi-rules rules test {RULE} first" in shown.err


@pytest.mark.parametrize("command", ["coverage", "mutate"])
def test_unknown_rule_is_a_wrong_use_with_the_nearest(command: str) -> None:
    shown = run("rules", command, "rmp-standard-heading")

    assert (shown.code, shown.out) == (2, "")
    assert f"did you mean {RULE}?" in shown.err
