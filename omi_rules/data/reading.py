"""Reads the tables of an export: cases and staff first, then the others two at a time."""

import re
from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from duckdb import DuckDBPyConnection

from omi_rules.data import accounts, csv_text, json_text
from omi_rules.data.accounts import TableAccount
from omi_rules.data.bytes_scan import Scan, scan_file
from omi_rules.data.conform import Judging, Parents
from omi_rules.data.conversions import create_types_sql
from omi_rules.data.csv_careful import read_carefully
from omi_rules.data.layout import DataFile, Layout
from omi_rules.data.mapping import Mapping
from omi_rules.data.parquet_text import blaming_the_file, parquet_source
from omi_rules.data.quick import is_plain
from omi_rules.data.sources import Source
from omi_rules.data.store import plan_for_few_rows
from omi_rules.data.text_rows import TextRows
from omi_rules.problems import ExportError, UsageError, nearest
from omi_rules.shapes import Table, load_tables

#: DuckDB keeps both cores busy with a large table; with small ones, most of the time goes into planning, on
#: one.
_AT_ONCE = 2


#: Beyond both a file counts as large: some hundred thousand rows, and a dozen for each case of the run.
_LARGE_BYTES = {"a file": 14 << 20, "a case": 400}

#: So few cases are judged sooner by plans made in haste: a tenth at 1,000, and nothing more at 10,359.
_FEW_CASES = 2_000

#: What a zip may unpack to, unless the settings say otherwise.
UNPACKED_BYTES = 8 << 30


@dataclass(frozen=True)
class Limits:
    """How much an export may take up, in bytes: all that a zip unpacks to, and a cell."""

    unpacked_bytes: int = UNPACKED_BYTES
    cell_bytes: int = 1 << 20

    @classmethod
    def of(cls, unpack_limit: str | None) -> "Limits":
        """The usual limits, but for what a zip may unpack to where the settings say it: a size such as 16GB or 8GiB."""
        return cls(UNPACKED_BYTES if unpack_limit is None else _bytes_of(unpack_limit))


def _bytes_of(size: str) -> int:
    number, unit = re.fullmatch(r"([0-9.]+) ?([KMGT]i?)B", size).groups()  # type: ignore[union-attr]
    return int(float(number) * (1024 if unit.endswith("i") else 1000) ** ("KMGT".index(unit[0]) + 1))


@dataclass(frozen=True)
class Reading:
    """One reading of an export: from where, into which store, and by which rules."""

    store: DuckDBPyConnection
    layout: Layout
    mapping: Mapping
    limits: Limits
    as_at: date
    only_case: str | None

    def judging(self, table: Table) -> Judging:
        """What the rows of a table are judged by."""
        only = self.only_case if table.key == "case_id" else None
        return Judging(self.as_at, self.limits.cell_bytes, only, self.mapping.date_format, self.mapping.of(table.name))


