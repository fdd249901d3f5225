"""A message as text: plain British English on lines of at most 78 letters, and a subject of one line.

Whatever comes from an export, such as the name of a team, has no control characters and no line breaks in it, and an
end: nothing in it can become a line of the message or a header of the mail.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from omi_rules.notify.documents import Document, has_data_alarm
from omi_rules.notify.sorts import CAME, DATA_ALARMS, WENT
from omi_rules.reports.columns import align
from omi_rules.reports.words import count, english_date, folded, listed, shortened
from omi_rules.rulebook.model import SEVERITIES

WIDTH = 78
_LONGEST_NAME = 60
_LONGEST_CASE = 40
#: How many cases of one rule are listed under a heading.
_MOST_CASES = 30
_NO_TEAM = "Cases without a team"


def team_name(team: str | None) -> str:
    """A team's name as a message shows it."""
    return shortened(team or "", _LONGEST_NAME) or _NO_TEAM


def subject_of(document: Document) -> str:
    """The subject: what it is about, how much of it, and as at which day."""
    day = english_date(document["run"]["as_at"])
    if document["kind"] == "alerts":
        return f"Public protection: {_case_count(document)} to act on today, as at {day}"
    whose = team_name(document["team"]) if document["kind"] == "team" else _area_name(document)
    return f"{whose}: {_headline(document)}, as at {day}"


def text_of(document: Document) -> str:
    """The whole message."""
    lines = _fold(f"{subject_of(document)}.")
    lines += _fold(_compared(document))
    for note in document["notes"]:
        lines += ["", *_fold(note)]
    lines += _of_kind[document["kind"]](document)
    lines += ["", *_fold(_closing(document))]
    return "".join(f"{line}\n" for line in lines)


def _fold(text: str, indent: str = "", first: str | None = None) -> list[str]:
    return folded(text, indent, first, WIDTH)


def _area_name(document: Document) -> str:
    return shortened(document["area"], _LONGEST_NAME) or "The area"


def _case_count(document: Document) -> str:
    return count(len({change["case"] for change in document["changes"]}), "case")


def _headline(document: Document) -> str:
    """The numbers of a digest that are looked at first."""
    counts = document["counts"]
    told = [f"{counts.get(sort, 0):,} {words}" for sort, words in _HEADLINE if counts.get(sort) or sort == "new"]
    return ", ".join([*told, "data alarm"] if has_data_alarm(document) else told)


_HEADLINE = (("new", "new"), ("worse", "worse"), ("put_right", "put right"), ("done_late", "done late"))


def _compared(document: Document) -> str:
    run, since = document["run"], document["since"]
    book = f"rulebook {run['rulebook']}, omi-rules {run['program']}"
    if since is None:
        return f"Run {run['number']}, the first that is told of: every alert that stands is listed; {book}."
    beside = f"run {since['number']}, as at {english_date(since['as_at'])}"
    return f"Run {run['number']} beside {beside}; {book}."


def _closing(document: Document) -> str:
    if document["kind"] == "area":
        return "Each team has a message of its own, with its cases."
    return (
        "This message names cases by their reference only. Please answer with the reference only, too: mail is no "
        "place for names."
    )


def _alert_lines(document: Document) -> list[str]:
    """A section for each conclusion: what it means, what to do, and in which cases it is new."""
    lines: list[str] = []
    for rule in dict.fromkeys(change["rule"] for change in document["changes"]):
        found = [change for change in document["changes"] if change["rule"] == rule]
        lines += ["", *_rule_heading(document, found[0])]
        lines += _to_do(document, found[0])
        for change in found:
            is_plain = change["change"] == "new" or document["since"] is None
            how = "" if is_plain else f". {CAME[change['change']]}"
            lines += _fold(f"{_case(change)}, {team_name(change['team'])}{how}", "      ", "    ")
    return lines


def _team_lines(document: Document) -> list[str]:
    lines = _alarm(document)
    for sort, heading in {**CAME, **WENT}.items():
        found = [change for change in document["changes"] if change["change"] == sort]
        if found:
            lines += ["", *_fold(heading), *_by_rule(document, found, sort)]
    quiet = {sort: document["counts"].get(sort, 0) for sort in ("changed", "undecided")}
    if any(quiet.values()):
        lines += ["", *_fold(_quiet_sentence(quiet))]
    return lines


def _quiet_sentence(quiet: Mapping[str, int]) -> str:
    told = []
    if quiet["changed"]:
        told.append(f"{count(quiet['changed'], 'finding')} otherwise recorded, and insufficient as before")
    if quiet["undecided"]:
        told.append(f"{count(quiet['undecided'], 'finding')} no longer decidable, and kept open")
    return f"Besides: {listed(told)}."


