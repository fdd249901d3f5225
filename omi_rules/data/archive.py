"""Unpacks a zip export, trusting nothing that it says about itself."""

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from omi_rules.problems import NO_ROOM, ExportError, OutputError
from omi_rules.temporary import REMEDY

_CHUNK = 1 << 20
#: What other programs leave beside the files; not a folder around the tables.
_LITTER = "__MACOSX"
_SUFFIXES = (".csv", ".parquet", ".jsonl", ".json", ".yaml")


def unpack(path: Path, folder: Path, bound: int) -> tuple[str, ...]:
    """Unpack the tables of a zip into a folder; returns the names of the entries left packed.

    `bound` limits the bytes that really come out, whatever the zip declares.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            for entry in entries:
                _refuse_odd_entry(entry, path.name)
            return _unpack_entries(archive, entries, folder, bound, path.name)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,  # what zipfile raises for a way of packing that it does not know
        RuntimeError,
        UnicodeError,
    ) as error:
        raise ExportError(f"{path.name} cannot be unpacked: make the zip again") from error
    except OSError as error:
        if error.errno in NO_ROOM:
            raise OutputError(
                f"{path.name} could not be unpacked into {folder.parent}: {error.strerror}. Free some space there, "
                f"or {REMEDY}."
            ) from None
        raise ExportError(f"{path.name} cannot be unpacked: {error.strerror or 'make the zip again'}") from None


def _refuse_odd_entry(entry: zipfile.ZipInfo, zip_name: str) -> None:
    name = PurePosixPath(entry.filename.replace("\\", "/"))
    if not name.parts or name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
        raise ExportError(
            f"{zip_name} holds an entry with a path that leads out of it: make the zip again from the folder"
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ExportError(f"{zip_name} holds a link in place of a file: make the zip again with the files themselves")
    if entry.flag_bits & 1:
        raise ExportError(f"{zip_name} is encrypted: unpack it, and give the folder")


def _unpack_entries(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], folder: Path, bound: int, zip_name: str
) -> tuple[str, ...]:
    names = {entry.filename: PurePosixPath(entry.filename.replace("\\", "/")) for entry in entries}
    around = _folder_around(list(names.values()))
    left = bound
    packed: list[str] = []
    for entry in entries:
        inner = names[entry.filename]
        if around:
            inner = inner.relative_to(around) if inner.is_relative_to(around) else inner
        target = folder / inner.name
        if len(inner.parts) > 1 or inner.suffix.lower() not in _SUFFIXES:
            packed.append(inner.as_posix())
            continue
        if target.exists():
            raise ExportError(f"{zip_name} holds the file {inner.name} twice: keep one of them")
        left = _unpack_entry(archive, entry, target, left, zip_name, bound)
    return tuple(sorted(packed))


def _folder_around(names: list[PurePosixPath]) -> str | None:
    """The one folder around everything, if there is one."""
    tops = {name.parts[0] for name in names if name.parts[0] != _LITTER}
    deep = all(len(name.parts) > 1 for name in names if name.parts[0] != _LITTER)
    return tops.pop() if len(tops) == 1 and deep else None


def _unpack_entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int, zip_name: str, bound: int
) -> int:
    with archive.open(entry) as packed, target.open("xb") as file:
        while chunk := packed.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise ExportError(
                    f"{zip_name} unpacks to more than {bound} bytes: unpack it yourself and give the folder, "
                    "or raise unpack_limit in omi-rules.toml if the size is right"
                )
            file.write(chunk)
    return left
