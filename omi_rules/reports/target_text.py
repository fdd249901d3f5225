"""National targets on the page of a terminal: figures and what they come to, what was published, and with -v why."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from omi_rules.reports.columns import align
from omi_rules.reports.words import folded

Target = Mapping[str, Any]

EXPLAINED = (
    "The period and the definition of today's figures are the program's own: they are near the published ones, not the "
    "same. 95%: as far as chance may move a share. Open: due or unknown. Green: met, on the exact figure. Amber: a "
    "near miss. Red: missed."
)
ASSUMED = "How far from a target still is a near miss is assumed."
_UNITS = {"percent": "%", "percent_of_target": "%", "days": " days", "working_days": " days"}


def show_targets(targets: Sequence[Target], *, verbose: bool = False) -> list[str]:
    """The lines of the targets, at most 80 columns; none without targets."""
    if not targets:
        return []
    assumed = any(target["tolerance_assumed"] for target in targets)
    lines = folded(f"{EXPLAINED} {ASSUMED}" if assumed else EXPLAINED)
    told = [target for target in targets if target["figure"] is not None]
    for printed in dict.fromkeys(_printed(target) for target in told):
        header = ["Target", "Figure", "n/N", "95%", "Open", "Set", "Light"]
        rows = [_figure_row(target) for target in told if _printed(target) == printed]
        lines += ["", *folded(f"{printed[:1].upper()}{printed[1:]}:"), *align(header, rows, right=(1, 2, 3, 4, 5))]
    lines += ["", *_notes(targets)] if _notes(targets) else []
    header = ["Published", "Period", "Area", "National"]
    lines += ["", *align(header, [_published_row(target) for target in targets], right=(2, 3), giving=1)]
    lines += ["* marked there as met or a near miss."]
    return [*lines, "", *_details(targets)] if verbose else lines


def _printed(target: Target) -> str:
    period: Mapping[str, str] = target["period"]
    return f"{period['printed']}, typed in" if target["source"] == "typed in" else period["printed"]


def _figure_row(target: Target) -> list[str]:
    counts = "" if target["numerator"] is None else f"{target['numerator']:,}/{target['denominator']:,}"
    return [
        target["id"],
        amount_words(target["figure"], target["unit"], exact=True),
        counts + ("!" if target["few"] else ""),
        "" if target["interval_low"] is None else f"{target['interval_low']:.0f}-{target['interval_high']:.0f}",
        f"{target['undecided']:,}",
        amount_words(target["target"], target["unit"]),
        target["light"] or "none",
    ]


def _published_row(target: Target) -> list[str]:
    published, unit = target["published"], target["unit"]
    star = "*" if published["asterisk"] else ""
    area = f"{amount_words(published['area'], unit)}{star}"
    return [target["id"], published["period"]["printed"], area, amount_words(published["national"], unit)]


def amount_words(amount: float | None, unit: str, exact: bool = False) -> str:
    """An amount with its unit, `-` for none; a figure of today to one decimal place, what was printed as it is."""
    if amount is None:
        return "-"
    return f"{amount:.1f}{_UNITS[unit]}" if exact else f"{amount:g}{_UNITS[unit]}"


def tolerance_in_words(target: Target) -> str:
    """How far short of its target a near miss may be: percentage points, or days."""
    days = _UNITS[target["unit"]] == " days"
    return f"{target['tolerance']:g} {'days' if days else 'percentage points'}"


def _notes(targets: Iterable[Target]) -> list[str]:
    lines: list[str] = []
    if any(target["few"] and target["figure"] is not None for target in targets):
        lines += folded("! fewer than 10: read with care.")
    reasons: dict[str, list[str]] = {}
    for target in targets:
        if target["without"]:
            reasons.setdefault(target["without"], []).append(target["id"])
    for reason, ids in reasons.items():
        lines += folded(f"Not told, {reason}: {', '.join(ids)}.", "  ", "- ")
    for target in targets:
        if reported := target["reported"]:
            figure = amount_words(reported["figure"], target["unit"])
            source = f", {reported['source']}" if reported["source"] else ""
            told = f"{target['id']}: reported as {figure}, {reported['period']['printed']}{source}."
            lines += folded(told, "  ", "- ")
    return lines


def _details(targets: Iterable[Target]) -> list[str]:
    """Of each target: its title, what the figure counts, how far chance and the unknown may move it, and why."""
    lines: list[str] = []
    for target in targets:
        lines += folded(f"{target['id']}: {target['title']}.", "  ", "")
        if target["basis"]:
            lines += folded(f"Counted: {target['basis']}.", "  ", "  ")
        if target["interval_low"] is not None:
            lines += folded(f"95%: {_span(target, 'interval')}.{_unknown(target)}", "  ", "  ")
        if target["tolerance"] is not None:
            assumed = " (assumed)" if target["tolerance_assumed"] else ""
            near = tolerance_in_words(target)
            lines += folded(f"A near miss is within {near}{assumed} of the target.", "  ", "  ")
        lines += folded(target["why"], "  ", "  ")
    return lines


def _unknown(target: Target) -> str:
    if not target["unknown"]:
        return ""
    return f" If the {target['unknown']:,} unknown had all failed, or none: {_span(target, 'range')}."


def _span(target: Target, name: str) -> str:
    return f"{target[f'{name}_low']:.1f} to {target[f'{name}_high']:.1f}%"
