"""Whether what the program writes has a place, with room, and is its owner's alone."""

import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from omi_rules.operation.diagnosis import OUTPUT, Diagnosis
from omi_rules.paths import check_path
from omi_rules.reports.folder import AS_AT, folder_of_nights
from omi_rules.temporary import REMEDY

_OTHERS, _OTHERS_WRITE = 0o077, 0o022
#: Less than this is little: a run of 10,000 cases and what is unpacked for it take some 200 MB. Assumed.
_LITTLE = 1 << 30
_LISTED = 3


def look_at_config(path: Path) -> Iterator[Diagnosis]:
    """Who may change the configuration file, or read a password in it."""
    if _mode(path) & _OTHERS_WRITE:
        words = f"{path} can be changed by others than its owner"
        yield Diagnosis.attention("Configuration", words, f"chmod go-w {shlex.quote(str(path))}")
    elif _mode(path) & _OTHERS and "://" in path.read_text("utf-8"):
        words = f"{path} holds a URL, and can be read by others than its owner"
        yield Diagnosis.attention("Configuration", words, f"chmod 600 {shlex.quote(str(path))}")
    else:
        yield Diagnosis.fine("Configuration", str(path))


def look_at_store_file(path: Path) -> Iterator[Diagnosis]:
    """Who may read the store, and whether this user may write it."""
    files = [file for end in ("", "-wal", "-shm") if (file := path.with_name(path.name + end)).is_file()]
    yield from _who_may_read("Store", [file for file in files if _mode(file) & _OTHERS], "600")
    yield from _who_may_write("Store", path.parent)
    if path.exists() and not os.access(path, os.W_OK):
        yield Diagnosis.broken("Store", f"{path} cannot be written by this user", "run as its owner", OUTPUT)


def look_at_output(output: Path) -> Iterator[Diagnosis]:
    """Who may read the run folders; where each night has its own, the folder of them all counts."""
    check_path("--output", output)
    nightly = AS_AT in str(output)
    folder = folder_of_nights(output) if nightly else output
    nights = str(output.relative_to(folder)).replace(AS_AT, "*")
    runs = [run for run in sorted(folder.glob(nights)) if (run / "run.json").is_file()] if nightly else []
    open_ones = [place for place in (folder, *runs) if place.is_dir() and _mode(place) & _OTHERS]
    found = [*_who_may_read("Output", open_ones, "700"), *_who_may_write("Output", folder.parent)]
    yield from found or [Diagnosis.fine("Output", f"{output}, its owner's alone")]


def _who_may_read(subject: str, places: Sequence[Path], mode: str) -> Iterator[Diagnosis]:
    if not places:
        return
    more = f" and {len(places) - _LISTED} more" if len(places) > _LISTED else ""
    words = f"others than the owner may read {', '.join(map(str, places[:_LISTED]))}{more}"
    quoted = " ".join(shlex.quote(str(place)) for place in places)
    yield Diagnosis.attention(subject, words, f"chmod {mode} {quoted}")


def _who_may_write(subject: str, folder: Path) -> Iterator[Diagnosis]:
    there = _nearest_there(folder)
    if not there.is_dir():
        yield Diagnosis.broken(subject, f"{there} is not a folder", "name another place", OUTPUT)
    elif not os.access(there, os.W_OK | os.X_OK):
        words = f"{there} cannot be written by this user"
        yield Diagnosis.broken(subject, words, "run as its owner, or name another place", OUTPUT)


def look_at_disk(places: Sequence[Path]) -> Iterator[Diagnosis]:
    """The free space of every disk that is written to: where the store and the runs go, and for scratch."""
    try:
        places = [*places, Path(tempfile.gettempdir())]
    except FileNotFoundError:
        yield Diagnosis.broken("Disk", "there is no place for scratch files", REMEDY, OUTPUT)
    disks: dict[int, Path] = {}
    for place in places:
        there = _nearest_there(place)
        disks.setdefault(there.stat().st_dev, there)
    for there in disks.values():
        free = shutil.disk_usage(there).free
        words = f"{free / _LITTLE:,.1f} GiB free at {there}"
        if free >= _LITTLE:
            yield Diagnosis.fine("Disk", words)
        else:
            yield Diagnosis.attention("Disk", words, "free some space: a full disk ends a night with exit code 6")


def _nearest_there(place: Path) -> Path:
    """The place, or the nearest of its parents that exists."""
    place = place.absolute()
    return next((there for there in (place, *place.parents) if there.exists()), place)


def _mode(path: Path) -> int:
    """Who may do what, as in chmod; nothing where a system keeps that in other ways."""
    return path.stat().st_mode & 0o777 if os.name == "posix" else 0
