"""Disagreements of assessors in words, as a table to fill in, and for programs."""

from collections.abc import Iterator
from typing import Any

from omi_rules.assess.moderation import COLUMNS, Disagreement, Moderation
from omi_rules.data.cells import csv_text
from omi_rules.reports.words import count, folded

_CSV_COLUMNS = (
    *COLUMNS,
    *("moderator", "matters", "asks", "first_assessor", "first_answer", "first_comment"),
    *("second_assessor", "second_answer", "second_comment", "others"),
)


def show_moderation(moderation: Moderation) -> Iterator[str]:
    """The lines of a page: each disagreement with who said what, those that matter to the scores first."""
    if moderation.applied:
        empty = f" {count(moderation.empty, 'row')} without an answer yet." if moderation.empty else ""
        yield from folded(
            f"{count(moderation.new, 'agreed answer')} taken, {moderation.changed:,} replaced.{empty} What was said "
            "stays in ratings.csv."
        )
    found = moderation.disagreements
    if not found:
        yield from folded("No two assessors of one case disagree.")
        return
    matter = sum(one.crosses for one in found)
    yield from folded(
        f"{count(len(found), 'disagreement')}, {matter:,} across the line; {moderation.unmoderated:,} not moderated "
        "yet. Of those the first rating counts."
    )
    for crosses, heading in ((True, "On different sides of the line"), (False, "On the same side of the line")):
        chosen = [one for one in found if one.crosses == crosses]
        if chosen:
            yield from ("", heading)
        for one in chosen:
            yield from _show(one)


def _show(one: Disagreement) -> Iterator[str]:
    yield from folded(f"{one.case_id}, {one.question.id}: {one.question.asks}", "  ", "")
    for said in one.said:
        comment = f": {said.comment}" if said.comment else ""
        yield from folded(f"{said.assessor}: {_words(said.answer)}{comment}", "    ", "  - ")
    if one.agreed:
        by = f" ({one.agreed.moderator})" if one.agreed.moderator else ""
        yield from folded(f"Agreed{by}: {_words(one.agreed.answer)}: {one.agreed.reason}", "    ", "  ")
    if one.replaced:
        yield from folded("A rating was replaced since: look again whether this still holds.", "    ", "  ")


def _words(answer: str) -> str:
    return answer.replace("_", " ") or "no correction of what the records say"


def moderation_csv(moderation: Moderation) -> str:
    """A row a disagreement, with the columns of an --agree file first: fill in answer and reason, and give it back."""
    return csv_text(_CSV_COLUMNS, map(_row, moderation.disagreements))


def _row(one: Disagreement) -> dict[str, str]:
    first, second, *others = one.said
    row = {
        "case_id": one.case_id,
        "question": one.question.id,
        "matters": "yes" if one.crosses else "no",
        "asks": one.question.asks,
        "others": "; ".join(f"{said.assessor}: {_words(said.answer)}" for said in others),
    }
    for name, said in (("first", first), ("second", second)):
        row |= {f"{name}_assessor": said.assessor, f"{name}_answer": said.answer, f"{name}_comment": said.comment}
    if one.agreed:
        row |= {"answer": one.agreed.answer, "reason": one.agreed.reason, "moderator": one.agreed.moderator}
    return row


def describe_moderation(moderation: Moderation) -> dict[str, Any]:
    """The same for programs."""
    return {
        "new": moderation.new,
        "changed": moderation.changed,
        "empty": moderation.empty,
        "unmoderated": moderation.unmoderated,
        "disagreements": [
            {
                "case_id": one.case_id,
                "question": one.question.id,
                "across_the_line": one.crosses,
                "said": [
                    {"assessor": said.assessor, "answer": said.answer or None, "comment": said.comment}
                    for said in one.said
                ],
                "agreed": one.agreed
                and {"answer": one.agreed.answer, "reason": one.agreed.reason, "moderator": one.agreed.moderator},
                "rating_replaced_since": one.replaced,
            }
            for one in moderation.disagreements
        ],
    }
