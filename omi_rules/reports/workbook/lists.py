"""The sheets that list duties, findings, officers or teams, causes and members of staff."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from omi_rules.data.store import Store
from omi_rules.reports.audience import Audience
from omi_rules.reports.words import count
from omi_rules.reports.workbook.rows import Row, Told, duty_rows, finding_rows, group_rows
from omi_rules.reports.workbook.table import Book, Column, Content, Value

DUTIES, FINDINGS, CAUSES, STAFF = "Overdue and due", "Findings by case", "Causes", "Staff"
_NONE = "not recorded"


def write_duties(
    book: Book, store: Store, audience: Audience, as_at: str, told: Mapping[str, Told], counted: Mapping[str, int]
) -> None:
    """The work list of the run."""
    columns = [
        Column("State", 9),
        Column("Severity", 9),
        Column("Due on", 12, "date"),
        Column("Days overdue", 9, "number"),
        Column("Case", 14, "name"),
        Column("Duty", 40),
        Column("What to do", 50),
        Column("Team", 24, "name"),
        *_officer(audience),
        Column("Division", 24, "name", printed=False),
        Column("Recommendations", 17, printed=False),
    ]
    said = [
        f"{counted['overdue']:,} overdue, {counted['due']:,} due and still in time: the gravest first, and of those "
        "the longest overdue. The due date itself is in time."
    ]
    if counted["undated"]:
        said.append(f"{count(counted['undated'], 'duty has', 'duties have')} no day: the records do not tell it.")
    if counted["ended"]:
        ended = count(counted["ended"], "duty", "duties")
        said.append(f"{ended} of cases that have ended can no longer be done, and are left out.")
    said.append("What falls due later, such as the next review where all are in time so far, `omi-rules due` lists.")
    table = book.add_table(
        Content(DUTIES, "the work list: the gravest first, and of those the longest overdue"),
        " ".join(said),
        columns,
        ("duty", "duties"),
    )
    marked = {"overdue": book.formats.strong, "due": book.formats.words}
    severities = _severities(book)
    for row in duty_rows(store, as_at, told):
        looks = {0: marked[row[0]], 1: severities[row[1]]}
        table.add(_of_audience(row, 8, audience), looks)
    table.close()


def write_findings(book: Book, store: Store, audience: Audience, told: Mapping[str, Told]) -> None:
    """Every finding, case by case."""
    columns = [
        Column("Case", 14, "name"),
        Column("Severity", 9),
        Column("Outcome", 11),
        Column("Finding", 52),
        Column("What to do", 48),
        Column("Due on", 12, "date"),
        Column("Days late", 7, "number"),
        Column("Team", 24, "name"),
        *_officer(audience),
        Column("Done on", 12, "date", printed=False),
        Column("Rule or conclusion", 36, printed=False),
        Column("Criterion", 9, printed=False),
        Column("Recommendations", 17, printed=False),
        Column("Division", 24, "name", printed=False),
    ]
    says = (
        "What is not sufficient, and what follows from it, in plain words: case by case, the gravest first. A "
        "conclusion stands with its cause, an inference to be looked into. What is unknown is no finding."
    )
    table = book.add_table(
        Content(FINDINGS, "what is not sufficient, why, and what to do"), says, columns, ("finding", "findings")
    )
    severities = _severities(book)
    for row in finding_rows(store, told):
        table.add(_of_audience(row, 8, audience), {1: severities[row[1]]})
    table.close()


def write_groups(book: Book, store: Store, audience: Audience, as_at: str) -> None:
    """How cases, findings and open duties fall to officers, or to teams where officers are not shown."""
    names = {"division": ("Division", 26), "team": ("Team", 30), "officer": ("Officer", 16)}
    levels = [level for level in audience.levels if level != "case"]
    columns = [Column(heading, width, "name") for heading, width in (names[level] for level in levels)]
    headings = ("Cases", "Cases with findings", "Findings", "Critical", "High", "Medium", "Overdue", "Due")
    columns += [Column(heading, 11, "number") for heading in headings]
    innermost = levels[-1]
    says = (
        "How cases, findings and open duties are spread. Caseloads differ, and a number says nothing of how hard the "
        f"cases of {'an officer' if innermost == 'officer' else 'a team'} are."
    )
    table = book.add_table(
        Content(f"By {innermost}", "cases, findings and open duties of each"),
        says,
        columns,
        (innermost, f"{innermost}s"),
    )
    for row in group_rows(store, audience, as_at):
        table.add([*(cell or _NONE for cell in row[: len(levels)]), *row[len(levels) :]])
    table.close()


def write_causes(book: Book, causes: Sequence[Mapping[str, Any]]) -> None:
    """The causes, the most frequent first."""
    columns = [
        Column("Cases", 9, "number"),
        Column("Severity", 10),
        Column("Cause", 60),
        Column("Conclusion", 40),
        Column("What to do", 60),
    ]
    says = (
        "What the findings of a case, taken together, point to, the most frequent first. A cause is an inference to be "
        "looked into, not a fact that was recorded."
    )
    table = book.add_table(
        Content(CAUSES, "what findings point to, the most frequent first"), says, columns, ("cause", "causes")
    )
    severities = _severities(book)
    for cause in causes:
        values = [cause["cases"], cause["severity"], cause["cause"], cause["title"], cause["action"]]
        table.add(values, {1: severities[cause["severity"]]})
    table.close()


def write_staff(book: Book, findings: Sequence[Mapping[str, Any]]) -> None:
    """What was found about members of staff."""
    columns = [
        Column("Staff", 14, "name"),
        Column("Grade", 8),
        Column("Team", 28, "name"),
        Column("Division", 26, "name"),
        Column("Outcome", 11),
        Column("Due on", 12, "date"),
        Column("Days late", 8, "number"),
        Column("Finding", 50),
        Column("What to do", 46),
    ]
    says = "What was found about members of staff, and what to do."
    table = book.add_table(
        Content(STAFF, "what was found about members of staff"), says, columns, ("finding", "findings")
    )
    for one in findings:
        named = [one["staff_id"], one["grade"], one["team"] or _NONE, one["division"] or _NONE]
        due_on = date.fromisoformat(one["due_on"]) if one["due_on"] else None
        said = [one["outcome"].replace("_", " "), due_on, one["days_late"], one["reason"], one["action"]]
        table.add([*named, *said])
    table.close()


def _officer(audience: Audience) -> list[Column]:
    return [Column("Officer", 14, "name")] if audience.officers else []


def _of_audience(row: Row, officer: int, audience: Audience) -> Sequence[Value]:
    """The row without its officer, where officers are not shown."""
    return row if audience.officers else [*row[:officer], *row[officer + 1 :]]


def _severities(book: Book) -> Mapping[str, Any]:
    formats = book.formats
    return {
        "critical": formats.grave,
        "high": formats.strong,
        "medium": formats.words,
        "informational": formats.words,
    }
