"""A whole `omi-rules check` against what others would write for the same twenty rules.

Each program of `peers/` reads the same export and decides every rule for every case; the outcomes and dates of all
must be those of `omi-rules check`, else nothing is reported. All are measured as whole processes, in turn on the same
files, so that what else the machine does falls on all of them.

    python -m pip install -r benchmarks/peers/requirements.txt
    python benchmarks/peers.py --cases 1000 10359 --runs 3 --write

Programs whose packages are not installed are left out, and the report says so.
"""

import argparse
import importlib.util
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from pathlib import Path

from check import MEGABYTE, Cost, check_command, compile_modules, describe_machine, make_area, measure
from rulebooks import TWENTY, write_rulebook

from omi_rules.resources import rules_folder

PROGRAMS = Path(__file__).with_name("peers")
RESULTS = Path(__file__).with_name("results") / "peers.md"
AS_AT = date(2006, 11, 30)
OURS = "omi-rules check"


@dataclass(frozen=True)
class Peer:
    """A program, the files that it consists of, and the package that it cannot do without."""

    name: str
    files: tuple[str, ...]
    package: str | None = None

    @property
    def lines(self) -> int:
        """Lines of its files."""
        return count_lines(file for name in self.files for file in PROGRAMS.glob(name))

    @property
    def why_not(self) -> str | None:
        """What keeps it from running here, if anything does."""
        if self.package and importlib.util.find_spec(self.package) is None:
            return f"the package {self.package} is missing"
        if self.package == "drools" and shutil.which("java") is None:
            return "Java is missing"
        return None

    def command(self, export: Path, output: Path) -> list[str | Path]:
        """How it is run."""
        return [sys.executable, PROGRAMS / self.files[0], export, output, "--as-at", AS_AT.isoformat()]


OBJECTS = ("arguments.py", "records.py", "readings.py", "duties.py", "reviews.py", "failures.py")
FRAMES = (
    "arguments.py",
    "frames.py",
    "frame_clocks.py",
    "frame_reviews.py",
    "frame_failures.py",
    "frame_outcomes.py",
)
PEERS = (
    Peer("plain SQL (DuckDB)", ("plain_sql.py", "sql/*.sql", "arguments.py"), "duckdb"),
    Peer("pandas", ("pandas_script.py", *FRAMES), "pandas"),
    Peer("pandera", ("pandera_script.py", "table_schemas.py", *FRAMES), "pandera"),
    Peer("plain Python", ("plain_python.py", *OBJECTS)),
    Peer("durable-rules only", ("durable_only.py", *OBJECTS), "durable_rules_engine"),
    Peer("Drools (drools_jpy)", ("drools_program.py", *OBJECTS), "drools"),
)

#: In a process of its own, so that the next one to be measured does not start from this one's memory.
COMPARE = """
import sys
import duckdb
ours, theirs = sys.argv[1:]
store = duckdb.connect()
store.execute("SET enable_progress_bar = false")
for line in store.execute(\"\"\"
    SELECT rule || ': ' || count(*) FROM (SELECT case_id, rule, outcome, due_on, done_on FROM read_parquet($ours)) o
    FULL JOIN (FROM read_csv($theirs, header = true, columns = {'case_id': 'VARCHAR', 'rule': 'VARCHAR',
        'outcome': 'VARCHAR', 'due_on': 'DATE', 'done_on': 'DATE'})) t USING (case_id, rule)
    WHERE (o.outcome, o.due_on, o.done_on) IS DISTINCT FROM (t.outcome, t.due_on, t.done_on)
    GROUP BY rule ORDER BY rule\"\"\", {"ours": ours, "theirs": theirs}).fetchall():
    print(line[0])
"""


def count_lines(files: Iterable[Path]) -> int:
    """Lines that are not blank."""
    return sum(bool(line.strip()) for file in files for line in file.read_text("utf-8").splitlines())


