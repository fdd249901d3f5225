"""How the time and the memory of a check grow with the cases, and what a limit of memory costs.

Whole checks with all rules, from a thousand cases to a million; the largest once more with a limit of memory, under
which the working store spills to disk. The files of both runs have to be the same bytes: that alone is asserted.

    python benchmarks/growth.py --areas areas --write

Areas are made where they are not there yet: a million cases take some minutes and 2.3 GB. The plot needs matplotlib
(`pip install matplotlib`).
"""

import argparse
import hashlib
import math
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from check import MEGABYTE, Cost, Size, compile_modules, describe_machine, make_area, measure, read_command, size_up

TOP = Path(__file__).resolve().parent.parent
RESULTS = TOP / "benchmarks" / "results" / "growth.md"
PLOT = TOP / "docs" / "pictures" / "growth.svg"
THREADS = 2


@dataclass(frozen=True)
class Point:
    """An area, what DuckDB alone took to read it, and what a check took without and with a limit of memory.

    `written` are the bytes of the run's files.
    """

    size: Size
    reading: Cost
    check: Cost
    written: int
    limited: Cost | None = None


def check_under(settings: Path, export: Path, output: Path) -> list[str | Path]:
    """A check with the settings of a file."""
    command = [sys.executable, "-m", "omi_rules.cli", "check", export, "-q", "--format", "json"]
    return [*command, "--output", output, "--config", settings]


def write_settings(folder: Path, name: str, memory: str | None) -> Path:
    """A configuration file of two threads and, if there is one, a limit of memory."""
    lines = [f"threads = {THREADS}", *([f'memory = "{memory}"'] if memory else [])]
    file = folder / f"{name}.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def digest(folder: Path) -> dict[str, str]:
    """The hash of every file of a run."""
    found = {}
    for file in sorted(folder.iterdir()):
        with file.open("rb") as content:
            found[file.name] = hashlib.file_digest(content, "sha256").hexdigest()
    return found


def measure_area(export: Path, cases: int, scratch: Path, memory: str | None) -> Point:
    """What an area costs; with a limit of memory also under it, which must not change a byte."""
    log = scratch / "log"
    size = size_up(export, cases)
    reading = measure(read_command(export), log)
    free, bound = scratch / "free", scratch / "bound"
    check = measure(check_under(write_settings(scratch, "free", None), export, free), log)
    limited = None
    if memory:
        limited = measure(check_under(write_settings(scratch, "bound", memory), export, bound), log)
        if digest(free) != digest(bound):
            raise SystemExit(f"At {cases:,} cases the run under {memory} has other bytes than the one without a limit.")
        shutil.rmtree(bound)
    written = sum(file.stat().st_size for file in free.iterdir())
    shutil.rmtree(free)
    return Point(size, reading, check, written, limited)


def exponent(before: Point, after: Point) -> float:
    """How processor time grows from one size to the next: 1 is in step with the cases."""
    return math.log(after.check.cpu / before.check.cpu) / math.log(after.size.cases / before.size.cases)


def point_row(point: Point, growth: str) -> str:
    """One line of the table."""
    size, check, reading = point.size, point.check, point.reading
    cells = [
        *(f"{size.cases:,}", f"{size.rows:,}", f"{size.volume / MEGABYTE:,.1f}", f"{point.written / MEGABYTE:,.1f}"),
        *(f"{reading.wall:.1f}", f"{check.wall:.1f}", f"{check.wall / reading.wall:.2f}"),
        *(f"{check.cpu:.1f}", f"{1000 * check.cpu / size.cases:.2f}", growth, f"{check.peak / MEGABYTE:,.0f}"),
    ]
    return "| " + " | ".join(cells) + " |"


