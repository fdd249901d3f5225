"""One pass over the bytes of a file: its digest, and what the bytes alone can prove about its rows.

DuckDB's CSV reader is fast, and forgiving: it lets a NUL through, does not look at the bytes of columns that
nobody asked for, and takes a row with one empty cell too many. What it does not check is checked here,
meanwhile.
"""

import codecs
import hashlib
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
#: A cell in quotation marks that starts and ends where a cell may; the mark comes first, as the search for one
#: letter is many times faster.
_QUOTED = re.compile(rb'"(?:(?<=[,\n]")|(?<=\A"))[^"]*(?:""[^"]*)*"(?=[,\r\n]|\Z)')


@dataclass(frozen=True)
class Scan:
    """What the bytes of a CSV file prove. `commas` between cells is None where quotation marks leave it
    open."""

    digest: str
    sound_text: bool
    line_ending: str | None
    commas: int | None

    def vouches_for(self, rows: int, columns: int, line_ending: str) -> bool:
        """Whether every row that DuckDB read has as many cells as the header, in sound text."""
        plain = self.sound_text and self.line_ending in (line_ending, "")
        return plain and self.commas == (rows + 1) * (columns - 1)


def digest_file(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def scan_file(path: Path) -> Scan:
    """Scan a CSV file that should be UTF-8."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    sound, pure = True, True
    quotes = commas = feeds = returns = pairs = 0
    for chunk in _read_chunks(path):
        digest.update(chunk)
        commas += chunk.count(b",")
        quotes += chunk.count(b'"') if b'"' in chunk else 0
        if b"\r" in chunk or returns:
            returns, pairs = returns + chunk.count(b"\r"), pairs + chunk.count(b"\r\n")
        feeds += chunk.count(b"\n") if returns else b"\n" in chunk
        sound = sound and b"\0" not in chunk
        if sound and not (pure and chunk.isascii()):
            pure = False
            sound = _decodes(decoder, chunk)
    if not pure and sound:
        sound = _decodes(decoder, b"", final=True)
    ending = "" if not feeds and not returns else "\n" if not returns else None
    if returns and returns == pairs == feeds:
        ending = "\r\n"
    return Scan(digest.hexdigest(), sound, ending, _outside(path, commas, quotes) if quotes else commas)


def _read_chunks(path: Path) -> Iterator[bytes]:
    """The file in pieces, none of which ends between a carriage return and its line feed."""
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            while chunk.endswith(b"\r") and (more := file.read(1)):
                chunk += more
            yield chunk


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _outside(path: Path, commas: int, quotes: int) -> int | None:
    """The commas outside quoted cells; None if some quotation mark does not enclose a whole cell."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for match in _QUOTED.finditer(content):
            cell = match.group()
            quotes -= cell.count(b'"')
            commas -= cell.count(b",")
    return commas if quotes == 0 else None
