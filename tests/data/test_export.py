"""What a reading leaves: the same tables from every form, every row accounted for, the as-at date applied."""

import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from omi_rules.data.export import Limits
from omi_rules.data.means import Means
from omi_rules.problems import ExportError, UsageError
from tests.data import exports
from tests.data.exports import AS_AT, CASE, TABLES

COUNTS = {
    "cases": (5, 3, 1, 1),
    "appointments": (8, 4, 2, 2),
    "documents": (1, 1, 0, 0),
    "requirements": (2, 2, 0, 0),
    "staff": (1, 1, 0, 0),
    "supervisions": (2, 1, 1, 0),
}


def write(form: str, folder: Path) -> Path:
    if form == "csv":
        return exports.write_csv(TABLES, folder)
    if form == "parquet":
        return exports.write_parquet(TABLES, folder)
    return exports.write_records(TABLES, folder, form)


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl", "json"])
def test_every_form_gives_the_same_tables(form: str, tmp_path: Path) -> None:
    export, store = exports.read(write(form, tmp_path / form))
    expected, plain = exports.read(write("csv", tmp_path / "plain"))
    assert export.form == form
    assert exports.counts(export) == COUNTS
    assert exports.dump(store, rows=False) == exports.dump(plain, rows=False)
    assert (export.nulls, export.missing, export.identical) == (
        expected.nulls,
        expected.missing,
        {"appointments": 1},
    )
    assert export.newest == date(2007, 5, 5)


def test_values_are_typed_and_rewound(tmp_path: Path) -> None:
    _, store = exports.read(write("csv", tmp_path))
    cases = store.execute(
        "SELECT case_no, case_id, row, start_date, release_date, end_date, tier, ppo, roh_level::VARCHAR, "
        "team FROM cases"
    ).fetchall()
    day = date(2006, 1, 9)
    assert cases == [
        (0, "0007", 2, day, None, None, None, None, None, None),
        (1, "0012", 1, date(2006, 2, 1), date(2006, 2, 1), None, 4, True, "very_high", "Bootle, north"),
        (2, "0300", 5, AS_AT, None, None, None, None, None, None),
    ]
    appointments = store.execute("SELECT case_no, row, hours, kind::VARCHAR FROM appointments ORDER BY row").fetchall()
    assert appointments == [
        (0, 1, None, "office"),
        (1, 2, Decimal("7.5"), "unpaid_work"),
        (0, 3, None, "office"),
        (1, 8, None, None),
    ]
    required = store.execute(
        "SELECT row, planned_start_on, started_on, completed_on FROM requirements ORDER BY row"
    ).fetchall()
    assert required == [(1, date(2007, 1, 1), None, None), (2, None, None, AS_AT)]
    assert store.execute("SELECT staff_no, left_on FROM staff").fetchall() == [(0, None)]
    assert store.execute("SELECT * FROM lost").fetchall() == [("appointments", 1, 1)]
    types = dict(store.execute("SELECT column_name, column_type FROM (DESCRIBE appointments)").fetchall())
    assert types["scheduled_on"] == "DATE"
    assert types["hours"] == "DECIMAL(18,15)"
    assert types["case_no"] == "INTEGER"
    assert types["kind"].startswith("ENUM('office'")


def test_missing_tables_and_columns_are_there_and_empty(tmp_path: Path) -> None:
    export, store = exports.read(exports.write_csv({"cases": [{"case_id": "A", **CASE}]}, tmp_path))
    assert "appointments" in export.missing
    assert "cases" not in export.missing
    assert store.execute("SELECT count(*), count(hours), count(kind = 'office') FROM appointments").fetchall() == [
        (0, 0, 0)
    ]
    assert store.execute("SELECT tier, ppo, roh_level FROM cases").fetchall() == [(None, None, None)]
    assert ("cases", "tier") in export.nulls
    assert ("cases", "sentence_date") not in export.nulls


@pytest.mark.parametrize(("days", "expected"), [(-1, (1, 1, 0, 0)), (0, (1, 1, 0, 0)), (1, (1, 0, 1, 0))])
def test_case_sentenced_after_the_as_at_date_is_left_out_with_its_rows(
    days: int, expected: tuple[int, ...], tmp_path: Path
) -> None:
    sentenced = (AS_AT + timedelta(days)).isoformat()
    tables = {
        "cases": [{"case_id": "A", **CASE, "sentence_date": sentenced}],
        "documents": [{"case_id": "A", "held": True}],
    }
    export, store = exports.read(exports.write_csv(tables, tmp_path))
    assert exports.counts(export) == {"cases": expected, "documents": expected}
    assert (export.cases, export.cases_left_out) == expected[1:3]
    assert store.execute("SELECT count(*) FROM rejects").fetchone() == (0,)


