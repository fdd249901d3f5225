"""What a store of runs costs, night after night: seconds, rows written, and bytes.

A synthetic area lives on for some nights: work is recorded, cases come, end and leave, and now and then a record
vanishes. Every night the whole export is checked into one store. Nothing is asserted here; what counts is whether
the last nights cost more than the first ones, and what a year would weigh.

    python benchmarks/store.py --cases 10359 --nights 30 --write
"""

import argparse
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
from check import describe_machine

from omi_rules.demo.area import write_area
from omi_rules.history import recorder
from omi_rules.history.chain import verify
from omi_rules.history.choice import Choice
from omi_rules.history.database import read_store
from omi_rules.history.diff import find_changes
from omi_rules.history.place import find_place
from omi_rules.history.runs import list_runs
from omi_rules.pipeline import Settings, check

RESULTS = Path(__file__).with_name("results") / "store.md"
FIRST = date(2006, 11, 30)
MEGABYTE = 1_000_000
NIGHTS_OF_A_YEAR = 365

#: How many rows of a table a night adds for every thousand cases, and the other cells of such a row.
ADDED = {
    "appointments": (200, "'office', 'attended', NULL"),
    "roh_assessments": (4, "'review', 'medium', 'po', NULL"),
    "sentence_plans": (3, "'review', 'true', 'true', 'po'"),
    "home_visits": (2, "'true'"),
    "risk_management_plans": (1, "'update', 'true'"),
}


@dataclass(frozen=True)
class Night:
    """One night: seconds of the whole check on the clock, seconds of processor of the check and of the store alone,
    rows written, and bytes of the store after it."""

    wall: float
    whole: float
    store: float
    rows: int
    size: int


def live_on(export: Path, day: date, rng: Random) -> None:
    """Turn the export of the day before into that of `day`."""
    with duckdb.connect() as store:
        tables = {file.stem: file for file in export.glob("*.csv")}
        for name, file in tables.items():
            store.execute(f"CREATE TABLE {name} AS FROM read_csv('{file}', all_varchar = true, header = true)")
        store.execute(f"SELECT setseed({rng.random()})")
        (cases,) = store.execute("SELECT count(*) FROM cases").fetchone() or (0,)
        share = cases / 1000
        left = "SELECT case_id FROM cases WHERE end_date < '2006-11-30' ORDER BY random() LIMIT " + str(round(share))
        gone = [case for (case,) in store.execute(left).fetchall()]
        for name in tables:
            if "case_id" in [column[0] for column in store.execute(f"FROM {name} LIMIT 0").description or ()]:
                store.execute(f"DELETE FROM {name} WHERE case_id IN (SELECT unnest(?))", [gone])
        someone = "SELECT case_id FROM cases WHERE end_date IS NULL ORDER BY random() LIMIT "
        store.execute(f"UPDATE cases SET end_date = '{day}' WHERE case_id IN ({someone}{round(share)})")
        store.execute(
            f"""INSERT INTO cases SELECT * REPLACE ('N{day:%y%m%d}-' || case_id AS case_id, '{day}' AS sentence_date)
            FROM cases WHERE order_type = 'community_order' AND end_date IS NULL AND case_id NOT LIKE 'N%'
            ORDER BY random() LIMIT {round(share)}"""
        )
        for name, (rows, cells) in ADDED.items():
            chosen = f"{someone}{round(rows * share)}"
            store.execute(f"INSERT INTO {name} SELECT case_id, '{day}', {cells} FROM ({chosen})")
        store.execute("DELETE FROM roh_assessments WHERE rowid IN (SELECT rowid FROM roh_assessments USING SAMPLE 2)")
        for name, file in tables.items():
            store.execute(f"COPY {name} TO '{file}' (HEADER)")


