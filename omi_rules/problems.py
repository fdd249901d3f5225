"""What can go wrong, in three sorts that are never mixed.

A `Problem` is a value: something wrong in a rule file or a setting, collected so that all are shown at once.
An outcome is the product, and lives elsewhere. An `OmiError` means that the program cannot go on:

    OmiError
    ├── UsageError        2   a command, option or setting is wrong
    ├── ExportError       3   the export cannot be used
    ├── RulebookError     4   a rule or the rulebook is at fault; carries Problems
    ├── OutputError       6   the output could not be written
    └── HeldError         7   another run holds the output or the store
"""

import difflib
import errno
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: The system's words where no more can be written: the disk, the user's share of it or a file may grow no further.
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong: where it stands, and a sentence that says what to do."""

    file: str
    line: int
    path: str
    sentence: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        path = f"  {self.path}:" if self.path else " "
        return f"{place}{path} {self.sentence}"


class OmiError(Exception):
    """The program cannot go on; `exit_code` is the contract's."""

    exit_code = 70


class UsageError(OmiError):
    """A command, option or setting is wrong."""

    exit_code = 2


class ExportError(OmiError):
    """The export cannot be used."""

    exit_code = 3


class RulebookError(OmiError):
    """The rulebook is at fault; carries every problem found."""

    exit_code = 4

    def __init__(self, sentence: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(sentence)
        self.problems = tuple(problems)


class OutputError(OmiError):
    """The output could not be written."""

    exit_code = 6


class HeldError(OmiError):
    """Another run holds the output or the store."""

    exit_code = 7


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint naming the nearest known word, as `; did you mean …?`, or nothing if none is near."""
    words = sorted(known)
    same = [one for one in words if one.lower() == word.lower()]
    match = same or difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    return f"; did you mean {match[0]}?" if match else ""