@pytest.mark.parametrize(("days", "used"), [(-1, 1), (0, 1), (1, 0)])
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("allocations", "allocated_on"),
        ("court_reports", "completed_on"),
        ("home_visits", "occurred_on"),
        ("appointments", "scheduled_on"),
        ("breaches", "instigated_on"),
        ("transfers", "transferred_on"),
        ("police_checks", "requested_on"),
    ],
)
def test_row_whose_own_date_lies_ahead_is_left_out(
    table: str, column: str, days: int, used: int, tmp_path: Path
) -> None:
    tables = {
        "cases": [{"case_id": "A", **CASE}],
        table: [{"case_id": "A", column: (AS_AT + timedelta(days)).isoformat()}],
    }
    export, _ = exports.read(exports.write_csv(tables, tmp_path))
    assert exports.counts(export)[table] == (1, used, 1 - used, 0)


def test_dates_ahead_are_empty_unless_planned(tmp_path: Path) -> None:
    ahead = "2006-12-01"
    tables = {
        "cases": [
            {"case_id": "A", **CASE, "end_date": ahead, "resentenced_date": ahead},
            {"case_id": "B", **CASE, "order_type": "licence", "release_date": ahead},
        ],
        "court_reports": [{"case_id": "A", "requested_on": ahead, "due_on": ahead}],
        "court_reviews": [{"case_id": "A", "due_on": ahead, "report_completed_on": ahead}],
        "requirements": [
            {"case_id": "A", "planned_start_on": ahead, "started_on": ahead, "completed_on": ahead}
            | {"consent_recorded_on": ahead}
        ],
        "roh_screenings": [{"case_id": "A", "completed_on": "2006-11-30", "countersigned_on": ahead}],
        "staff": [{"staff_id": "S", "employed_on": "2006-11-30", "left_on": ahead}],
    }
    export, store = exports.read(exports.write_csv(tables, tmp_path))
    assert all(count.used == count.rows_in for count in export.accounting)
    day = date(2006, 12, 1)
    kept = "end_date, resentenced_date, release_date, start_date = release_date"
    assert store.execute(f"SELECT {kept} FROM cases ORDER BY case_id").fetchall() == [
        (None, None, None, None),
        (None, None, day, True),
    ]
    assert store.execute("SELECT requested_on, due_on FROM court_reports").fetchall() == [(None, day)]
    assert store.execute("SELECT due_on, report_completed_on FROM court_reviews").fetchall() == [(day, None)]
    dates = "planned_start_on, started_on, completed_on, consent_recorded_on"
    assert store.execute(f"SELECT {dates} FROM requirements").fetchall() == [(day, None, None, None)]
    assert store.execute("SELECT countersigned_on FROM roh_screenings").fetchall() == [(None,)]
    assert store.execute("SELECT left_on FROM staff").fetchall() == [(None,)]


def test_as_at_comes_from_the_option_then_the_settings_then_today(tmp_path: Path) -> None:
    exports.write_csv({"cases": [{"case_id": "A", **CASE}]}, tmp_path)
    assert exports.read(tmp_path, as_at=None)[0].as_at_from == "today"
    (tmp_path / "Export.yaml").write_text("as_at: 2006-11-30\narea: Merseyside\nsource: case system\n")
    export, _ = exports.read(tmp_path, as_at=None)
    assert (export.as_at, export.as_at_from) == (AS_AT, "export.yaml")
    assert (export.area, export.source) == ("Merseyside", "case system")
    assert exports.read(tmp_path, as_at=date(2030, 1, 1))[0].as_at_from == "option"


def test_size_to_which_a_zip_may_unpack_is_read_in_both_units() -> None:
    sizes = {"16GB": 16_000_000_000, "8GiB": 8 << 30, "1.5 KB": 1500, "1KiB": 1024, "2TB": 2_000_000_000_000}

    assert {size: Limits.of(size).unpacked_bytes for size in sizes} == sizes
    assert Limits.of(None).unpacked_bytes == 8 << 30, "what the contract says"


