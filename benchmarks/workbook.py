"""The workbook of an area: how long it takes, how large it is, and how much memory it needs at most.

Areas are made and checked; each workbook is made in a process of its own, whose peak is what the kernel says of it.
What counts is that many times the findings take as many times the seconds, and hardly more memory. Nothing is
asserted here.

    python benchmarks/workbook.py --cases 10359 31000 --write
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from check import describe_machine

PROGRAM = (sys.executable, "-m", "omi_rules.cli")
RESULTS = Path(__file__).with_name("results") / "workbook.md"
MEGABYTE = 1_000_000
#: The kernel counts a process's peak in kibibytes.
KIBIBYTE = 1024


@dataclass(frozen=True)
class Cost:
    """Findings and duties written, seconds on the clock and of processor, bytes at the peak, and bytes of the file."""

    cases: int
    findings: int
    wall: float
    processor: float
    peak: int
    size: int


def measure(cases: int, folder: Path) -> Cost:
    """Make one workbook, and say what it cost."""
    # in processes of their own too: a process is born with the peak of the one that starts it
    subprocess.run([*PROGRAM, "demo", "--cases", str(cases), "--output", str(folder), "-q"], check=True)
    summary = json.loads((folder / "run" / "run.json").read_text("utf-8"))
    book = folder / "area.xlsx"
    began = time.perf_counter()
    process = subprocess.Popen(
        [*PROGRAM, "report", str(folder / "run"), "--format", "xlsx", "--output", str(book), "-q"]
    )
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    if status:
        raise SystemExit(f"The workbook of {cases} cases was not made.")
    processor = used.ru_utime + used.ru_stime
    return Cost(cases, summary["findings"], wall, processor, used.ru_maxrss * KIBIBYTE, book.stat().st_size)


def row(cost: Cost, first: Cost) -> str:
    """One line of the table."""
    cells = [
        f"{cost.cases:,}",
        f"{cost.findings:,}",
        f"{cost.findings / first.findings:.1f}",
        f"{cost.wall:.0f}",
        f"{cost.processor:.0f}",
        f"{cost.processor / first.processor:.1f}",
        f"{cost.peak / MEGABYTE:.0f}",
        f"{cost.peak / first.peak:.2f}",
        f"{cost.size / MEGABYTE:.1f}",
    ]
    return "| " + " | ".join(cells) + " |"


def report(costs: Sequence[Cost]) -> str:
    """The table in Markdown, with what was measured."""
    heads = ["cases", "findings", "times", "wall, s", "CPU, s", "times", "peak, MB", "times", "file, MB"]
    return "\n".join(
        [
            "# What the workbook of an area costs",
            "",
            "The managers' workbook, with every finding and the whole work list, made by the command line in a process",
            "of its own (`python benchmarks/workbook.py`). Times are those of the first line. The peak is the resident",
            "memory that the kernel saw.",
            "",
            f"Machine: {describe_machine()}.",
            "",
            "| " + " | ".join(heads) + " |",
            "|" + " ---: |" * len(heads),
            *(row(cost, costs[0]) for cost in costs),
            "",
        ]
    )


def main() -> None:
    """Measure every size, and print the table."""
    parser = argparse.ArgumentParser(description="Measure the workbook of an area.")
    parser.add_argument("--cases", type=int, nargs="+", default=[10_359, 31_000, 100_000], metavar="N")
    parser.add_argument("--write", action="store_true", help=f"also write the table to {RESULTS.name}")
    options = parser.parse_args()
    costs = []
    for cases in options.cases:
        with tempfile.TemporaryDirectory() as folder:
            costs.append(measure(cases, Path(folder)))
        print(f"{cases} cases measured", file=sys.stderr)
    table = report(costs)
    print(table)
    if options.write:
        RESULTS.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
