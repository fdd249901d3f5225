"""The documents cannot drift from the program."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from omi_rules.cli import demo
from omi_rules.cli.options import read_options
from omi_rules.data.mapping import load_mapping
from omi_rules.demo.people import CASELOAD
from omi_rules.resources import schemas_folder
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.model import OUTCOMES
from omi_rules.rulebook.questions import MEASURES
from omi_rules.rulebook.strict_yaml import read_yaml
from tests.cli.running import TOP

GUIDE = (TOP / "docs" / "writing-rules.md").read_text("utf-8")
README = (TOP / "README.md").read_text("utf-8")
SCHEMA = json.loads((schemas_folder() / "rule.schema.json").read_text("utf-8"))
DOCUMENTS = [TOP / name for name in ("README.md", "CONTRIBUTING.md", "docs/rules/README.md")]
DOCUMENTS += sorted((TOP / "docs").glob("*.md"))


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def read(block: str) -> Any:
    document, problems = read_yaml(block.encode(), "block")
    assert problems == []
    return document.value


def section(heading: str) -> str:
    return GUIDE.partition(f"### {heading}\n")[2].partition("\n##")[0]


def holds(value: Any, schema: dict[str, Any]) -> None:
    Draft202012Validator({**schema, "$defs": SCHEMA["$defs"]}).validate(value)


def test_guide_has_a_section_for_every_kind_and_no_other() -> None:
    told = re.findall(r"^### (\w+)$", GUIDE, re.MULTILINE)

    assert told == list(SCHEMA["properties"]["require"]["properties"])


@pytest.mark.parametrize("kind", SCHEMA["properties"]["require"]["properties"])
def test_section_of_a_kind_shows_one_that_is_right(kind: str) -> None:
    shown = [read(block)["require"] for block in blocks(section(kind), "yaml")]

    assert shown
    for require in shown:
        assert list(require) == [kind]
        holds(require, SCHEMA["properties"]["require"])


@pytest.mark.parametrize("kind", SCHEMA["properties"]["require"]["properties"])
def test_section_of_a_kind_names_its_keys(kind: str) -> None:
    keys = set(SCHEMA["$defs"][kind]["properties"])

    # exists has the keys of deadline, and grace
    assert {
        key for key in keys if key not in section(kind) + (section("deadline") if kind == "exists" else "")
    } == set()


def test_whole_rule_of_the_guide_is_right() -> None:
    rule = read(next(block for block in blocks(GUIDE, "yaml") if block.startswith("title: Risk management plan")))

    Draft202012Validator(SCHEMA).validate(rule)
    assert set(re.findall(r"^\| `(\w+)` \|", GUIDE.partition("## A whole rule")[2], re.MULTILINE)) >= set(
        SCHEMA["properties"]
    )


def test_other_blocks_of_the_guide_are_right() -> None:
    for name, begins in (("value", "title: Limit for the first"), ("conclusion", "title: Risk rose")):
        (block,) = [block for block in blocks(GUIDE, "yaml") if block.startswith(begins)]
        assert read(block)["title"]
        assert set(read(block)) <= set(
            json.loads((schemas_folder() / f"{name}.schema.json").read_text("utf-8"))["properties"]
        )
    shown = [read(block)["examples"] for block in blocks(GUIDE, "yaml") if block.startswith("examples:")]
    for examples in shown:
        holds(examples, SCHEMA["properties"]["examples"])
    stated = {key for examples in shown for example in examples for key in example}
    assert stated >= {"careless", "lost", "as_at"}


@pytest.mark.parametrize(
    ("begins", "file"),
    [
        ("title: Assessment of Risk of Harm", "criteria/1.2.yaml"),
        ("title: Workforce planning", "criteria/4.4.yaml"),
        ("title: NPS performance data", "targets/guide.yaml"),
    ],
)
def test_criteria_and_targets_of_the_guide_are_right(begins: str, file: str, tmp_path: Path) -> None:
    (block,) = [block for block in blocks(GUIDE, "yaml") if block.startswith(begins)]
    (tmp_path / file).parent.mkdir()
    (tmp_path / file).write_text(block, encoding="utf-8")

    loaded = load_criteria(tmp_path)

    assert len(loaded.criteria) + len(loaded.targets) == 1


@pytest.mark.parametrize(("schema", "part"), [("criterion", "question"), ("target", "target")])
def test_guide_names_the_keys_of_questions_and_targets(schema: str, part: str) -> None:
    keys = json.loads((schemas_folder() / f"{schema}.schema.json").read_text("utf-8"))["$defs"][part]["properties"]
    told = GUIDE.partition("## Criteria and targets")[2]

    assert [key for key in keys if not re.search(rf"\b{key}:|`{key}`", told)] == []


def test_guide_names_every_measure() -> None:
    assert [measure for measure in MEASURES if f"`{measure}`" not in GUIDE] == []


def test_readme_explains_every_outcome() -> None:
    told = re.findall(r"^\| `(\w+)` \|", README.partition("### 2.")[2].partition("### 3.")[0], re.MULTILINE)

    assert tuple(told) == OUTCOMES


def test_readme_shows_every_setting(tmp_path: Path) -> None:
    (block,) = blocks(README, "toml")
    (tmp_path / "rules").mkdir()
    (tmp_path / "mapping.yaml").touch()
    (tmp_path / "omi-rules.toml").write_text(block, encoding="utf-8")

    options = read_options({"config": tmp_path / "omi-rules.toml"})

    assert {name for name in tomllib.loads(block) if not getattr(options, name)} == set()


def test_readme_shows_a_mapping_that_is_right(tmp_path: Path) -> None:
    (block,) = blocks(README, "yaml")
    file = tmp_path / "mapping.yaml"
    file.write_text(block, encoding="utf-8")

    assert load_mapping(file).of("cases").local_name == "offenders"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text("utf-8")

    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (document.parent / target).exists(), target


def test_demo_makes_the_caseload_of_the_area() -> None:
    sizes = {option.name: option.default for option in demo.demo.params}

    assert sizes["cases"] == CASELOAD
