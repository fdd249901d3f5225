"""Columns come back out of their packing as they went in, in as few bytes as they need."""

import gzip
from base64 import b64decode

import pytest

from omi_rules.reports.page.packing import pack
from tests.reports.page.pages import Page


def page_with(packed: str) -> Page:
    return Page(f'<script id="data">{packed}</script>'.encode())


@pytest.mark.parametrize("largest", [0, 255, 256, 65_535, 65_536, 2**32 - 1])
def test_numbers_come_back_at_every_width(largest: int) -> None:
    page = page_with(pack({"word": "é"}, {"one": [largest, 0, 7], "two": [], "three": [1]}))

    assert page.columns == {"one": [largest, 0, 7], "two": [], "three": [1]}
    assert page.header["word"] == "é"


@pytest.mark.parametrize(("largest", "size"), [(255, 1), (256, 2), (65_535, 2), (65_536, 4)])
def test_a_number_takes_no_more_bytes_than_the_largest_needs(largest: int, size: int) -> None:
    assert page_with(pack({}, {"one": [largest]})).header["columns"] == {"one": [size, 1]}


def test_packing_holds_no_clock() -> None:
    packed = b64decode(pack({}, {"one": [1]}))

    assert packed[4:8] == bytes(4)
    assert gzip.decompress(packed)
