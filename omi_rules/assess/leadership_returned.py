"""Reads the workbook of section 4 that came back, by headings and keys, and merges it into what was taken before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from omi_rules.assess.columns import MARKS_SHEET
from omi_rules.assess.leadership import point_version
from omi_rules.assess.leadership_columns import EVIDENCE, FINDING, KEY, LAYOUT, MARKS, level_key
from omi_rules.assess.returned import Complaint, find_headings, open_workbook, read_columns
from omi_rules.data.cells import bare, csv_text
from omi_rules.problems import ExportError
from omi_rules.rulebook.questions import Criteria, Criterion
from omi_rules.scoring.leadership import COLUMNS, FINDINGS, LeadershipAnswer, leadership_criteria

#: Criterion and point; the point is empty for the level.
_Key = tuple[str, str]


@dataclass
class LeadershipTaken:
    """What came back of section 4: every answer so far, and what cannot be used, was replaced, or is another point now.

    `levels` and `points` count those answered, each with how many there are."""

    answers: Sequence[LeadershipAnswer] = ()
    new: int = 0
    complaints: list[Complaint] = field(default_factory=list)
    changed: list[Complaint] = field(default_factory=list)
    kept: list[Complaint] = field(default_factory=list)
    other_versions: list[str] = field(default_factory=list)
    levels: tuple[int, int] = (0, 0)
    points: tuple[int, int] = (0, 0)

    @property
    def content(self) -> bytes:
        """leadership.csv."""
        rows = ({name: getattr(answer, name) for name in COLUMNS} for answer in self.answers)
        return csv_text(COLUMNS, rows).encode()


def is_leadership(path: Path) -> bool:
    """Whether a file is a workbook of section 4; what is no workbook at all is for others to say."""
    try:
        book = open_workbook(path, quick=True)
    except ExportError:
        return False
    try:
        return LAYOUT in (value for values in _mark_rows(book) for value in values)
    except Exception:  # noqa: BLE001 - the rows are parsed only now, and whoever reads the whole says what is wrong
        return False
    finally:
        book.close()


def _mark_rows(book: Any) -> Iterator[tuple[Any, ...]]:
    if MARKS_SHEET in book.sheetnames:
        yield from book[MARKS_SHEET].iter_rows(max_row=1 + len(MARKS), values_only=True)


def merge_leadership(
    workbooks: Sequence[Path], before: Sequence[LeadershipAnswer], criteria: Criteria, area: str
) -> LeadershipTaken:
    """Add the answers of workbooks to those taken before; ExportError if one is of another area.

    What a workbook has no answer for any more keeps the one that was taken before."""
    taken = LeadershipTaken()
    given = {(one.criterion, one.point): one for one in before}
    for path in workbooks:
        book = open_workbook(path)
        marks = read_columns(book, MARKS_SHEET)
        settings = dict(zip(marks["setting"], marks["value"], strict=False))
        if area and settings.get("area") and settings["area"] != area:
            raise ExportError(f"{path} is a workbook of another area. Nothing was imported: leave it out.")
        versions = dict(zip(marks.get("point", ()), marks.get("version", ()), strict=False))
        rows = _read_rows(book, path.name, taken)
        for criterion in leadership_criteria(criteria):
            _merge_criterion(criterion, rows, given, path.name, taken)
            taken.other_versions += [
                point.id
                for point in criterion.points
                if point.id in versions and versions[point.id] != point_version(point)
            ]
    _count(given, criteria, taken)
    return taken


@dataclass(frozen=True)
class _Row:
    """A row with a key: what stands in it, and where."""

    sheet: str
    finding: str
    evidence: str
    finding_cell: str


def _read_rows(book: Any, file: str, taken: LeadershipTaken) -> dict[str, _Row]:
    """The row of every key. Where it stands twice, one that is filled in will do, and two must agree."""
    rows: dict[str, list[_Row]] = {}
    for sheet in book.worksheets:
        if sheet.title != MARKS_SHEET:
            for key, row in _read_sheet(sheet, file, taken):
                rows.setdefault(key, []).append(row)
    chosen = {}
    for key, found in rows.items():
        filled = [row for row in found if row.finding or row.evidence] or found[:1]
        if len({(row.finding, row.evidence) for row in filled}) > 1:
            place = f"{filled[0].sheet}, {filled[0].finding_cell}"
            taken.complaints.append(
                Complaint(file, place, "this row stands here twice, not filled in alike. Keep one.")
            )
            filled = [replace(filled[0], finding="", evidence="")]
        chosen[key] = filled[0]
    return chosen


def _read_sheet(sheet: Any, file: str, taken: LeadershipTaken) -> Iterator[tuple[str, _Row]]:
    """Every row with a key. A sheet without the heading of the keys is none of a criterion."""
    places = find_headings(sheet, (FINDING, EVIDENCE, KEY))
    if KEY.heading not in places:
        return
    for column in (FINDING, EVIDENCE):
        if column.heading not in places:
            sentence = f"there is no column {column.heading}. Put its heading back."
            taken.complaints.append(Complaint(file, sheet.title, sentence))
    for cells in sheet.iter_rows():
        found = {heading: cells[place] for heading, place in places.items() if place < len(cells)}
        key = _text(found, KEY.heading)
        if key and key != KEY.heading:
            cell = found.get(FINDING.heading, found[KEY.heading]).coordinate
            yield key, _Row(sheet.title, _text(found, FINDING.heading), bare(_text(found, EVIDENCE.heading)), cell)


def _text(cells: Mapping[str, Any], heading: str) -> str:
    value = cells[heading].value if heading in cells else None
    return "" if value is None else str(value).strip()


def _merge_criterion(
    criterion: Criterion,
    rows: Mapping[str, _Row],
    given: dict[_Key, LeadershipAnswer],
    file: str,
    taken: LeadershipTaken,
) -> None:
    asked: list[tuple[str, str, Sequence[str]]] = [("", level_key(criterion.id), criterion.levels)]
    asked += [(point.id, point.id, FINDINGS) for point in criterion.points]
    lost = [point or "the level" for point, key, _ in asked if key not in rows]
    if lost:
        taken.complaints.append(
            Complaint(file, criterion.id, f"the rows of {', '.join(lost)} are gone. Put them back.")
        )
    for point, key, allowed in asked:
        row = rows.get(key)
        if row is None:
            continue
        before = given.get((criterion.id, point), LeadershipAnswer(criterion.id, point, "", ""))
        place = f"{row.sheet}, {row.finding_cell}"
        answer = " ".join(row.finding.casefold().split())
        if answer and answer not in allowed:
            taken.complaints.append(Complaint(file, place, "this is none of the list. Choose from it."))
            answer = ""
        if before.answer and not answer:
            taken.kept.append(Complaint(file, place, "has no usable answer any more; the one imported before is kept."))
        now = LeadershipAnswer(criterion.id, point, answer or before.answer, row.evidence or before.evidence)
        if before.answer and now != before:
            taken.changed.append(Complaint(file, place, "replaces what was imported before."))
        taken.new += bool(now.answer) and not before.answer
        given[criterion.id, point] = now


def _count(given: Mapping[_Key, LeadershipAnswer], criteria: Criteria, taken: LeadershipTaken) -> None:
    """The answers in order, a row for everything that is asked, and how much of it is answered."""
    asked = [
        (criterion.id, point)
        for criterion in leadership_criteria(criteria)
        for point in ("", *(point.id for point in criterion.points))
    ]
    answers = [given.get(key, LeadershipAnswer(*key, "", "")) for key in asked]
    levels = [bool(one.answer) for one in answers if not one.point]
    points = [bool(one.answer) for one in answers if one.point]
    taken.answers = answers
    taken.levels, taken.points = (sum(levels), len(levels)), (sum(points), len(points))
