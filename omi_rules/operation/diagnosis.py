"""What is found out about a machine: each a line in words, and what to do about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, Self

from omi_rules.problems import OmiError, OutputError, UsageError

State = Literal["ok", "attention", "broken"]
#: The exit codes that a check would end with where a machine is not fit for it.
SETTINGS, OUTPUT = UsageError.exit_code, OutputError.exit_code


@dataclass(frozen=True)
class Diagnosis:
    """One thing looked at. `exit_code` is that of a check where it is broken, and 0 where a check can run."""

    subject: str
    state: State
    words: str
    remedy: str = ""
    exit_code: int = 0

    @classmethod
    def fine(cls, subject: str, words: str) -> Self:
        """Nothing to do."""
        return cls(subject, "ok", words)

    @classmethod
    def attention(cls, subject: str, words: str, remedy: str) -> Self:
        """A check can run, and somebody should look at this."""
        return cls(subject, "attention", words, remedy)

    @classmethod
    def broken(cls, subject: str, words: str, remedy: str, exit_code: int = SETTINGS) -> Self:
        """A check cannot run, or not be trusted."""
        return cls(subject, "broken", words, remedy, exit_code)


def examine(subject: str, look: Callable[[], Iterable[Diagnosis]]) -> list[Diagnosis]:
    """What a look at something finds; whatever goes wrong in it is a finding too, and never the end of the others."""
    try:
        return list(look())
    except OmiError as error:
        return [Diagnosis.broken(subject, str(error), "", error.exit_code)]
    except ImportError as error:
        words = f"cannot be looked at: {error.name or 'a package'} cannot be imported"
        return [Diagnosis.broken(subject, words, "see Packages")]
    except PermissionError as error:
        words = f"{error.filename or 'a file'} may not be opened by this user"
        return [Diagnosis.broken(subject, words, "run as its owner, or name another place", OUTPUT)]
    except Exception as error:  # noqa: BLE001 - a machine may be broken in any way; the message may hold values
        words = f"could not be looked at ({type(error).__name__})"
        return [Diagnosis.broken(subject, words, "report it with this line and `omi-rules --version`")]
