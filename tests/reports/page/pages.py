"""Pages for tests, and what can be read in one: its text, its records, and every byte of both."""

import gzip
import html
import json
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from omi_rules.reports.audience import AUDIENCES
from omi_rules.reports.gathering import ReportSettings
from omi_rules.reports.page.build import build_page

_KINDS = {1: "B", 2: "H", 4: "I"}


@dataclass(frozen=True)
class Page:
    """A page, read."""

    content: bytes

    @cached_property
    def text(self) -> str:
        return self.content.decode("utf-8")

    @cached_property
    def packed(self) -> str:
        return self.text.partition('id="data">')[2].partition("</script>")[0]

    @cached_property
    def unpacked(self) -> bytes:
        return gzip.decompress(b64decode(self.packed))

    @cached_property
    def header(self) -> Mapping[str, Any]:
        length = int.from_bytes(self.unpacked[:4], "little")
        header: Mapping[str, Any] = json.loads(self.unpacked[4 : 4 + length])
        return header

    @cached_property
    def columns(self) -> Mapping[str, Sequence[int]]:
        place = 4 + int.from_bytes(self.unpacked[:4], "little")
        found = {}
        for name, (size, count) in self.header["columns"].items():
            place += -place % 4
            found[name] = memoryview(self.unpacked[place : place + size * count]).cast(_KINDS[size]).tolist()
            place += size * count
        return found

    @property
    def every_byte(self) -> bytes:
        """What somebody could find in the file, packed or not."""
        return self.content + self.unpacked

    @cached_property
    def policy(self) -> Mapping[str, str]:
        given = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', self.text)
        assert given is not None
        parts = (part.split(" ", 1) for part in html.unescape(given[1]).split("; "))
        return {part[0]: part[1] for part in parts}

    def part(self, id_: str) -> str:
        """The words of the element with an id, with single spaces."""
        reader = _Words(id_)
        reader.feed(self.text)
        return " ".join(" ".join(reader.words).split())


class _Words(HTMLParser):
    _EMPTY = frozenset({"meta", "input", "br", "use", "rect", "line", "path", "circle", "link"})

    def __init__(self, id_: str) -> None:
        super().__init__()
        self.id_, self.depth, self.words = id_, 0, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._EMPTY and (self.depth or dict(attrs).get("id") == self.id_):
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if self.depth and tag not in self._EMPTY:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.words.append(data)


def page_of(folder: Path, audience: str = "manager", **settings: Any) -> Page:
    """The page of a run for some readers."""
    return Page(build_page(folder, ReportSettings(audience=AUDIENCES[audience], **settings)))


#: Names as nobody should have them, and as an export may all the same.
HOSTILE = {
    "case_id": "</script><script>alert(1)</script>",
    "division": '"><img src=x onerror=alert(1)>',
    "team": "=cmd|' /C calc'!A0 ‮sesrever",
    "offender_manager": "O'<b>" + "n" * 10_000 + "{{ 7 * 7 }}",
}


def hostile_tables() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Tables of an export with such names: one case with findings, and a plain one."""
    rest = {"order_type": "community_order", "sentence_date": "2006-01-09", "tier": 3, "roh_level": "high"}
    plain = {"case_id": "0100", "division": "Sefton", "team": "Bootle", "offender_manager": "OM1"}
    return {"cases": [{**HOSTILE, **rest}, {**plain, **rest}]}
