"""A nightly check, as every scheduler is told of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from omi_rules.problems import UsageError

DESCRIPTION = "omi-rules: nightly check of case records"
#: The hour of London that comes twice on one night a year, and not at all on another.
_DOUBTFUL_HOUR = 1


@dataclass(frozen=True)
class Job:
    """What runs, when, and what it may do. Every path is whole, as the scheduler has to find it.

    `program` is what is run, `arguments` follow it. `writable` are the folders that it writes to. `online` is whether
    it needs the network. `user` is who runs it, or empty where that is said elsewhere. `afterwards` are the arguments
    of what the program is run with then, however the check ended.
    """

    program: tuple[str, ...]
    arguments: tuple[str, ...]
    at: time
    writable: tuple[str, ...]
    online: bool
    user: str
    afterwards: tuple[str, ...] = ()

    @property
    def commands(self) -> tuple[tuple[str, ...], ...]:
        """The whole commands, one after the other, word by word."""
        steps = (self.arguments, self.afterwards) if self.afterwards else (self.arguments,)
        return tuple((*self.program, *step) for step in steps)

    @property
    def words(self) -> tuple[str, ...]:
        """Every word of every command."""
        return tuple(word for command in self.commands for word in command)

    @property
    def is_doubtful(self) -> bool:
        """Whether there are nights on which its hour comes twice, or not at all."""
        return self.at.hour == _DOUBTFUL_HOUR


def refuse(words: Iterable[str], unwanted: str, scheduler: str, why: str) -> None:
    """UsageError if one of the words holds a character that a scheduler would not take as it is written."""
    for word in words:
        if any(character in word for character in unwanted) or not word.isprintable():
            raise UsageError(f"{scheduler} cannot be told a path {why}: rename it, or link to it under another name.")
