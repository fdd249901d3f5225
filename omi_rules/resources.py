"""Where the rulebook and the schemas lie: inside the installed package, or at the top of a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _find(folder: str) -> Path:
    installed = _PACKAGE / folder
    return installed if installed.is_dir() else _PACKAGE.parent / folder


def rules_folder() -> Path:
    """The rulebook that comes with the program."""
    return _find("rules")


def schemas_folder() -> Path:
    """The JSON Schemas that come with the program."""
    return _find("schemas")