def test_as_at_outside_the_years_of_records_is_refused_whoever_names_it(tmp_path: Path) -> None:
    exports.write_csv({"cases": [{"case_id": "A", **CASE}]}, tmp_path)
    for day in (date(1950, 1, 1), date(2099, 12, 31)):
        assert exports.read(tmp_path, as_at=day)[0].as_at == day
    for day in (date(1949, 12, 31), date(2100, 1, 1)):
        with pytest.raises(UsageError, match="from 1950 to 2099"):
            exports.read(tmp_path, as_at=day)
        (tmp_path / "export.yaml").write_text(f"as_at: {day}\n")
        with pytest.raises(ExportError, match=r"export\.yaml should lie from 1950 to 2099"):
            exports.read(tmp_path, as_at=None)


def test_rows_of_one_day_that_differ_only_in_what_is_yet_to_come_are_told_for_what_they_are(tmp_path: Path) -> None:
    planned = {"case_id": "A", "kind": "supervision"}
    rows = [{**planned, "started_on": "2006-12-05"}, {**planned, "completed_on": "2006-12-06"}]
    exports.write_csv({"cases": [{"case_id": "A", **CASE}], "requirements": rows}, tmp_path)

    export, _ = exports.read(tmp_path)
    assert export.identical == {"requirements": 1}
    assert "1 row is the same as an earlier one in all that was known on 2006-11-30; all count" in export.warnings[-1]


def test_spellings_of_the_contract_are_read(tmp_path: Path) -> None:
    rows = "\ufeff case_id ,order_type,sentence_date,"
    rows += "ppo,disability,literacy_need,domestic_abuse,,roh_level,name\r\n"
    rows += " 007\t,Community_Order, 2006-01-09 ,YES,n,0,True,x,VERY_HIGH,Jo\r\n\r\n   \r\n"
    (tmp_path / "CASES.CSV").write_text(rows, encoding="utf-8", newline="")
    export, store = exports.read(tmp_path)
    assert exports.counts(export) == {"cases": (1, 1, 0, 0)}
    assert export.unread == ("cases.name",)
    wanted = ("007", True, False, False, True, "very_high")
    assert store.execute(
        "SELECT case_id, ppo, disability, literacy_need, domestic_abuse, roh_level::VARCHAR FROM cases"
    ).fetchall() == [wanted]


@pytest.mark.parametrize("form", ["csv", "carefully", "parquet", "jsonl"])
def test_hours_have_as_many_decimal_places_as_they_like(form: str, tmp_path: Path) -> None:
    hours = [20 / 60, 7.3333333, 7.5, 24, 24.0000001]
    rows = [{"case_id": "A", "scheduled_on": "2006-02-01", "hours": value} for value in hours]
    tables = {"cases": [{"case_id": "A", **CASE}], "appointments": rows}
    if form == "parquet":
        exports.write_parquet(tables, tmp_path)
    elif form == "jsonl":
        exports.write_records(tables, tmp_path, form)
    else:
        exports.write_csv({**tables, "appointments": rows if form == "carefully" else rows[:-1]}, tmp_path)
    export, store = exports.read(tmp_path)
    found = store.execute('SELECT hours FROM appointments ORDER BY "row"').fetchall()
    assert found == [(Decimal(text),) for text in ("0.333333333333333", "7.3333333", "7.5", "24")]
    assert exports.counts(export)["appointments"][3] == (form != "csv")


def test_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    exports.write_csv({"cases": [{"case_id": "A", **CASE}]}, tmp_path)
    (tmp_path / "appointments.csv").write_text("case_id,scheduled_on")
    export, _ = exports.read(tmp_path)
    assert exports.counts(export)["appointments"] == (0, 0, 0, 0)
    assert "appointments" not in export.missing


