"""Whether a place can be given to all that writes there; DuckDB and SQLite take names in UTF-8 alone."""

from pathlib import Path

from omi_rules.problems import UsageError


def check_path(option: str, path: Path) -> None:
    """UsageError where the whole of a path cannot be told, or is no UTF-8."""
    try:
        str(path.absolute()).encode()
    except FileNotFoundError:
        raise UsageError(f"{option}: {path} starts from a folder that is no longer there: change to another.") from None
    except UnicodeEncodeError:
        raise UsageError(f"{option}: {path} is not named in UTF-8 from end to end: choose another place.") from None
