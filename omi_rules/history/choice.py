"""Which findings of a store are looked at: by who holds the case now, by rule and by recommendation."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from omi_rules.history.tables import findings, rulebook_rules, rules, subjects
from omi_rules.problems import UsageError, nearest


@dataclass(frozen=True)
class Choice:
    """What is asked for; an empty part asks for all. A rule may be a conclusion too."""

    teams: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    officers: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    recommendations: tuple[int, ...] = ()


def conditions(connection: Connection, choice: Choice) -> list[ColumnElement[bool]]:
    """The choice over `findings` joined with `subjects`; UsageError if it names what the store does not have."""
    tests: list[ColumnElement[bool]] = []
    for option, column, wanted in (
        ("--team", subjects.c.team, choice.teams),
        ("--division", subjects.c.division, choice.divisions),
        ("--officer", subjects.c.officer, choice.officers),
    ):
        for value in wanted:
            if connection.execute(select(subjects.c.id).where(column == value).limit(1)).first() is None:
                raise UsageError(f"{option}: no case of the store has {column.name} {value}.")
        if wanted:
            tests.append(column.in_(wanted))
    if choice.rules or choice.recommendations:
        tests.append(findings.c.rule_id.in_(_rule_ids(connection, choice)))
    return tests


def _rule_ids(connection: Connection, choice: Choice) -> list[int]:
    ids: dict[str, set[int]] = {}
    for id_, name in connection.execute(select(rules.c.id, rules.c.name)):
        ids.setdefault(name, set()).add(id_)
    for name in choice.rules:
        if name not in ids:
            raise UsageError(f"the store knows no rule {name}{nearest(name, ids)}")
    named = {id_ for name in choice.rules for id_ in ids[name]}
    if not choice.recommendations:
        return sorted(named)
    resting = {
        rule_id
        for rule_id, listed in connection.execute(
            select(rulebook_rules.c.rule_id, rulebook_rules.c.recommendations).distinct()
        )
        if set(json.loads(listed)) & set(choice.recommendations)
    }
    return sorted(resting & named if choice.rules else resting)


def chosen_findings(*columns: Any) -> Any:
    """A SELECT of columns of `findings`, `subjects` and `rules`."""
    joined = findings.join(subjects, subjects.c.id == findings.c.subject_id).join(
        rules, rules.c.id == findings.c.rule_id
    )
    return select(*columns).select_from(joined)
