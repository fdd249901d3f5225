"""Random dirt: every row is accounted for, and the fast and the careful way to a CSV file say the same."""

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omi_rules.data import reading
from omi_rules.data.csv_text import Header
from omi_rules.problems import ExportError
from tests.data import exports
from tests.sizes import sized

IDS = ["A", "B", "C", " A", "a", "", "Z"]
DATES = [
    "2006-01-09",
    "2006-11-30",
    "2006-12-01",
    "2006-1-9",
    "2006-01-9 ",
    "1949-12-31",
    " 2006-02-01",
    "",
    "x\ty",
]
CELLS = {
    "cases": {
        "case_id": IDS,
        "order_type": ["community_order", "licence", "Licence ", "order", ""],
        "sentence_date": DATES,
        "release_date": DATES,
        "end_date": ["", "2006-06-01", "2007-01-01", "never"],
        "tier": ["", "1", "04", "5", "4.0", "+1", "é"],
        "ppo": ["", "y", "NO", "true", "maybe", "1", "00"],
        "team": ["", "north, east", 'the "team"', "two\nlines", "été", "\u00a0"],
    },
    "appointments": {
        "case_id": IDS,
        "scheduled_on": DATES,
        "kind": ["office", "OFFICE", " other", "none", ""],
        "hours": ["", "7.5", "24", "24.1", "1e1", "0", ".5", "7."],
        "notes": ["", "x", "a,b"],
    },
}


def rows_of(table: str) -> st.SearchStrategy[list[list[str]]]:
    row = st.tuples(*(st.sampled_from(cells) for cells in CELLS[table].values())).map(list)
    ragged = row.flatmap(
        lambda cells: st.sampled_from([cells, cells, cells, cells[:-1], [*cells, ""], [*cells, "x"], []])
    )
    return st.lists(ragged, min_size=1, max_size=12)


def spell(table: str, rows: list[list[str]], quoting: int, end: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator=end)
    writer.writerow(CELLS[table])
    writer.writerows(rows)
    return text.getvalue()


@st.composite
def dirty_exports(draw: st.DrawFn) -> dict[str, bytes]:
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    dirt = draw(st.sampled_from(["", "", "", "\0", "\xff", '"', "\r"]))
    files = {}
    for table in CELLS:
        good = [["A", "community_order", "2006-01-09", "", "", "", "", ""]] if table == "cases" else []
        content = spell(table, good + draw(rows_of(table)), quoting, end).encode()
        if dirt and draw(st.booleans()):
            place = draw(st.integers(content.index(b"\n") + 1, len(content)))
            content = content[:place] + dirt.encode("latin-1") + content[place:]
        files[f"{table}.csv"] = content
    return files


@contextmanager
def written(files: dict[str, bytes]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        yield Path(folder)


def outcome_of(folder: Path) -> object:
    try:
        export, store = exports.read(folder)
    except ExportError as error:
        return str(error)
    return exports.counts(export), export.nulls, export.newest, export.identical, exports.dump(store)


@settings(max_examples=sized(15, 40), deadline=None)
@given(dirty_exports())
def test_every_row_is_accounted_for(files: dict[str, bytes]) -> None:
    with written(files) as folder:
        try:
            export, store = exports.read(folder)
        except ExportError:
            return
        rejected = dict(store.execute("SELECT table_name, count(*) FROM rejects GROUP BY 1").fetchall())
        for count in export.accounting:
            assert count.rows_in == count.used + count.left_out + count.rejected
            assert store.execute(f"SELECT count(*) FROM {count.table}").fetchone() == (count.used,)
            assert rejected.get(count.table, 0) == count.rejected
        blank = store.execute("SELECT count(*) FROM rejects WHERE reason = '' OR reason IS NULL OR \"column\" IS NULL")
        assert blank.fetchone() == (0,)


@settings(max_examples=sized(15, 40), deadline=None)
@given(dirty_exports())
def test_fast_and_careful_way_agree(files: dict[str, bytes]) -> None:
    with written(files) as folder, pytest.MonkeyPatch.context() as patch:
        fast = outcome_of(folder)
        header = reading.csv_text.read_header

        def plain_never(*given: object) -> Header:
            found = header(*given)  # type: ignore[arg-type]
            return Header(found.names, found.places, False, found.line_ending)

        patch.setattr(reading.csv_text, "read_header", plain_never)
        assert outcome_of(folder) == fast


@settings(max_examples=sized(8, 20), deadline=None)
@given(dirty_exports())
def test_large_and_small_tables_are_judged_alike(files: dict[str, bytes]) -> None:
    with written(files) as folder, pytest.MonkeyPatch.context() as patch:
        small = outcome_of(folder)
        patch.setattr(reading, "_LARGE_BYTES", dict.fromkeys(reading._LARGE_BYTES, -1))
        assert outcome_of(folder) == small


def test_clean_files_go_the_fast_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, (quoting, end) in enumerate([(0, "\n"), (0, "\r\n"), (1, "\n"), (1, "\r\n")]):
        exports.write_csv(exports.TABLES, tmp_path / str(number), quoting, end)
    monkeypatch.setattr(reading, "read_carefully", None)
    for number in range(4):
        export, _ = exports.read(tmp_path / str(number))
        assert exports.counts(export)["appointments"] == (8, 4, 2, 2)
