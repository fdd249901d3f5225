"""A whole `omi-rules check` against DuckDB alone reading the same files into tables.

Nobody can check what they have not read, so the ratio of the two is what the rules cost. Both are measured as
whole processes, from start to exit, in turn on the same files. Nothing here is asserted: speed is a question
for a quiet machine and a reader, not for a test.

    python benchmarks/check.py --cases 1000 10359 --runs 9 --write

It is measured with all rules, and with twenty of them, the rules that the first aims were set for.
"""

import argparse
import compileall
import importlib.metadata
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from rulebooks import TWENTY, write_rulebook

import omi_rules
from omi_rules.resources import rules_folder

RESULTS = Path(__file__).with_name("results") / "check.md"
#: Linux counts the peak in KiB, macOS in bytes.
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
MEGABYTE = 1_000_000

#: In a process of its own: a child's peak of memory is never less than what its parent held when it was started.
MAKE = """
import sys
from pathlib import Path
from omi_rules.demo.area import write_area
write_area(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
"""

READ = """
import sys
from pathlib import Path
import duckdb
store = duckdb.connect()
for file in sorted(Path(sys.argv[1]).glob("*.csv")):
    store.execute(f'CREATE TABLE "{file.stem}" AS FROM read_csv(\\'{file}\\')')
"""


@dataclass(frozen=True)
class Cost:
    """What one process took: seconds on the clock, seconds of processor, and bytes of memory at the peak."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Size:
    """What is read: cases, rows of all tables, and bytes of all files."""

    cases: int
    rows: int
    volume: int


def compile_modules() -> None:
    """Leave the modules of the package, and of the peers, compiled, as pip leaves those that it installs.

    Where Python may not keep what it compiles (PYTHONDONTWRITEBYTECODE), every start would compile them again.
    """
    for folder in (Path(omi_rules.__file__).parent, Path(__file__).with_name("peers")):
        compileall.compile_dir(folder, quiet=1)


def measure(command: Sequence[str | Path], log: Path) -> Cost:
    """Run a command to its end; its children count where it has waited for them."""
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise SystemExit(f"The measured process ended with {process.returncode}: {lines[-1] if lines else ''}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * PEAK_UNIT)


def check_command(export: Path, output: Path, rules: Path) -> list[str | Path]:
    """A check by the rulebook in a folder."""
    return [sys.executable, "-m", "omi_rules.cli", "check", export, "--output", output, "--rules", rules]


def read_command(export: Path) -> list[str | Path]:
    """DuckDB alone, with its own reading of CSV."""
    return [sys.executable, "-c", READ, export]


def compare(export: Path, runs: int, scratch: Path, rules: Path) -> tuple[list[Cost], list[Cost]]:
    """Costs of the check and of the reading, in turn, a reading first and last; one before them warms the files."""
    log = scratch / "log"
    measure(read_command(export), log)
    checks, readings = [], [measure(read_command(export), log)]
    for run in range(runs):
        output = scratch / f"run-{run}"
        checks.append(measure(check_command(export, output, rules), log))
        shutil.rmtree(output)
        readings.append(measure(read_command(export), log))
    return checks, readings


def size_up(export: Path, cases: int) -> Size:
    """Rows and bytes of the export's tables."""
    files = sorted(export.glob("*.csv"))
    rows = 0
    for file in files:
        with file.open("rb") as lines:
            rows += sum(1 for _ in lines) - 1
    return Size(cases, rows, sum(file.stat().st_size for file in files))


def table_row(rules: int, size: Size, checks: Sequence[Cost], readings: Sequence[Cost]) -> str:
    """One line of the table, of medians.

    Each check is held against the two readings around it: the machine may be twice as fast a minute later.
    """

    def pair(part: Callable[[Cost], float], form: str) -> list[str]:
        check, reading = ([part(cost) for cost in costs] for costs in (checks, readings))
        beside = [(before + after) / 2 for before, after in pairwise(reading)]
        ratio = statistics.median(one / other for one, other in zip(check, beside, strict=True))
        return [format(statistics.median(check), form), format(statistics.median(reading), form), f"{ratio:.2f}"]

    cells = [
        str(rules),
        f"{size.cases:,}",
        f"{size.rows:,}",
        f"{size.volume / MEGABYTE:.1f}",
        *pair(lambda cost: cost.wall, ".2f"),
        *pair(lambda cost: cost.cpu, ".2f"),
        *pair(lambda cost: cost.peak / MEGABYTE, ".0f"),
    ]
    return "| " + " | ".join(cells) + " |"


def describe_machine() -> str:
    """What the numbers rest on, without naming the machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    duckdb = importlib.metadata.version("duckdb")
    return (
        f"{cores} cores, {platform.system()} {platform.machine()}, "
        f"{platform.python_implementation()} {platform.python_version()}, DuckDB {duckdb}"
    )


def report(rows: Sequence[str], runs: int) -> str:
    """The table in Markdown, with what was measured."""
    heads = ["rules", "cases", "rows", "CSV, MB"]
    for unit in ("wall, s", "CPU, s", "peak, MB"):
        heads += [f"check: {unit}", f"read: {unit}", "ratio"]
    return "\n".join(
        [
            "# What a check costs beside reading the files",
            "",
            "`omi-rules check` (read, judge, conclude, write) and DuckDB alone reading the same CSV files",
            f"into tables, each a whole process, run in turn; medians of {runs}. The ratio is the median of those of",
            "each check to the two readings around it.",
            "",
            f"Machine: {describe_machine()}.",
            "",
            "| " + " | ".join(heads) + " |",
            "|" + " ---: |" * len(heads),
            *rows,
            "",
        ]
    )


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure a check against reading the same files.")
    parser.add_argument("--cases", type=int, nargs="+", default=[1_000, 10_359, 100_000], metavar="N")
    parser.add_argument("--runs", type=int, default=7, metavar="N", help="measured runs of each (default 7)")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--write", action="store_true", help=f"also write the table to {RESULTS.name}")
    return parser.parse_args(arguments)


def every_rule() -> list[str]:
    """The ids of all rules of the program."""
    return [file.stem for file in sorted((rules_folder() / "checks").rglob("*.yaml"))]


def make_area(export: Path, cases: int, seed: int) -> None:
    """A synthetic area in CSV."""
    subprocess.run([sys.executable, "-c", MAKE, export, str(cases), str(seed)], check=True)


def main() -> None:
    """Measure every size, and print the table."""
    options = parse_arguments()
    compile_modules()
    rows = []
    for cases in options.cases:
        with tempfile.TemporaryDirectory() as folder:
            export = Path(folder) / "export"
            make_area(export, cases, options.seed)
            for number, chosen in enumerate((TWENTY, every_rule())):
                rules = Path(folder) / f"rules-{number}"
                write_rulebook(rules, chosen)
                checks, readings = compare(export, options.runs, Path(folder), rules)
                rows.append(table_row(len(chosen), size_up(export, cases), checks, readings))
                print(f"{cases} cases and {len(chosen)} rules measured", file=sys.stderr)
    table = report(rows, options.runs)
    print(table)
    if options.write:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
