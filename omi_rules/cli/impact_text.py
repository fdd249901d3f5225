"""The impact of another rulebook in words and columns, and as records."""

from collections.abc import Iterator
from typing import Any

from omi_rules.authoring.differences import ChangedRule, ChangedValue
from omi_rules.authoring.impact import Impact, Move, OfficerChange
from omi_rules.data.cells import csv_text
from omi_rules.reports.columns import align
from omi_rules.reports.terminal import Paint
from omi_rules.reports.words import count, english_date, folded, listed
from omi_rules.rulebook.model import Rulebook

#: Officers shown on a page; the formats for programs have all.
_OFFICERS = 20
_KEYS = {"require": "what it requires", "about_staff": "whom it is about"}
_COLUMNS = ("part", "rule", "status", "officer", "before", "after", "cases", "examples")


def impact_lines(impact: Impact, paint: Paint) -> Iterator[str]:
    """The page of a terminal: what differs, rule by rule, and whose findings appear and vanish."""
    yield paint("heading", f"{count(impact.cases, 'case')} as at {english_date(impact.as_at)}")
    for word, book in (("Before", impact.before), ("After", impact.after)):
        yield f"  {word}: {_name(book)}"
    for value in impact.differences.values:
        yield from ["", paint("heading", f"Value {value.name}"), *_value_lines(value)]
    for changed in impact.differences.rules:
        yield ""
        yield from (paint("heading", line) for line in folded(f"{changed.id}: {_told(changed)}."))
        yield from _move_lines(changed, impact)
    if impact.differences.conclusions:
        flags = listed(f"{flag} ({status})" for flag, status in impact.differences.conclusions.items())
        yield from ["", *folded(f"Conclusions that differ, not counted here: {flags}.")]
    if impact.officers:
        yield from ["", paint("heading", "Findings by offender manager"), *_officer_lines(impact.officers)]
    yield from ["", *folded(_last(impact))]


def _name(book: Rulebook) -> str:
    return f"{book.name} {book.version}"


def _value_lines(value: ChangedValue) -> Iterator[str]:
    for word, amounts in (("before", value.before), ("after", value.after)):
        for amount in amounts or ("there is none",):
            yield from folded(f"{word}: {amount}", "    ", "  ")


def _told(changed: ChangedRule) -> str:
    """What became of a rule."""
    if changed.shadow:
        return "in shadow; if it counted, it would be added"
    reasons = [_KEYS.get(key, key.replace("_", " ")) for key in changed.keys]
    reasons += [f"the value {name}" for name in changed.values]
    return f"changed in {listed(reasons)}" if reasons else changed.status


def _move_lines(changed: ChangedRule, impact: Impact) -> Iterator[str]:
    moves = impact.moves_of(changed.id)
    if changed.rule.about_staff:
        yield "  It is about members of staff, whom this command does not judge."
    elif not moves:
        yield "  No case comes out otherwise."
    else:
        rows = [[_outcome(move.before), _after(move), f"{move.cases:,}", ", ".join(move.examples)] for move in moves]
        yield from align(["Before", "After", "Cases", "For example"], rows, right=(2,), giving=3)


def _outcome(outcome: str | None) -> str:
    return outcome.replace("_", " ") if outcome else "no rule"


def _after(move: Move) -> str:
    return "the same, other dates" if move.before == move.after else _outcome(move.after)


def _officer_lines(officers: tuple[OfficerChange, ...]) -> Iterator[str]:
    rows = [
        [
            change.officer or "not recorded",
            f"{change.appear:,}",
            f"{change.vanish:,}",
            ", ".join(dict.fromkeys((*change.appear_in, *change.vanish_in))),
        ]
        for change in officers[:_OFFICERS]
    ]
    yield from align(["Officer", "Appear", "Vanish", "For example"], rows, right=(1, 2), giving=3)
    if len(officers) > _OFFICERS:
        yield f"And {len(officers) - _OFFICERS:,} more: --format csv lists them all."


def _last(impact: Impact) -> str:
    rules = impact.differences.rules
    if not rules:
        return "No rule differs."
    appear, vanish = (sum(getattr(change, word) for change in impact.officers) for word in ("appear", "vanish"))
    return (
        f"{count(len(rules), 'rule differs', 'rules differ')}: {count(appear, 'finding appears', 'findings appear')}, "
        f"{vanish:,} {'vanishes' if vanish == 1 else 'vanish'}."
    )


def impact_record(impact: Impact) -> dict[str, Any]:
    """All of it for programs."""
    return {
        "as_at": impact.as_at.isoformat(),
        "cases": impact.cases,
        "before": _book(impact.before),
        "after": _book(impact.after),
        "values": [
            {"value": value.name, "before": list(value.before), "after": list(value.after)}
            for value in impact.differences.values
        ],
        "rules": [_rule_record(changed, impact) for changed in impact.differences.rules],
        "conclusions": dict(impact.differences.conclusions),
        "officers": [
            {
                "offender_manager": change.officer,
                "appear": change.appear,
                "vanish": change.vanish,
                "appear_in": list(change.appear_in),
                "vanish_in": list(change.vanish_in),
            }
            for change in impact.officers
        ],
        "faults": list(impact.faults),
    }


def _book(book: Rulebook) -> dict[str, Any]:
    return {"name": book.name, "version": book.version, "hash": book.hash}


def _rule_record(changed: ChangedRule, impact: Impact) -> dict[str, Any]:
    return {
        "rule": changed.id,
        "status": changed.status,
        "shadow": changed.shadow,
        "keys": list(changed.keys),
        "values": list(changed.values),
        "about_staff": changed.rule.about_staff,
        "outcomes": [
            {
                "before": move.before,
                "after": move.after,
                "cases": move.cases,
                "other_dates": move.before == move.after,
                "examples": list(move.examples),
            }
            for move in impact.moves_of(changed.id)
        ],
    }


def impact_rows(impact: Impact) -> list[dict[str, Any]]:
    """The same flat: a row a value, a rule, a change of outcome, and an officer's findings that appear or vanish."""
    rows: list[dict[str, Any]] = [
        {"part": "value", "rule": value.name, "before": "; ".join(value.before), "after": "; ".join(value.after)}
        for value in impact.differences.values
    ]
    for changed in impact.differences.rules:
        status = "shadow" if changed.shadow else changed.status
        rows.append({"part": "rule", "rule": changed.id, "status": status})
        rows += [
            {
                "part": "outcomes",
                "rule": changed.id,
                "status": status,
                "before": move.before,
                "after": move.after,
                "cases": move.cases,
                "examples": "; ".join(move.examples),
            }
            for move in impact.moves_of(changed.id)
        ]
    rows += [
        {"part": "conclusion", "rule": flag, "status": status}
        for flag, status in impact.differences.conclusions.items()
    ]
    for change in impact.officers:
        for part, found, cases in (
            ("findings appear", change.appear, change.appear_in),
            ("findings vanish", change.vanish, change.vanish_in),
        ):
            if found:
                rows.append({"part": part, "officer": change.officer, "cases": found, "examples": "; ".join(cases)})
    return [{column: row.get(column) for column in _COLUMNS} for row in rows]


def impact_csv(impact: Impact) -> str:
    """The flat rows for a spreadsheet, in which no cell of the export is run as a formula."""
    return csv_text(_COLUMNS, impact_rows(impact))
