"""An export that changes while it is read is refused: its fingerprint would be of other data than was judged."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from omi_rules.data import csv_text, export, fingerprint
from omi_rules.problems import ExportError
from tests.data import exports

REFUSED = r"^%s changed while it was read: export into another folder, move it into place when it is complete"


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\n")


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def write_over(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(file.read(1))


def replace(path: Path) -> None:
    """Put a file in its place that differs in nothing but that it is another."""
    shutil.copy2(path, path.with_name("other"))
    path.with_name("other").replace(path)


CHANGES = [append, cut_short, write_over, replace, Path.unlink]


def doing_before(work: Callable[..., Any], change: Callable[[], None]) -> Callable[..., Any]:
    changes = iter([change])

    def changed(*given: Any) -> Any:
        for one in changes:  # the first time alone
            one()
        return work(*given)

    return changed


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl", "json"])
def test_file_that_changes_while_it_is_read_is_refused(
    form: str, change: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writers = {"csv": exports.write_csv, "parquet": exports.write_parquet}
    if form in writers:
        folder = writers[form](exports.TABLES, tmp_path)
    else:
        folder = exports.write_records(exports.TABLES, tmp_path, form)
    path = next(iter(sorted(folder.glob(f"*.{form}"))))
    monkeypatch.setattr(fingerprint, "combine", doing_before(fingerprint.combine, lambda: change(path)))

    with pytest.raises(ExportError, match=REFUSED % path.name):
        exports.read(folder)


@pytest.mark.parametrize("change", CHANGES)
def test_change_is_told_and_not_what_came_of_it(
    change: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = exports.write_csv(exports.TABLES, tmp_path)
    path = folder / "cases.csv"
    monkeypatch.setattr(csv_text, "read_header", doing_before(csv_text.read_header, lambda: change(path)))

    with pytest.raises(ExportError, match=REFUSED % "cases.csv"):
        exports.read(folder)


def test_zip_that_changes_while_it_is_unpacked_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = exports.write_csv(exports.TABLES, tmp_path / "export")
    path = Path(shutil.make_archive(str(tmp_path / "export"), "zip", folder))
    monkeypatch.setattr(export, "unpack", doing_before(export.unpack, lambda: replace(path)))

    with pytest.raises(ExportError, match=REFUSED % "export.zip"):
        exports.read(path)
