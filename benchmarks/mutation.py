"""Whether the tests notice when the program is changed: one small change at a time, and the tests close to it.

Changes are made by cosmic-ray, in a copy of the checkout. A change that no test notices survives: it is told, unless
benchmarks/mutation-equivalent.yaml says why it changes nothing that anybody could see.

    pip install -r benchmarks/mutation.txt          beside what the tests need; the gate does without
    python benchmarks/mutation.py calendar --write
    python benchmarks/mutation.py omi_rules/scoring/periods.py
    python benchmarks/mutation.py kinds --every 10

Exit code 0 if every survivor is explained, 1 if one is not, or if an explanation is of none any more.
"""

import argparse
import ast
import compileall
import hashlib
import importlib
import multiprocessing
import os
import py_compile
import shlex
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import yaml

TOP = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).with_name("results") / "mutation.md"
EQUIVALENT = Path(__file__).with_name("mutation-equivalent.yaml")

#: By part, the modules that are changed, and the tests that are asked in turn.
PARTS: Mapping[str, Mapping[str, Sequence[str]]] = yaml.safe_load(
    Path(__file__).with_name("mutation-tests.yaml").read_text("utf-8")
)

#: Of cosmic-ray's operators those whose changes look like a slip: one of arithmetic for another, and each of the
#: comparisons. Not every other operator in the place of a plus: most of these fail in any test that passes by.
ARITHMETIC = {"Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul", "Pow_Mul", "BitOr_BitAnd"}
ORDERED = {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE"}

#: Imported before the copies of this process that run the tests are made: they would each spend a second on it.
PRELOADED = ("duckdb", "holidays", "hypothesis", "icalendar", "jsonschema", "pyarrow.parquet", "pytest", "yaml")

FOLDERS = ("docs", "omi_rules", "rules", "schemas", "tests")


@dataclass(frozen=True, order=True)
class Mutation:
    """A change: the lines as they were and as they are, in which function or class of which module."""

    module: str
    within: str
    was: str
    becomes: str


@dataclass(frozen=True)
class Mutant:
    """A changed module."""

    mutation: Mutation
    source: str


@dataclass(frozen=True)
class Score:
    """What became of the mutants of a module; one in `every` of them was tried."""

    module: str
    tried: int
    survived: tuple[Mutation, ...]
    every: int

    def row(self, explained: frozenset[Mutation]) -> str:
        """A line of the table."""
        equivalent = sum(mutation in explained for mutation in self.survived)
        unexplained = len(self.survived) - equivalent
        share = "" if self.every == 1 else f", one in {self.every}"
        name = f"| `{self.module}` | {fingerprint(self.module)}{share} |"
        return f"{name} {self.tried} | {self.tried - len(self.survived)} | {equivalent} | {unexplained} |"


def fingerprint(module: str) -> str:
    """Of a module as it stands, so that a row of another day is known for one."""
    return hashlib.sha256((TOP / module).read_bytes()).hexdigest()[:8]


def mutants_of(module: str) -> Iterator[Mutant]:
    """Every change of a module, in the order of its lines."""
    from cosmic_ray import plugins
    from cosmic_ray.commands.init import _all_work_items
    from cosmic_ray.mutating import mutate_code

    source = (TOP / module).read_text("utf-8")
    passed_over = set(unseen_places(source))
    specs = [item.mutations[0] for item in _all_work_items([TOP / module], {})]
    for spec in sorted(specs, key=lambda spec: (spec.start_pos, spec.operator_name)):
        if is_chosen(spec.operator_name.removeprefix("core/")) and spec.start_pos not in passed_over:
            try:
                changed = mutate_code(source, plugins.get_operator(spec.operator_name)(), spec.occurrence)
            except AttributeError:  # cosmic-ray cannot replace an exception that is named with a dot
                continue
            was, becomes = difference(source, changed)
            yield Mutant(Mutation(module, definition_at(source, spec.start_pos[0]), was, becomes), changed)


def is_chosen(operator: str) -> bool:
    kind, _, change = operator.partition("_")
    if kind == "ReplaceBinaryOperator":
        return change in ARITHMETIC
    if kind == "ReplaceComparisonOperator":
        return set(change.split("_")) <= ORDERED or change in ("Is_IsNot", "IsNot_Is")
    return True


def unseen_places(source: str) -> Iterator[tuple[int, int]]:
    """Every line and column that no test can watch over.

    These are type hints and what makes a class frozen, where mypy does; and caches, which save nothing but time.
    """
    for node in ast.walk(ast.parse(source)):
        parts = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.keyword) and node.arg == "frozen":
            parts.append(node.value)
        for decorator in getattr(node, "decorator_list", ()):
            if ast.unparse(decorator) == "cache":
                yield decorator.lineno, decorator.col_offset - 1  # the @
        for part in parts:
            if isinstance(part, ast.expr):
                for line in range(part.lineno, (part.end_lineno or part.lineno) + 1):
                    first = part.col_offset if line == part.lineno else 0
                    last = part.end_col_offset if line == part.end_lineno else 200
                    yield from ((line, column) for column in range(first, last or 200))


