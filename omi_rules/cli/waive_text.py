"""Waivers in words: what a run made of them, under its summary, and the register of all of them."""

from collections.abc import Iterator, Sequence
from datetime import date

from omi_rules.history.waiver_files import because_words
from omi_rules.history.waivers import SPENT, Standing
from omi_rules.reports.columns import align
from omi_rules.reports.terminal import Paint, paint_plain
from omi_rules.reports.words import count, english_date, folded, listed

#: The words of a status in a table and in a sentence, in the order in which they are counted.
_WORDS = {
    "in_force": "in force",
    "undecided": "not told",
    "expired": "expired",
    "lapsed": "lapsed",
    "unused": "unused",
    "ended": "ended",
    "replaced": "replaced",
}


def show_standings(standings: Sequence[Standing], paint: Paint = paint_plain) -> list[str]:
    """What holds tonight, and every waiver that somebody has to deal with; nothing if there is nothing to say."""
    told = [one for one in standings if not one.is_done]
    if not told:
        return []
    lines = [paint("heading", "Waivers"), *folded(_in_force(told), "  ", "")]
    for one in told:
        if one.status != "in_force":
            lines += [paint("alarm", line) for line in folded(_sentence(one), "  ", "- ")]
    if any(one.status in SPENT for one in told):
        lines += folded(
            "What these were for counts again, if it is still found. End each of them with `omi-rules waive expire "
            "NUMBER --reason TEXT`, or give another with `omi-rules waive add`.",
            "  ",
            "",
        )
    return lines


def _in_force(told: Sequence[Standing]) -> str:
    held = [one for one in told if one.status == "in_force"]
    if not held:
        return "No finding is waived."
    critical = sum(one.waiver.is_critical for one in held)
    of_these = f" By critical rules: {critical:,}." if critical else ""
    verb = "is" if len(held) == 1 else "are"
    return (
        f"{count(len(held), 'finding')} {verb} waived: listed and counted as insufficient all the same, and left out "
        f"by --fail-on alone.{of_these}"
    )


def _sentence(one: Standing) -> str:
    waiver = one.waiver
    what = f"Waiver {waiver.id}, of {waiver.rule} in case {waiver.case_id},"
    if one.status == "expired":
        return f"{what} expired: its last day was {english_date(waiver.until)}."
    if one.status == "undecided":
        return f"{what} could not be told, and waits: {because_words(one)}."
    verb = "lapsed" if one.status == "lapsed" else "is not used any more"
    return f"{what} {verb}: {because_words(one)}."


def show_register(standings: Sequence[Standing], as_at: date | None) -> list[str]:
    """Every waiver with its reason, at most 80 columns wide."""
    if not standings or as_at is None:
        return ["The store has no waiver."]
    counted = ((word, sum(one.status == status for one in standings)) for status, word in _WORDS.items())
    told = listed(f"{number:,} {word}" for word, number in counted if number)
    lines = folded(f"As at {english_date(as_at)}, the day of the latest run: {told}.", "  ", "")
    rows = [
        [str(one.waiver.id), _WORDS[one.status], one.waiver.until.isoformat(), one.waiver.rule] for one in standings
    ]
    header, *table = align(["No.", "Status", "Until", "Rule"], rows, right=(0,), giving=3)
    lines.append(header)
    for one, line in zip(standings, table, strict=True):
        lines += [line, *(more for sentence in _more(one) for more in folded(sentence, "     ", "     "))]
    return lines


def _more(one: Standing) -> Iterator[str]:
    waiver = one.waiver
    due = f", due on {waiver.due_on.isoformat()}" if waiver.due_on else ""
    by = f", entered by {waiver.given.entered_by}" if waiver.given.entered_by else ""
    critical = "; a critical rule" if waiver.is_critical else ""
    yield f"Case {waiver.case_id}: {waiver.outcome.replace('_', ' ')}{due}{critical}."
    yield f"Approved by {waiver.approved_by}{by} on {waiver.given.entered_at[:10]}."
    yield f"Reason: {waiver.given.reason}"
    if because_words(one):
        yield f"{_WORDS[one.status].capitalize()}: {because_words(one)}."
    if waiver.ended:
        who = f" by {waiver.ended.entered_by}" if waiver.ended.entered_by else ""
        yield f"Ended {waiver.ended.entered_at[:10]}{who}: {waiver.ended.reason}"
