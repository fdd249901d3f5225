"""Published and computed figures side by side on the page of a terminal, and the cases that explain the difference."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from omi_rules.reports.columns import align
from omi_rules.reports.terminal import Paint, paint_plain
from omi_rules.reports.words import count, folded, whole

Entry = Mapping[str, Any]
Case = Mapping[str, Any]

#: How many cases are named on the page; JSON has them all.
_MOST = 20
_NO_PROOF = "A reading that gives the published figure may be how it was counted; that it does is no proof of it."
_WOULD_SHOW = (
    "A list of the cases behind the figure (`cases:` in the file) would show which of them are judged differently."
)


def show_reconciled(entries: Sequence[Entry], *, paint: Paint = paint_plain) -> list[str]:
    """The lines of score.json's `reconciled`, at most 80 columns."""
    lines: list[str] = []
    for entry in entries:
        lines += ["", *(paint("heading", line) for line in folded(f"{entry['of']} {entry['id']}: {entry['title']}"))]
        lines += _figures(entry)
        lines += _readings(entry)
        lines += _listed(entry["list"]) if entry["list"] else _read_otherwise(entry)
    return lines[1:]


def _figures(entry: Entry) -> Iterator[str]:
    theirs, ours = entry["published"], entry["computed"]
    counted = f", {_counts(theirs)}" if theirs["relevant"] else ""
    yield from folded(f"Published: {_exact(theirs['percent'])}{counted}, by {theirs['by']}, {theirs['period']}.", "  ")
    yield from folded(f"Counted: {theirs['definition']}", "    ")
    if ours["percent"] is None:
        yield from folded(f"Computed: nothing, {ours['without']}.", "  ")
    else:
        counted = f", {_counts(ours)}" if ours["relevant"] is not None else ""
        undecided = f"; {ours['undecided']:,} undecided" if ours["undecided"] else ""
        chance = f" (95%: {ours['interval_low']:.0f}-{ours['interval_high']:.0f})" if ours["relevant"] else ""
        yield from folded(f"Computed: {_exact(ours['percent'])}{counted}{chance}{undecided}.", "  ")
    yield from folded(f"Counted: {ours['definition']}", "    ")
    if entry["difference"] is not None:
        yield from folded(_difference(entry), "  ")


def _counts(one: Mapping[str, Any]) -> str:
    return f"{one['sufficient']:,}/{one['relevant']:,}"


def _exact(percent: float) -> str:
    """A share to one place, and whole where it is.

    >>> _exact(83.0), _exact(66.6667)
    ('83%', '66.7%')
    """
    return f"{percent:.1f}".removesuffix(".0") + "%"


def _difference(entry: Entry) -> str:
    if entry["agrees"]:
        return "The two agree as far as the published figure was printed."
    points = entry["difference"]
    return f"The computed figure is {abs(points):.1f} points {'lower' if points < 0 else 'higher'}."


def _readings(entry: Entry) -> list[str]:
    lines: list[str] = []
    if entry["outcomes"]:
        found = ", ".join(f"{outcome.replace('_', ' ')} {number:,}" for outcome, number in entry["outcomes"].items())
        lines += folded(f"Outcomes: {found}.", "    ", "  ")
    if entry["readings"]:
        rows = [
            [
                reading["reading"],
                "" if reading["relevant"] is None else _counts(reading),
                whole(reading["percent"]),
                "yes" if reading["agrees"] else "no",
            ]
            for reading in entry["readings"]
        ]
        lines += align(["Read otherwise", "n/N", "Share", "Gives it"], rows, right=(1, 2))
    return lines


def _read_otherwise(entry: Entry) -> Iterator[str]:
    """Which readings give the published figure, the cases that they count otherwise, and what would tell more."""
    giving = [reading for reading in entry["readings"] if reading["agrees"]]
    if entry["agrees"]:
        return
    for reading in giving:
        if reading["cases"]:
            words = reading["reading"]
            yield from folded(f"{words[:1].upper()}{words[1:]}: {count(len(reading['cases']), 'case')}.", "  ")
            yield from _cases(reading["cases"])
    if giving:
        yield from folded(_NO_PROOF, "  ")
    elif entry["readings"]:
        yield from folded("None of these readings gives the published figure.", "  ")
    # a criterion has no cases of its own, and neither has what is typed in
    if entry["outcomes"]:
        yield from folded(_WOULD_SHOW, "  ")


def _listed(listed: Mapping[str, Any]) -> Iterator[str]:
    """What a list of cases gives by itself, how it lies to ours, and each case that the two judge differently."""
    share = "nothing" if listed["percent"] is None else _exact(listed["percent"])
    agrees = "as published" if listed["agrees"] else "which is not what was published"
    yield from folded(f"The list of cases gives {share}, {_counts(listed)}, {agrees}.", "  ")
    rows = [[row["theirs"] or "not listed", _ours(row["ours"]), f"{row['cases']:,}"] for row in listed["table"]]
    yield from align(["In the list", "Ours", "Cases"], rows, right=(2,))
    if not listed["differing"]:
        yield from folded("No case is judged differently.", "  ")
        return
    yield from folded(f"{count(len(listed['differing']), 'case')} judged differently:", "  ")
    yield from _cases(listed["differing"])


def _ours(outcome: str | None) -> str:
    if outcome == "not_counted":
        return "in the run, but not among those counted"
    return "not in the run" if outcome is None else outcome.replace("_", " ")


def _cases(cases: Sequence[Case]) -> Iterator[str]:
    for case in cases[:_MOST]:
        theirs = f"theirs {case['theirs']}, " if case["theirs"] else ""
        reason = f" {case['reason']}" if case["reason"] else ""
        yield from folded(f"{case['case_id']}: {theirs}ours {_ours(case['ours'])}.{reason}", "      ", "    ")
    if len(cases) > _MOST:
        yield from folded(f"and {count(len(cases) - _MOST, 'case')} more: --format json names them all.", "    ")
