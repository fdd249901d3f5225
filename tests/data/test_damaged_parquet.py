"""A damaged Parquet file is refused as unreadable, or read whole; it is never a fault of the program."""

from pathlib import Path

import duckdb
import pytest

from omi_rules.data.layout import DataFile
from omi_rules.data.parquet_text import blaming_the_file
from omi_rules.problems import ExportError
from tests.data.exports import TABLES, counts, read, write_parquet
from tests.sizes import sized


def spoilt(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 0x40]) + content[place + 1 :]


def test_byte_that_changed_anywhere_is_told_or_does_no_harm(tmp_path: Path) -> None:
    export = write_parquet(TABLES, tmp_path)
    file = export / "cases.parquet"
    whole, refused = file.read_bytes(), []
    (expected, _) = read(export)

    for place in range(0, len(whole), max(1, len(whole) // sized(12, 25))):
        file.write_bytes(spoilt(whole, place))
        try:
            found, _ = read(export)
        except ExportError as error:
            refused.append(str(error))
        else:
            assert counts(found).keys() == counts(expected).keys(), place
            assert all(rows == used + out + rejected for rows, used, out, rejected in counts(found).values()), place

    assert refused
    assert all("cases.parquet" in sentence for sentence in refused)


@pytest.mark.parametrize("is_broken", [True, False])
def test_fault_is_the_files_only_if_it_cannot_be_read_by_itself(tmp_path: Path, is_broken: bool) -> None:
    path = write_parquet({"cases": TABLES["cases"]}, tmp_path) / "cases.parquet"
    if is_broken:
        path.write_bytes(path.read_bytes()[:-20])
    store = duckdb.connect()

    with (
        pytest.raises(ExportError if is_broken else duckdb.ConversionException),
        blaming_the_file(store, DataFile(path, "parquet")),
    ):
        store.execute("SELECT 'no number'::INTEGER")
