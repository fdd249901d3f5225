"""The small words of every report: dates, counts, shares, and lines that fit the page."""

import textwrap
import unicodedata
from collections.abc import Iterable
from datetime import date

from omi_rules.calendar.written import written

WIDTH = 80
#: How much of a name from the export is shown where room is short; the whole of it is in the files for programs.
_LONGEST_NAME = 80


def english_date(day: date | str | None) -> str:
    """A date as it is written in English.

    >>> english_date("2006-11-30")
    '30 November 2006'
    """
    if not day:
        return "no date"
    return written(date.fromisoformat(day) if isinstance(day, str) else day)


def count(number: int, noun: str, plural: str = "") -> str:
    """A number and its noun.

    >>> count(1, "case"), count(1200, "case"), count(0, "enquiry", "enquiries")
    ('1 case', '1,200 cases', '0 enquiries')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def share(part: float | None) -> str:
    """A share in whole per cent, never rounded to all or none of it.

    >>> share(0.584), share(0.999), share(0.001), share(1.0), share(None)
    ('58%', '99%', '1%', '100%', '-')
    """
    if part is None:
        return "-"
    if 0 < part < 1:
        return f"{min(max(round(part * 100), 1), 99)}%"
    return f"{round(part * 100)}%"


def whole(percent: float | None) -> str:
    """A figure in per cent as the report prints it: whole, a half rounded up.

    >>> whole(12.5), whole(66.6667), whole(None)
    ('13%', '67%', '-')
    """
    return "-" if percent is None else f"{int(percent + 0.5)}%"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Words as an English list.

    >>> listed(["low"]), listed(["low", "high"]), listed(["low", "medium", "high"], "or")
    ('low', 'low and high', 'low, medium or high')
    """
    *others, final = [*words] or [""]
    return f"{', '.join(others)} {last} {final}" if others else final


def printable(text: str) -> str:
    """Text without the control characters that could steer a terminal; line breaks stay."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs") else "?" for letter in text
    )


def folded(text: str, indent: str = "", first: str | None = None, width: int = WIDTH) -> list[str]:
    """A sentence on lines that fit the page; `first` begins the first line, `indent` the others."""
    lines = textwrap.wrap(
        " ".join(printable(text).split()),
        width,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )
    return lines or [(indent if first is None else first).rstrip()]


def shortened(text: str, width: int) -> str:
    """Text cut to a width, with an ellipsis where something is gone."""
    text = " ".join(printable(text).split())
    return text if len(text) <= width else f"{text[: max(width - 1, 0)].rstrip()}…"


def name(text: str | None) -> str:
    """A name from the export as a report shows it.

    >>> name(None), name("Sefton")
    ('not recorded', 'Sefton')
    """
    return "not recorded" if text is None else shortened(text, _LONGEST_NAME)
