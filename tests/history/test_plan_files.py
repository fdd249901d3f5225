"""The improvement plan as CSV, JSON and a workbook."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from omi_rules.history.action_plan import Counted, Item, Plan
from omi_rules.history.plan_files import (
    items_csv,
    plan_json,
    plan_workbook,
    progress_csv,
    progress_json,
)
from omi_rules.history.plan_progress import CAUTION, Step
from omi_rules.scoring.breaches import Cause

NOVEMBER = date(2006, 11, 30)
COUNTED = Counted(NOVEMBER, "abc", 10, 3, 2, 0)
ITEM = Item(1, 1, "=HYPERLINK(1)", "+owner", date(2007, 4, 2), NOVEMBER, None, None)
CLOSED = replace(ITEM, id=2, closed_on=date(2007, 3, 1), note="@note")
CAUSES = tuple(Cause(1, kind, "-words", "high", 3, 2, "http://example.org") for kind in ("cause", "rule"))
STEP = Step(1, NOVEMBER, 3, 2, None, None, 1, 1, 0, ("first", "second"))


@pytest.fixture
def plan() -> Plan:
    """A plan of one recommendation, with an open and a closed item."""
    counts = {1: COUNTED}
    return Plan(date(2007, 2, 14), date(2007, 3, 14), NOVEMBER, counts, counts, CAUSES, (ITEM, CLOSED))


def test_csv_and_json_tell_the_items_and_when_the_plan_is_due(plan: Plan) -> None:
    rows = list(csv.DictReader(io.StringIO(items_csv(plan, plan.items))))
    told = json.loads(plan_json(plan, plan.items, plan.causes))

    assert [row["plan_due_on"] for row in rows] == ["2007-03-14"] * 2
    assert told["plan_due_on"] == "2007-03-14"
    assert [row["state"] for row in rows] == [item["state"] for item in told["items"]] == ["open", "closed"]
    assert (rows[0]["action"], rows[0]["owner"], rows[1]["note"]) == ("'=HYPERLINK(1)", "'+owner", "'@note")
    assert told["items"][0]["action"] == "=HYPERLINK(1)"
    assert [cause["rank"] for cause in told["causes"]] == [1, 2]


def test_workbook_holds_real_dates_and_no_formula(plan: Plan) -> None:
    book = load_workbook(io.BytesIO(plan_workbook(plan, plan.items, plan.causes)))
    items, causes = book.worksheets

    assert (items.title, causes.title) == ("Items", "Causes")
    header = [cell.value for cell in items[4]]
    first = dict(zip(header, items[5], strict=True))
    assert first["Due on"].value == datetime(2007, 4, 2)
    assert (first["Action"].value, first["Owner"].value) == ("'=HYPERLINK(1)", "'+owner")
    assert (first["Findings"].value, first["Closed on"].value) == (3, None)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    assert "14 March 2007" in items["A2"].value
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "A5"
        assert sheet.auto_filter.ref is not None
        assert sheet.auto_filter.ref.startswith("A4:")
        assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$4:$4")


def test_workbook_of_the_same_plan_has_the_same_bytes(plan: Plan) -> None:
    assert plan_workbook(plan, plan.items, plan.causes) == plan_workbook(plan, plan.items, plan.causes)


def test_progress_says_that_it_proves_nothing(plan: Plan) -> None:
    (row,) = csv.DictReader(io.StringIO(progress_csv(plan, [STEP])))
    told = json.loads(progress_json(plan, [STEP], NOVEMBER))

    assert row["caution"] == told["caution"] == CAUTION
    assert "no proof" in CAUTION
    assert (row["findings"], row["change"], row["notes"]) == ("", "", "first; second")
    assert told["recommendations"][0]["change"] is None
    assert told["plan_due_on"] == row["plan_due_on"] == "2007-03-14"
