"""A message as two files in a folder, its text and its JSON, each its owner's alone and there whole or not at all."""

import re
from pathlib import Path

from omi_rules.notify.documents import Document
from omi_rules.notify.refusals import Refusal
from omi_rules.notify.settings import Files
from omi_rules.notify.text import text_of
from omi_rules.notify.webhook import json_of
from omi_rules.problems import OutputError
from omi_rules.reports.kept_file import keep_file

_REMEDY = "Free some space, or name another folder in [notify.files]."


def file_stem(document: Document) -> str:
    """The name of a message's files without their ends: run, kind, team, and what tells teams of one name apart."""
    run, kind = document["run"]["number"], document["kind"]
    if kind != "team":
        return f"run-{run}-{kind}"
    team = re.sub(r"[^a-z0-9]+", "-", (document["team"] or "none").lower()).strip("-")[:40]
    return "-".join(filter(None, [f"run-{run}-team", team, document["id"][:8]]))


def write_message(document: Document, settings: Files, key: str) -> None:  # noqa: ARG001 - a file is its own key
    """Write a message; Refusal if the folder does not take it."""
    stem = settings.folder / file_stem(document)
    try:
        settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(stem.with_name(f"{stem.name}.txt"), text_of(document).encode())
        _write(stem.with_name(f"{stem.name}.json"), json_of(document))
    except OSError as error:
        words = f"the folder {settings.folder} could not be made: {error.strerror}"
        raise Refusal(words, passing=False, of_way=True) from None
    except OutputError as error:
        raise Refusal(str(error).removesuffix("."), passing=False, of_way=True) from None


def _write(path: Path, content: bytes) -> None:
    keep_file(path, content, _REMEDY)
