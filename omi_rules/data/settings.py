"""The settings of an export: `export.yaml` beside its tables."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from omi_rules.problems import ExportError, nearest
from omi_rules.rulebook.strict_yaml import LARGEST_BYTES, read_yaml

_KEYS = ("as_at", "area", "source")


@dataclass(frozen=True)
class Settings:
    """What `export.yaml` says."""

    as_at: date | None = None
    area: str = ""
    source: str = ""


def read_settings(path: Path | None) -> Settings:
    """The settings of an export; empty if it has none."""
    if path is None:
        return Settings()
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise ExportError(f"{path.name} cannot be read: {error.strerror}") from None
    document, problems = read_yaml(content, path.name)
    if problems:
        raise ExportError(" ".join(str(problems[0]).split()))
    found = document.value if document.value is not None else {}
    if not isinstance(found, dict):
        raise ExportError(f"{path.name} should hold as_at, area and source, each as `key: value`")
    for key, value in found.items():
        if key not in _KEYS:
            raise ExportError(f"{path.name}:{document.line((key,))} there is no key {key} here{nearest(key, _KEYS)}")
        if value is not None and not isinstance(value, str | int):
            raise ExportError(f"{path.name}:{document.line((key,))} {key} should be text on one line")
    texts = {key: "" if value is None else str(value) for key, value in found.items()}
    return Settings(_read_as_at(texts.get("as_at", ""), path.name), texts.get("area", ""), texts.get("source", ""))


def _read_as_at(text: str, file: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ExportError(f"{file}: as_at should be a date written YYYY-MM-DD")
    return day
