"""What `--log-json` wrote, held to its schema."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from omi_rules.resources import schemas_folder

SCHEMA = Draft202012Validator(json.loads((schemas_folder() / "log.schema.json").read_text("utf-8")))


def read(log: Path) -> list[dict[str, Any]]:
    """The lines of a log, each held to the schema."""
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    for line in lines:
        SCHEMA.validate(line)
    return lines
