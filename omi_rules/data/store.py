"""The working store of one run: a DuckDB database in memory, which spills to disk where a limit is set."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import duckdb
from duckdb import DuckDBPyConnection

from omi_rules.problems import UsageError
from omi_rules.temporary import temporary_folder

#: What the rest of the program calls the connection; only `data` and `checks` know whose it is.
Store = DuckDBPyConnection

#: DuckDB would otherwise fetch over the network, and run, whatever extension a statement might need.
NO_EXTENSIONS = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}

#: Optimisers that take up to a quarter of a second to plan a statement over a small table, or one over an ENUM of many
#: words, and save nothing here.
_NEVER_WORTH = ("partial_aggregate_pushdown", "common_subplan")

#: Optimisers that save the more the more rows there are, and take as long to plan for one row as for a million. Those
#: that are left are what keeps a plan sound: the columns that it reads, and where it filters.
_FOR_MANY_ROWS = (
    "aggregate_reuse",
    "common_subexpressions",
    "duplicate_groups",
    "join_elimination",
    "join_filter_pushdown",
    "join_order",
    "outer_join_simplification",
    "projection_placement",
    "projection_pullup",
    "self_join_aggregate",
)

T = TypeVar("T")

#: A file of JSON is read in pieces of twice its longest line, and of twice this many bytes at the least.
_SHORTEST_PIECE = 1 << 20


@contextmanager
def open_store(memory: str | None = None, threads: int | None = None, scratch: str | None = None) -> Iterator[Store]:
    """A store that is gone, with whatever it spilled, when the block ends. `memory` is a size such as 4GB.

    What it spills lies in a folder of its own in `scratch`, or where the machine has its scratch files.
    """
    with (
        temporary_folder(scratch) as folder,
        duckdb.connect(config={**NO_EXTENSIONS, "temp_directory": folder}) as store,
    ):
        if memory:
            store.execute("SET memory_limit = ?", [memory])
        store.execute("SET enable_progress_bar = false")
        _leave_out(store, _NEVER_WORTH)
        if threads:
            store.execute("SET threads = ?", [threads])
        try:
            yield store
        except duckdb.OutOfMemoryException:
            raise UsageError(
                "the memory is not enough: give `memory` more in omi-rules.toml, or free disk space for what spills."
            ) from None
        except RuntimeError as error:
            if str(error) == "Query interrupted":  # so DuckDB says Ctrl-C
                raise KeyboardInterrupt from None
            raise


def plan_for_few_rows(store: Store) -> None:
    """Plan what follows, on every cursor of the store, in less time, where there are few rows to spare any."""
    _leave_out(store, (*_NEVER_WORTH, *_FOR_MANY_ROWS))


def _leave_out(store: Store, optimisers: Sequence[str]) -> None:
    store.execute(f"SET disabled_optimizers = '{','.join(optimisers)}'")


def run_together(store: Store, work: Iterable[Callable[[Store], T]]) -> list[T]:
    """Do independent work on the store side by side, each with a cursor of its own; results in the order given.

    A statement over one case a row is too small for the store to share out by itself. A cursor sees the schemas that
    `store` sees.
    """

    cursors: list[Store] = []

    def on_cursor(one: Callable[[Store], T]) -> T:
        with store.cursor() as cursor:
            cursors.append(cursor)
            if path:
                cursor.execute(f"SET search_path = '{path}'")
            return one(cursor)

    threads, path = store.execute("SELECT current_setting('threads'), current_setting('search_path')").fetchone() or (
        1,
        "",
    )
    with ThreadPoolExecutor(int(threads)) as pool:
        waiting = [pool.submit(on_cursor, one) for one in work]
        try:
            return [future.result() for future in waiting]
        except BaseException:
            # after Ctrl-C, or a fault of one, the rest is of no use, and would have to be waited for
            pool.shutdown(wait=False, cancel_futures=True)
            for cursor in cursors:
                with suppress(duckdb.Error):  # one that is done is closed
                    cursor.interrupt()
            raise


def create_from(store: Store, table: str, types: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Create a small table from plain rows; values are passed as data, never as SQL."""
    columns = ", ".join(f"{name} {type_}" for name, type_ in types.items())
    store.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")
    if not rows:
        return
    shape = json.dumps([dict(types)])
    chosen = ", ".join(f"row.{name}" for name in types)
    store.execute(
        f"INSERT INTO {table} SELECT {chosen} FROM (SELECT unnest(from_json(?::JSON, '{shape}')) AS row)",
        [json.dumps(list(rows), ensure_ascii=False)],
    )


def view_parquet(store: Store, view: str, path: Path) -> frozenset[str]:
    """Make a Parquet file a view, and give the names of its columns; none where it cannot be read as Parquet."""
    quoted = str(path).replace("'", "''")
    try:
        store.execute(f"CREATE VIEW {view} AS SELECT * FROM read_parquet('{quoted}')")
    except duckdb.Error:
        return frozenset()
    return frozenset(row[0] for row in store.execute(f"DESCRIBE {view}").fetchall())


def create_from_json_lines(store: Store, table: str, types: Mapping[str, str], path: Path) -> bool:
    """Create a table of a file of JSON, a line a row; False, and no table, where it cannot be read as such.

    A column that a line does not have is null.
    """
    quoted = str(path).replace("'", "''")
    columns = ", ".join(f"{name}: '{type_}'" for name, type_ in types.items())
    try:
        with path.open("rb") as file:
            longest = max((len(line) for line in file), default=0)
        store.execute(f"""CREATE OR REPLACE TABLE {table} AS
            SELECT * FROM read_json('{quoted}', format = 'newline_delimited', columns = {{{columns}}},
                maximum_object_size = {max(longest, _SHORTEST_PIECE)})""")
    except (duckdb.Error, OSError):
        return False
    return True


def create_from_rows(store: Store, table: str, types: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
    """Create a table from many plain rows, their cells in the order of `types`; values are passed as data.

    They go over as columns: DuckDB takes few long lists apart faster than many short ones.
    """
    columns = ", ".join(f"{name} {type_}" for name, type_ in types.items())
    store.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")
    if not rows:
        return
    chosen = ", ".join(f"unnest(from_json(?::VARCHAR, '[\"VARCHAR\"]'))::{type_}" for type_ in types.values())
    cells = [json.dumps(column, ensure_ascii=False) for column in zip(*rows, strict=True)]
    store.execute(f"INSERT INTO {table} SELECT {chosen}", cells)