@dataclass
class Found:
    """What a reading found: an account a table, in the order of the tables, the columns of each, and the names not
    read."""

    accounts: dict[str, TableAccount] = field(default_factory=dict)
    columns: dict[str, frozenset[str]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    digests: dict[Path, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Loaded:
    source: Source
    account: TableAccount
    unread: list[str]


#: Loads the judged rows of a table: its source, and the names of the columns that are not read.
_Load = Callable[[DuckDBPyConnection, Table, "Parents | None"], tuple[Source, list[str]]]

_Way = Callable[[DuckDBPyConnection, Table, Source, Judging, "Parents | None"], Source]


def read_tables(reading: Reading) -> Found:
    """Read every table of the export into the store, with its account."""
    _prepare(reading)
    found = Found()
    with ThreadPoolExecutor(1) as scanner:
        scans = _start_scans(reading.layout, scanner)
        try:
            if reading.layout.records:
                load, present = _load_records(reading, found)
            else:
                load, present = _load_files(reading, scans), set(reading.layout.tables)
            _judge_tables(reading, load, present, found)
        except BaseException:
            scanner.shutdown(wait=False, cancel_futures=True)
            raise
        found.digests = {path: scan.result().digest for path, scan in scans.items()}
    return found


def read_part(reading: Reading, sources: MappingOf[str, Source]) -> Found:
    """Read tables whose rows lie in the store already: some of an export's cases with all their rows, or no case."""
    _prepare(reading)
    found = Found()

    def load(store: DuckDBPyConnection, table: Table, parents: Parents | None) -> tuple[Source, list[str]]:
        return accounts.load_rows(store, table, sources[table.name], reading.judging(table), parents), []

    _judge_tables(reading, load, set(sources), found, is_whole=False)
    return found


def _prepare(reading: Reading) -> None:
    store = reading.store
    # the place of a row is its number
    store.execute("SET preserve_insertion_order = true")
    accounts.create_ledgers(store)
    # at once: each by itself would wait for its turn beside the reading of the rulebook
    store.execute(";".join(statement for table in load_tables().values() for statement in create_types_sql(table)))


def _start_scans(layout: Layout, scanner: ThreadPoolExecutor) -> "dict[Path, Future[Scan]]":
    """Scan the CSV files behind the reader's back: those that it needs first, then the largest."""
    files = {name: file for name, file in layout.tables.items() if file.form == "csv"}
    first = [files[name] for name in ("cases", "staff") if name in files]
    others = [file for file in files.values() if file not in first]
    others.sort(key=lambda file: file.path.stat().st_size, reverse=True)
    return {file.path: scanner.submit(scan_file, file.path) for file in first + others}


def _judge_tables(reading: Reading, load: _Load, present: set[str], found: Found, *, is_whole: bool = True) -> None:
    tables, parents = load_tables(), {}
    loaded: dict[str, _Loaded] = {}
    for name in ("cases", "staff"):
        table = tables[name]
        if name in present:
            source, unread = load(reading.store, table, None)
            parents[table.key] = accounts.number_parents(reading.store, table)
            account = accounts.account_for(reading.store, table, source.file)
            loaded[name] = _Loaded(source, account, unread)
        else:
            parents[table.key] = accounts.number_nobody(reading.store, table)
        if name == "cases" and is_whole:
            _refuse_no_cases(reading, table, loaded[name])
    if parents["case_id"].in_run <= _FEW_CASES:
        plan_for_few_rows(reading.store)
    here = [table for table in tables.values() if table.name in present]
    loaded = _load_the_rest(reading, load, here, parents, loaded)
    for table in tables.values():
        if table.name not in loaded:
            accounts.create_empty(reading.store, table)
            continue
        one = loaded[table.name]
        found.accounts[table.name] = one.account
        found.columns[table.name] = frozenset(one.source.cells)
        found.unread.update(one.unread)
        if one.account.count.rejected:
            own = None if table.unique else parents[table.key]
            accounts.book_rejects(reading.store, table, one.source, reading.judging(table), own)
        if table.unique:
            accounts.drop_judged(reading.store, table)


def _refuse_no_cases(reading: Reading, table: Table, cases: _Loaded) -> None:
    count = cases.account.count
    if count.used + count.left_out:
        return
    if not count.rejected:
        if reading.only_case is not None:
            raise UsageError(f"the case asked for is not in {count.file}: give a case_id as it stands there")
        raise ExportError(f"{count.file} has no rows: export the cases again")
    absent = [column.name for column in table.columns if column.required and column.name not in cases.source.cells]
    # of records of which none could be read, no column is known
    is_known = len(cases.source.cells) > 1 or not reading.layout.records
    if absent and is_known and count.rejected == count.rows_in:
        near = nearest(absent[0], cases.unread)
        hint = f"{near} If so, rename it in the export, or map it (--map)" if near else ": add it to the export"
        raise ExportError(f"{count.file} has no column {absent[0]}{hint}")
    accounts.book_rejects(reading.store, table, cases.source, reading.judging(table), None)
    reason = accounts.main_reason(reading.store)
    remedy = reading.mapping.remedy_of(reason)
    if reading.only_case is not None:
        raise ExportError(f"the case asked for is rejected: {reason}; {remedy}")
    raise ExportError(f"no case is left, as all rows of {count.file} are rejected: {reason}; {remedy}")


def _load_the_rest(
    reading: Reading,
    load: _Load,
    tables: list[Table],
    parents: dict[str, Parents],
    numbered: MappingOf[str, _Loaded],
) -> dict[str, _Loaded]:
    """Load the tables that have a parent, and make the parents `numbered` already; the largest first, side by side."""

    def work(table: Table) -> _Loaded:
        with reading.store.cursor() as store:
            if table.name in numbered:
                accounts.create_parents(store, table, numbered[table.name].source)
                return numbered[table.name]
            source, unread = load(store, table, parents[table.key])
            accounts.show_used_rows(store, table, source)
            return _Loaded(source, accounts.account_for(store, table, source.file), unread)

    def size(table: Table) -> int:
        file = reading.layout.tables.get(table.name)
        return file.path.stat().st_size if file else 0

    with ThreadPoolExecutor(_AT_ONCE) as workers:
        waiting = {table.name: workers.submit(work, table) for table in sorted(tables, key=size, reverse=True)}
        try:
            return {name: future.result() for name, future in waiting.items()}
        except BaseException:
            workers.shutdown(cancel_futures=True)
            raise


def _load_files(reading: Reading, scans: "dict[Path, Future[Scan]]") -> _Load:
    """How to load a table from a file of its own."""

    def load(store: DuckDBPyConnection, table: Table, parents: Parents | None) -> tuple[Source, list[str]]:
        file, judging = reading.layout.tables[table.name], reading.judging(table)
        try:
            if file.form == "parquet":
                source, unread = parquet_source(store, table, file, judging.mapping)
                with blaming_the_file(store, file):
                    return accounts.load_rows(store, table, source, judging, parents), unread
            return _load_csv(reading, store, table, file, parents, scans[file.path])
        except OSError as error:
            raise ExportError(f"{file.name} cannot be read: {error.strerror}") from None

    return load


def _load_csv(
    reading: Reading,
    store: DuckDBPyConnection,
    table: Table,
    file: DataFile,
    parents: Parents | None,
    scan: "Future[Scan]",
) -> tuple[Source, list[str]]:
    judging, encoding = reading.judging(table), reading.mapping.encoding
    header = csv_text.read_header(file.path, table, encoding, judging.mapping)
    unread = csv_text.unread_columns(table, header)
    if header.plain:
        source = csv_text.fast_source(table, file.path, header, judging.cell_bytes)
        source = replace(source, large=_is_large(file, parents))
        for way in _ways(source, judging):
            try:
                loaded = way(store, table, source, judging, parents)
            except csv_text.CSV_ERRORS:
                continue  # the next way takes what this one does not, or says which rows are wrong
            if csv_text.is_trusted(store, accounts.raw_name(table), header, scan):
                return loaded, unread
            break
    rows = read_carefully(store, table, file.path, header, encoding, judging.cell_bytes)
    source = rows.source(file.name, tuple(header.places))
    source = accounts.load_rows(store, table, source, judging, parents)
    rows.drop()
    return source, unread


def _is_large(file: DataFile, parents: Parents | None) -> bool:
    """Whether keys are better looked up in an ENUM, which takes the longer to plan for the more cases there are."""
    in_run = parents.in_run if parents else 0
    return file.path.stat().st_size > max(_LARGE_BYTES["a file"], _LARGE_BYTES["a case"] * in_run)


def _ways(source: Source, judging: Judging) -> list[_Way]:
    """The ways to load the rows of a file that DuckDB can read, the quickest first."""
    return [accounts.load_quickly, accounts.load_rows] if is_plain(source, judging) else [accounts.load_rows]


def _load_records(reading: Reading, found: Found) -> tuple[_Load, set[str]]:
    """Read the records, and say how to load a table from them and which tables they hold."""
    rows: dict[str, TextRows] = {}
    columns: dict[str, set[str]] = {}
    files: dict[str, DataFile] = {}
    for file, key in ((reading.layout.records, "case_id"), (reading.layout.staff, "staff_id")):
        if file is None:
            continue
        try:
            records = json_text.read_records(reading.store, file, key, reading.mapping)
        except OSError as error:
            raise ExportError(f"{file.name} cannot be read: {error.strerror}") from None
        rows |= records.rows
        columns |= records.columns
        files |= dict.fromkeys(records.rows, file)
        found.unread |= records.unread
    columns.setdefault("cases", set())

    def load(store: DuckDBPyConnection, table: Table, parents: Parents | None) -> tuple[Source, list[str]]:
        read = [column.name for column in table.columns if column.name in columns[table.name] | {table.key}]
        source = rows[table.name].source(files[table.name].name, read)
        source = replace(source, around=None if table.unique else json_text.AROUND)
        source = accounts.load_rows(store, table, source, reading.judging(table), parents)
        store.execute(f"DROP TABLE {rows[table.name].name}")
        return source, []

    return load, set(columns)
