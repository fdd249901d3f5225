"""The sheets of scores, of the questions behind them, and of national targets."""

from collections.abc import Mapping, Sequence
from typing import Any

from omi_rules.reports.target_text import ASSUMED, EXPLAINED
from omi_rules.reports.workbook.table import HEAD, Book, Column, Content, Value

SCORES, QUESTIONS, TARGETS = "Scores", "Questions", "Targets"
Score = Mapping[str, Any]


def write_scores(book: Book, score: Score, sections: Sequence[Mapping[str, Any]]) -> None:
    """Sections and criteria, and the Risk of Harm thread, with how far chance and the unknown may move each."""
    columns = [
        Column("No.", 6),
        Column("Section or criterion", 46),
        Column("Score", 14, "percent"),
        Column("95% from", 9, "percent"),
        Column("95% to", 9, "percent"),
        Column("If unknown insufficient", 12, "percent"),
        Column("If unknown sufficient", 12, "percent"),
        Column("Conclusion", 22),
        Column("Line of priority", 12),
        Column("Questions by rules", 11, "number"),
        Column("Questions that count", 11, "number"),
        Column("Average by rules alone", 12, "percent"),
        Column("Why withheld", 28),
    ]
    line = score["line"]
    assumed = f" (assumed: {line['because'].rstrip('.')})" if line["assumed"] else ""
    says = (
        f"From {score['cases']:,} cases: {score['basis']}. 95%: how far chance may move a score. The line of priority "
        f"for improvement is at {line['percent']}%{assumed}. {' '.join((*score['says'], *score['warnings']))}"
    )
    table = book.add_table(
        Content(SCORES, "criteria, sections and the Risk of Harm thread"), says, columns, ("line", "lines")
    )
    formats = book.formats
    shaded = dict.fromkeys(range(len(columns)), formats.section)
    shaded |= dict.fromkeys(range(2, 7), formats.section_percent)
    rows = 0
    for section in sections:
        table.add([section["id"], section["title"], *_averaged(section), None, None, *_no_rules(section)], shaded)
        for one in section["criteria"]:
            table.add(_criterion(one))
        rows += 1 + len(section["criteria"])
    thread = score["thread"]
    looks = {1: formats.strong, 2: formats.strong_percent}
    table.add([None, thread["title"], *_averaged(thread), None, None, *_no_rules(thread)], looks)
    table.bar(2, HEAD + 1, HEAD + 1 + rows)
    table.close()


def _averaged(one: Mapping[str, Any]) -> list[Value]:
    names = ("score", "interval_low", "interval_high", "range_low", "range_high")
    return [one[name] for name in names] if one["score"] is not None else [None] * len(names)


def _no_rules(one: Mapping[str, Any]) -> list[Value]:
    return [None, None, None, one["withheld"]]


def _criterion(one: Mapping[str, Any]) -> list[Value]:
    automatic = one["automatic"]
    below = {None: None, True: "below", False: "not below"}[one["below_line"]]
    by_rules = [automatic["questions"], automatic["of"], automatic["percent"]]
    return [
        *(one["id"], one["title"], *_averaged(one)),
        *(one["conclusion"] or "withheld", below, *by_rules, one["withheld"]),
    ]


def write_questions(book: Book, score: Score) -> None:
    """Every question of the criteria: who decides it, and what came of it."""
    columns = [
        Column("Question", 10),
        Column("Asks", 70),
        Column("Decided by", 11),
        Column("Sufficient", 11, "number"),
        Column("Relevant", 11, "number"),
        Column("Share", 10, "percent"),
        Column("95% from", 9, "percent"),
        Column("95% to", 9, "percent"),
        Column("Undecided", 11, "number"),
        Column("To know", 34),
    ]
    says = (
        "Sufficient of relevant cases, question by question. Undecided cases are due or unknown, and count for nobody "
        "and against nobody."
    )
    table = book.add_table(
        Content(QUESTIONS, "the questions behind the scores"), says, columns, ("question", "questions")
    )
    for one in score["questions"]:
        few = "fewer than 10 relevant cases: read with care" if one["few"] else None
        told = f"left out: {one['left_out']}" if one["left_out"] else few
        table.add(
            [
                *(one["id"], one["asks"], "rule" if one["rule"] else "assessor"),
                *(one["sufficient"], one["relevant"], one["percent"]),
                *(one["interval_low"], one["interval_high"], one["undecided"], told),
            ]
        )
    table.close()


def write_targets(book: Book, targets: Sequence[Mapping[str, Any]]) -> None:
    """The national targets, with their lights in words."""
    columns = [
        Column("Target", 42),
        Column("Result", 12),
        Column("Figure", 11, "percent"),
        Column("Set", 11, "percent"),
        Column("Counted", 9, "number"),
        Column("Of", 9, "number"),
        Column("Undecided", 10, "number"),
        Column("Period of the figure", 16),
        Column("Published, area", 12, "percent"),
        Column("Published, national", 12, "percent"),
        Column("Published for", 14),
        Column("To know", 44),
    ]
    assumed = f" {ASSUMED}" if any(target["tolerance_assumed"] for target in targets) else ""
    content = Content(TARGETS, "national targets, and what was published of them")
    table = book.add_table(content, f"{EXPLAINED}{assumed}", columns, ("target", "targets"))
    formats = book.formats
    for target in targets:
        in_unit = dict.fromkeys((2, 3, 8, 9), formats.units[target["unit"]])
        table.add(_target(target), {**in_unit, 1: formats.lights.get(target["light"], formats.words)})
    table.close()


def _target(target: Mapping[str, Any]) -> list[Value]:
    published, period = target["published"], target["period"]
    few = "Fewer than 10: read with care. " if target["few"] and target["figure"] is not None else ""
    without = f"{target['without'][:1].upper()}{target['without'][1:]}. " if target["without"] else ""
    result = target["result"] or "not told"
    return [
        *(target["title"], f"{result[:1].upper()}{result[1:]}", target["figure"], target["target"]),
        *(target["numerator"], target["denominator"], target["undecided"] if target["figure"] is not None else None),
        *(period["printed"] if period else None, published["area"], published["national"]),
        *(published["period"]["printed"], f"{without}{few}{target['why']}"),
    ]