def definition_at(source: str, line: int) -> str:
    """The function or class in which a line stands, with those around it; "" outside of all."""
    names = []
    for node in ast.walk(ast.parse(source)):  # the outermost first
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if first <= line <= (node.end_lineno or first):
                names.append(node.name)
    return ".".join(names)


def difference(before: str, after: str) -> tuple[str, str]:
    """The lines that differ, without their indents."""
    old, new = before.splitlines(), after.splitlines()
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changed = [step for step in steps if step[0] != "equal"]
    first, last = changed[0], changed[-1]
    kept, made = old[first[1] : last[2]], new[first[3] : last[4]]
    return " ".join(line.strip() for line in kept), " ".join(line.strip() for line in made)


class Bench:
    """A copy of the checkout in which modules are changed and tests are run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken: dict[str, float] = {}
        for name in FOLDERS:
            shutil.copytree(TOP / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(TOP / "pyproject.toml", folder)
        # a changed file is known by what is in it: two changes within a second have the same size and time
        by_content = py_compile.PycInvalidationMode.CHECKED_HASH
        compileall.compile_dir(folder / "omi_rules", quiet=2, invalidation_mode=by_content)
        for name in PRELOADED:
            importlib.import_module(name)

    def score(self, module: str, steps: Sequence[str], every: int, explained: Collection[Mutation]) -> Score:
        """Try one in so many mutants of a module: those that are explained with the first of the tests alone."""
        began = time.monotonic()
        longest = {step: 30 + 5 * self.time_of(step) for step in steps}
        mutants = list(mutants_of(module))[::every]
        survived = []
        for mutant in mutants:
            asked = steps[:1] if mutant.mutation in explained else steps
            if self.survives(mutant, {step: longest[step] for step in asked}):
                survived.append(mutant.mutation)
                if mutant.mutation not in explained:
                    tell(mutant.mutation)
        print(f"{module}: {len(mutants)} mutants, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        return Score(module, len(mutants), tuple(survived), every)

    def time_of(self, step: str) -> float:
        """The seconds that tests take where nothing is changed."""
        if step not in self.taken:
            began = time.monotonic()
            if not self.passes(step, None):
                sys.exit(f"{step}: the tests fail with nothing changed. Run them, and try again when they pass.")
            self.taken[step] = time.monotonic() - began
            print(f"{step}: {self.taken[step]:.1f} s", file=sys.stderr, flush=True)
        return self.taken[step]

    def survives(self, mutant: Mutant, longest: Mapping[str, float]) -> bool:
        file = self.folder / mutant.mutation.module
        original = file.read_bytes()
        file.write_text(mutant.source, "utf-8")
        try:
            return all(self.passes(step, seconds) for step, seconds in longest.items())
        finally:
            file.write_bytes(original)

    def passes(self, step: str, longest: float | None) -> bool:
        process = multiprocessing.get_context("fork").Process(target=run_tests, args=(self.folder, shlex.split(step)))
        process.start()
        process.join(longest)
        if process.exitcode is None:  # it runs for ever, which is noticed too
            with suppress(ProcessLookupError):
                os.killpg(process.pid or 0, signal.SIGKILL)
            process.join()
        if process.exitcode == 5:
            sys.exit(f"No test was found in {step}.")
        return process.exitcode == 0


def tell(mutation: Mutation) -> None:
    """Print a change that was not noticed."""
    where = f"{mutation.module}, {mutation.within}" if mutation.within else mutation.module
    print(f"{where}\n  {mutation.was}\n  survives as\n  {mutation.becomes}", flush=True)


def run_tests(folder: Path, tests: Sequence[str]) -> None:
    """Run tests in this process, which is a copy of its own, and end it with pytest's exit code."""
    import pytest

    os.setsid()
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    os.environ["PYTHONPATH"] = str(folder)
    plain = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "--hypothesis-seed=1"]
    quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    with (folder / "tests.log").open("w") as log, redirect_stdout(log), redirect_stderr(log):
        code = pytest.main([*plain, *quiet, *tests])
    if not importlib.import_module("omi_rules").__file__.startswith(str(folder)):
        code = 5
    os._exit(int(code))


