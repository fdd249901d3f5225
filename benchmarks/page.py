"""The HTML page of an area: how large it is, how soon it is seen, and how long each filter and sort takes.

Areas are made, checked and reported; each page is opened several times in a headless Chromium. First paint is the
browser's own first contentful paint; "ready" is when the records are unpacked and the view is there. A filter is
measured from the change of its field until the new table has been laid out. Nothing here is asserted.

    python benchmarks/page.py --cases 10359 100000 --runs 5 --write
"""

import argparse
import importlib.metadata
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from omi_rules.demo.area import write_area
from omi_rules.pipeline import Settings, check
from omi_rules.reports.gathering import ReportSettings
from omi_rules.reports.page.build import build_page

RESULTS = Path(__file__).with_name("results") / "page.md"
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
MEGABYTE = 1_000_000
#: Each field of the filters, set and cleared again; in the view of single findings, the longest there is.
FILTERS = (
    *(("rule", "skills-screening-at-start"), ("rec", "4"), ("criterion", "2.1"), ("severity", "critical")),
    *(("outcome", "late"), ("q", "00")),
)
SORTS = ("case", "finding", "due", "late", "team")
READY = """new Promise((tell) => {
  const look = () => (document.querySelector("#view tbody tr") ? tell(performance.now()) : setTimeout(look, 2));
  look();
})"""
SET = """([name, value]) => {
  const field = document.getElementById(`filter-${name}`);
  const began = performance.now();
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.getBoundingClientRect();
  return performance.now() - began;
}"""
PRESS = """(name) => {
  const button = document.querySelector(`th[data-name=${name}] button`);
  const began = performance.now();
  button.click();
  document.body.getBoundingClientRect();
  return performance.now() - began;
}"""
PAINT = """new Promise((tell) => {
  const look = (list) => list.getEntriesByName("first-contentful-paint").forEach((entry) => tell(entry.startTime));
  new PerformanceObserver(look).observe({ type: "paint", buffered: true });
})"""


@dataclass
class Times:
    """Milliseconds of each opening, filter and sort."""

    paint: list[float] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)
    filters: list[float] = field(default_factory=list)
    sorts: list[float] = field(default_factory=list)


def open_page(browser: Browser, path: Path, times: Times) -> None:
    """Open the page once, and use every filter and sort."""
    page = browser.new_page()
    page.goto(path.as_uri(), wait_until="load")
    times.paint.append(page.evaluate(PAINT))
    page.close()
    page = browser.new_page()
    page.goto(f"{path.as_uri()}#/cases?show=findings", wait_until="commit")
    times.ready.append(page.evaluate(READY))
    for name, value in FILTERS:
        times.filters += [page.evaluate(SET, [name, value]), page.evaluate(SET, [name, ""])]
    times.sorts += [page.evaluate(PRESS, name) for name in SORTS for _ in range(2)]
    page.close()


def measure(browser: Browser, cases: int, runs: int, folder: Path) -> str:
    """One line of the table."""
    write_area(folder / "export", cases)
    summary = check(folder / "export", folder / "run", Settings()).summary
    began = time.perf_counter()
    content = build_page(folder / "run", ReportSettings())
    making = time.perf_counter() - began
    path = folder / "page.html"
    path.write_bytes(content)
    times = Times()
    for _ in range(runs):
        open_page(browser, path, times)
    cells = [
        f"{cases:,}",
        f"{summary['findings']:,}",
        f"{making:.1f}",
        f"{len(content) / MEGABYTE:.1f}",
        f"{statistics.median(times.paint) / 1000:.2f}",
        f"{statistics.median(times.ready) / 1000:.2f}",
        *(f"{figure(each):.0f}" for each in (times.filters, times.sorts) for figure in (statistics.median, max)),
    ]
    return "| " + " | ".join(cells) + " |"


def report(rows: Sequence[str], runs: int, browser: str) -> str:
    """The table in Markdown, with what was measured."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    heads = ["cases", "findings", "making it, s", "page, MB", "first paint, s", "ready, s"]
    heads += ["filter: median, ms", "filter: slowest, ms", "sort: median, ms", "sort: slowest, ms"]
    return "\n".join(
        [
            "# What the HTML page of an area costs",
            "",
            f"The managers' page, opened {runs} times in a headless browser. Filters and sorts are those of the view",
            "of single findings, each from the change of a field until the new table is laid out.",
            "",
            f"Machine: {cores} cores, {platform.system()} {platform.machine()}, Chromium {browser}, Playwright "
            f"{importlib.metadata.version('playwright')}.",
            "",
            "| " + " | ".join(heads) + " |",
            "|" + " ---: |" * len(heads),
            *rows,
            "",
        ]
    )


def main() -> None:
    """Measure every size, and print the table."""
    parser = argparse.ArgumentParser(description="Measure the HTML page of an area in a browser.")
    parser.add_argument("--cases", type=int, nargs="+", default=[1_000, 10_359, 100_000], metavar="N")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="openings of each page (default 5)")
    parser.add_argument("--write", action="store_true", help=f"also write the table to {RESULTS.name}")
    options = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise SystemExit("No Chromium is installed: install one, as with `apt-get install chromium`.")
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for cases in options.cases:
            with tempfile.TemporaryDirectory() as folder:
                rows.append(measure(browser, cases, options.runs, Path(folder)))
            print(f"{cases} cases measured", file=sys.stderr)
        table = report(rows, options.runs, browser.version)
        browser.close()
    print(table)
    if options.write:
        RESULTS.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
