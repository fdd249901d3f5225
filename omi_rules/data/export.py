"""Read an export into a DuckDB store: find its files, judge every row, account for all of them."""

from collections.abc import Mapping as MappingOf
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from duckdb import DuckDBPyConnection

from omi_rules.calendar.today import today
from omi_rules.data import fingerprint
from omi_rules.data.accounts import TableCount
from omi_rules.data.archive import unpack
from omi_rules.data.conversions import FIRST_YEAR, LAST_YEAR
from omi_rules.data.layout import Form, Layout, find_layout
from omi_rules.data.mapping import Mapping
from omi_rules.data.reading import Found, Limits, Reading, read_part, read_tables
from omi_rules.data.settings import Settings, read_settings
from omi_rules.data.sources import Source
from omi_rules.data.unchanged import unchanged
from omi_rules.problems import ExportError, UsageError
from omi_rules.shapes import load_tables
from omi_rules.temporary import temporary_folder

__all__ = ["Export", "Limits", "TableCount", "read_export"]

#: An export whose newest record is further than this from the as-at date, in days, is warned about.
_STALE_DAYS = 31
_YEARS = f"from {FIRST_YEAR} to {LAST_YEAR}, as all days of an export do"


@dataclass(frozen=True)
class Export:
    """What was read, and what became of every row of it. `unread` names columns (`table.column`) and files
    that were not read; `identical` counts the rows that repeat an earlier one, a table; `nulls` are the
    columns with an empty cell among the rows used; `newest` is the latest own date, before the as-at date is
    applied."""

    path: Path
    as_at: date
    as_at_from: str
    area: str
    source: str
    form: Form
    missing: frozenset[str]
    accounting: tuple[TableCount, ...]
    cases: int
    cases_left_out: int
    unread: tuple[str, ...]
    identical: MappingOf[str, int]
    nulls: frozenset[tuple[str, str]]
    fingerprint: str
    newest: date | None
    warnings: tuple[str, ...]


def read_export(
    store: DuckDBPyConnection,
    path: Path,
    *,
    as_at: date | None = None,
    mapping: Mapping | None = None,
    limits: Limits | None = None,
    only_case: str | None = None,
) -> Export:
    """Read the export at `path` into `store`; ExportError says what to do if it cannot be used.

    Leaves a table or view a contract table there, with the rows used, and `lost`, `lost_staff` and `rejects`.
    `only_case` reads one case alone, with its own account.
    """
    path, mapping, limits = Path(path), mapping or Mapping(), limits or Limits()
    with ExitStack() as stack:
        folder, packed = _open(path, limits, stack)
        layout = find_layout(folder, mapping, path.name or path.absolute().name)
        stack.enter_context(unchanged(layout.files))
        settings = read_settings(layout.settings)
        day, day_from = choose_as_at(as_at, settings)
        reading = Reading(store, layout, mapping, limits, day, only_case.strip() if only_case else None)
        found = read_tables(reading)
        digest = fingerprint.combine(layout.files, found.digests)
    read = _describe(found, path, day)
    unread = tuple(sorted({*layout.unread, *packed, *found.unread}))
    warnings = (*mapping.warn_of_absent(found.columns, unread), *warn(read.identical, day, read.newest))
    return replace(
        read,
        as_at_from=day_from,
        area=settings.area,
        source=settings.source,
        form=layout.form,
        unread=unread,
        fingerprint=digest,
        warnings=warnings if only_case is None else (),
    )


def read_rows(
    store: DuckDBPyConnection, sources: MappingOf[str, Source], *, as_at: date, mapping: Mapping, limits: Limits
) -> Export:
    """Read some cases of an export with all their rows, or none, from relations of `store`, by table.

    A table that is not among `sources` is not in the export. What is known of the export as a whole, such as its
    fingerprint, is left empty.
    """
    reading = Reading(store, Layout("parquet"), mapping, limits, as_at, None)
    return _describe(read_part(reading, sources), Path(), as_at)


def _describe(found: Found, path: Path, as_at: date) -> Export:
    """What the accounts of the tables say; the rest is left empty."""
    tables = found.accounts
    count = tables["cases"].count
    newest = max((account.newest for account in tables.values() if account.newest), default=None)
    identical = {name: account.identical for name, account in tables.items() if account.identical}
    return Export(
        path=path,
        as_at=as_at,
        as_at_from="option",
        area="",
        source="",
        form="parquet",
        missing=frozenset(load_tables()) - frozenset(tables),
        accounting=tuple(account.count for account in tables.values()),
        cases=count.used,
        cases_left_out=count.left_out,
        unread=(),
        identical=identical,
        nulls=frozenset((name, column) for name, account in tables.items() for column in account.nulls),
        fingerprint="",
        newest=newest,
        warnings=(),
    )


def _open(path: Path, limits: Limits, stack: ExitStack) -> tuple[Path, tuple[str, ...]]:
    """The folder or file to read, and the names of what stays packed in a zip."""
    try:
        if not path.exists():
            raise ExportError(f"there is no export at {path}: give a folder, a .zip, or a .jsonl or .json file")
    except OSError as error:
        raise ExportError(f"{path} cannot be read: {error.strerror}") from None
    if path.is_dir() or path.suffix.lower() != ".zip":
        return path, ()
    # gone again when the tables are in the store: case records are not left lying about
    folder = Path(stack.enter_context(temporary_folder()))
    with unchanged([path]):
        return folder, unpack(path, folder, limits.unpacked_bytes)


def choose_as_at(as_at: date | None, settings: Settings) -> tuple[date, str]:
    """The day as at which an export is judged, and whose word it is; refused outside the years of records."""
    if as_at is not None:
        if not FIRST_YEAR <= as_at.year <= LAST_YEAR:
            raise UsageError(f"the as-at date should lie {_YEARS}: correct --as-at, or as_at of the settings")
        return as_at, "option"
    if settings.as_at is not None:
        if not FIRST_YEAR <= settings.as_at.year <= LAST_YEAR:
            raise ExportError(f"as_at of export.yaml should lie {_YEARS}: correct it")
        return settings.as_at, "export.yaml"
    return today(), "today"


def warn(identical: MappingOf[str, int], as_at: date, newest: date | None) -> tuple[str, ...]:
    """What is odd about an export, and no reason not to use it."""
    warnings = []
    if newest and abs((newest - as_at).days) > _STALE_DAYS:
        side = "older" if newest < as_at else "newer"
        warnings.append(
            f"the newest record is {abs((newest - as_at).days)} days {side} than the as-at date, "
            f"{as_at.isoformat()}: is this the right export, and the right date?"
        )
    for name, count in identical.items():
        rows = "row is" if count == 1 else "rows are"
        warnings.append(
            f"{name}: {count} {rows} the same as an earlier one in all that was known on {as_at.isoformat()}; all count"
        )
    return tuple(warnings)