def _by_rule(document: Document, found: Sequence[Mapping[str, Any]], sort: str) -> Iterator[str]:
    """The rules, the most severe first, each with its cases, the longest overdue first, and what to do."""
    rules: dict[str, list[Mapping[str, Any]]] = {}
    for change in sorted(found, key=lambda one: (SEVERITIES.index(one["severity"]), one["rule"])):
        rules.setdefault(change["rule"], []).append(change)
    for changes in rules.values():
        yield from _rule_heading(document, changes[0])
        if sort in CAME and sort not in DATA_ALARMS:
            yield from _to_do(document, changes[0])
        ordered = sorted(changes, key=lambda one: (one["due_on"] or "9999", one["case"]))
        for change in ordered[:_MOST_CASES]:
            yield from _fold(_case(change) + _state(change, sort), "      ", "    ")
        if len(ordered) > _MOST_CASES:
            runs = f"{document['since']['number']} {document['run']['number']}"
            more = f"and {count(len(ordered) - _MOST_CASES, 'more case', 'more cases')}"
            yield from _fold(f"{more}: `omi-rules history diff {runs} -v` lists them.", "      ", "    ")


def _rule_heading(document: Document, change: Mapping[str, Any]) -> list[str]:
    rule = _rule(document, change)
    return _fold(f"{change['severity'].capitalize()}: {rule['title']}", "    ", "  ")


def _to_do(document: Document, change: Mapping[str, Any]) -> list[str]:
    rule = _rule(document, change)
    return _fold(f"To do: {rule['to_do']}", "    ", "    ") if rule["to_do"] else []


def _rule(document: Document, change: Mapping[str, Any]) -> Mapping[str, Any]:
    named = (change["rule"], change["part"])
    return next(rule for rule in document["rules"] if (rule["rule"], rule["part"]) == named)


def _case(change: Mapping[str, Any]) -> str:
    return shortened(change["case"], _LONGEST_CASE)


def _state(change: Mapping[str, Any], sort: str) -> str:
    """How the duty stands, where it stands; where it is gone, which duty it was."""
    due = f"due {english_date(change['due_on'])}" if change["due_on"] else ""
    outcome = (change["outcome"] or "").replace("_", " ") if sort in CAME else ""
    told = [word for word in (outcome, due) if word]
    return f": {', '.join(told)}" if told else ""


def _alarm(document: Document) -> list[str]:
    """Rows that vanished: no failure of those who hold the cases."""
    if not document["vanished"]:
        return []
    records = sum(table["records"] for table in document["vanished"])
    tables = listed(f"{table['table']} {table['records']:,}" for table in document["vanished"])
    verb = "has" if records == 1 else "have"
    told = f"Data alarm: {count(records, 'record')} {verb} vanished from the export: {tables}."
    return ["", *_fold(f"{told} Ask who keeps the records, not the officer.")]


def _area_lines(document: Document) -> list[str]:
    lines = _alarm(document)
    rows = [_area_row(team_name(row["team"]), row["counts"], row["records_vanished"]) for row in document["teams"]]
    if rows:
        whole = sum(row["records_vanished"] for row in document["teams"])
        rows.append(_area_row("All teams", document["counts"], whole))
        lines += ["", *_by_team(rows)]
        lines += ["", *_fold(_LEGEND)]
    if document["staff"]:
        told = count(document["staff"], "finding")
        lines += ["", *_fold(f"{told} about members of staff changed: `omi-rules history diff -v` lists them.")]
    if document["still"] is not None:
        lines += ["", *_fold(f"{count(document['still'], 'finding')} as before.")]
    return lines


_LEGEND = (
    "Other: found for another reason than a new failure, such as a changed rule or a record that vanished. "
    "Right: put right. Late: done at last, after its day. Gone: gone with the case or the rule, or no longer about the "
    "case. Lost: records that are no longer in the export."
)
_COLUMNS = ("Team", "New", "Worse", "Other", "Right", "Late", "Gone", "Lost")
_FAILED = ("new", "worse")
_RIGHT = ("put_right", "done_late")


def _by_team(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The numbers of each team; a name too long for its column has a line of its own, and is never cut there."""
    widths = [max(map(len, column)) for column in zip(_COLUMNS, *rows, strict=True)][1:]
    room = WIDTH - sum(widths) - 2 * len(widths)
    cells = [["" if len(name) > room else name, *numbers] for name, *numbers in rows]
    header, *lines = align(_COLUMNS, cells, right=range(1, len(_COLUMNS)), width=WIDTH)
    yield header
    for (name, *_), line in zip(rows, lines, strict=True):
        if len(name) > room:
            yield name
        yield line


def _area_row(name: str, counts: Mapping[str, int], vanished: int) -> list[str]:
    def total(*sorts: str) -> str:
        return f"{sum(counts.get(sort, 0) for sort in sorts):,}"

    other = total(*(sort for sort in CAME if sort not in _FAILED))
    gone = total(*(sort for sort in WENT if sort not in _RIGHT))
    return [name, *map(total, _FAILED), other, *map(total, _RIGHT), gone, f"{vanished:,}"]


_of_kind = {"alerts": _alert_lines, "team": _team_lines, "area": _area_lines}
