"""A briefing for a mail: CommonMark without HTML, in which every text of the export stays text."""

import re
import textwrap
from collections.abc import Iterable

from omi_rules.reports.briefing.blocks import Block, Heading, Item, Items, Paragraph, Title
from omi_rules.reports.words import WIDTH, printable

#: What could begin emphasis, code, a link, an entity, HTML, or an address that a reader makes a link of.
_SIGNS = re.compile(r"([\\`*_\[\]<>&#~|!@]|(?<=:)/|(?<=www)\.)", re.IGNORECASE)
#: What could begin a list, an underlined heading or a rule where it stands first on a line.
_FIRST = re.compile(r"^(?:(\d{1,9})([.)])|([-+=]))")


def show_markdown(blocks: Iterable[Block]) -> str:
    """The briefing as CommonMark, in lines that a mail can hold."""
    parts: list[str] = []
    for block in blocks:
        match block:
            case Title(text):
                parts.append(f"# {' '.join(_plain_words(text))}")
            case Heading(text, inner=inner):
                parts.append(f"{'###' if inner else '##'} {' '.join(_plain_words(text))}")
            case Paragraph(text):
                parts.append(_folded(_plain_words(text), "", ""))
            case Items(entries, numbered):
                marks = [f"{number}. " if numbered else "- " for number in range(1, len(entries) + 1)]
                parts.append("\n".join(_item(item, mark) for item, mark in zip(entries, marks, strict=True)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _item(item: Item, mark: str) -> str:
    lead, text = _plain_words(item.lead), _plain_words(item.text)
    return _folded([*(_strong(lead) if text else lead), *text], mark, " " * len(mark))


def _strong(words: list[str]) -> list[str]:
    marked = list(words)
    marked[0] = f"**{marked[0]}"
    marked[-1] = f"{marked[-1]}**"
    return marked


def _plain_words(text: str) -> list[str]:
    return [_SIGNS.sub(r"\\\1", word) for word in printable(text).split()]


def _folded(words: list[str], first: str, indent: str) -> str:
    """Words on lines of the width of a page, none of which begins as a list or a heading would.

    A word is never broken: a sign that makes another one plain has to stay before it.
    """
    # one column is left for the sign that makes the first word of a line plain
    lines = textwrap.wrap(
        " ".join(words),
        WIDTH - len(indent) - 1,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return "\n".join(
        f"{indent if number else first}{_FIRST.sub(_made_plain, line)}" for number, line in enumerate(lines)
    )


def _made_plain(found: re.Match[str]) -> str:
    number, after, sign = found.groups()
    return f"{number}\\{after}" if number else f"\\{sign}"
