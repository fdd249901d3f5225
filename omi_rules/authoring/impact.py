"""What another rulebook would find in an export: the cases whose outcomes change, and the officers they are held by.

The export is read once. Only the rules that differ are judged, once by each rulebook; all the rest is SQL.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from omi_rules.authoring.differences import ChangedRule, Differences, find_differences
from omi_rules.checks.run import judge
from omi_rules.data.export import Export
from omi_rules.data.means import Means
from omi_rules.data.store import Store, create_from
from omi_rules.rulebook.model import INSUFFICIENT, Rule, Rulebook

_INSUFFICIENT = ", ".join(f"'{outcome}'" for outcome in INSUFFICIENT)
#: How many cases are named as examples of a change.
_NAMED = 3


@dataclass(frozen=True)
class Move:
    """So many cases go from one outcome to another; the outcome is the same where only its dates differ.

    None is the outcome by a rulebook that does not have the rule."""

    rule: str
    before: str | None
    after: str | None
    cases: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class OfficerChange:
    """The findings of one offender manager, None where none is recorded, that appear and vanish."""

    officer: str | None
    appear: int
    vanish: int
    appear_in: tuple[str, ...]
    vanish_in: tuple[str, ...]


@dataclass(frozen=True)
class Impact:
    """What differs, and what that does to the cases of an export. A finding is an insufficient outcome of a rule that
    is not informational. `faults` are of rules that could not run."""

    before: Rulebook
    after: Rulebook
    as_at: date
    cases: int
    differences: Differences
    moves: tuple[Move, ...]
    officers: tuple[OfficerChange, ...]
    faults: tuple[str, ...]

    def moves_of(self, rule: str) -> list[Move]:
        """The moves that one rule makes."""
        return [move for move in self.moves if move.rule == rule]


def measure_impact(
    export: Path,
    before: Rulebook,
    after: Rulebook,
    as_at: date | None,
    means: Means,
    progress: Callable[[str], None],
) -> Impact:
    """Judges the export by the rules that differ, as the one rulebook states them and as the other does."""
    differences = find_differences(before, after)
    about_cases = [changed for changed in differences.rules if not changed.rule.about_staff]
    with means.open_store() as store:
        progress("reading the export")
        read = means.read_export(store, export, as_at)
        sides = (
            ("before", before, [changed.before for changed in about_cases if changed.before]),
            ("after", after, [changed.after for changed in about_cases if changed.after]),
        )
        faults: list[str] = []
        for side, book, rules in sides:
            progress(f"applying the rules as they are {side}")
            faults += _judge_side(store, read, side, book, rules)
        progress("comparing")
        _compare(store, about_cases)
        (cases,) = store.execute("SELECT count(*) FROM cases").fetchone() or (0,)
        return Impact(
            before, after, read.as_at, cases, differences, _moves(store), _officers(store), tuple(dict.fromkeys(faults))
        )


def _judge_side(store: Store, read: Export, side: str, book: Rulebook, rules: Sequence[Rule]) -> Iterable[str]:
    """Creates `judged_before` or `judged_after`: a row a case and rule; and gives the faults."""
    store.execute("DROP TABLE IF EXISTS judged")
    # the frame has the columns that the rulebook's own rules ask about, those in shadow among them
    judged = judge(store, read, replace(book, rules={**book.rules, **{rule.id: rule for rule in rules}}), rules)
    numbers = [{"rule_no": number, "rule": rule.id} for number, rule in enumerate(rules)]
    create_from(store, "numbers", {"rule_no": "SMALLINT", "rule": "VARCHAR"}, numbers)
    store.execute(
        f"CREATE OR REPLACE TABLE judged_{side} AS "
        "SELECT rule, case_no, outcome::VARCHAR AS outcome, due_on, done_on FROM judged JOIN numbers USING (rule_no)"
    )
    return judged.faults.values()


def _compare(store: Store, rules: Iterable[ChangedRule]) -> None:
    """Creates `compared`: a row a case and rule that differs, with both outcomes, and whether each is a finding."""
    counting = [{"rule": changed.id, "severity": changed.rule.severity} for changed in rules]
    create_from(store, "differing", {"rule": "VARCHAR", "severity": "VARCHAR"}, counting)
    store.execute(f"""CREATE OR REPLACE TABLE compared AS
        SELECT rule, case_no, b.outcome AS before, a.outcome AS after,
            severity <> 'informational' AND coalesce(b.outcome IN ({_INSUFFICIENT}), FALSE) AS found_before,
            severity <> 'informational' AND coalesce(a.outcome IN ({_INSUFFICIENT}), FALSE) AS found_after
        FROM judged_before b FULL JOIN judged_after a USING (rule, case_no) JOIN differing USING (rule)
        WHERE (b.outcome, b.due_on, b.done_on) IS DISTINCT FROM (a.outcome, a.due_on, a.done_on)""")


def _moves(store: Store) -> tuple[Move, ...]:
    rows = store.execute(f"""SELECT rule, before, after, count(*), min(case_id, {_NAMED})
        FROM compared JOIN cases USING (case_no) GROUP BY ALL ORDER BY rule, count(*) DESC, before, after""").fetchall()
    return tuple(Move(rule, was, now, cases, tuple(named)) for rule, was, now, cases, named in rows)


def _officers(store: Store) -> tuple[OfficerChange, ...]:
    appears, vanishes = "found_after AND NOT found_before", "found_before AND NOT found_after"
    rows = store.execute(f"""SELECT offender_manager, count(*) FILTER ({appears}), count(*) FILTER ({vanishes}),
            min(case_id, {_NAMED}) FILTER ({appears}), min(case_id, {_NAMED}) FILTER ({vanishes})
        FROM compared JOIN cases USING (case_no)
        WHERE found_before <> found_after
        GROUP BY offender_manager ORDER BY count(*) DESC, offender_manager NULLS LAST""").fetchall()
    return tuple(
        OfficerChange(officer, appear, vanish, _distinct(appear_in), _distinct(vanish_in))
        for officer, appear, vanish, appear_in, vanish_in in rows
    )


def _distinct(cases: Sequence[str] | None) -> tuple[str, ...]:
    """Cases in which several rules find something, once."""
    return tuple(dict.fromkeys(cases or ()))
