"""The settings of the program: omi-rules.toml, the environment over it, the options over both, and which it was.

A table of the file that another part of the program reads is left to it, and so are its secrets in the environment.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from omi_rules.problems import UsageError, nearest

#: The configuration file that is read where it lies, unless another is named.
CONFIG_FILE = Path("omi-rules.toml")
#: What the names of all variables of the environment that are settings begin with.
PREFIX = "OMI_RULES_"
#: The tables of the file that have a reader of their own.
TABLES = ("notify",)
#: Secrets of those tables, which are read where they are needed.
SECRETS = ("OMI_RULES_SMTP_PASSWORD", "OMI_RULES_WEBHOOK_TOKEN")
FAIL_ON = ("never", "critical", "missing", "any")

_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([KMGT])i?B")
#: A thousand times what a large cluster has; the store takes no number that is much larger.
_MOST_TERABYTES = 1_000_000
_SHARE = re.compile(r"[0-9]+(\.[0-9]+)?%?")


@dataclass(frozen=True)
class Origin:
    """Where a value came from: `name` is a file, a variable of the environment, or an option."""

    kind: Literal["default", "file", "environment", "option"]
    name: str = ""

    def place(self, setting: str) -> str:
        """The setting as messages name it, where it stands."""
        return f"{self.name}: {setting}" if self.kind == "file" else self.name


@dataclass(frozen=True)
class Settled:
    """A setting's value, and where it came from."""

    value: Any
    origin: Origin


@dataclass(frozen=True)
class Setting:
    """How a setting is read. `read` takes a value and the folder that paths start from; ValueError with the rest of
    the message, if there is more to say, where the value is not `wanted`."""

    read: Callable[[object, Path], Any]
    wanted: str
    example: str
    is_number: bool = False

    def settle(self, value: object, folder: Path, origin: Origin, name: str) -> Settled:
        """The value as the program takes it; UsageError says what it should be."""
        try:
            return Settled(self.read(value, folder), origin)
        except ValueError as error:
            if origin.kind == "environment":
                example = f"{origin.name}={self.example}"
            else:
                example = f"{name} = {self.example if self.is_number else json.dumps(self.example)}"
            rest = str(error) or "."
            raise UsageError(f"{origin.place(name)} should be {self.wanted}, as in {example}{rest}") from None


def read_day(value: object, _folder: Path = CONFIG_FILE.parent) -> date:
    """A date, or text written YYYY-MM-DD; ValueError for anything else."""
    if type(value) is date:
        return value
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(". There is no such day.") from None


def is_share(text: str) -> bool:
    """Whether it is a number or a share in per cent, as in 20 or 2%."""
    return bool(_SHARE.fullmatch(text))


def _read_path(value: object, folder: Path) -> Path:
    return folder / _text(value)


def _read_store(value: object, folder: Path) -> str:
    text = _text(value)
    return text if "://" in text else str(folder / text)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    if "\0" in value:
        raise ValueError(". It may hold no NUL.")
    return value


def _read_fail_on(value: object, _folder: Path) -> str:
    if value not in FAIL_ON:
        raise ValueError(nearest(value, FAIL_ON) if isinstance(value, str) else "")
    return str(value)


def _read_size(value: object, _folder: Path) -> str:
    size = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if size is None:
        raise ValueError
    number, unit = size.groups()
    if float(number) > _MOST_TERABYTES * 1000 ** (3 - "KMGT".index(unit)):
        raise ValueError(". No machine has so much.")
    return size.string


def _read_share(value: object, _folder: Path) -> str:
    text = str(value) if type(value) in (int, float, str) else ""
    if not is_share(text):
        raise ValueError
    return text


def _read_count(value: object, _folder: Path) -> int:
    if type(value) is not int or value < 0:
        raise ValueError
    return value


def _read_threads(value: object, folder: Path) -> int:
    threads = _read_count(value, folder)
    if not 1 <= threads <= _MOST_THREADS:
        raise ValueError
    return threads


#: The store starts as many as it is told: a slip of the hand must not bring a machine to a stand.
_MOST_THREADS = 256

SETTINGS: Mapping[str, Setting] = {
    "as_at": Setting(read_day, "a date written YYYY-MM-DD", "2006-11-30"),
    "rules": Setting(_read_path, "a path", "rules"),
    "map": Setting(_read_path, "a path", "mapping.yaml"),
    "fail_on": Setting(_read_fail_on, f"one of {', '.join(FAIL_ON)}", "critical"),
    "memory": Setting(_read_size, "a size", "2GB"),
    "threads": Setting(_read_threads, f"a whole number from 1 to {_MOST_THREADS}", "2", is_number=True),
    "unpack_limit": Setting(_read_size, "a size", "16GB"),
    "output": Setting(_read_path, "a path", "run"),
    "store": Setting(_read_store, "a file or a URL", "omi-rules.db"),
    "max_age": Setting(_read_count, "a whole number", "3", is_number=True),
    "max_rejects": Setting(_read_share, "a number or a share", "2%"),
    "min_cases": Setting(_read_count, "a whole number", "9000", is_number=True),
    "drop_limit": Setting(_read_share, "a number or a share", "5%"),
}


def settle(config: Path | None, environment: Mapping[str, str], options: Mapping[str, Any]) -> dict[str, Settled]:
    """Every setting that is given somewhere: the option over the environment, and that over the file `config`."""
    settled = read_file(config) if config else {}
    settled |= read_environment(environment)
    for name, value in options.items():
        if name in SETTINGS and value is not None:
            settled[name] = Settled(value, Origin("option", f"--{name.replace('_', '-')}"))
    return settled


def read_file(path: Path) -> dict[str, Settled]:
    """The settings of a configuration file; paths in it start from its own folder."""
    found = {}
    for key, value in read_toml(path).items():
        if key in TABLES:
            if not isinstance(value, dict):
                raise UsageError(f"{path}: {key} should be a table: write its settings below a line [{key}].")
        elif key in SETTINGS:
            found[key] = SETTINGS[key].settle(value, path.parent, Origin("file", str(path)), key)
        else:
            raise UsageError(f"{path}: there is no setting {key}{nearest(key, (*SETTINGS, *TABLES))}")
    return found


def read_toml(path: Path) -> dict[str, Any]:
    """A configuration file as it is written; UsageError where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"the configuration file {path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"the configuration file {path} is not UTF-8: save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the configuration file {path} is no TOML: {error}.") from None


def read_environment(environment: Mapping[str, str]) -> dict[str, Settled]:
    """The settings of the environment, OMI_RULES_STORE and so on; paths in them start from the current folder."""
    names = {f"{PREFIX}{key.upper()}": key for key in SETTINGS}
    found = {}
    for name in sorted(name for name in environment if name.startswith(PREFIX)):
        if name in SECRETS:
            continue
        if name not in names:
            raise UsageError(f"the environment has {name}, which is no setting{nearest(name, (*names, *SECRETS))}")
        text, setting = environment[name], SETTINGS[names[name]]
        if not text:
            # a limit that a script left empty must not be a limit that is not there
            raise UsageError(f"{name} is empty in the environment: give it a value, or unset it.")
        is_whole = setting.is_number and re.fullmatch(r"[0-9]{1,9}", text)
        value = int(text) if is_whole else text
        found[names[name]] = setting.settle(value, Path(), Origin("environment", name), names[name])
    return found
