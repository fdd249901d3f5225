"""A rule in shadow is tried out by its author, and changes no byte of a run but the hash of the rulebook."""

import json
import shutil
from pathlib import Path

import pytest

from omi_rules.pipeline import Settings, check
from omi_rules.resources import rules_folder
from omi_rules.rulebook.load import load_rulebook
from tests.cli.running import run
from tests.data.exports import write_csv
from tests.judging import write_export
from tests.random_exports import random_export
from tests.reports.runs import SMALL

RULE = "risk-management-plan-on-time"
TRIED = "plan-within-two-days"


@pytest.fixture(scope="module")
def shadowed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rulebook with one more rule in shadow; it asks about a text, uses a value of its own that is assumed, and
    answers a question that another rule decides."""
    copy = Path(shutil.copytree(rules_folder(), tmp_path_factory.mktemp("shadowed") / "rules"))
    text = (copy / "checks/1.2" / f"{RULE}.yaml").read_text("utf-8")
    for before, after in (
        ("title: Risk management plan within five working days", "title: Plan within two days\nshadow: true"),
        ("population:\n", "population:\n  gender: recorded\n"),
        ("within: rmp-limit", "within: tried-limit"),
    ):
        assert before in text
        text = text.replace(before, after)
    (copy / "checks/1.2" / f"{TRIED}.yaml").write_text(text, encoding="utf-8")
    (copy / "values" / "tried-limit.yaml").write_text(
        "title: Limit to be tried\nunit: working_days\ndated:\n  - from: 2005-03-04\n    choose:\n"
        "      - {amount: 2, status: assumed, because: It is tried out.}\n",
        encoding="utf-8",
    )
    return copy


def test_shadow_rule_changes_no_byte_of_a_run_but_the_rulebook_hash(shadowed: Path, tmp_path: Path) -> None:
    export = random_export(1, cases=60, staff=10)
    (tmp_path / "export").mkdir()
    write_export(tmp_path / "export", export.records, export.missing_tables)
    for name, rules in (("with", shadowed), ("without", None)):
        run_ = check(tmp_path / "export", tmp_path / name, Settings(as_at=export.as_at, rules=rules))
        assert run_.exit_code == 0

    differing = {
        file.name
        for file in (tmp_path / "with").iterdir()
        if file.read_bytes() != (tmp_path / "without" / file.name).read_bytes()
    }
    assert differing == {"run.json"}
    summaries = [json.loads((tmp_path / name / "run.json").read_bytes()) for name in ("with", "without")]
    hashes = {summary["rulebook"].pop("hash") for summary in summaries}
    assert len(hashes) == 2
    assert summaries[0] == summaries[1]


def test_shadow_rules_are_left_out_unless_asked_for(shadowed: Path) -> None:
    book = load_rulebook(shadowed)

    assert TRIED not in {rule.id for rule in book.case_rules}
    assert TRIED in {rule.id for rule in book.case_rules_and_shadows}
    assert len(book.case_rules_and_shadows) == len(book.case_rules) + 1


def test_shadow_rule_is_tested_and_mutated_like_any_other(shadowed: Path) -> None:
    tested = run("rules", "test", TRIED, "--rules", shadowed)
    mutated = run("rules", "mutate", TRIED, "--rules", shadowed)

    # the examples are those of the rule with the longer limit
    assert (tested.code, mutated.code) == (4, 4)
    assert f"checks/1.2/{TRIED}.yaml:" in tested.out
    assert f"{TRIED} fails an example of its own" in mutated.err


def test_shadow_rule_is_marked_in_the_list(shadowed: Path) -> None:
    table = run("rules", "list", "--rules", shadowed).out
    records = json.loads(run("rules", "list", "--rules", shadowed, "--format", "json").out)

    (line,) = [line for line in table.splitlines() if line.startswith(TRIED)]
    assert "In shadow: " in line
    assert [record["rule"] for record in records if record["shadow"]] == [TRIED]
    assert "in shadow: it counts nowhere" in " ".join(run("rules", "show", TRIED, "--rules", shadowed).out.split())


def test_shadow_rule_is_linted_and_may_answer_what_another_rule_decides(shadowed: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(shadowed, tmp_path / "rules"))
    file = copy / "checks/1.2" / f"{TRIED}.yaml"
    file.write_text(file.read_text("utf-8").replace("countersigned.\n", "countersigned\n"), encoding="utf-8")

    said = [line for line in run("rules", "lint", "--rules", copy).out.splitlines() if TRIED in line]

    assert [line.partition("  ")[2] for line in said] == ["to_do: a sentence ends with a full stop"]


@pytest.mark.parametrize("command", [("check", "export", "--rule", TRIED), ("explain", "export", "0100", TRIED)])
def test_naming_a_shadow_rule_where_it_counts_nowhere_is_a_wrong_use(
    shadowed: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    export = write_csv(SMALL, tmp_path / "export")

    shown = run(*(export if word == "export" else word for word in command), "--rules", shadowed)

    assert (shown.code, shown.out) == (2, "")
    assert f"{TRIED} is in shadow and counts nowhere" in shown.err
