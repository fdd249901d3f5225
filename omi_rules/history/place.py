"""Where a store is: a file, or a PostgreSQL database by its URL."""

import os
from dataclasses import dataclass
from pathlib import Path

from omi_rules.paths import check_path
from omi_rules.problems import UsageError

_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


@dataclass(frozen=True)
class Place:
    """A file (`path`, where links lead to), or a database (`url`); `words` name it in messages as it was named, without
    user and password."""

    words: str
    path: Path | None = None
    url: str = ""


def find_place(name: str) -> Place:
    """The place that `--store` or the setting `store` names; UsageError if it is neither a file nor PostgreSQL."""
    scheme, separator, rest = name.partition("://")
    if not separator:
        return _file(Path(name))
    if scheme == "sqlite":
        return _file(Path(rest.removeprefix("/")))
    if scheme not in _POSTGRESQL:
        raise UsageError("--store should be a file, or a URL such as postgresql://server/database.")
    from sqlalchemy.engine import URL, make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(name).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        raise UsageError("--store is no URL: write it as in postgresql://server/database.") from None
    words = URL.create("postgresql", host=url.host, port=url.port, database=url.database).render_as_string()
    return Place(words, url=url.render_as_string(hide_password=False))


def _file(path: Path) -> Place:
    if path.is_dir() or not path.name:
        raise UsageError(f"--store: {path} is a folder. Name a file in it, such as {path / 'omi-rules.db'}.")
    check_path("--store", path)
    # the lock stands beside the file itself, so that whoever comes by a link finds it
    real = Path(os.path.realpath(path))
    if real.is_symlink():
        raise UsageError(f"--store: {path} is a link that leads back to itself. Name the file.")
    check_path("--store", real)
    return Place(str(path), path=real)
