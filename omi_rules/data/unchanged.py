"""Holds the files of an export still: what is judged must be what the fingerprint is of, and each is read twice."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from omi_rules.problems import ExportError

#: Size, time of the last change and number of a file, which a file that is put in its place does not share.
_Stamp = tuple[int, int, int]


@contextmanager
def unchanged(paths: Iterable[Path]) -> Iterator[None]:
    """Refuse files that are changed, replaced or taken away while the block reads them, whatever else it says then."""
    before = {path: _stamp(path) for path in paths}
    try:
        yield
    except Exception:
        _refuse_changed(before)
        raise
    _refuse_changed(before)


def _stamp(path: Path) -> _Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def _refuse_changed(before: dict[Path, _Stamp | None]) -> None:
    for path, stamp in before.items():
        if _stamp(path) != stamp:
            raise ExportError(
                f"{path.name} changed while it was read: export into another folder, move it into place when it is "
                "complete, and check again"
            ) from None
