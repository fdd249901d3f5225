"""What a run makes of the waivers: which hold tonight, and which lapsed, expired or are not used any more."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from omi_rules.checks.record import digest_records
from omi_rules.data.store import Store, create_from
from omi_rules.history.known import SCHEMA, RuleName
from omi_rules.history.rows import insert, rows_of
from omi_rules.history.tables import waiver_ends
from omi_rules.history.waivers import Standing, Waiver, settled
from omi_rules.rulebook.model import Rulebook
from omi_rules.rulebook.usage import record_read


def judge_waivers(
    store: Store, rulebook: Rulebook, contents: Mapping[RuleName, str], kept: Sequence[Waiver], as_at: date
) -> list[Standing]:
    """Every waiver as it stands tonight; needs `fates` and `skipped`, that is, the findings compared.

    `contents` are the digests of tonight's rules. A finding that was gone in an earlier run, and is there again, is
    another one: that run found the waiver unused.
    """
    by_day = {waiver.id: settled(waiver, as_at) for waiver in kept}
    alive = [waiver for waiver in kept if by_day[waiver.id] is None]
    by_record = _judge_alive(store, rulebook, contents, alive) if alive else {}
    return [by_day[waiver.id] or by_record[waiver.id] for waiver in kept]


def _judge_alive(
    store: Store, rulebook: Rulebook, contents: Mapping[RuleName, str], alive: Sequence[Waiver]
) -> Mapping[int, Standing]:
    names = ("id", "subject_id", "rule_id")
    rows = [{name: getattr(waiver, name) for name in names} for waiver in alive]
    create_from(store, f"{SCHEMA}.alive", dict.fromkeys(names, "INTEGER"), rows)
    facts = {
        row["id"]: row
        for row in rows_of(
            store,
            f"""SELECT a.id, f.finding_id, coalesce(f.is_found, FALSE) AS is_found, f.ended, f.outcome_now, f.due_now,
                f.done_now FROM {SCHEMA}.alive a LEFT JOIN {SCHEMA}.fates f USING (subject_id, rule_id)""",
        )
    }
    found = [waiver for waiver in alive if facts[waiver.id]["is_found"]]
    unread = _unread(store, rulebook, found)
    digests = digest_records(store, rulebook, [waiver.behind for waiver in found])
    standings = {}
    for waiver in alive:
        fact = facts[waiver.id]
        is_same_rule = contents.get(("rule", waiver.rule)) == waiver.content
        if not fact["is_found"]:
            standings[waiver.id] = _without_finding(waiver, fact)
        elif not is_same_rule:
            standings[waiver.id] = Standing(waiver, "lapsed", "rule")
        elif fact["due_now"] != waiver.due_on:
            standings[waiver.id] = Standing(waiver, "lapsed", "duty")
        elif (fact["outcome_now"], fact["done_now"]) != (waiver.outcome, waiver.done_on):
            standings[waiver.id] = Standing(waiver, "lapsed", "record")
        elif digests.get(waiver.id) == waiver.record:
            standings[waiver.id] = Standing(waiver, "in_force")
        elif waiver.id in unread:
            standings[waiver.id] = Standing(waiver, "undecided", "unread")
        else:
            standings[waiver.id] = Standing(waiver, "lapsed", "record")
    return standings


def _without_finding(waiver: Waiver, fact: Mapping[str, Any]) -> Standing:
    """The finding is gone, or can only not be seen tonight: then the waiver waits, as the finding does."""
    if fact["finding_id"] is not None and fact["ended"] in (None, "undecided"):
        return Standing(waiver, "undecided", "undecided")
    return Standing(waiver, "unused", fact["ended"] or "not_applicable")


def _unread(store: Store, rulebook: Rulebook, found: Sequence[Waiver]) -> set[int]:
    """The waivers of whose record something cannot be read: what is left of it need not be another record."""
    rows = [
        {"id": waiver.id, "subject_id": waiver.subject_id, "table_name": table}
        for waiver in found
        if waiver.rule in rulebook.rules
        for table in record_read(rulebook.rules[waiver.rule], rulebook)
    ]
    types = {"id": "INTEGER", "subject_id": "INTEGER", "table_name": "VARCHAR"}
    create_from(store, f"{SCHEMA}.waived_tables", types, rows)
    query = f"SELECT DISTINCT id FROM {SCHEMA}.waived_tables SEMI JOIN {SCHEMA}.skipped USING (subject_id, table_name)"
    return {id_ for (id_,) in store.execute(query).fetchall()}


def new_ends(standings: Sequence[Standing]) -> list[dict[str, Any]]:
    """The waivers that tonight are over for good and were not before."""
    return [
        {"waiver_id": one.waiver.id, "how": one.status, "because": one.because}
        for one in standings
        if one.status in ("lapsed", "unused") and one.waiver.spent is None
    ]


def write_ends(connection: Connection, ends: Sequence[Mapping[str, Any]], run: int) -> int:
    """Keep them so; gives the rows written."""
    return insert(connection, waiver_ends, [{**row, "run": run} for row in ends])


def summarise_waivers(standings: Sequence[Standing], chain: str) -> dict[str, Any] | None:
    """The part of run.json on waivers: no person, no case, no word of a reason. None if nothing was ever waived."""
    if not standings:
        return None
    listed = [one for one in standings if not one.is_done]
    counts = {
        status: sum(one.status == status for one in listed)
        for status in ("in_force", "undecided", "expired", "lapsed", "unused")
    }
    return {
        **counts,
        "critical": sum(one.status == "in_force" and one.waiver.is_critical for one in listed),
        "chain": chain,
        "listed": [
            {
                "waiver": one.waiver.id,
                "rule": one.waiver.rule,
                "until": one.waiver.until.isoformat(),
                "status": one.status,
                "because": one.because,
            }
            for one in listed
        ],
    }
