"""The messages of a run as plain documents, each held to schemas/notification.schema.json: what is told, and of whom.

Of a case a message holds its reference, the rule, and the day the duty was due: without these nobody could act. No
officer, no name, no other day and no other cell is in it, and of members of staff only how many findings changed.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from omi_rules.history.chain import canonical
from omi_rules.history.diff import CHANGES, Change
from omi_rules.history.news import News
from omi_rules.history.outbox import FIRST
from omi_rules.history.runs import KeptRun
from omi_rules.notify.sorts import CAME, DATA_ALARMS, QUIET, WENT
from omi_rules.reports.overview import ALERT
from omi_rules.reports.pseudonyms import pseudonyms
from omi_rules.reports.words import listed
from omi_rules.rulebook.model import SEVERITIES, Rulebook

Document = Mapping[str, Any]
_TOLD = (*CAME, *WENT)
_CRITICAL = SEVERITIES.index("critical")


def make_documents(news: News, rulebook: Rulebook) -> list[Document]:
    """The messages in the order in which they go: alerts, the teams by name, the area. Without news there is none.

    Where no run was told of before, nothing can have changed, and every alert that stands is news all the same.
    """
    about_cases = [change for change in news.difference.changes if change.about == "case"]
    made = [_alerts(news, rulebook, about_cases)]
    if not news.is_first:
        made += [_team(news, rulebook, about_cases, team) for team in _teams(news, about_cases)]
        made.append(_area(news, about_cases))
    return [document for document in made if document is not None]


def under_pseudonyms(document: Document, key: bytes) -> Document:
    """The same message with keyed pseudonyms in place of case references, and in their order too."""
    names = pseudonyms(key, {change["case"] for change in document["changes"]})
    changes = [{**change, "case": names[change["case"]]} for change in document["changes"]]
    return {**document, "changes": sorted(changes, key=_place_in[document["kind"]])}


def _place_among_alerts(change: Mapping[str, Any]) -> tuple[bool, str, str]:
    return change["rule"] != ALERT, change["rule"], change["case"]


def _place_in_digest(change: Mapping[str, Any]) -> tuple[int, int, str, str]:
    """The order in which the store tells changes."""
    sort, severity = list(CHANGES).index(change["change"]), SEVERITIES.index(change["severity"])
    return sort, severity, change["case"], change["rule"]


#: By the kind of a message: where a change stands in it, by what the message calls the case.
_place_in: Mapping[str, Callable[[Mapping[str, Any]], tuple[Any, ...]]] = {
    FIRST: _place_among_alerts,
    "team": _place_in_digest,
    "area": _place_in_digest,
}


def _alerts(news: News, rulebook: Rulebook, about_cases: Sequence[Change]) -> Document | None:
    """The critical conclusions that came, the public-protection alert first: their remedies are for today."""
    found = [
        change
        for change in about_cases
        if change.part == "conclusion" and change.severity == _CRITICAL and change.change in CAME
    ]
    if not found:
        return None
    changes = sorted([{**_told(change), "team": change.team} for change in found], key=_place_among_alerts)
    return _document(news, FIRST, None, changes=changes, rules=_rules(found, rulebook), counts=_counts(found))


def _teams(news: News, about_cases: Sequence[Change]) -> list[str | None]:
    """The teams that something may have changed for; the cases without a team last."""
    found = {change.team for change in about_cases} | set(news.vanished)
    return sorted(found, key=lambda team: (team is None, team or ""))


def _team(news: News, rulebook: Rulebook, about_cases: Sequence[Change], team: str | None) -> Document | None:
    held = [change for change in about_cases if change.team == team]
    told = [change for change in held if change.change in _TOLD]
    vanished = news.vanished.get(team, {})
    if not told and not vanished:
        return None
    return _document(
        news,
        "team",
        team,
        changes=[_told(change) for change in told],
        rules=_rules(told, rulebook),
        counts=_counts(held),
        vanished=_vanished(vanished),
        notes=_notes(news),
    )


def _area(news: News, about_cases: Sequence[Change]) -> Document | None:
    """The area in numbers, team by team; of members of staff only how many findings changed."""
    staff = sum(change.about == "staff" and change.change not in QUIET for change in news.difference.changes)
    rows = []
    for team in _teams(news, about_cases):
        held = [change for change in about_cases if change.team == team]
        records = sum(rows_ for rows_, _ in news.vanished.get(team, {}).values())
        if records or any(change.change in _TOLD for change in held):
            rows.append({"team": team, "records_vanished": records, "counts": _counts(held)})
    if not rows and not staff:
        return None
    tables: dict[str, tuple[int, int]] = {}
    for of_team in news.vanished.values():
        for table, (records, cases) in of_team.items():
            before = tables.get(table, (0, 0))
            tables[table] = (before[0] + records, before[1] + cases)
    return _document(
        news,
        "area",
        None,
        counts=_counts(about_cases),
        vanished=_vanished(tables),
        teams=rows,
        staff=staff,
        still=news.difference.counts["still"],
        notes=_notes(news),
    )


def _document(news: News, kind: str, team: str | None, **parts: Any) -> Document:
    """A message; what a kind has nothing of is empty, so that every message has one shape."""
    run = _run(news.run)
    since = None if news.is_first else _run(news.since)
    told: dict[str, Any] = {
        "version": 1,
        "id": "",
        "kind": kind,
        "area": news.area,
        "team": team,
        "run": run,
        "since": since,
        "counts": {},
        "changes": [],
        "rules": [],
        "vanished": [],
        "teams": [],
        "staff": 0,
        "still": None,
        "notes": [],
        **parts,
    }
    named = canonical({"run": news.run.hash, "since": news.since.hash, "kind": kind, "team": team})
    return {**told, "id": hashlib.sha256(named).hexdigest()[:32]}


def _run(run: KeptRun) -> dict[str, Any]:
    return {"number": run.number, "as_at": run.as_at.isoformat(), "program": run.program, "rulebook": run.rulebook}


def _told(change: Change) -> dict[str, Any]:
    return {
        "change": change.change,
        "case": change.name,
        "rule": change.rule,
        "part": change.part,
        "outcome": change.outcome or None,
        "due_on": change.due_on.isoformat() if change.due_on else None,
        "severity": SEVERITIES[change.severity],
    }


def _rules(changes: Iterable[Change], rulebook: Rulebook) -> list[dict[str, Any]]:
    """What is to be known of the rules and conclusions told of; a rule that is no longer there has its id only."""
    found = []
    for part, name in sorted({(change.part, change.rule) for change in changes}, key=lambda pair: (pair[1], pair[0])):
        title, to_do = name.replace("-", " ").capitalize(), None
        if part == "rule" and name in rulebook.rules:
            title, to_do = rulebook.rules[name].title, rulebook.rules[name].to_do
        elif part == "conclusion" and name in rulebook.conclusions:
            title, to_do = rulebook.conclusions[name].title, rulebook.conclusions[name].action
        found.append({"rule": name, "part": part, "title": title, "to_do": to_do})
    return found


def _counts(changes: Iterable[Change]) -> dict[str, int]:
    counted = Counter(change.change for change in changes)
    return {sort: counted[sort] for sort in (*_TOLD, *QUIET) if counted[sort]}


def _vanished(tables: Mapping[str, tuple[int, int]]) -> list[dict[str, Any]]:
    return [{"table": table, "records": records, "cases": cases} for table, (records, cases) in sorted(tables.items())]


def _notes(news: News) -> list[str]:
    """What may have changed besides the records."""
    since, run = news.since, news.run
    told = []
    if since.rulebook != run.rulebook:
        told.append(f"The rulebook changed from {since.rulebook} to {run.rulebook}.")
    if since.program != run.program:
        told.append(f"omi-rules changed from {since.program} to {run.program}: some changes may be its own.")
    if run.failed:
        names = listed(name for _, name in run.failed)
        told.append(f"This run could not judge {names}: findings of these stay as they were.")
    return told


def has_data_alarm(document: Document) -> bool:
    """Whether records or cases vanished: a question to whoever keeps the records, and to nobody else."""
    return bool(document["vanished"]) or any(document["counts"].get(sort) for sort in DATA_ALARMS)