def explained_mutations() -> dict[Mutation, str]:
    """The changes that nobody can see, each with the reason."""
    entries = yaml.safe_load(EQUIVALENT.read_text("utf-8")) or []
    return {
        Mutation(entry["module"], entry["in"] or "", entry["was"], entry["becomes"]): entry["because"]
        for entry in entries
    }


def report(scores: Sequence[Score], explained: frozenset[Mutation]) -> Iterator[str]:
    """The page: a row for each module, of this run or of one before; what was not run says so."""
    known = rows_kept() | {score.module: score.row(explained) for score in scores}
    yield "# Whether the tests notice a change of the program"
    yield ""
    yield "Small changes by cosmic-ray, one at a time, against the tests that stand close to the module"
    yield "(`python benchmarks/mutation.py`). Equivalent are those of which"
    yield "[mutation-equivalent.yaml](../mutation-equivalent.yaml) says why nobody can see them. Not changed are SQL,"
    yield "which is text; type hints and `frozen=True`, which mypy watches over; caches, which save only time; and the"
    yield "exceptions that are named with a dot, which cosmic-ray cannot change."
    yield ""
    yield "| module | as it was | changes | noticed | equivalent | survived |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    yield from (known[module] for modules in PARTS.values() for module in modules if module in known)
    folders = sorted({(TOP / module).parent for modules in PARTS.values() for module in modules})
    missing = {folder: [file.stem for file in modules_in(folder) if place(file) not in known] for folder in folders}
    if any(missing.values()):
        yield ""
        yield "Not run, or not since they were last changed:"
        yield ""
        yield from (f"- `{place(folder)}`: {', '.join(names)}" for folder, names in missing.items() if names)


def modules_in(folder: Path) -> list[Path]:
    """The modules of a folder but for the sentence on the folder itself."""
    return [file for file in sorted(folder.glob("*.py")) if file.name != "__init__.py"]


def place(path: Path) -> str:
    return path.relative_to(TOP).as_posix()


def rows_kept() -> dict[str, str]:
    """The rows of the page as it is, of modules that have not changed since."""
    lines = RESULTS.read_text("utf-8").splitlines() if RESULTS.exists() else []
    rows = {line.split("`")[1]: line for line in lines if line.startswith("| `")}
    return {module: row for module, row in rows.items() if (TOP / module).exists() and fingerprint(module) in row}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = {module: (part, steps) for part, modules in PARTS.items() for module, steps in modules.items()}
    parser.add_argument("what", nargs="+", choices=[*PARTS, *known], metavar="PART|MODULE")
    parser.add_argument("--every", type=int, default=1, help="try one change in so many")
    parser.add_argument("--write", action="store_true", help="write the table to benchmarks/results")
    given = parser.parse_args()
    chosen = [module for module, (part, _) in known.items() if {part, module} & set(given.what)]
    explained = explained_mutations()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        scores = []
        for module in chosen:
            scores.append(bench.score(module, known[module][1], given.every, explained))
            text = "\n".join(report(scores, frozenset(explained))) + "\n"
            if given.write:  # after each, so that who stops it keeps what is done
                RESULTS.write_text(text, "utf-8")
    print(text)
    survivors = {mutation for score in scores for mutation in score.survived}
    stale = [m for m in explained if m not in survivors and m.module in chosen and given.every == 1]
    for mutation in stale:
        print(f"explained, and no survivor: {mutation.module}, {mutation.within}: {mutation.was}")
    sys.exit(1 if survivors - explained.keys() or stale else 0)


if __name__ == "__main__":
    main()
