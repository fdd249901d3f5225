"""The quick way to load a table and the careful way say the same of every file, and plain files go the quick
way."""

import itertools
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omi_rules.data import accounts, conversions, reading
from omi_rules.problems import ExportError
from omi_rules.shapes import Column, load_tables
from tests.data import exports
from tests.data.test_dirt import written
from tests.sizes import sized

DATES = ["2006-01-05", "2006-11-30", "2006-12-01", "1950-01-01", "2099-12-31", ""]
PLAIN: dict[str, dict[str, list[str]]] = {
    "cases": {
        "case_id": ["B", "C", "D", "Ä 1", "0"],
        "order_type": ["community_order", "licence"],
        "sentence_date": DATES[:3],
        "release_date": ["2006-12-01", "2007-01-01"],
        "end_date": ["", "2007-06-01"],
        "custody_months": ["", "0", "12"],
        "tier": ["", "1", "4"],
        "ppo": ["", "true", "no", "Y", "0"],
        "team": ["", "north", "the north, east", " été "],
    },
    "appointments": {
        "case_id": ["A"],
        "scheduled_on": DATES,
        "kind": ["office", "other", ""],
        "hours": ["", "7.5", "24", "0", ".5", "24.000", "7.33333333333333333"],
    },
    "oasys_assessments": {"case_id": ["A"], "completed_on": DATES, "score": ["", "0", "168"]},
    "inductions": {"case_id": ["A"], "completed_on": DATES, "discrimination_explained": ["", "YES", "false", "1"]},
}
ODD_DATES = ["2006/1/5", "2006-1-05", " 2006-01-05", "2006-01-05 ", "02006-1-05", "2006-01-5 ", "2006-02-30"]
ODD_DATES += ["1949-12-31", "2100-01-01", "epoch", "infinity", "2006-01-05 10:00", "٢006-01-05"]
ODD_NUMBERS = ["+5", "4.0", "1e3", "٣", " 5", "5_0", "0x10", "007", "-1", "25", "1.1234567", "nan", "99999999999"]
ODD = {
    "date": ODD_DATES,
    "integer": ODD_NUMBERS,
    "number": ODD_NUMBERS,
    "boolean": ["t", "F", " true", "maybe", "01", "on"],
    "code": ["Office", " 1 ", "04", "LICENCE", "none"],
    "text": ["\0", "x" * 5000, "\u00a0"],
}


@st.composite
def nearly_plain_exports(draw: st.DrawFn) -> dict[str, bytes]:
    """A plain export, with an odd cell in some of its rows; every table has the case A to belong to."""
    files = {}
    for name, cells in PLAIN.items():
        rows = draw(st.lists(st.tuples(*map(st.sampled_from, cells.values())).map(list), min_size=1, max_size=8))
        for row in rows:
            if draw(st.integers(0, 5)) == 0:
                place = draw(st.integers(0, len(row) - 1))
                column = load_tables()[name].column(list(cells)[place])
                row[place] = draw(st.sampled_from([*ODD[column.type], "", "Z", "A"]))
        if name == "cases":
            rows.append(["A", "community_order", "2006-01-05", "", "", "", "", "", ""])
        lines = [list(cells), *rows]
        files[f"{name}.csv"] = "".join(",".join(map(quoted, line)) + "\n" for line in lines).encode()
    return files


def quoted(cell: str) -> str:
    return f'"{cell}"' if "," in cell else cell


def all_of(folder: Path) -> object:
    try:
        export, store = exports.read(folder, limits=reading.Limits(cell_bytes=4096))
    except ExportError as error:
        return str(error)
    rejects = store.execute("SELECT * FROM rejects ORDER BY ALL").fetchall()
    types = [store.execute(f"DESCRIBE {name}").fetchall() for name in load_tables()]
    ordered = [store.execute(f"SELECT * FROM {name}").fetchall() for name in ("cases", "staff")]
    return (
        exports.counts(export),
        export.nulls,
        export.newest,
        export.warnings,
        exports.dump(store),
        (
            rejects,
            types,
            ordered,
        ),
    )


@settings(max_examples=sized(15, 40), deadline=None)
@given(nearly_plain_exports(), st.sampled_from([48 << 20, -1]))
def test_quick_and_careful_way_agree(files: dict[str, bytes], large: int) -> None:
    with written(files) as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_LARGE_BYTES", dict.fromkeys(reading._LARGE_BYTES, large))
        quick = all_of(folder)
        patch.setattr(reading, "is_plain", lambda *_: False)
        assert all_of(folder) == quick


