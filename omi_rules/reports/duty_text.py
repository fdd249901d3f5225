"""A work list on the page of a terminal: the duties of each officer, team or rule, and how many fall into each week."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from omi_rules.duties.find import Duty, WorkList
from omi_rules.reports.columns import align
from omi_rules.reports.terminal import Paint, paint_plain
from omi_rules.reports.words import count, english_date, folded, shortened

_NONE = "not recorded"
#: How the list can be parted: the heading of each part, from a duty.
GROUPS: Mapping[str, Callable[[Duty], str]] = {
    "officer": lambda duty: f"{duty.officer or _NONE} ({duty.team or 'no team'})",
    "team": lambda duty: f"{duty.team or _NONE} ({duty.division or 'no division'})",
    "rule": lambda duty: f"{duty.title} ({duty.rule})",
}
#: How many duties of each part are shown; -v shows all.
_MOST = 10


def show_duties(found: WorkList, by: str, *, verbose: bool = False, paint: Paint = paint_plain) -> list[str]:
    """The lines of the work list, at most 80 columns."""
    area = f"{found.area}, as" if found.area else "As"
    due = sum(duty.state == "due" for duty in found.duties)
    lines = [
        *folded(f"{area} at {english_date(found.as_at)}, looking ahead to {english_date(found.until)}.", "  ", ""),
        *folded(f"{_overdue(found)}, {due:,} due.{_left_out(found)}", "  ", ""),
        *(line for sentence in (*found.warnings, *found.faults) for line in folded(sentence, "  ", "- ")),
    ]
    parts: dict[str, list[Duty]] = {}
    for duty in found.duties:
        parts.setdefault(GROUPS[by](duty), []).append(duty)
    for name in sorted(parts):
        lines += ["", *(paint("heading", line) for line in folded(name)), *_part(parts[name], by, verbose)]
    if found.duties:
        lines += ["", paint("heading", "How many fall due in each week"), *_weeks(found)]
    return lines


def _overdue(found: WorkList) -> str:
    overdue = sum(duty.state == "overdue" for duty in found.duties)
    waived = sum(duty.waived_until is not None for duty in found.duties)
    return f"{overdue:,} overdue, {waived:,} of them waived for a time" if waived else f"{overdue:,} overdue"


def _unknown(found: WorkList) -> str:
    if not found.unknown:
        return ""
    told = count(found.unknown, "duty", "duties")
    return f" {told} cannot be told: `omi-rules check` says which columns would decide them."


def _left_out(found: WorkList) -> str:
    """What is counted and not listed, in sentences."""
    return f"{_undated(found)}{_ended(found)}{_unknown(found)}"


def _undated(found: WorkList) -> str:
    if not found.undated:
        return ""
    told = count(found.undated, "more duty is", "more duties are")
    return f" {told} still in time, for how long the records do not tell."


def _ended(found: WorkList) -> str:
    if not found.ended:
        return ""
    told = count(found.ended, "duty", "duties")
    return f" {told} of cases that have ended can no longer be done, and are left out."


def _part(duties: Sequence[Duty], by: str, verbose: bool) -> list[str]:
    shown = duties if verbose else duties[:_MOST]
    rows = [
        [duty.severity, _when(duty), _late(duty), duty.case_id, duty.title if by != "rule" else duty.action]
        for duty in shown
    ]
    what = "To do" if by == "rule" else "Duty"
    header, *lines = align(["Severity", "Due", "Days late", "Case", what], rows, right=(2,), giving=4)
    told = [header]
    for duty, line in zip(shown, lines, strict=True):
        told.append(line)
        if duty.waived_until:
            told.append(f"    Waived until {english_date(duty.waived_until)}")
        if verbose and by != "rule":
            told += folded(f"To do: {duty.action}", "    ", "    ")
    if len(shown) < len(duties):
        told.append(f"and {count(len(duties) - len(shown), 'duty', 'duties')} more: -v lists all.")
    return told


def _when(duty: Duty) -> str:
    return duty.due_on.isoformat() if duty.due_on else "past"


def _late(duty: Duty) -> str:
    return f"{duty.days:,}" if duty.days and duty.days > 0 else ""


def weeks_of(found: WorkList) -> list[tuple[str, dict[str, int]]]:
    """By week, from what is overdue on: a name, and how many duties of each severity."""
    weeks: dict[str, dict[str, int]] = {"overdue": {}}
    monday = found.as_at - timedelta(days=found.as_at.weekday())
    while monday <= found.until:
        weeks[monday.isoformat()] = {}
        monday += timedelta(days=7)
    for duty in found.duties:
        week = weeks["overdue" if duty.state == "overdue" or duty.due_on is None else _monday(duty.due_on)]
        week[duty.severity] = week.get(duty.severity, 0) + 1
    return list(weeks.items())


def _monday(day: date) -> str:
    return (day - timedelta(days=day.weekday())).isoformat()


def _weeks(found: WorkList) -> list[str]:
    severities = ("critical", "high", "medium")
    rows = [
        ["Overdue" if name == "overdue" else f"Week of {name}", *(f"{week.get(word, 0):,}" for word in severities)]
        for name, week in weeks_of(found)
    ]
    return align(
        ["", *(word.capitalize() for word in severities)],
        [[shortened(row[0], 24), *row[1:]] for row in rows],
        right=(1, 2, 3),
    )
