"""What an import took in and what it could not, in lines and for programs."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from omi_rules.assess.leadership_returned import LeadershipTaken
from omi_rules.assess.returned import Complaint, Returned
from omi_rules.assess.taking_in import Taken
from omi_rules.reports.words import count, folded, listed


def summarise_import(taken: Taken) -> Iterator[str]:
    """The lines that tell of an import."""
    if taken.workbooks:
        yield from folded(
            f"{count(len(taken.workbooks), 'workbook')} read: {count(taken.new, 'new answer')}, "
            f"{taken.answered:,} of {taken.to_answer:,} questions answered so far, "
            f"{count(taken.corrections, 'correction')} of what the records say."
        )
    section_4 = taken.leadership or LeadershipTaken()
    if taken.leadership:
        (levels, of_levels), (points, of_points) = section_4.levels, section_4.points
        yield from folded(
            f"Section 4: {count(section_4.new, 'new answer')}, {levels} of {of_levels} levels and {points} of "
            f"{of_points} points answered so far."
        )
    if taken.cases_out:
        yield from folded(f"Of {count(taken.cases_out, 'case')} of the sample no workbook has come back yet.")
    if other_versions := [*taken.other_versions, *section_4.other_versions]:
        yield from folded(
            f"Changed in the rulebook since the workbooks were made: {listed(other_versions)}. The answers are "
            "kept, with the version that was answered; look whether they still fit."
        )
    unusable = [complaint for one in taken.workbooks for complaint in one.complaints]
    yield from _list("Cannot be used:", [*unusable, *section_4.complaints])
    yield from _list("Replaced:", [*taken.changed, *section_4.changed])
    yield from _list("Kept:", [*taken.kept, *section_4.kept])
    unanswered = [
        Complaint(one.file, sheet, _open_questions(one, sheet, cells))
        for one in taken.workbooks
        for sheet, cells in one.unanswered.items()
    ]
    yield from _list("Not answered yet:", unanswered)


def _open_questions(workbook: Returned, sheet: str, cells: Sequence[str]) -> str:
    """How many questions of a sheet are open, and in which cells; where all are, the cells need no list."""
    begun = any(answer.place.startswith(f"{sheet}, ") for answer in workbook.answers if not answer.is_correction)
    where = ", ".join(_runs(cells)) if begun else "all of them"
    return f"{count(len(cells), 'question')}, {where}"


def _list(heading: str, complaints: Sequence[Complaint]) -> Iterator[str]:
    if complaints:
        yield from ("", heading)
    for complaint in complaints:
        yield from folded(str(complaint), "    ", "  ")


def _runs(cells: Sequence[str]) -> Iterator[str]:
    """Cells one below the other as one range: G7:G9."""
    places = sorted((cell.rstrip("0123456789"), int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))) for cell in cells)
    start = last = places[0]
    for column, row in [*places[1:], ("", 0)]:
        if (column, row - 1) != last:
            first, end = f"{start[0]}{start[1]}", f"{last[0]}{last[1]}"
            yield first if first == end else f"{first}:{end}"
            start = (column, row)
        last = (column, row)


def describe_import(taken: Taken) -> dict[str, Any]:
    """The same for programs."""

    def told(complaints: Sequence[Complaint]) -> list[dict[str, str]]:
        return [{"workbook": one.file, "place": one.place, "says": one.sentence} for one in complaints]

    return {
        "workbooks": [
            {"workbook": one.file, "assessor": one.assessor, "answers": len(one.answers), "unanswered": one.unanswered}
            for one in taken.workbooks
        ],
        "new": taken.new,
        "answered": taken.answered,
        "to_answer": taken.to_answer,
        "corrections": taken.corrections,
        "ratings": taken.ratings,
        "cases_out": taken.cases_out,
        "other_versions": taken.other_versions,
        "unusable": told([complaint for one in taken.workbooks for complaint in one.complaints]),
        "replaced": told(taken.changed),
        "kept": told(taken.kept),
        "leadership": _describe_leadership(taken.leadership, told) if taken.leadership else None,
    }


def _describe_leadership(
    section_4: LeadershipTaken, told: Callable[[Sequence[Complaint]], list[dict[str, str]]]
) -> dict[str, Any]:
    return {
        "new": section_4.new,
        "levels": section_4.levels[0],
        "points": section_4.points[0],
        "other_versions": section_4.other_versions,
        "unusable": told(section_4.complaints),
        "replaced": told(section_4.changed),
        "kept": told(section_4.kept),
    }
