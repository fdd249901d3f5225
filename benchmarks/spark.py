"""What a check costs on Spark beside one machine, and what a national caseload would cost on each.

Both engines judge the same folder of Parquet as whole processes in turn, on the same cores; Spark once more without
writing the run, as the judging is shared by all cores of a cluster and each file is written by one. From the two sizes
follow what a run costs whatever its size, and what a case costs; from these, by computation, the national caseload.

    python benchmarks/spark.py --cases 10359 100000 --write

Nothing is asserted: speed is a question for a quiet machine and a reader. It reads /proc, and so needs Linux.
"""

import argparse
import importlib.metadata
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from check import compile_modules, describe_machine, make_area

RESULTS = Path(__file__).with_name("results") / "spark.md"
GIGABYTE = 1_000_000_000
#: Cases under supervision at a time in England and Wales, and the years of history that are kept.
NATIONAL, YEARS = 250_000, 10
CORES = (2, 8, 32, 128)
PAGE = os.sysconf("SC_PAGE_SIZE")

ENGINES: Mapping[str, tuple[str, ...]] = {
    "one machine": (),
    "Spark": ("--engine", "spark"),
    "Spark, nothing written": ("--engine", "spark"),
}


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, seconds of processor, and bytes of memory at the peak, of all processes of a run."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Line:
    """What a run costs whatever its size, and for each case."""

    fixed: float
    each: float

    def at(self, cases: float) -> float:
        """What it costs at a size."""
        return self.fixed + self.each * cases


