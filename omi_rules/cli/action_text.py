"""The improvement plan as text of at most 80 columns that a screen reader can read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from omi_rules.reports.columns import align
from omi_rules.reports.terminal import Paint, paint_plain
from omi_rules.reports.words import count, english_date, folded, listed
from omi_rules.rulebook.model import SEVERITIES

if TYPE_CHECKING:
    from datetime import date

    from omi_rules.history.action_plan import Item, Plan
    from omi_rules.history.plan_progress import Step
    from omi_rules.scoring.breaches import Cause

#: How many causes of each recommendation are shown; -v shows all.
_MOST_CAUSES = 3
#: Recommendation 8, on appraisal, is about the staff; the others are about cases.
_ABOUT_STAFF = 8


def show_plan(
    plan: "Plan",
    items: "Sequence[Item]",
    causes: "Sequence[Cause]",
    *,
    verbose: bool = False,
    paint: Paint = paint_plain,
) -> list[str]:
    """The plan's date, then each recommendation with its counts, its items and the causes behind it."""
    lines = [*_head(plan), *_unattended(plan, paint)]
    if not items:
        lines += ["", "There is no item."]
    for number in sorted({item.recommendation for item in items} | {cause.recommendation for cause in causes}):
        lines += ["", *_recommendation(plan, number, paint)]
        for item in items:
            if item.recommendation == number:
                lines += show_item(item)
        ours = [cause for cause in causes if cause.recommendation == number]
        lines += _behind(ours, verbose)
    return lines


def _behind(causes: "Sequence[Cause]", verbose: bool) -> list[str]:
    """What is behind most, and whatever is critical, however rare it is."""
    if not causes:
        return []
    shown = [
        cause
        for place, cause in enumerate(causes)
        if verbose or place < _MOST_CAUSES or cause.severity == SEVERITIES[0]
    ]
    lines = ["  Behind it:"]
    for cause in shown:
        words = cause.words if cause.kind == "cause" else f"rule {cause.words}"
        told = f"{_in_cases(cause.recommendation, cause.cases)}, {cause.severity}: {words}"
        lines += folded(told, "      ", "    ")
    if len(shown) < len(causes):
        lines.append(f"    and {len(causes) - len(shown):,} more: -v lists them.")
    return lines


def _head(plan: "Plan") -> list[str]:
    from omi_rules.history.plan_files import plan_sentence

    return folded(plan_sentence(plan))


def _unattended(plan: "Plan", paint: Paint) -> list[str]:
    numbers = plan.unattended()
    if not numbers:
        return []
    noun = "Recommendation" if len(numbers) == 1 else "Recommendations"
    told = f"{noun} {listed(map(str, numbers))}: still breached, and no item is open."
    return [paint("alarm", line) for line in folded(told)]


def _recommendation(plan: "Plan", number: int, paint: Paint) -> list[str]:
    counted = plan.latest.get(number)
    if counted is None:
        told = "no findings when the plan was drawn up."
    elif counted.findings is None:
        told = "not judged in that run."
    else:
        told = f"{count(counted.findings, 'finding')}, in {_in_cases(number, counted.cases or 0)}."
    return [paint("heading", line) for line in folded(f"Recommendation {number}: {told}")]


def _in_cases(number: int, cases: int) -> str:
    if number == _ABOUT_STAFF:
        return count(cases, "member of staff", "members of staff")
    return count(cases, "case")


def show_item(item: "Item") -> list[str]:
    """An item on as many lines as it needs."""
    told = [f"owner {item.owner}" if item.owner else "no owner yet"]
    told.append(f"due {english_date(item.due_on)}" if item.due_on else "no due date yet")
    if item.closed_on:
        told = [f"closed on {english_date(item.closed_on)}: {item.note}"]
    return [
        *folded(f"Item {item.id}: {item.action}", "    ", "  "),
        *folded(f"{'; '.join(told)}".rstrip(".") + ".", "    ", "    "),
    ]


def show_overdue(plan: "Plan", items: "Sequence[Item]", day: "date") -> list[str]:
    """The items that are overdue as at a day, the longest overdue first."""
    lines = [*_head(plan), ""]
    if not items:
        return [*lines, f"No item is overdue as at {english_date(day)}."]
    lines.append(f"{count(len(items), 'item')} overdue as at {english_date(day)}:")
    for item in items:
        late = (day - item.due_on).days if item.due_on else 0
        lines += ["", f"Recommendation {item.recommendation}, {count(late, 'day')} overdue", *show_item(item)]
    return lines


def show_progress(plan: "Plan", steps: "Sequence[Step]", as_at: "date", *, paint: Paint = paint_plain) -> list[str]:
    """A table of the recommendations then and now, what it does not prove, and why numbers may not be comparable."""
    from omi_rules.history.plan_progress import CAUTION

    header = ["Rec", "Found then", "Found now", "Change", "Cases then", "Cases now", "Open", "Closed", "Overdue"]
    rows = [
        [
            str(step.recommendation),
            *map(_number, (step.planned_findings, step.findings)),
            "-" if step.change is None else f"{step.change:+,}" if step.change else "0",
            *map(_number, (step.planned_cases, step.cases, step.open, step.closed, step.overdue)),
        ]
        for step in steps
    ]
    lines = [
        *_head(plan),
        *folded(f"Progress as at {english_date(as_at)}: the findings of each recommendation when planned, and now."),
        "",
        *align(header, rows, right=range(1, len(header))),
        "",
        *[paint("alarm", line) for line in folded(CAUTION)],
    ]
    told: dict[str, list[str]] = {}
    for step in steps:
        for note in step.notes:
            told.setdefault(note, []).append(str(step.recommendation))
    for note, numbers in told.items():
        noun = "Recommendation" if len(numbers) == 1 else "Recommendations"
        lines += folded(f"{noun} {listed(numbers)}: {note}.", "  ", "")
    return lines


def _number(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"
