"""Columns of Parquet whose type is not the contract's."""

from datetime import datetime
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from omi_rules.problems import ExportError
from tests.data.exports import TABLES, counts, dump, read, with_times, write_parquet


@pytest.mark.parametrize("type_", [pyarrow.timestamp("us"), pyarrow.timestamp("ns"), pyarrow.timestamp("us", "UTC")])
def test_date_in_a_column_of_times_is_rejected_and_told_what_the_column_holds(
    tmp_path: Path, type_: pyarrow.DataType
) -> None:
    export = write_parquet(TABLES, tmp_path)
    with_times(export / "supervisions.parquet", "held_on", type_)

    found, store = read(export)

    assert counts(found)["supervisions"] == (2, 0, 0, 2)
    assert [row for row in dump(store)["rejects"] if row[0] == "supervisions"] == [
        (
            "supervisions",
            number,
            "held_on",
            "is not a date written YYYY-MM-DD from 1950 to 2099 "
            "(its column holds times: write it as a column of dates)",
        )
        for number in (1, 2)
    ]


def test_export_whose_every_case_has_times_is_refused_with_the_remedy(tmp_path: Path) -> None:
    export = write_parquet({"cases": [{**TABLES["cases"][4]}]}, tmp_path)
    with_times(export / "cases.parquet", "sentence_date", pyarrow.timestamp("ns"))

    with pytest.raises(ExportError, match="its column holds times: write it as a column of dates") as refused:
        read(export)

    assert str(refused.value).endswith("; correct the export")


def test_times_in_a_column_of_codes_have_no_such_note(tmp_path: Path) -> None:
    export = write_parquet(TABLES, tmp_path)
    grades = pyarrow.table({"staff_id": ["S1"], "grade": [datetime(2006, 5, 5)]})
    parquet.write_table(grades, export / "staff.parquet")

    _, store = read(export)

    (reason,) = [row[3] for row in dump(store)["rejects"] if row[0] == "staff"]
    assert reason.startswith("is not one of ")
    assert "times" not in reason
