"""What lies in an export: which file holds which table, and what is not read at all.

File names are taken in any case. Nothing outside the export is followed, and nothing but regular files is
opened.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from omi_rules.data.mapping import Mapping
from omi_rules.problems import ExportError

Form = Literal["csv", "parquet", "jsonl", "json"]

_TABLE_FORMS: dict[str, Form] = {".csv": "csv", ".parquet": "parquet"}
_RECORD_FORMS: dict[str, Form] = {".jsonl": "jsonl", ".json": "json"}


@dataclass(frozen=True)
class DataFile:
    """One file that is read: of one table, or of records with all their tables."""

    path: Path
    form: Form

    @property
    def name(self) -> str:
        """The file's name, as messages show it."""
        return self.path.name


@dataclass(frozen=True)
class Layout:
    """Where everything is. `tables` holds the files of tables; `records` and `staff` those of JSON
    records."""

    form: Form
    tables: dict[str, DataFile] = field(default_factory=dict)
    records: DataFile | None = None
    staff: DataFile | None = None
    settings: Path | None = None
    unread: tuple[str, ...] = ()

    @property
    def files(self) -> list[Path]:
        """Every file that is read."""
        files = [file.path for file in (*self.tables.values(), self.records, self.staff) if file]
        return files + ([self.settings] if self.settings else [])


def find_layout(path: Path, mapping: Mapping, name: str, *, in_parts: bool = False) -> Layout:
    """The layout of a folder, or of a file of JSON records; `name` is what messages call it.

    `in_parts` lets a table be a folder of files, as Spark writes one.
    """
    if path.is_dir():
        layout = _sort_files(list_files(path, name), mapping, name)
        may_be_folders = {file.path for file in layout.tables.values()} if in_parts else set()
        _refuse_odd_files(file for file in layout.files if not (file in may_be_folders and file.is_dir()))
        return layout
    form = _RECORD_FORMS.get(path.suffix.lower())
    if form is None:
        raise ExportError(
            f"{path.name} is no export: give the folder that holds cases.csv or cases.parquet, a zip of it, "
            "or a .jsonl or .json file of case records"
        )
    return Layout(form, records=DataFile(path, form))


def list_files(folder: Path, name: str) -> list[Path]:
    """The entries of a folder, in order of their names; refused if one leads out of it."""
    root = folder.resolve()
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise ExportError(f"{name} cannot be read: {error.strerror}") from None
    for entry in entries:
        if entry.is_symlink() and not _resolve(entry).is_relative_to(root):
            raise ExportError(
                f"{entry.name} is a link that leads out of the export: put the file itself in its place, or remove it"
            )
    return entries


def _resolve(link: Path) -> Path:
    try:
        return link.resolve()
    except (OSError, RuntimeError):
        raise ExportError(f"{link.name} is a link that leads nowhere: put the file itself in its place") from None


def _sort_files(entries: Iterable[Path], mapping: Mapping, name: str) -> Layout:
    names = mapping.contract_names()
    tables: dict[str, list[DataFile]] = {}
    records: list[DataFile] = []
    settings: list[Path] = []
    unread: list[str] = []
    for entry in entries:
        suffix, table = entry.suffix.lower(), names.get(entry.stem.lower())
        if suffix in _TABLE_FORMS and table:
            tables.setdefault(table, []).append(DataFile(entry, _TABLE_FORMS[suffix]))
        elif suffix in _RECORD_FORMS:
            records.append(DataFile(entry, _RECORD_FORMS[suffix]))
        elif entry.name.lower() == "export.yaml":
            settings.append(entry)
        else:
            unread.append(f"{entry.name}/" if entry.is_dir() else entry.name)
    if len(settings) > 1:
        raise ExportError(f"{_both(settings)} are the same file in two spellings: keep one of them")
    if tables:
        return _lay_tables(tables, records, settings, unread, mapping)
    return _lay_records(records, settings, unread, mapping, name)


def _lay_tables(
    tables: dict[str, list[DataFile]],
    records: list[DataFile],
    settings: list[Path],
    unread: list[str],
    mapping: Mapping,
) -> Layout:
    names = mapping.contract_names()
    for file in records:
        table = names.get(file.path.stem.lower())
        if table:
            tables.setdefault(table, []).append(file)
        else:
            unread.append(file.name)
    for table, files in sorted(tables.items()):
        if len(files) > 1:
            raise ExportError(f"{_both(file.path for file in files)} hold the same table {table}: keep one of them")
    lone = [files[0].name for files in tables.values() if files[0].form in ("jsonl", "json")]
    if "cases" not in tables or lone:
        found = f"; {lone[0]} holds records, which do not mix with tables in files of their own" if lone else ""
        local, told = mapping.local_name("cases"), _told_by(mapping)
        raise ExportError(
            f"the export has no {local}.csv or {local}.parquet{told}{found}: add the table of cases{_workbooks(unread)}"
        )
    found_tables = {table: files[0] for table, files in sorted(tables.items())}
    first = settings[0] if settings else None
    return Layout(found_tables["cases"].form, found_tables, settings=first, unread=tuple(sorted(unread)))


def _lay_records(
    records: list[DataFile], settings: list[Path], unread: list[str], mapping: Mapping, name: str
) -> Layout:
    local = mapping.local_name("cases")
    of_staff = mapping.local_name("staff").lower()
    staff = [file for file in records if file.path.stem.lower() == of_staff]
    cases = [file for file in records if file.path.stem.lower() != of_staff]
    named = [file for file in cases if file.path.stem.lower() == local.lower()]
    if len(cases) > 1 and named:
        unread += [file.name for file in cases if file not in named]
        cases = named
    if not cases:
        raise ExportError(
            f"{name} holds no table of cases{_told_by(mapping)}: give the folder that holds {local}.csv, "
            f"{local}.parquet, or a .jsonl or .json file of case records{_workbooks(unread)}"
        )
    for files, table in ((cases, "cases"), (staff, "staff")):
        if len(files) > 1:
            raise ExportError(f"{_both(file.path for file in files)} both hold records of {table}: keep one of them")
    return Layout(
        cases[0].form,
        records=cases[0],
        staff=staff[0] if staff else None,
        settings=settings[0] if settings else None,
        unread=tuple(sorted(unread)),
    )


def _workbooks(unread: list[str]) -> str:
    """What to do with workbooks that lie there in place of tables."""
    found = next((name for name in unread if name.lower().endswith((".xlsx", ".xls", ".ods"))), None)
    return f". {found} is a workbook: save each of its sheets as CSV (UTF-8)" if found else ""


def _told_by(mapping: Mapping) -> str:
    """Whose word the name is that cases are looked for under, if it is not the contract's."""
    local = mapping.of("cases").local_name
    return f" (the mapping file reads cases from {local})" if local else ""


def _both(paths: Iterable[Path]) -> str:
    return " and ".join(path.name for path in paths)


def _refuse_odd_files(paths: Iterable[Path]) -> None:
    for path in paths:
        if not path.is_file():
            raise ExportError(f"{path.name} is no regular file: put the file itself in its place")