def limited_table(cases: int, check: Cost, limited: Cost, memory: str) -> list[str]:
    """What the limit of memory costs."""
    rows = [
        f"| wall, s | {check.wall:.0f} | {limited.wall:.0f} |",
        f"| CPU, s | {check.cpu:.0f} | {limited.cpu:.0f} |",
        f"| peak, MB | {check.peak / MEGABYTE:,.0f} | {limited.peak / MEGABYTE:,.0f} |",
    ]
    said = f'With `memory = "{memory}"` in omi-rules.toml, {cases:,} cases:'
    same = "Every file of the two runs is the same to the byte."
    return ["", said, "", "| | no limit | with the limit |", "| --- | ---: | ---: |", *rows, "", same]


def table(points: Sequence[Point], memory: str) -> str:
    """The tables in Markdown, with what was measured."""
    heads = ["cases", "rows", "CSV, MB", "run, MB", "read: wall, s", "check: wall, s", "ratio", "check: CPU, s"]
    heads += ["ms of CPU a case", "growth", "peak, MB"]
    growths = ["", *(f"{exponent(*two):.2f}" for two in pairwise(points))]
    last = points[-1]
    return "\n".join(
        [
            "# How a check grows with the cases",
            "",
            "Whole checks with all rules and all files of a run, each once, and DuckDB alone reading the same files.",
            "`growth` is the power of the number of cases with which processor time grew from the line above: below 1",
            "it grows more slowly than the cases. Peaks are those of the largest process.",
            "",
            f"Machine: {describe_machine()}; {THREADS} threads.",
            "",
            "| " + " | ".join(heads) + " |",
            "|" + " ---: |" * len(heads),
            *map(point_row, points, growths),
            *(limited_table(last.size.cases, last.check, last.limited, memory) if last.limited else []),
            "",
        ]
    )


def plot(points: Sequence[Point], place: Path) -> None:
    """Time and memory over the cases, both axes by powers of ten, with lines of growth in step with the cases."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "growth"  # the same numbers give the same file
    from matplotlib import pyplot

    figure, (time, memory) = pyplot.subplots(1, 2, figsize=(10, 4), layout="constrained")
    draw(time, "Processor time, s", points, lambda cost: cost.cpu)
    draw(memory, "Peak of memory, MB", points, lambda cost: cost.peak / MEGABYTE)
    figure.savefig(place, metadata={"Date": None, "Title": "Time and memory of a check over the cases"})


def draw(axes: Any, words: str, points: Sequence[Point], value: Callable[[Cost], float]) -> None:
    """One curve, the straight line through its end, and the square of the limited run."""
    cases = [point.size.cases for point in points]
    values = [value(point.check) for point in points]
    axes.loglog(cases, values, "o-", color="#1d4e89", label="omi-rules check")
    in_step = [values[-1] * number / cases[-1] for number in cases]
    axes.loglog(cases, in_step, ":", color="#666666", label="in step with the cases")
    if limited := points[-1].limited:
        axes.loglog(cases[-1:], [value(limited)], "s", color="#a23b00", label="with a limit of memory")
    axes.set_xlabel("Cases")
    axes.set_title(words)
    axes.grid(visible=True, which="major", color="#dddddd")
    axes.legend()


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure how a check grows with the cases.")
    parser.add_argument("--cases", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000], metavar="N")
    parser.add_argument("--memory", default="2500MB", help="the limit for the largest (default 2500MB)")
    parser.add_argument("--areas", type=Path, metavar="DIR", help="where areas are kept from one call to the next")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--write", action="store_true", help=f"also write {RESULTS.name} and the plot")
    return parser.parse_args(arguments)


def main() -> None:
    """Measure every size, and print the table."""
    options = parse_arguments()
    compile_modules()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        points = []
        for cases in sorted(options.cases):
            export = (options.areas or scratch) / f"{cases}-{options.seed}"
            if not export.is_dir():
                make_area(export, cases, options.seed)
            memory = options.memory if cases == max(options.cases) else None
            points.append(measure_area(export, cases, scratch, memory))
            print(f"{cases:,} cases measured", file=sys.stderr)
    told = table(points, options.memory)
    print(told)
    if options.write:
        RESULTS.write_text(told, encoding="utf-8")
        plot(points, PLOT)


if __name__ == "__main__":
    main()