def rule_lines() -> tuple[int, int]:
    """Lines of the twenty rules, and of their examples, which end a file."""
    files = [file for file in rules_folder().rglob("*.yaml") if file.stem in TWENTY]
    rules = sum(bool(line.strip()) for file in files for line in _before_examples(file))
    return rules, count_lines(files) - rules


def _before_examples(file: Path) -> Iterator[str]:
    return takewhile(lambda line: line != "examples:", file.read_text("utf-8").splitlines())


def differences(run: Path, outcomes: Path) -> list[str]:
    """The rules of which a program says something else than the run, each with the number of cases."""
    command = [sys.executable, "-c", COMPARE, run / "outcomes.parquet", outcomes]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def compare(export: Path, peers: Sequence[Peer], runs: int, scratch: Path) -> dict[str, list[Cost]]:
    """Costs by program, all in turn; every answer of every program is held against the check's."""
    log, rules = scratch / "log", scratch / "rules"
    write_rulebook(rules, TWENTY)
    costs: dict[str, list[Cost]] = {name: [] for name in (OURS, *(peer.name for peer in peers))}
    for number in range(runs):
        run = scratch / f"run-{number}"
        costs[OURS].append(measure(check_command(export, run, rules), log))
        for peer in peers:
            outcomes = scratch / "outcomes.csv"
            costs[peer.name].append(measure(peer.command(export, outcomes), log))
            if found := differences(run, outcomes):
                raise SystemExit(f"{peer.name} decides otherwise than the rules: {', '.join(found)}")
            print(f"  {peer.name}: {costs[peer.name][-1].wall:.1f} s, same answers", file=sys.stderr)
        shutil.rmtree(run)
    return costs


def table_rows(cases: int, runs: int, costs: dict[str, list[Cost]], skipped: dict[str, str]) -> Iterator[str]:
    """A line for each program, of medians and of ratios to the check."""

    def median(name: str, part: Callable[[Cost], float]) -> float:
        return statistics.median(map(part, costs[name]))

    parts: tuple[tuple[Callable[[Cost], float], str], ...] = (
        (lambda cost: cost.wall, ".1f"),
        (lambda cost: cost.cpu, ".1f"),
        (lambda cost: cost.peak / MEGABYTE, ".0f"),
    )
    for name in costs:
        cells = [f"{cases:,}", str(runs), name]
        for part, form in parts:
            cells += [format(median(name, part), form), f"{median(name, part) / median(OURS, part):.2f}"]
        yield "| " + " | ".join(cells) + " |"
    for name, why in skipped.items():
        yield f"| {cases:,} | | {name} | {why} | | | | | |"


def listed(numbers: Iterable[int]) -> str:
    """Numbers as the command line takes them."""
    return " ".join(map(str, numbers))


def report(rows: Sequence[str], options: argparse.Namespace) -> str:
    """The tables in Markdown, with what was measured, and how to repeat it."""
    heads = ["cases", "runs", "program", "wall, s", "ratio", "CPU, s", "ratio", "peak, MB", "ratio"]
    rules, examples = rule_lines()
    ours = f"{len(TWENTY)} rules in YAML; their named values, {examples} lines of examples and the program not counted"
    sizes = [f"| {OURS} | {rules} | {ours} |"]
    sizes += [f"| {peer.name} | {peer.lines} | {NOTES[peer.name]} |" for peer in PEERS]
    return "\n".join(
        [
            INTRODUCTION,
            "",
            f"Machine: {describe_machine()}{f'; {options.note}' if options.note else ''}.",
            "",
            "    python -m pip install -r benchmarks/peers/requirements.txt",
            f"    python benchmarks/peers.py --cases {listed(options.cases)} --runs {listed(options.runs)} "
            f"--longest {options.longest:.0f} --write",
            "",
            "| " + " | ".join(heads) + " |",
            "| ---: | ---: | --- |" + " ---: |" * 6,
            *rows,
            "",
            "What each of them is, and how many lines it has (blank ones are not counted, shared files for each):",
            "",
            "| program | lines | how it decides |",
            "| --- | ---: | --- |",
            *sizes,
            "",
            LESS,
            "",
        ]
    )


