"""Scores of runs put together by hand, by their ids, held to the schema."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from omi_rules.resources import schemas_folder
from omi_rules.scoring.score import Wanted, score_run
from tests.scoring.runs import write_answers, write_run


def by_id(parts: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {part["id"]: part for part in parts}


def score_of(folder: Path, rules: Path, outcomes: Any, answers: Any = None, **summary: Any) -> dict[str, Any]:
    run = write_run(folder / "run", outcomes, **summary)
    given = write_answers(folder / "answers", answers) if answers is not None else None
    return score_run(run, Wanted(answers=given, rules=rules))


def check_shape(score: dict[str, Any]) -> None:
    schema = json.loads((schemas_folder() / "score.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=FormatChecker(["date"])).validate(score)
