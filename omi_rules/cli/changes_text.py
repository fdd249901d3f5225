"""What a run changed in the store, in a few lines under the summary."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from omi_rules.reports.columns import align
from omi_rules.reports.terminal import Paint, paint_plain
from omi_rules.reports.words import count, english_date, folded, listed

if TYPE_CHECKING:
    from omi_rules.history.recorder import Changes

#: How the store's words for beginnings and endings are told, in this order.
_CAME = (
    ("new", "new"),
    ("worse", "worse"),
    ("vanished", "because a record vanished"),
    ("rule_changed", "because the rule changed"),
    ("case_back", "in a case that is back"),
    ("other_duty", "another duty, overdue before"),
    ("seen_again", "decided again, and insufficient"),
    ("first", "first judged"),
    ("undecided", "no longer decidable, kept open"),
)
_WENT = (
    ("put_right", "put right"),
    ("done_late", "done at last, late"),
    ("other_duty", "another duty counts now"),
    ("due_again", "due again, in time"),
    ("excluded", "taken out for a recorded reason"),
    ("not_applicable", "no longer applicable"),
    ("case_ended", "gone with a case that ended"),
    ("case_gone", "gone with a case that vanished"),
    ("rule_changed", "because the rule changed"),
)


def show_changes(changes: "Changes", paint: Paint = paint_plain) -> list[str]:
    """The lines: what came and went since the latest run, the alarm if records vanished, and the store."""
    lines = [paint("heading", _heading(changes)), *_counts(changes)]
    for alarm in _alarms(changes):
        lines += [paint("alarm", line) for line in folded(alarm, "  ", "")]
    kept = f"run {changes.run} in {changes.store}"
    known = "" if changes.is_new else " The store had this run already; nothing was written."
    return [*lines, *folded(f"Store: {kept}, hash {changes.hash[:16]}.{known}", "  ", "")]


def _heading(changes: "Changes") -> str:
    if not changes.before:
        return "The first run of the store"
    return f"Since run {changes.before}, as at {english_date(changes.before_as_at)}"


def _counts(changes: "Changes") -> list[str]:
    if not changes.before:
        return folded(f"{count(changes.open, 'finding')} open; from the next run on, what changed is told here.")
    rows = [[f"came: {words}", f"{changes.began[name]:,}"] for name, words in _CAME if name in changes.began]
    rows += [[f"went: {words}", f"{changes.ended[name]:,}"] for name, words in _WENT if name in changes.ended]
    table = align(["Findings", "Number"], rows, right=(1,)) if rows else ["No finding came or went."]
    return [*table, f"{count(changes.open, 'finding')} open."]


def _alarms(changes: "Changes") -> Iterator[str]:
    """What was in the export of the run before, and is missing: no failure of those who hold the cases."""
    if changes.gone:
        cases = "1 case" if changes.gone == 1 else f"{changes.gone:,} cases"
        verb = "has" if changes.gone == 1 else "have"
        yield f"Data alarm: {cases} of the run before {verb} vanished from the export without having ended."
    if not changes.vanished:
        return
    rows = sum(rows for rows, _ in changes.vanished.values())
    tables = listed(f"{table} {number:,}" for table, (number, _) in changes.vanished.items())
    blamed = changes.began.get("vanished", 0)
    told = f" {count(blamed, 'finding')} came with that, told apart from the new ones." if blamed else ""
    yield (
        f"Data alarm: {count(rows, 'record')} of the run before {'has' if rows == 1 else 'have'} vanished from the "
        f"export: {tables}.{told} Ask who keeps the records, not the officer."
    )
