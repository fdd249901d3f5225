"""No value of a cell in any message of the reader."""

import csv
from pathlib import Path

import pytest

from omi_rules.problems import ExportError
from tests.data import exports
from tests.data.exports import CASE

MARK = "Zq7marker"


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_values_of_cells_never_appear_in_messages(quoting: int, tmp_path: Path) -> None:
    marked = dict.fromkeys(("order_type", "sentence_date", "tier", "ppo", "roh_level", "team"), MARK)
    tables = {
        "cases": [
            {"case_id": "A", **CASE},
            {"case_id": MARK, **CASE},
            {"case_id": MARK, **CASE},
            {"case_id": f"{MARK}1", **marked},
        ],
        "appointments": [
            {"case_id": MARK, "kind": MARK},
            {"case_id": "A", "hours": MARK, "scheduled_on": MARK},
        ],
        "documents": [{"case_id": "A", "kind": MARK}] * 2,
    }
    folder = exports.write_csv(tables, tmp_path, quoting)
    export, store = exports.read(folder)
    assert exports.counts(export)["cases"] == (4, 1, 0, 3)
    reasons = store.execute('SELECT "column", reason, file FROM rejects').fetchall()
    assert MARK not in str(reasons)
    assert MARK not in str((export.warnings, export.unread, export.accounting))


@pytest.mark.parametrize(
    "content",
    [
        f"{MARK},{MARK}\n{MARK},x\n",
        f"case_id,order_type\n{MARK},{MARK}\n",
        f'case_id,order_type\n"{MARK},{MARK}\n',
        f'case_id,order_type\n"{MARK}"{MARK}\n',
        f"{MARK}\n",
    ],
)
def test_values_of_cells_never_appear_in_refusals(content: str, tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(content)
    with pytest.raises(ExportError) as caught:
        exports.read(tmp_path)
    assert MARK not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
