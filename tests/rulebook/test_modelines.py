"""Every file of the rulebook names its schema in its first line, so that an editor completes and checks it."""

import json

import pytest

from omi_rules.resources import rules_folder
from omi_rules.rulebook.files import RuleFile, modeline, read_folder

FILES = read_folder(rules_folder()).files


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.file)
def test_file_begins_with_the_modeline_of_its_schema(file: RuleFile) -> None:
    assert file.content.decode().splitlines()[0] == modeline(file.file, file.kind)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.file)
def test_path_of_the_modeline_leads_to_a_schema(file: RuleFile) -> None:
    path = modeline(file.file, file.kind).partition("$schema=")[2]

    schema = (rules_folder() / file.file).parent / path

    assert json.loads(schema.read_text("utf-8"))["title"]