@contextmanager
def timed(totals: list[float]) -> Iterator[None]:
    """Add up the seconds of processor that the recorder takes: those on the clock are also other programs'."""
    names = ("meet", "compare", "_write")
    whole: dict[str, Callable[..., Any]] = {name: getattr(recorder.Recorder, name) for name in names}

    def measure(name: str) -> Callable[..., Any]:
        def measured(*arguments: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                return whole[name](*arguments, **named)
            finally:
                totals.append(time.process_time() - start)

        return measured

    for name in names:
        setattr(recorder.Recorder, name, measure(name))
    try:
        yield
    finally:
        for name in names:
            setattr(recorder.Recorder, name, whole[name])


def spend_nights(export: Path, store: Path, nights: int, seed: int) -> Iterator[Night]:
    """Check the export of every night into the store."""
    rng = Random(seed)
    for night in range(nights):
        day = FIRST + timedelta(days=night)
        if night:
            live_on(export, day, rng)
        totals: list[float] = []
        start, processor = time.perf_counter(), time.process_time()
        with timed(totals):
            run = check(export, None, Settings(as_at=day, store=str(store)))
        wall, whole = time.perf_counter() - start, time.process_time() - processor
        assert run.changes is not None
        print(f"night {night + 1}: {whole:.1f} s, store {sum(totals):.2f} s, {run.changes.began}", file=sys.stderr)
        yield Night(wall, whole, sum(totals), run.changes.rows_written, store.stat().st_size)


def table(nights: Sequence[Night]) -> list[str]:
    """The first night, then the nights in groups, each as medians."""
    lines = [
        "| nights | check: wall, s | CPU, s | of that the store | rows written | store, MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        line("1", nights[:1]),
    ]
    size = max(len(nights[1:]) // 3, 1)
    for first in range(1, len(nights), size):
        group = nights[first : first + size]
        lines.append(line(f"{first + 1} to {first + len(group)}", group))
    return lines


def line(name: str, nights: Sequence[Night]) -> str:
    """One line of the table."""
    wall, whole, store, rows = (
        statistics.median(values)
        for values in zip(*((night.wall, night.whole, night.store, night.rows) for night in nights), strict=True)
    )
    return f"| {name} | {wall:.2f} | {whole:.2f} | {store:.2f} | {rows:,.0f} | {nights[-1].size / MEGABYTE:.1f} |"


def sum_up(nights: Sequence[Night], store: Path) -> list[str]:
    """What a year would weigh, whether nights grow dearer, and what it takes to read the store."""
    others = nights[1:]
    third = max(len(others) // 3, 1)
    early, late = others[:third], others[-third:]
    ratios = (
        statistics.median(getattr(night, part) for night in late)
        / statistics.median(getattr(night, part) for night in early)
        for part in ("store", "rows")
    )
    seconds, rows = ratios
    growth = (nights[-1].size - nights[0].size) / len(others)
    year = nights[0].size + growth * (NIGHTS_OF_A_YEAR - 1)
    with read_store(find_place(str(store))) as connection:
        start = time.perf_counter()
        verified = verify(connection)
        checking = time.perf_counter() - start
        start = time.perf_counter()
        kept = list_runs(connection)
        find_changes(connection, kept, kept[-2], kept[-1], Choice())
        comparing = time.perf_counter() - start
    assert not verified.faults
    with sqlite3.connect(store) as raw:
        (held,) = raw.execute("SELECT sum(length(manifest)) FROM runs").fetchone()
    return [
        f"The last third of the nights beside the first third: {seconds:.2f} times the processor seconds of the store, "
        f"{rows:.2f} times the rows written.",
        f"A night adds {growth / 1000:,.0f} kB, {held / len(nights) / 1000:,.1f} kB of them its manifest; "
        f"a year at that pace is {year / MEGABYTE:,.0f} MB.",
        f"`history diff` of the last two nights takes {comparing:.2f} s, `history verify` {checking:.2f} s.",
    ]


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure a store of runs, night after night.")
    parser.add_argument("--cases", type=int, default=10_359, metavar="N")
    parser.add_argument("--nights", type=int, default=30, metavar="N", help="nights, four at least (default 30)")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--write", action="store_true", help=f"also write the table to {RESULTS.name}")
    return parser.parse_args(arguments)


def main() -> None:
    """Live through the nights, and print the table."""
    options = parse_arguments()
    with tempfile.TemporaryDirectory() as folder:
        export, store = Path(folder) / "export", Path(folder) / "omi-rules.db"
        write_area(export, options.cases, options.seed)
        nights = list(spend_nights(export, store, options.nights, options.seed))
        lines = [
            "# What a store of runs costs",
            "",
            f"A synthetic area of {options.cases:,} cases lives on for {options.nights} nights; every night the whole",
            "export is checked into one store in SQLite (`python benchmarks/store.py`). Medians of each group.",
            "",
            f"Machine: {describe_machine()}.",
            "",
            *table(nights),
            "",
            *sum_up(nights, store),
            "",
        ]
        shutil.rmtree(export)
    text = "\n".join(lines)
    print(text)
    if options.write:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
