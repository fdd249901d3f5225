"""Whether what must hold of any two runs holds at the size of an area: the invariants of the design.

Records by chance, crowded with boundary days, empty cells and rows that are rejected, are checked as they are, and then
mixed, in other forms, with other numbers of threads, in parts, with more cases, with empty cells, with fewer rows and
as at later days. Each pair of runs is compared, outcome by outcome; what moved shows that the change was felt.

    python benchmarks/invariants.py --cases 10000 --write
"""

import argparse
import json
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb

from omi_rules.data.means import Means
from omi_rules.pipeline import Settings, check
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import PerEvent
from tests.data.exports import Tables, write_csv, write_parquet
from tests.metamorphic import ASK_WHETHER_RECORDED, PROVED_BY, ends_between, tables_of, with_less, with_nulls
from tests.random_exports import RandomExport, random_export

RESULTS = Path(__file__).with_name("results") / "invariants.md"
PARTS = 4
LATER = (1, 7, 40, 200)
SAME = ("outcome", "due_on", "done_on", "days_late", "reason")
INSUFFICIENT = "('late', 'missing', 'not_met')"

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """How many outcomes of two runs were compared, how many moved, and how many in a way that must not be."""

    relation: str
    compared: int
    moved: int
    broken: int
    #: How many of them by rule and by what they were and became.
    by_rule: Mapping[tuple[str, str, str], int] = field(default_factory=dict)


