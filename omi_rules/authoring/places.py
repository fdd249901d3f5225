"""The line of a place in a file of the rulebook."""

from functools import cache
from pathlib import Path

from omi_rules.rulebook.keywords import Path as Place
from omi_rules.rulebook.model import Rulebook
from omi_rules.rulebook.strict_yaml import Document, read_yaml


def find_line(rulebook: Rulebook, file: str, place: Place) -> int:
    """The line of a place, or of the nearest one around it that the file has."""
    return _read(rulebook.folder, file).line(place)


@cache
def _read(folder: str, file: str) -> Document:
    return read_yaml((Path(folder) / file).read_bytes(), file)[0]