@pytest.mark.parametrize("large", [48 << 20, -1])
def test_plain_files_go_the_quick_way(large: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, cells in PLAIN.items():
        height = max(map(len, cells.values()))
        rows = [[column[place % len(column)] for column in cells.values()] for place in range(height)]
        if name == "cases":
            rows = [*rows[:5], ["A", "licence", "2006-01-05", "2006-01-05", "", "", "", "", ""]]
        lines = [list(cells), *rows]
        text = "".join(",".join(map(quoted, line)) + "\n" for line in lines)
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    monkeypatch.setattr(reading, "_LARGE_BYTES", dict.fromkeys(reading._LARGE_BYTES, large))
    monkeypatch.setattr(accounts, "load_rows", None)
    export, _ = exports.read(tmp_path)
    assert [count.rejected for count in export.accounting] == [0] * len(PLAIN)


def test_cases_that_share_an_id_are_rejected_whole_the_quick_way(tmp_path: Path) -> None:
    exports.write_csv({"cases": [{"case_id": "A", **exports.CASE}, {"case_id": "B", **exports.CASE}] * 2}, tmp_path)
    with (tmp_path / "cases.csv").open("a") as file:
        file.write("C,community_order,2006-01-09\n")
    export, store = exports.read(tmp_path)
    assert exports.counts(export)["cases"] == (5, 1, 0, 4)
    assert store.execute('SELECT "row" FROM rejects').fetchall() == [(1,), (2,), (3,), (4,)]
    assert store.execute('SELECT case_id, "row" FROM cases').fetchall() == [("C", 5)]


def texts() -> list[str]:
    letters = "tTfyYnNo01 5+-.e_x"
    short = ["".join(some) for size in (1, 2, 3) for some in itertools.product(letters, repeat=size)]
    years, months, days = ("2006", " 2006", "02006", "206", "1949", "2100"), ("1", "01", "13"), ("5", "05", "31")
    dates = ["".join(parts) for parts in itertools.product(years, "-/ ", months, "-/ ", days, ("", " ", "T"))]
    words = ["true", "TRUE", "yes", "Yes", "no", "false", "on", "off", "truE", "tru", "yes "]
    return [*short, *dates, *words, *itertools.chain(DATES, *ODD.values())]


@pytest.mark.parametrize(
    "column",
    [
        Column("c", "boolean"),
        Column("c", "date"),
        Column("c", "integer", minimum=0, maximum=16),
        Column("c", "integer", minimum=0),
        Column("c", "number", minimum=0, maximum=24),
    ],
)
def test_no_cast_that_counts_as_plain_differs_from_the_contract(column: Column) -> None:
    if column.type == "boolean":
        careful = conversions.boolean_sql("t")
    elif column.type == "date":
        careful = conversions.date_sql("t", "q", None)
    else:
        careful = conversions.bounded_sql(f"({conversions.digits_sql('t', column)})", column)
    type_ = conversions.sql_type(load_tables()["cases"], column)
    odd = conversions.is_odd_sql("t", "q", column)
    store = duckdb.connect()
    store.execute("CREATE TABLE texts AS SELECT unnest($1::VARCHAR[]) AS t", [texts()])
    plain = f"(SELECT t, q FROM (SELECT t, try_cast(t AS {type_}) AS q FROM texts) WHERE q IS NOT NULL AND NOT ({odd}))"
    assert store.execute(f"SELECT t, q FROM {plain} WHERE q IS DISTINCT FROM ({careful})").fetchall() == []
    assert store.execute(f"SELECT count(*) > 0 FROM {plain}").fetchone() == (True,)


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("large", [48 << 20, -1])
def test_identical_rows_are_counted_among_many_as_among_few(
    ordered: bool, large: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = itertools.product("AB", ["2006-01-05", "2006-01-06", None], ["office", "other"])
    rows = [{"case_id": case, "scheduled_on": day, "kind": kind} for case, day, kind in cells]
    rows = [row for row in rows for _ in range(2 if row["kind"] == "office" else 1)]
    rows += [] if ordered else rows[::-1]
    tables = {"cases": [{"case_id": case, **exports.CASE} for case in "AB"], "appointments": rows}
    monkeypatch.setattr(reading, "_LARGE_BYTES", dict.fromkeys(reading._LARGE_BYTES, large))
    monkeypatch.setattr(accounts, "_MANY_ROWS", 0)
    export, _ = exports.read(exports.write_csv(tables, tmp_path))
    assert export.identical == {"appointments": len(rows) - 12}
