"""What the bytes of a CSV file prove, however they are cut into chunks."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from omi_rules.data import bytes_scan

#: Quoted cells found in the file as a whole.
WHOLE = re.compile(rb'(?<![^,\n])"[^"]*(?:""[^"]*)*"(?=[,\r\n]|\Z)')
TOKENS = (b'"', b'""', b",", b"\n", b"\r\n", b"\r", b"a", b'"a,b",', b'"",', b',"a""b"', "é".encode())
SIZES = (1, 2, 3, 7, 1 << 20)


def commas_of(content: bytes) -> int | None:
    """The commas outside quoted cells, if every quotation mark is one of theirs."""
    rest = WHOLE.sub(b"", content)
    return None if b'"' in rest else rest.count(b",")


def contents() -> Iterator[bytes]:
    """Random text: half of it of whole cells alone, which is how files are, and half of anything."""
    chance = random.Random(1)
    cells = (b"", b"a", b'"a,b"', b'""', b'"a\n"', b'"a""b"', b'""""', b'"a,"",b"')
    for _ in range(300):
        row = [b",".join(chance.choices(cells, k=3)) for _ in range(chance.randrange(4))]
        yield chance.choice((b"\n", b"\r\n")).join(row)
        yield b"".join(chance.choices(TOKENS, k=chance.randrange(12)))


@pytest.mark.parametrize("size", SIZES)
def test_cells_are_the_same_wherever_a_chunk_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(bytes_scan, "_CHUNK", size)
    path = tmp_path / "cases.csv"
    found = []
    for content in contents():
        path.write_bytes(content)
        found.append(bytes_scan.scan_file(path).commas)
        assert found[-1] == commas_of(content), content

    assert sum(commas is None for commas in found) > 100
    assert sum(commas is not None for commas in found) > 300


def test_cell_longer_than_many_chunks_is_one(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_bytes(b'a,"' + b'x,""' * (1 << 20) + b'",b\n')

    assert bytes_scan.scan_file(path).commas == 2
