"""The limits that a user sets on an export, each on the day before, the day and the day after."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from omi_rules.data.gates import Amount, Gates, check_dropped, check_gates
from omi_rules.problems import ExportError
from tests.data.exports import AS_AT, CASE, read, write_csv

TODAY = date(2006, 12, 10)
NIGHT: dict[str, list[dict[str, Any]]] = {
    "cases": [{"case_id": f"{number}", **CASE} for number in range(4)],
    "home_visits": [{"case_id": "0", "occurred_on": "2006-11-27"}, {"case_id": "1", "occurred_on": "2006-12-24"}],
    "appointments": [
        {"case_id": "0", "scheduled_on": "2006-11-30", "outcome": None},
        {"case_id": "1", "scheduled_on": "2006-11-28", "outcome": "attended"},
        {"case_id": "1", "scheduled_on": "2006-02-30", "outcome": "attended"},
        {"case_id": "9", "scheduled_on": "2006-02-03", "outcome": "attended"},
    ],
}


def judge(folder: Path, gates: Gates, **options: Any) -> str:
    """What the limits say of the export; nothing if it is within them."""
    export, store = read(write_csv(NIGHT, folder), **options)
    try:
        check_gates(store, export, gates, TODAY)
    except ExportError as error:
        return str(error)
    finally:
        store.close()
    return ""


@pytest.mark.parametrize(("limit", "stops"), [(4, False), (5, True), (0, False)])
def test_fewer_cases_than_the_limit_stop(tmp_path: Path, limit: int, stops: bool) -> None:
    said = judge(tmp_path, Gates(min_cases=limit))

    assert ("the export has 4 cases, and --min-cases is 5" in said) == stops


@pytest.mark.parametrize(
    ("limit", "stops"), [("2", False), ("1", True), ("20%", False), ("19.9%", True), ("0", True), ("100%", False)]
)
def test_more_rejects_than_the_limit_stop(tmp_path: Path, limit: str, stops: bool) -> None:
    said = judge(tmp_path, Gates(max_rejects=Amount.read(limit)))

    assert (f"2 of 10 rows were rejected, and --max-rejects is {limit}:" in said) == stops


@pytest.mark.parametrize(("limit", "stops"), [(3, False), (2, False), (1, True)])
def test_age_counts_from_the_newest_record_to_the_day_that_was_named(tmp_path: Path, limit: int, stops: bool) -> None:
    # 28 November: an appointment of the 30th has no outcome yet, and a visit of December has not happened
    said = judge(tmp_path, Gates(max_age=limit), as_at=AS_AT)

    assert ("the newest record is 2 days old, counted to 2006-11-30, and --max-age is 1 days" in said) == stops


@pytest.mark.parametrize(("limit", "stops"), [(12, False), (11, True)])
def test_age_counts_to_today_where_only_the_export_names_its_day(tmp_path: Path, limit: int, stops: bool) -> None:
    (tmp_path / "export.yaml").write_text(f"as_at: {AS_AT}\n", encoding="utf-8")

    said = judge(tmp_path, Gates(max_age=limit), as_at=None)

    assert ("the newest record is 12 days old, counted to 2006-12-10" in said) == stops


def test_record_of_the_day_itself_is_no_day_old(tmp_path: Path) -> None:
    assert judge(tmp_path, Gates(max_age=0), as_at=AS_AT - timedelta(days=2)) == ""
    assert judge(tmp_path, Gates(max_age=0), as_at=AS_AT - timedelta(days=1)) != ""


@pytest.mark.parametrize(
    ("limit", "before", "most"), [("5%", 100, 5), ("20", 927, 20), ("20%", 927, 185), ("0", 927, 0), ("2.5", 927, 2)]
)
def test_more_vanished_cases_than_the_limit_stop(limit: str, before: int, most: int) -> None:
    gates = Gates(drop_limit=Amount.read(limit))

    check_dropped(most, before, gates)
    with pytest.raises(ExportError, match=rf"{most + 1} of {before} cases .* and --drop-limit is {limit}: "):
        check_dropped(most + 1, before, gates)


def test_no_limit_stops_nothing(tmp_path: Path) -> None:
    assert judge(tmp_path, Gates()) == ""
    check_dropped(10, 10, Gates())
    check_dropped(0, 0, Gates(drop_limit=Amount(0, is_share=True)))