@pytest.mark.parametrize("around", ["", "export/", "Merseyside 2006/"])
def test_zip_gives_what_its_folder_gives(around: str, tmp_path: Path) -> None:
    folder = write("csv", tmp_path / "folder")
    (folder / "notes.txt").write_text("x")
    with zipfile.ZipFile(tmp_path / "Export.ZIP", "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"{around}{file.name}")
        archive.writestr("__MACOSX/._cases.csv", "litter")
    export, store = exports.read(tmp_path / "Export.ZIP")
    expected, plain = exports.read(folder)
    assert exports.dump(store) == exports.dump(plain)
    assert export.fingerprint == expected.fingerprint
    assert set(export.unread) == {"notes.txt", "__MACOSX/._cases.csv"}


def test_fingerprint_is_of_names_and_contents(tmp_path: Path) -> None:
    first, _ = exports.read(write("csv", tmp_path / "a"))
    same, _ = exports.read(write("csv", tmp_path / "b"))
    (tmp_path / "b" / "notes.txt").write_text("not read")
    assert exports.read(tmp_path / "b")[0].fingerprint == first.fingerprint == same.fingerprint
    with (tmp_path / "b" / "documents.csv").open("a") as file:
        file.write("0007,x,true\n")
    assert exports.read(tmp_path / "b")[0].fingerprint != first.fingerprint


def test_link_within_the_export_is_followed(tmp_path: Path) -> None:
    folder = write("csv", tmp_path / "export")
    (folder / "documents.csv").rename(folder / "papers.txt")
    (folder / "documents.csv").symlink_to("papers.txt")
    assert exports.counts(exports.read(folder)[0])["documents"] == (1, 1, 0, 0)


def test_odd_folder_names_are_taken_as_they_stand(tmp_path: Path) -> None:
    folder = write("csv", tmp_path / "area=[5]*?'x'" / "a b")
    assert exports.counts(exports.read(folder)[0]) == COUNTS
    other = write("parquet", tmp_path / "area=[5]*?'x'" / "p")
    export, store = exports.read(other)
    assert exports.counts(export) == COUNTS
    assert store.execute("SELECT DISTINCT area FROM cases").fetchall() == [(None,)]


def test_one_case_has_the_account_it_has_among_all(tmp_path: Path) -> None:
    folder = write("csv", tmp_path)
    export, store = exports.read(folder, only_case=" 0012 ")
    assert exports.counts(export) == COUNTS | {
        "cases": (1, 1, 0, 0),
        "appointments": (3, 2, 0, 1),
        "documents": (0, 0, 0, 0),
    }
    _, whole = exports.read(folder)
    columns = "* EXCLUDE (case_no)"
    for table in ("cases", "appointments", "requirements"):
        one = store.execute(f"SELECT {columns} FROM {table} ORDER BY row").fetchall()
        assert one == whole.execute(f"SELECT {columns} FROM {table} WHERE case_no = 1 ORDER BY row").fetchall()
        assert store.execute(f"SELECT DISTINCT case_no FROM {table}").fetchall() == [(0,)]
    assert store.execute("SELECT * FROM lost").fetchall() == [("appointments", 0, 1)]
    assert exports.counts(exports.read(folder, only_case="0100")[0])["cases"] == (1, 0, 1, 0)
    with pytest.raises(ExportError, match=r"is rejected: cases\.csv row 4: tier"):
        exports.read(folder, only_case="0200")
    with pytest.raises(UsageError, match=r"is not in cases\.csv"):
        exports.read(folder, only_case="7")


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_one_case_of_another_form(form: str, tmp_path: Path) -> None:
    export, _ = exports.read(write(form, tmp_path), only_case="0012")
    assert exports.counts(export)["appointments"] == (3, 2, 0, 1)


def test_warnings_tell_of_stale_and_identical_records(tmp_path: Path) -> None:
    visits = [{"case_id": "A", "occurred_on": "2006-10-30"}] * 3
    folder = exports.write_csv({"cases": [{"case_id": "A", **CASE}], "home_visits": visits}, tmp_path)
    export, _ = exports.read(folder)
    assert export.identical == {"home_visits": 2}
    assert len(export.warnings) == 1
    assert "home_visits: 2 rows" in export.warnings[0]
    stale, _ = exports.read(folder, as_at=date(2006, 12, 1))
    assert "32 days older" in stale.warnings[0]


def test_limits_reach_the_store() -> None:
    with Means(memory="1GB", threads=1).open_store() as store:
        found = store.execute("SELECT current_setting('threads'), current_setting('memory_limit')").fetchall()
        assert found == [(1, "953.6 MiB")]


def test_link_in_a_circle_is_refused(tmp_path: Path) -> None:
    exports.write_csv({"cases": [{"case_id": "A", **CASE}]}, tmp_path)
    (tmp_path / "documents.csv").symlink_to("documents.csv")
    with pytest.raises(ExportError, match=r"documents\.csv"):
        exports.read(tmp_path)


def test_zip_without_tables_is_called_by_its_own_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("a/cases.csv", "x")
        archive.writestr("b/cases.csv", "x")
    with pytest.raises(ExportError, match=r"^export\.zip holds no table of cases"):
        exports.read(tmp_path / "export.zip")


def test_zip_packed_in_an_unknown_way_asks_for_another(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("cases.csv", "case_id\n")
        archive.getinfo("cases.csv").compress_type = 97  # the directory at the end says so, as WavPack would

    with pytest.raises(ExportError, match=r"^export\.zip cannot be unpacked: make the zip again$") as raised:
        exports.read(tmp_path / "export.zip")
    assert isinstance(raised.value.__cause__, NotImplementedError)
