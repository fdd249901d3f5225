"""Files that people write for scoring: YAML held to a schema, and CSV with a header.

Every mistake in a file is reported at once, by line or row; the value of a cell is never repeated.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from omi_rules.data.cells import bare
from omi_rules.problems import UsageError
from omi_rules.rulebook.strict_yaml import Document, read_yaml
from omi_rules.rulebook.structure import load_shapes

Place = tuple[str | int, ...]

#: How many mistakes of a table are told.
_MOST = 20


def read_figures(path: Path, schema: str, check_meaning: Callable[[Document], Iterable[tuple[Place, str]]]) -> Any:
    """The content of a YAML file of figures; UsageError names every place that is wrong.

    `check_meaning` says what the schema cannot, and is asked only where the schema finds nothing.
    """
    try:
        document, problems = read_yaml(path.read_bytes(), str(path))
    except OSError as error:
        raise UsageError(f"the figures {path} cannot be read: {error.strerror}.") from None
    if not problems:
        found: list[tuple[Place, str]] = []
        load_shapes().check(schema)(document.value, (), lambda place, sentence: found.append((place, sentence)))
        found = found or list(check_meaning(document))
        problems = [document.problem(place, sentence) for place, sentence in found]
    if problems:
        told = "\n".join(f"  {problem}" for problem in sorted(problems))
        raise UsageError(f"the figures {path} have mistakes:\n{told}")
    return document.value


def check_period(period: Mapping[str, str], place: Place) -> Iterable[tuple[Place, str]]:
    """What is wrong with the days of a period, if it states them."""
    if "from" in period and period["from"] > period["to"]:
        yield (*place, "to"), "the period ends before it begins"


def read_rows(path: Path, columns: Sequence[str], what: str) -> list[tuple[str, ...]]:
    """The cells of these columns, a row each, as they were before a spreadsheet was kept from running them.

    They are trimmed, and blank lines are skipped; UsageError where there is no such table.

    `what` is what the file is called in messages: the answers, the list.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = [name.strip() for name in next(rows, [])]
            if missing := [name for name in columns if name not in header]:
                raise UsageError(f"{what} {path} has no column {missing[0]}: its header is {','.join(columns)}.")
            places = [header.index(name) for name in columns]
            return [
                tuple(bare(row[place].strip()) if place < len(row) else "" for place in places) for row in rows if row
            ]
    except OSError as error:
        raise UsageError(f"{what} {path} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, csv.Error):
        raise UsageError(f"{what} {path} is no CSV in UTF-8: save it so.") from None


def refuse_mistakes(path: Path, what: str, mistakes: Iterable[str]) -> None:
    """UsageError with the mistakes of a table, the first of them one by one, if there are any."""
    found = list(mistakes)
    if found:
        more = f"\n  and {len(found) - _MOST} more" if len(found) > _MOST else ""
        told = "\n".join(f"  {mistake}" for mistake in found[:_MOST])
        raise UsageError(f"{what} {path} has mistakes:\n{told}{more}")
