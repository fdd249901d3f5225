"""The record behind a finding, as a digest: so that it is noticed when a cell that the rule reads is another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from omi_rules.checks.run import judge
from omi_rules.data.means import Means
from omi_rules.data.store import Store, create_from
from omi_rules.problems import UsageError
from omi_rules.rulebook.model import Count, Deadline, Rule, Rulebook
from omi_rules.rulebook.usage import record_read
from omi_rules.shapes import load_tables


@dataclass(frozen=True)
class Behind:
    """The record behind what a rule found in a case; `number` tells it from others.

    Rows of later days than `rows_until` are other work, and no part of it.
    """

    number: int
    case_id: str
    rule: str
    rows_until: date | None


def rows_until(rule: Rule, due_on: date | None, as_at: date) -> date | None:
    """The last day of the rows behind a finding as at a day, None if later rows belong to it too.

    A dated duty that a case has once is not touched by later work, unless that changes the answer. Of any other rule a
    later row may be another failure, which the answer, about one failure, does not show.
    """
    return as_at if due_on and isinstance(rule.require, Deadline | Count) else None


def digest_records(store: Store, rulebook: Rulebook, wanted: Sequence[Behind]) -> Mapping[int, str]:
    """The sha256, in hexadecimal, of the cells of each record, by number; a case that is not there has none.

    `store` holds the export as at a day. The order of rows in a file, and their numbers, are no part of the record.
    """
    types = {"number": "INTEGER", "case_id": "VARCHAR", "rule": "VARCHAR", "rows_until": "DATE"}
    rows = [
        {**asdict(one), "rows_until": one.rows_until.isoformat() if one.rows_until else None}
        for one in wanted
        if one.rule in rulebook.rules
    ]
    create_from(store, "records_wanted", types, rows)
    found: dict[int, str] = {}
    for name in sorted({one.rule for one in wanted} & rulebook.rules.keys()):
        lines = " UNION ALL ".join(_lines_sql(record_read(rulebook.rules[name], rulebook)))
        query = f"""WITH wanted AS (
                SELECT w.*, c.case_no FROM records_wanted w JOIN cases c ON c.case_id::VARCHAR = w.case_id
                WHERE w.rule = $rule)
            SELECT number, sha256(string_agg(line, chr(10) ORDER BY line)) FROM ({lines}) GROUP BY number"""
        found |= dict(store.execute(query, {"rule": name}).fetchall())
    return found


def _lines_sql(read: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """A line for each row of each table."""
    for name, columns in read.items():
        cells = "".join(f", r.{column}::VARCHAR" for column in columns)
        own_date = load_tables()[name].own_date
        among = f"WHERE coalesce(r.{own_date} <= w.rows_until, TRUE)" if own_date else ""
        yield f"""SELECT w.number, json_array('{name}'{cells})::VARCHAR AS line
            FROM wanted w JOIN {name} r USING (case_no) {among}"""


@dataclass(frozen=True)
class Answer:
    """What a rule said of a case of an export, and the digest of the record behind it."""

    fingerprint: str
    outcome: str
    due_on: date | None
    done_on: date | None
    record: str
    rows_until: date | None


def judge_record(
    export: Path,
    rulebook: Rulebook,
    rule_id: str,
    case_id: str,
    *,
    as_at: date,
    means: Means,
) -> Answer:
    """Judge one case of an export by one rule; UsageError if the rulebook does not have it."""
    rule = rulebook.rules.get(rule_id)
    if rule is None:
        raise UsageError(f"the rulebook has no rule {rule_id}: name that of the latest run with --rules.")
    with means.open_store() as store:
        read = means.read_export(store, export, as_at, only_case=case_id)
        judge(store, read, rulebook, [rule])
        row = store.execute("SELECT outcome::VARCHAR, due_on, done_on FROM judged").fetchone()
        outcome, due_on, done_on = row or ("not_applicable", None, None)
        until = rows_until(rule, due_on, read.as_at)
        digests = digest_records(store, rulebook, [Behind(1, case_id, rule_id, until)])
    return Answer(read.fingerprint, outcome, due_on, done_on, digests.get(1, ""), until)
