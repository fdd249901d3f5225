"""Changes between runs, and the trend, as text of at most 80 columns that a screen reader can read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from omi_rules.reports.columns import align
from omi_rules.reports.terminal import Paint, paint_plain
from omi_rules.reports.words import count, english_date, folded, listed
from omi_rules.rulebook.model import SEVERITIES

if TYPE_CHECKING:
    from omi_rules.history.diff import Change, Difference
    from omi_rules.history.trend import Night

#: How many findings of each sort are listed; -v lists all.
_MOST = 10
_BARS = "▁▂▃▄▅▆▇█"
#: What is only counted: it is as it was, or is no news to act on.
_NOT_LISTED = ("still",)


def show_difference(found: "Difference", *, verbose: bool = False, paint: Paint = paint_plain) -> list[str]:
    """The lines of `history diff`: what was compared, the counts, and the findings of each sort, the worst first."""
    from omi_rules.history.diff import CHANGES

    before, after = found.before, found.after
    lines = [
        *folded(
            f"Run {before.number}, as at {english_date(before.as_at)}, beside run {after.number}, as at "
            f"{english_date(after.as_at)}.",
            "  ",
            "",
        ),
        *_warnings(found, paint),
        "",
    ]
    rows = [[sort.replace("_", " "), f"{found.counts[sort]:,}", means] for sort, means in CHANGES.items()]
    lines += align(["Change", "Findings", "Meaning"], [row for row in rows if row[1] != "0"], right=(1,), giving=2)
    for sort, means in CHANGES.items():
        listed_here = [change for change in found.changes if change.change == sort]
        if not listed_here or sort in _NOT_LISTED:
            continue
        lines += ["", paint("heading", f"{sort.replace('_', ' ').capitalize()}: {means}")]
        shown = listed_here if verbose else listed_here[:_MOST]
        lines += [line for change in shown for line in folded(_sentence(change), "    ", "  ")]
        if len(shown) < len(listed_here):
            lines.append(f"  and {len(listed_here) - len(shown):,} more: -v lists them.")
    return lines


def _warnings(found: "Difference", paint: Paint) -> list[str]:
    before, after = found.before, found.after
    told = []
    if found.vanished:
        rows = sum(rows for rows, _ in found.vanished.values())
        tables = listed(f"{table} {number:,}" for table, (number, _) in found.vanished.items())
        told.append(f"Data alarm: {count(rows, 'record')} vanished from the exports: {tables}.")
    if before.rulebook != after.rulebook:
        told.append(f"The rulebook changed from {before.rulebook} to {after.rulebook}.")
    if before.program != after.program:
        told.append(f"omi-rules changed from {before.program} to {after.program}: some changes may be its own.")
    if after.failed:
        names = listed(name for _, name in after.failed)
        told.append(f"Run {after.number} could not judge {names}: findings of these stay as they were.")
    return [paint("alarm", line) for sentence in told for line in folded(sentence, "  ", "")]


def _sentence(change: "Change") -> str:
    held = ", ".join(word for word in (change.team, change.officer) if word)
    outcome = change.outcome.replace("_", " ")
    due = f", due {english_date(change.due_on)}" if change.due_on else ""
    done = f", done {english_date(change.done_on)}" if change.done_on else ""
    whose = f"{change.name} ({held})" if held else change.name
    return f"{SEVERITIES[change.severity]}: {whose}: {change.rule} {outcome}".rstrip() + f"{due}{done}"


def change_rows(found: "Difference") -> list[dict[str, object]]:
    """Each change as a row of JSON or CSV."""
    return [
        {
            "change": change.change,
            "about": change.about,
            "id": change.name,
            "rule": change.rule,
            "part": change.part,
            "outcome": change.outcome or None,
            "due_on": change.due_on.isoformat() if change.due_on else None,
            "done_on": change.done_on.isoformat() if change.done_on else None,
            "severity": SEVERITIES[change.severity],
            "since": change.since.isoformat(),
            "division": change.division,
            "team": change.team,
            "officer": change.officer,
        }
        for change in found.changes
    ]


def show_trend(nights: Sequence["Night"]) -> list[str]:
    """The lines of `history trend`: the curve in one line with its numbers, then the numbers of every run."""
    header = ["Run", "As at", "Findings", "Undecided", "New", "Otherwise", "Put right", "Gone"]
    rows = [
        [
            str(night.run),
            night.as_at.isoformat(),
            *(f"{number:,}" for number in (night.open, night.undecided, night.new, night.otherwise)),
            *(f"{number:,}" for number in (night.put_right, night.gone)),
        ]
        for night in nights
    ]
    return [*_curve(nights), "", *align(header, rows, right=(0, 2, 3, 4, 5, 6, 7))]


def _curve(nights: Sequence["Night"]) -> list[str]:
    numbers = [night.open for night in nights]
    low, high = min(numbers), max(numbers)
    told = (
        f"{count(numbers[0], 'finding')} in run {nights[0].run}, {numbers[-1]:,} in run {nights[-1].run}; "
        f"lowest {low:,}, highest {high:,}."
    )
    return [sparkline(numbers), *folded(told, "  ", "")]


def sparkline(numbers: Sequence[int]) -> str:
    """Numbers as bars of eight heights, from the lowest to the highest.

    >>> sparkline([1, 2, 3, 8]), sparkline([5, 5])
    ('▁▂▃█', '▁▁')
    """
    low, high = min(numbers), max(numbers)
    return "".join(_BARS[(number - low) * (len(_BARS) - 1) // max(high - low, 1)] for number in numbers)
