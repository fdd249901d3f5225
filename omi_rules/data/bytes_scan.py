"""One pass over the bytes of a file: its digest, and what the bytes alone can prove about its rows.

DuckDB's CSV reader is fast, and forgiving: it lets a NUL through, does not look at the bytes of columns that
nobody asked for, and takes a row with one empty cell too many. What it does not check is checked here,
meanwhile.
"""

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
#: A quotation mark before or behind which no cell may start or end, in text whose quoted cells are gone but for one
#: mark each. The mark comes first, as the search for one letter is many times faster.
_ASTRAY = re.compile(rb'"(?:(?<=[^,\n"]")|(?=[^,\r\n"]))')


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
    outside = _Outside()
    sound, pure = True, True
    feeds = returns = pairs = 0
    for chunk in _read_chunks(path):
        digest.update(chunk)
        outside.take(chunk)
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
    return Scan(digest.hexdigest(), sound, ending, outside.commas())


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


class _Outside:
    """Counts the commas outside quoted cells, chunk by chunk; a cell may go on over any number of them."""

    def __init__(self) -> None:
        self._commas = 0
        self._is_inside = False
        self._is_astray = False
        #: what came last outside quoted cells; a file may start with one, as a line may
        self._last = b"\n"

    def take(self, chunk: bytes) -> None:
        """Count on in the next chunk of the file."""
        if self._is_astray:
            return
        if not self._is_inside and b'"' not in chunk:
            self._take_outside(chunk, chunk[:1])
            return
        pieces = chunk.split(b'"')
        outside = b'"'.join(pieces[1 if self._is_inside else 0 :: 2])
        was_inside, self._is_inside = self._is_inside, self._is_inside == bool(len(pieces) % 2)
        if self._is_inside and not (was_inside and len(pieces) == 1):
            outside += b'"'
        self._take_outside(outside, outside)

    def _take_outside(self, text: bytes, with_marks: bytes) -> None:
        """Count in text with one mark in place of each quoted cell; a mark escaped inside of one leaves two."""
        self._commas += text.count(b",")
        self._is_astray = _ASTRAY.search(self._last + with_marks) is not None
        self._last = text[-1:] or self._last

    def commas(self) -> int | None:
        """How many there are in all; None if some quotation mark does not enclose a whole cell."""
        return None if self._is_astray or self._is_inside else self._commas