INTRODUCTION = f"""# What the same {len(TWENTY)} rules cost otherwise

`omi-rules check` with {len(TWENTY)} rules, and programs written for these rules alone. Each is a whole process, from
reading the CSV of the synthetic area to the file of outcomes. They were run in turn; the figures are medians, and
ratios are to `omi-rules check` of the same runs: above 1, the program takes more. Every outcome, due date and date of
work of every program, `unknown` included, was the same as that of the check, else there would be no table."""

NOTES = {
    "plain SQL (DuckDB)": "set-based statements with window functions, in six files",
    "pandas": "vectorised; working days by NumPy's business days",
    "pandera": "the frames of the pandas script; schemas for the tables read, and the outcomes from failed checks",
    "plain Python": "a loop over objects, a case at a time",
    "durable-rules only": "plain Python makes facts of words; durable-rules, in its safe form, decides, a state a case",
    "Drools (drools_jpy)": "plain Python makes an event for each duty; Drools compares its days and decides",
}

LESS = """What `omi-rules check` does besides, most of it in the time above, and none of them does: check every cell,
reject bad rows with a reason, and hold open what a rejected row or a missing table leaves open; say why in a sentence
for every outcome, and name the columns that would decide what is unknown; write findings with recommendation, cause
and action, conclusions from several outcomes, and a record of the run; refuse days outside the calendar; take other
forms than CSV and local names of columns. They take every row to be valid (pandera stops at a value that is no code),
and their rules are code. More than two undated rows of a case that bear on one chain of reviews are `unknown` to
them, whatever they could change.

Where a cell is empty, all of them try what it may hold, as the rules do: that is a good part of their lines, and most
of what is easy to get wrong."""


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure a check against other programs that decide the same rules.")
    parser.add_argument("--cases", type=int, nargs="+", default=[1_000, 10_359], metavar="N")
    parser.add_argument("--runs", type=int, nargs="+", default=[3], metavar="N", help="one for all sizes, or one each")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument(
        "--longest", type=float, default=300, metavar="S", help="leave out what would take longer (300)"
    )
    parser.add_argument("--note", default="", metavar="TEXT", help="what else to say of the machine")
    parser.add_argument("--write", action="store_true", help=f"also write the report to {RESULTS.name}")
    options = parser.parse_args(arguments)
    if len(options.runs) not in (1, len(options.cases)):
        parser.error("give --runs once, or once for each of --cases")
    return options


def main() -> None:
    """Measure every size, and print the report; it is written after each of them, as the last may take long."""
    options = parse_arguments()
    compile_modules()
    runs = options.runs * (len(options.cases) if len(options.runs) == 1 else 1)
    rows: list[str] = []
    seconds_a_case: dict[str, float] = {}
    for cases, times in sorted(zip(options.cases, runs, strict=True)):
        skipped = {peer.name: f"not run: {peer.why_not}" for peer in PEERS if peer.why_not}
        for name, seconds in seconds_a_case.items():
            if seconds * cases > options.longest:
                skipped[name] = f"not run: about {seconds * cases / 60:.0f} minutes"
        chosen = [peer for peer in PEERS if peer.name not in skipped]
        print(f"{cases} cases", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            export = Path(folder) / "export"
            make_area(export, cases, options.seed)
            costs = compare(export, chosen, times, Path(folder))
        seconds_a_case |= {name: statistics.median(cost.wall for cost in costs[name]) / cases for name in costs}
        rows += table_rows(cases, times, costs, skipped)
        if options.write:
            RESULTS.parent.mkdir(exist_ok=True)
            RESULTS.write_text(report(rows, options), encoding="utf-8")
    print(report(rows, options))


if __name__ == "__main__":
    main()