class Trial:
    """One export by chance, the runs made of it, and what they were found to break."""

    def __init__(self, cases: int, seed: int, scratch: Path) -> None:
        self.scratch, self.seed = scratch, seed
        self.export: RandomExport = random_export(seed, cases, max(cases // 50, 5))
        self.records: Sequence[Record] = self.export.records
        self.tables = tables_of(self.records)
        self.whole = self.run("as it is", write_csv(self.tables, self.place("csv")), threads=2)

    def place(self, name: str) -> Path:
        return self.scratch / name.replace(" ", "-")

    def run(self, name: str, export: Path, *, threads: int = 2, days: int = 0) -> Path:
        """Check an export, and hold it to what must hold of any one run."""
        folder = self.place(f"run {name}")
        as_at = self.export.as_at + timedelta(days=days)
        told = check(export, folder, Settings(as_at=as_at, means=Means(threads=threads))).summary
        rules = len(load_rulebook().case_rules)
        (outcomes,) = _ask(f"SELECT count(DISTINCT (case_id, rule)) FROM '{folder}/outcomes.parquet'")
        (rows,) = _ask(f"SELECT count(*) FROM '{folder}/outcomes.parquet'")
        assert outcomes == rows == rules * told["cases"], f"{name}: not one outcome for each case and rule"
        for table in told["tables"]:
            parts = table["used"] + table["left_out"] + table["rejected"]
            assert table["rows_in"] == parts, f"{name}: not every row of {table['table']} is accounted for"
        print(f"{name}: {told['cases']:,} cases", file=sys.stderr)
        return folder

    def same(self, relation: str, after: Sequence[Path], *, among: str = "true", spared: str = "false") -> Result:
        """Runs that must say together what the first one says, of the cases that it has; `spared` may move."""
        columns = ", ".join(f"b.{name}" for name in SAME), ", ".join(f"a.{name}" for name in SAME)
        differs = f"({columns[0]}) IS DISTINCT FROM ({columns[1]}) OR b.rule IS NULL OR a.rule IS NULL"
        join = f"FULL JOIN (SELECT * FROM {_outcomes(*after)} WHERE {among}) a USING (case_id, rule)"
        pairs = f"{_outcomes(self.whole)} b {join}"
        wrong = f"({differs}) AND NOT ({spared})"
        query = f"SELECT count(*), count(*) FILTER ({differs}), count(*) FILTER ({wrong}) FROM {pairs}"
        compared, moved, broken = _ask(query)
        conclusions = sorted(line for folder in after for line in self.conclusions(folder))
        broken += conclusions != sorted(self.conclusions(self.whole))
        return Result(relation, compared, moved, broken, _by_rule(pairs, wrong))

    def conclusions(self, folder: Path) -> Iterator[str]:
        """The conclusions about the cases of the first run."""
        for line in (folder / "conclusions.jsonl").read_text("utf-8").splitlines():
            if not json.loads(line)["case_id"].startswith("X"):
                yield line

    def may_move(self, relation: str, after: Path, broken: str, cases: Sequence[str] | None = None) -> Result:
        """A run whose outcomes may differ from the first one's but for what `broken` says."""
        chosen = "true" if cases is None else "case_id IN ('" + "', '".join(cases) + "')"
        pairs = f"(FROM {_outcomes(self.whole)} WHERE {chosen}) b JOIN {_outcomes(after)} a USING (case_id, rule)"
        moved = "b.outcome <> a.outcome"
        found = _ask(f"SELECT count(*), count(*) FILTER ({moved}), count(*) FILTER ({broken}) FROM {pairs}")
        return Result(relation, *found, _by_rule(pairs, broken))


def _by_rule(pairs: str, broken: str) -> Mapping[tuple[str, str, str], int]:
    query = f"SELECT rule, b.outcome, a.outcome, count(*) FROM {pairs} WHERE {broken} GROUP BY ALL ORDER BY ALL"
    with duckdb.connect() as store:
        return {(rule, was, became): count for rule, was, became, count in store.execute(query).fetchall()}


def _outcomes(*folders: Path) -> str:
    return "read_parquet([" + ", ".join(f"'{folder}/outcomes.parquet'" for folder in folders) + "])"


def _ask(query: str) -> tuple[Any, ...]:
    with duckdb.connect() as store:
        found: tuple[Any, ...] | None = store.execute(query).fetchone()
    assert found
    return found


def threads(trial: Trial) -> Iterator[Result]:
    for number in (1, 3):
        words = "1 thread" if number == 1 else f"{number} threads"
        folder = trial.run(words, trial.place("csv"), threads=number)
        other = [file.name for file in folder.iterdir() if file.read_bytes() != (trial.whole / file.name).read_bytes()]
        result = trial.same(f"{words}: every byte", [folder])
        yield Result(result.relation, result.compared, result.moved, result.broken + len(other))


def order(trial: Trial) -> Iterator[Result]:
    rng = Random(trial.seed)
    mixed = {name: rng.sample(list(rows), len(rows)) for name, rows in trial.tables.items()}
    # of events with one outcome that are due on one day the rulebook tells the one that stands first in its file
    per_event = [rule.id for rule in load_rulebook().case_rules if isinstance(rule.require, PerEvent)]
    told = ", ".join(f"'{rule}'" for rule in per_event)
    another = f"rule IN ({told}) AND a.outcome = b.outcome AND a.due_on IS NOT DISTINCT FROM b.due_on"
    folder = trial.run("mixed", write_csv(mixed, trial.place("mixed")))
    yield trial.same("rows in another order: only which of events due on one day is told", [folder], spared=another)


def forms(trial: Trial) -> Iterator[Result]:
    packed = trial.place("export.zip")
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(trial.place("csv").iterdir()):
            archive.write(file, file.name)
    yield trial.same("a zip of CSV", [trial.run("zip", packed)])
    yield trial.same("Parquet", [trial.run("Parquet", write_parquet(trial.tables, trial.place("parquet")))])
    for form, words in (("jsonl", "JSON Lines"), ("json", "JSON")):
        yield trial.same(words, [trial.run(words, write_json(trial, form))])


def write_json(trial: Trial, form: str) -> Path:
    folder = trial.place(form)
    folder.mkdir()
    for subject, key, file in (("case", "case_id", "area"), ("staff", "staff_id", "staff")):
        told = []
        for record in trial.records:
            if subject in record:
                tables = dict(tables_of([record]))
                (whole,) = tables.pop("cases" if subject == "case" else "staff")
                inner = {
                    name: [{column: cell for column, cell in row.items() if column != key} for row in rows]
                    for name, rows in tables.items()
                }
                told.append({**whole, **inner})
        text = json.dumps(told) if form == "json" else "\n".join(map(json.dumps, told))
        (folder / f"{file}.{form}").write_text(text, "utf-8")
    return folder


def parts(trial: Trial) -> Iterator[Result]:
    folders = [
        trial.run(f"part {part}", write_csv(tables_of(trial.records[part::PARTS]), trial.place(f"part {part}")))
        for part in range(PARTS)
    ]
    yield trial.same(f"in {PARTS} parts by case", folders)


def more_cases(trial: Trial) -> Iterator[Result]:
    others = random_export(trial.seed + 1, len(trial.records) // 10, 0).records
    named = [{**other, "case": {**other["case"], "case_id": f"X{number}"}} for number, other in enumerate(others)]
    known = {name: rows for name, rows in tables_of(named).items() if name in trial.tables}
    together: Tables = {name: [*rows, *known.get(name, ())] for name, rows in trial.tables.items()}
    folder = trial.run("more cases", write_csv(together, trial.place("more")))
    yield trial.same("a tenth more cases", [folder], among="case_id NOT LIKE 'X%'")


def empty_cells(trial: Trial) -> Iterator[Result]:
    rng = Random(trial.seed)
    emptied = [with_nulls(record, trial.export.as_at, rng, 0.05) for record in trial.records]
    folder = trial.run("empty cells", write_csv(tables_of(emptied), trial.place("emptied")))
    asked = ", ".join(f"'{rule}'" for rule in sorted(ASK_WHETHER_RECORDED))
    within = f"(a.outcome IN {INSUFFICIENT} AND b.outcome IN {INSUFFICIENT})"
    broken = f"a.outcome NOT IN (b.outcome, 'unknown') AND NOT {within} AND rule NOT IN ({asked})"
    yield trial.may_move("one cell in twenty empty: only ever `unknown`, or insufficient as before", folder, broken)


def fewer_rows(trial: Trial) -> Iterator[Result]:
    rng = Random(trial.seed)
    fewer = [with_less(record, rng) for record in trial.records]
    folder = trial.run("less evidence", write_csv(tables_of(fewer), trial.place("fewer")))
    proved = ", ".join(f"'{rule}'" for rule in PROVED_BY)
    broken = f"b.outcome IN {INSUFFICIENT} AND a.outcome = 'met' AND rule IN ({proved})"
    yield trial.may_move("half of the evidence: never `met` for insufficient", folder, broken)


def later(trial: Trial) -> Iterator[Result]:
    for days in LATER:
        still = [
            record["case"]["case_id"]
            for record in trial.records
            if "case" in record and not ends_between(record, trial.export.as_at, days)
        ]
        words = "a day later" if days == 1 else f"{days} days later"
        folder = trial.run(words, trial.place("csv"), days=days)
        # a level of Risk of Harm that was recorded since may give the duty another limit
        broken = "b.outcome = 'late' AND a.outcome = 'met' AND b.due_on IS NOT DISTINCT FROM a.due_on"
        yield trial.may_move(f"{words}: never `met` for `late` with the same due date", folder, broken, still)


RELATIONS: Sequence[Callable[[Trial], Iterator[Result]]] = (
    *(threads, order, forms, parts, more_cases),
    *(empty_cells, fewer_rows, later),
)


def try_all(cases: int, seed: int) -> list[Result]:
    with tempfile.TemporaryDirectory() as scratch:
        trial = Trial(cases, seed, Path(scratch))
        return [result for relation in RELATIONS for result in relation(trial)]


def report(results: Sequence[Result], cases: int, seed: int) -> Iterator[str]:
    yield "# What must hold of any two runs, at the size of an area"
    yield ""
    yield f"{cases:,} cases by chance, seed {seed}, crowded with boundary days, empty cells and rejected rows"
    yield "(`python benchmarks/invariants.py`). In every run each case and rule has one outcome, and each row is"
    yield "accounted for. Where no condition is named, nothing may move, conclusions included."
    yield ""
    yield "| the same export, but | outcomes compared | moved | that must not |"
    yield "| --- | ---: | ---: | ---: |"
    for each in results:
        yield f"| {each.relation} | {each.compared:,} | {each.moved:,} | {each.broken:,} |"
    if any(each.by_rule for each in results):
        yield ""
        yield "What must not have moved; where the outcome is the same, a date or the reason is not:"
        yield ""
    for each in results:
        for (rule, was, became), count in each.by_rule.items():
            yield f"- {each.relation}: {rule}, `{was}` → `{became}`: {count:,}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="write the table to benchmarks/results")
    given = parser.parse_args()
    began = time.monotonic()
    results = try_all(given.cases, given.seed)
    text = "\n".join(report(results, given.cases, given.seed)) + "\n"
    print(text)
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
    if given.write:
        RESULTS.write_text(text, "utf-8")
    sys.exit(1 if any(result.broken for result in results) else 0)


if __name__ == "__main__":
    main()