def below(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    try:
        threads = [*Path(f"/proc/{pid}/task").iterdir()]
    except OSError:  # it has ended
        return
    for thread in threads:
        try:
            found = (thread / "children").read_text().split()
        except OSError:
            continue
        for child in found:
            yield from below(int(child))


def held(pid: int) -> int:
    """The bytes of memory that a process and all below it hold."""
    total = 0
    for each in below(pid):
        try:
            total += int(Path(f"/proc/{each}/statm").read_text().split()[1]) * PAGE
        except OSError:
            continue
    return total


def measure(command: Sequence[str | Path]) -> Cost:
    """Run a command to its end."""
    before, start = os.times(), time.perf_counter()
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL) as process:
        peak, done = [0], threading.Event()

        def watch() -> None:
            while not done.wait(0.2):
                peak[0] = max(peak[0], held(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        code = process.wait()
        done.set()
        watcher.join()
    if code:
        raise SystemExit(f"The measured process ended with {code}.")
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(time.perf_counter() - start, cpu, peak[0])


def make_export(folder: Path, cases: int) -> tuple[Path, int]:
    """A synthetic area in Parquet, and its rows."""
    export, rows = folder / "export", 0
    make_area(folder / "csv", cases, 1)
    export.mkdir()
    for file in sorted((folder / "csv").glob("*.csv")):
        duckdb.execute(f"COPY (FROM read_csv('{file}', sample_size = -1)) TO '{export}/{file.stem}.parquet'")
        rows += (duckdb.execute(f"SELECT count(*) FROM '{export}/{file.stem}.parquet'").fetchone() or (0,))[0]
    (export / "export.yaml").write_bytes((folder / "csv" / "export.yaml").read_bytes())
    return export, rows


def years_a_case(export: Path) -> float:
    """How long a case of the area is under supervision, in years, up to the as-at date."""
    row = duckdb.execute(
        f"""SELECT avg(least(end_date::DATE, DATE '2006-11-30') - sentence_date::DATE) / 365.25
            FROM '{export}/cases.parquet'"""
    ).fetchone()
    return float(row[0]) if row else 0.0


def compare(folder: Path, export: Path, runs: int) -> dict[str, Cost]:
    """The costs of each engine, in turn; medians."""
    costs: dict[str, list[Cost]] = {name: [] for name in ENGINES}
    for number in range(runs):
        for name, options in ENGINES.items():
            kept = () if "nothing" in name else ("--output", folder / f"run-{number}-{len(options)}")
            costs[name].append(measure([sys.executable, "-m", "omi_rules.cli", "check", export, "-q", *options, *kept]))
            print(f"{name}: {costs[name][-1]}", file=sys.stderr)
    return {name: Cost(*(_median(each, part) for part in PARTS)) for name, each in costs.items()}


PARTS: tuple[Callable[[Cost], float], ...] = (lambda cost: cost.wall, lambda cost: cost.cpu, lambda cost: cost.peak)


def _median(costs: Sequence[Cost], part: Callable[[Cost], float]) -> float:
    return statistics.median(map(part, costs))


def fit(sizes: Sequence[int], costs: Sequence[float]) -> Line:
    """The line through the smallest and the largest size."""
    each = (costs[-1] - costs[0]) / (sizes[-1] - sizes[0])
    return Line(costs[0] - each * sizes[0], each)


def measured_rows(rows: Mapping[int, int], found: Mapping[int, Mapping[str, Cost]]) -> Iterator[str]:
    """The table of what was measured."""
    yield "| cases | rows | engine | wall, s | ratio | CPU, s | ratio | peak of all processes, GB |"
    yield "| ---: | ---: | --- |" + " ---: |" * 5
    for cases, costs in found.items():
        one = costs["one machine"]
        for name, cost in costs.items():
            ratios = cost.wall / one.wall, cost.cpu / one.cpu
            yield (
                f"| {cases:,} | {rows[cases]:,} | {name} | {cost.wall:.1f} | {ratios[0]:.2f} | {cost.cpu:.1f} | "
                f"{ratios[1]:.2f} | {cost.peak / GIGABYTE:.2f} |"
            )


def computed_rows(found: Mapping[int, Mapping[str, Cost]], cases: float) -> Iterator[str]:
    """The table of what follows for so many cases."""
    sizes = list(found)

    def line(engine: str, part: Callable[[Cost], float]) -> Line:
        return fit(sizes, [part(found[size][engine]) for size in sizes])

    _, cpu, peak = PARTS
    one, memory = line("one machine", cpu), line("one machine", peak)
    judging, whole = line("Spark, nothing written", cpu), line("Spark", cpu)
    start, writing = max(judging.fixed, 0.0), max(whole.each - judging.each, 0.0)
    yield "| engine | cores | hours | memory |"
    yield "| --- | ---: | ---: | --- |"
    needed = f"{memory.at(cases) / GIGABYTE:.0f} GB, or the setting `memory` and disk"
    yield f"| one machine | {CORES[0]} | {one.at(cases) / CORES[0] / 3600:.2f} | {needed} |"
    for cores in CORES:
        judged = start + judging.each * cases / cores
        least, most = ((judged + writing * cases / sharing) / 3600 for sharing in (cores, 1))
        yield f"| Spark | {cores} | {least:.2f} to {most:.2f} | about 1 GB a core |"
    yield ""
    yield f"Seconds of processor: one machine {one.fixed:.1f}, and {one.each * 1000:.2f} a thousand cases;"
    yield f"Spark {start:.1f} to start, {judging.each * 1000:.2f} a thousand cases, which the cores share, and"
    yield f"{writing * 1000:.2f} a thousand cases to send the results back, sort them and write the files. The cores"
    yield "share some of that: the first number of hours is as if all, the second as if nothing of it were shared."


def report(rows: Mapping[int, int], found: Mapping[int, Mapping[str, Cost]], years: float, runs: int) -> str:
    """Both tables in Markdown, with what was measured and what was not."""
    cases = NATIONAL * YEARS / years
    a_case = rows[max(rows)] / max(rows)
    medians = f"medians of {runs}" if runs > 1 else "one run of each"
    return "\n".join(
        [
            "# What a check costs on Spark",
            "",
            "`omi-rules check` on a folder of Parquet, all rules: one machine, and Spark on the same cores, with its",
            f"own start, Java and the Python workers; whole processes in turn, {medians}.",
            "",
            f"Machine: {describe_machine()}, PySpark {importlib.metadata.version('pyspark')}.",
            "",
            *measured_rows(rows, found),
            "",
            "## Computed, not measured: a national caseload",
            "",
            f"{NATIONAL:,} cases at a time, each under supervision for {years:.2f} years as in the synthetic area,",
            f"and {YEARS} years of history: {cases:,.0f} cases, {cases * a_case:,.0f} rows. The lines through the",
            "sizes above are drawn on, of seconds of processor: those on the clock depend on what else a machine does.",
            "A network, its disks and the waits of a cluster are not in them.",
            "",
            *computed_rows(found, cases),
            "",
        ]
    )


def main() -> None:
    """Measure every size, and print the tables."""
    parser = argparse.ArgumentParser(description="Measure a check on Spark against one machine.")
    parser.add_argument("--cases", type=int, nargs="+", default=[10_359, 100_000], metavar="N")
    parser.add_argument("--runs", type=int, default=1, metavar="N", help="measured runs of each (default 1)")
    parser.add_argument("--write", action="store_true", help=f"also write the tables to {RESULTS.name}")
    options = parser.parse_args()
    compile_modules()
    rows: dict[int, int] = {}
    found: dict[int, Mapping[str, Cost]] = {}
    years = 0.0
    for cases in sorted(options.cases):
        with tempfile.TemporaryDirectory() as folder:
            export, rows[cases] = make_export(Path(folder), cases)
            years = years_a_case(export)
            found[cases] = compare(Path(folder), export, options.runs)
    text = report(rows, found, years, options.runs)
    print(text)
    if options.write:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
