"""A briefing for a terminal: at most 80 columns, whole without colour, and in words before it is in bars."""

from collections.abc import Iterable

from omi_rules.reports.briefing.blocks import Bar, Block, Heading, Item, Items, Legend, Paragraph, Title
from omi_rules.reports.terminal import Paint, paint_plain
from omi_rules.reports.words import WIDTH, folded

#: The letters of a whole bar, each five per cent. A reader that speaks says a run of one sign as one.
_LETTERS = 20
_INDENT = "    "


def show_plain(blocks: Iterable[Block], *, paint: Paint = paint_plain) -> list[str]:
    """The lines, at most 80 columns."""
    lines: list[str] = []
    after_list = False
    for block in blocks:
        if after_list and isinstance(block, Paragraph):
            lines.append("")
        after_list = isinstance(block, Items)
        match block:
            case Title(text):
                lines += [paint("heading", line) for line in folded(text)]
            case Heading(text, alarm):
                lines += ["", *(paint("alarm" if alarm else "heading", line) for line in folded(text))]
            case Paragraph(text) | Legend(text):
                lines += folded(text)
            case Items(entries, numbered):
                for number, item in enumerate(entries, 1):
                    lines += _item(item, f"{number:>2}. " if numbered else "- ")
    return lines


def _item(item: Item, mark: str) -> list[str]:
    """What it is beside its mark; what is said of it below; and the bar at the right end, where the eye looks."""
    indent = _INDENT if len(mark) == len(_INDENT) else "  "
    lines = folded(item.lead, indent, mark)
    if item.text:
        lines += folded(item.text, indent)
    if item.bar:
        room = WIDTH - _LETTERS - 1
        if len(lines[-1]) > room - 2:
            lines.append("")
        lines[-1] = f"{lines[-1]:<{room}}{draw(item.bar)}".rstrip()
    return lines


def draw(bar: Bar) -> str:
    """A bar of letters: how far it reaches, and `|` between them where the line is.

    >>> draw(Bar(74.9, 75)), draw(Bar(80.0, 75)), draw(Bar(40.0, partial=True))
    ('============== |     ', '===============|=    ', '--------            ')
    """
    reach = int(bar.percent / 100 * _LETTERS)
    letters = ("-" if bar.partial else "=") * reach + " " * (_LETTERS - reach)
    if bar.line is None:
        return letters
    place = int(bar.line / 100 * _LETTERS)
    return f"{letters[:place]}|{letters[place:]}"
