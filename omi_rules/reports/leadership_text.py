"""Section 4 on the page of a terminal: the levels that people gave, and what its points came to."""

from collections.abc import Mapping, Sequence
from typing import Any

from omi_rules.reports.columns import align
from omi_rules.reports.words import folded

Criterion = Mapping[str, Any]

EXPLAINED = "The levels are those that people gave: the report does not say how points lead to one."


def show_leadership(criteria: Sequence[Criterion], *, verbose: bool = False) -> list[str]:
    """The lines of section 4, at most 80 columns; with -v the points that are areas for improvement too."""
    if not criteria:
        return []
    rows = [
        [
            one["id"],
            one["title"],
            one["level"] or "not given",
            *(f"{one[name]:,}" for name in ("strengths", "areas_for_improvement", "not_looked_at", "unanswered")),
        ]
        for one in criteria
    ]
    header = ["", "Criterion", "Level", "Strong", "Improve", "Unseen", "Open"]
    lines = [*folded(EXPLAINED), *align(header, rows, right=(3, 4, 5, 6), giving=1)]
    lines += folded(
        "Strong, Improve, Unseen: points found to be strengths or areas for improvement, or not looked at. "
        "Open: not answered yet."
    )
    return [*lines, *_improvements(criteria)] if verbose else lines


def _improvements(criteria: Sequence[Criterion]) -> list[str]:
    lines: list[str] = []
    for one in criteria:
        for point in one["points"]:
            if point["answer"] == "area for improvement":
                evidence = f" {point['evidence']}" if point["evidence"] else ""
                lines += folded(f"{point['id']} {point['asks']}{evidence}", "  ", "- ")
    return ["Areas for improvement:", *lines] if lines else []
