"""Plain tables: columns apart by spaces, nothing drawn, so that a screen reader reads them as lines."""

from collections.abc import Sequence

from omi_rules.reports.words import WIDTH, shortened

_NARROWEST = 12


def align(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Sequence[int] = (),
    giving: int = 0,
    width: int = WIDTH,
) -> list[str]:
    """The header and the rows on lines of at most `width` letters; the column `giving` gives way where it must.

    `right` are the places of the columns that end on the right, as numbers do.
    """
    widths = [max(len(line[place]) for line in [header, *rows]) for place in range(len(header))]
    room = width - sum(widths) - 2 * (len(widths) - 1)
    if room < 0:
        widths[giving] = max(widths[giving] + room, _NARROWEST)
    return [_line(line, widths, right) for line in [header, *rows]]


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    aligned = []
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        text = shortened(cell, width)
        aligned.append(text.rjust(width) if place in right else text.ljust(width))
    return "  ".join(aligned).rstrip()
