"""What is attacked: exports in every form, mappings, rulebooks and assessors' workbooks, and what must hold of each.

Whatever a file has become, the program ends with an exit code of the contract and never with a fault of its own; it
accounts for every row; and no cell's text is in what it says, or in run.json.
"""

import faulthandler
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from omi_rules.shapes import load_tables
from tests.assess.making import Office
from tests.cli.running import Ran, run
from tests.data.exports import Tables, write_csv, write_parquet, write_records
from tests.fuzzing.damage import Damage, spoil
from tests.reports.runs import SMALL, write_rulebook

#: In every text cell of the seeds that is no reference.
MARK = "Zqx7Secret"
#: How long one attack may take before it counts as a hang, in seconds; the machine may be a busy one.
PATIENCE = 120
_ENDS = {0, 2, 3, 4, 6}


def _marked(tables: Tables) -> Tables:
    texts = {
        name: {column.name for column in load_tables()[name].columns if column.type == "text"} - {"case_id", "staff_id"}
        for name in tables
    }
    return {
        name: [
            {key: f"{MARK} {cell}" if key in texts[name] and cell else cell for key, cell in row.items()}
            for row in rows
        ]
        for name, rows in tables.items()
    }


SEEDS = _marked({**SMALL, "documents": [{"case_id": "0100", "kind": "letter", "held": True}]})
MAPPING = """\
encoding: utf-8
date_format: "%Y-%m-%d"
tables:
  cases:
    columns: {tier: tier}
    codes: {roh_level: {high: high, low: low}}
    empty_means_no: [ppo]
"""


class Attack:
    """One kind of target, prepared once in a folder of its own and spoilt again and again."""

    def __init__(self, folder: Path, seed: Path, arguments: Sequence[str], *, is_workbook: bool = False) -> None:
        self.folder = folder
        self.files = sorted(path.relative_to(seed) for path in seed.rglob("*") if path.is_file())
        self._seed = seed
        self._arguments = arguments
        self._is_workbook = is_workbook

    def strike(self, number: int, damages: Sequence[Damage]) -> None:
        """Spoil one file of the seed, run the program on the whole, and hold what it did to what must hold."""
        spoilt, output = self.folder / "spoilt", self.folder / "output"
        for left in (spoilt, output):
            shutil.rmtree(left, ignore_errors=True)
        shutil.copytree(self._seed, spoilt)
        file = self.files[number % len(self.files)]
        content = (self._seed / file).read_bytes()
        (spoilt / file).write_bytes(
            self._spoil_part(content, damages) if self._is_workbook else spoil(content, damages)
        )
        words = [word.replace("@", str(spoilt)).replace("%", str(output)) for word in self._arguments]
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        try:
            ran = run(*words)
        finally:
            faulthandler.cancel_dump_traceback_later()
        self._hold(ran, spoilt, output)

    @staticmethod
    def _spoil_part(content: bytes, damages: Sequence[Damage]) -> bytes:
        """A workbook with one of its parts spoilt, and the parts put together again as they should be."""
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
            names = old.namelist()
            chosen = names[damages[0].token % len(names)]
            for name in names:
                part = old.read(name)
                new.writestr(name, spoil(part, damages) if name == chosen else part)
        return made.getvalue()

    def _hold(self, ran: Ran, spoilt: Path, output: Path) -> None:
        assert ran.code in _ENDS, ran.err
        assert ran.code == 0 or ran.err.strip(), "a failure without a word"
        assert MARK not in ran.err
        if ran.code == 0 and (output / "run.json").is_file():
            text = (output / "run.json").read_text("utf-8")
            summary = json.loads(text)
            # what stands where a heading should is a heading: only those are ever listed
            assert MARK not in text or any(MARK in name for name in summary["unread"]), "a cell in run.json"
            for table in summary["tables"]:
                assert table["rows_in"] == table["used"] + table["left_out"] + table["rejected"], table["table"]
                if (lines := count_lines(spoilt / table["file"])) is not None:
                    assert table["rows_in"] == lines, table["table"]


def count_lines(path: Path) -> int | None:
    """The rows of a CSV file where they can be counted simply; None where quotes or odd bytes forbid it."""
    if path.suffix.lower() != ".csv" or not path.is_file():
        return None
    content = path.read_bytes()
    if any(sign in content for sign in (b'"', b"\r", b"\0")):
        return None
    lines = [line for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line]
    return None if any(not line.strip() for line in lines) else len(lines) - 1


def _export(folder: Path, write: Callable[[Path], object]) -> Attack:
    write(folder / "seed")
    rules = write_rulebook(_made(folder / "rules"))
    return Attack(
        folder, folder / "seed", ["check", "@", "--rules", str(rules), "--as-at", "2006-11-30", "--output", "%"]
    )


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _zipped(folder: Path) -> Attack:
    write_csv(SEEDS, folder / "tables")
    with zipfile.ZipFile(_made(folder / "seed") / "export.zip", "w") as archive:
        for path in sorted((folder / "tables").iterdir()):
            archive.writestr(path.name, path.read_bytes())
    rules = write_rulebook(_made(folder / "rules"))
    check = ["check", "@/export.zip", "--rules", str(rules), "--as-at", "2006-11-30", "--output", "%"]
    return Attack(folder, folder / "seed", check)


def _mapped(folder: Path) -> Attack:
    (_made(folder / "seed") / "map.yaml").write_text(MAPPING)
    export = write_csv(SEEDS, folder / "export")
    rules = write_rulebook(_made(folder / "rules"))
    check = ["check", str(export), "--map", "@/map.yaml", "--rules", str(rules), "--as-at", "2006-11-30"]
    return Attack(folder, folder / "seed", [*check, "--output", "%"])


def _ruled(folder: Path) -> Attack:
    write_rulebook(_made(folder / "seed"))
    export = write_csv(SEEDS, folder / "export")
    check = ["check", str(export), "--rules", "@", "--as-at", "2006-11-30", "--output", "%"]
    return Attack(folder, folder / "seed", check)


def _assessed(folder: Path) -> Attack:
    office = Office(folder)
    seed = _made(folder / "seed")
    for book in sorted(office.out.glob("*.xlsx"))[:1]:
        shutil.copy(book, seed / "book.xlsx")
    arguments = ["assess", "import", "@/book.xlsx", "--sample", str(office.sample), "--output", "%"]
    return Attack(folder, seed, arguments, is_workbook=True)


#: How each kind of attack is prepared.
TARGETS: Mapping[str, Callable[[Path], Attack]] = {
    "csv": lambda folder: _export(folder, lambda seed: write_csv(SEEDS, seed)),
    "json": lambda folder: _export(folder, lambda seed: write_records(SEEDS, seed, "json")),
    "jsonl": lambda folder: _export(folder, lambda seed: write_records(SEEDS, seed, "jsonl")),
    "parquet": lambda folder: _export(folder, lambda seed: write_parquet(SEEDS, seed)),
    "zip": _zipped,
    "mapping": _mapped,
    "rules": _ruled,
    "workbook": _assessed,
}
