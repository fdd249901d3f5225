"""The sheet of national targets: each with its figure of today, its light, and what was published of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from omi_rules.assess.formats import Formats
from omi_rules.assess.sheet import protect
from omi_rules.reports.row_heights import row_height
from omi_rules.reports.target_text import ASSUMED, EXPLAINED, amount_words
from omi_rules.reports.words import count

Target = Mapping[str, Any]

TARGETS = "4.2 Targets"
_COLUMNS = (
    *(("Target", 46), ("Figure", 10), ("Counted", 13), ("Undecided", 11), ("Set", 10), ("Result", 12)),
    *(("Period of the figure", 26), ("Published, area", 12), ("Published, national", 12), ("Published for", 20)),
    ("What it counts, and what to know", 60),
)
_HEAD = 3


def write_targets(sheet: Any, formats: Formats, targets: Sequence[Target]) -> None:
    """Write the sheet."""
    for place, (heading, width) in enumerate(_COLUMNS):
        sheet.set_column(place, place, width)
        numbers = heading in ("Figure", "Counted", "Undecided", "Set") or heading.startswith("Published, ")
        centred = formats.centred_head if heading == "Result" else formats.head
        sheet.write_string(_HEAD, place, heading, formats.number_head if numbers else centred)
    sheet.set_row(_HEAD, 34)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, "4.2  National targets", formats.title)
    assumed = any(target["tolerance_assumed"] for target in targets)
    results = [target["result"] for target in targets]
    told = (
        f"{results.count('met')} met, {count(results.count('near miss'), 'near miss', 'near misses')}, "
        f"{results.count('missed')} missed, {results.count(None)} not told. {EXPLAINED}"
        f"{f' {ASSUMED}' if assumed else ''}"
    )
    sheet.merge_range(1, 0, 1, 9, told, formats.text)
    sheet.set_row(1, row_height((told, sum(width for _, width in _COLUMNS[:10]))))
    sheet.write_url(2, 0, "internal:'4.2'!A1", formats.way_back, "Back to 4.2")
    for row, target in enumerate(targets, _HEAD + 1):
        _write_target(sheet, formats, row, target)
    sheet.freeze_panes(_HEAD + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD)
    sheet.set_footer("&L&A&RPage &P of &N")
    sheet.hide_gridlines(2)
    protect(sheet)


def _write_target(sheet: Any, formats: Formats, row: int, target: Target) -> None:
    published, unit, period = target["published"], target["unit"], target["period"]
    counted = "" if target["numerator"] is None else f"{target['numerator']:,} of {target['denominator']:,}"
    star = "*" if published["asterisk"] else ""
    note = _note(target)
    cells = (
        (target["title"], formats.locked),
        (amount_words(target["figure"], unit, exact=True), formats.figure),
        (counted, formats.figure),
        ("" if target["figure"] is None else f"{target['undecided']:,}", formats.figure),
        (amount_words(target["target"], unit), formats.figure),
        (target["result"] or "not told", formats.lights[target["light"]]),
        (period["printed"] if period else "", formats.locked),
        (f"{amount_words(published['area'], unit)}{star}", formats.figure),
        (amount_words(published["national"], unit), formats.figure),
        (published["period"]["printed"], formats.locked),
        (note, formats.evidence),
    )
    sheet.set_row(row, row_height(*((text, _COLUMNS[place][1]) for place, (text, _) in enumerate(cells))))
    for place, (text, form) in enumerate(cells):
        sheet.write_string(row, place, text, form)


def _note(target: Target) -> str:
    """Why there is no figure, or what it counts; few cases; how it differs from what was published."""
    parts = [
        f"Not told: {target['without']}." if target["without"] else "",
        f"Counted: {target['basis']}." if target["basis"] else "",
        "Fewer than 10: read with care." if target["few"] else "",
        f"Reported as {amount_words(target['reported']['figure'], target['unit'])}." if target["reported"] else "",
        target["why"],
    ]
    return " ".join(filter(None, parts))
