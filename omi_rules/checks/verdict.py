"""From readings to one outcome: the one precedence of the rulebook, and `unknown` wherever two readings differ."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from omi_rules.checks.conditions import FILLED, Condition, both, date_sql
from omi_rules.checks.lengths import length_conditions
from omi_rules.checks.plan import Plan, row_doubts
from omi_rules.checks.presence import find_presence
from omi_rules.checks.worlds import Worlds, arm_rows
from omi_rules.rulebook.model import OUTCOMES, Rule, Selection, Tests

#: A doubt that is no column: the clock leaves the calendar.
CALENDAR = "calendar"


def outcome_type_sql() -> str:
    """The outcome words as an ENUM, in the order of the contract."""
    return "CREATE TYPE outcome AS ENUM (" + ", ".join(f"'{word}'" for word in OUTCOMES) + ")"


def timed_outcome_sql(done: str, plan: Plan, grace: bool, failed: str = "missing") -> str:
    """The outcome of a duty done on `done` (or NULL) and due on `due`; both are columns of the row at hand."""
    in_time = f"{done} IS NOT NULL" if grace else f"{done} <= due"
    late = "" if grace or failed == "not_met" else f"WHEN {done} IS NOT NULL THEN 'late' "
    return (
        f"CASE WHEN {in_time} THEN 'met' WHEN end_date < due THEN 'not_applicable' {late}"
        f"WHEN {date_sql(plan.as_at)} > due THEN '{failed}' ELSE 'due' END"
    )


@dataclass
class Judgement:
    """The columns that every kind gives, over worlds `w`: SQL expressions of one row."""

    worlds: Worlds
    joins: list[str] = field(default_factory=list)
    doubts: dict[str, str] = field(default_factory=dict)

    def join(self, join: str) -> None:
        """Add a join once."""
        if join and join not in self.joins:
            self.joins.append(join)

    def read(self, plan: Plan, selections: Iterable[Selection], judged: Tests = ()) -> None:
        """Join what tells which open cells and lost rows of these selections stand in the way.

        `judged` are the tests that their rows are held to.
        """
        for selection in selections:
            self.join(plan.lost_join_sql(selection.table, "w"))
            for label, applies in row_doubts(plan, selection, judged).items():
                known = self.doubts.get(label, applies)
                # several selections of a table may wait for the same column, each in other rows
                self.doubts[label] = applies if known == applies else f"({known} OR {applies})"

    def from_sql(self) -> str:
        """The worlds with everything joined to them."""
        return " ".join([f"FROM {self.worlds.sql}", *self.joins])

    def labels(self) -> tuple[str, ...]:
        """The names of the doubts, in the order of their bits."""
        return (*(f"cases.{column}" for column in self.worlds.filled), *self.doubts, CALENDAR)

    def bits_sql(self) -> str:
        """The doubts that apply, a bit each."""
        flags = [f"w.empty_{column}" for column in self.worlds.filled] + list(self.doubts.values())
        parts = [f"(CASE WHEN {flag} THEN {1 << bit} ELSE 0 END)" for bit, flag in enumerate(flags)]
        return "(" + " | ".join(parts) + ")" if parts else "0"

    def calendar_bit(self) -> int:
        """The bit of the calendar doubt."""
        return 1 << (len(self.worlds.filled) + len(self.doubts))


def population_sql(plan: Plan, rule: Rule, judgement: Judgement) -> Condition:
    """Whether a world is in the rule's population; any rows it needs are read from the shared pass."""
    conditions = [FILLED.tests("cases", rule.population.tests, "w")]
    for selection in rule.population.any_row:
        condition, joins = find_presence(plan, selection, "w")
        conditions.append(condition)
        for join in joins:
            judgement.join(join)
    judgement.read(plan, arm_rows(plan, rule))
    return both([*conditions, *length_conditions(plan, rule)])


def named(population: Condition, sure: str, maybe: str) -> Condition:
    """The same population, once its readings stand in columns of these names."""
    if population.certain:
        maybe = sure
    return Condition("TRUE" if population.sure == "TRUE" else sure, "TRUE" if population.maybe == "TRUE" else maybe)


def settle_sql(population: Condition, outcome: str) -> str:
    """The outcome of a world (`outcome` is a column), given whether it is surely, maybe or not in the population."""
    unsure = "" if population.certain else f"WHEN NOT ({population.sure}) THEN 'unknown' "
    outside = f"WHEN NOT ({population.maybe}) THEN 'not_applicable' " if population.maybe != "TRUE" else ""
    if not outside and not unsure:
        return outcome
    return f"CASE {outside}WHEN {outcome} = 'not_applicable' THEN 'not_applicable' {unsure}ELSE {outcome} END"


def agree_sql(inner: str, several: bool) -> str:
    """One row a case from one row a world: `inner` has case_no, outcome, due_on, done_on, arm, undecided."""
    if not several:
        return (
            "SELECT case_no, outcome::outcome AS outcome, "
            "CASE WHEN outcome <> 'unknown' THEN due_on END AS due_on, "
            "CASE WHEN outcome <> 'unknown' THEN done_on END AS done_on, arm, "
            f"CASE WHEN outcome = 'unknown' THEN undecided ELSE 0 END AS undecided FROM ({inner})"
        )

    def shared(column: str) -> str:
        return (
            f"CASE WHEN min(outcome) = max(outcome) AND min(outcome) <> 'unknown' AND count({column}) = count(*) "
            f"AND min({column}) = max({column}) THEN min({column}) END AS {column}"
        )

    # materialized, or the optimiser copies the whole of the worlds' expressions into each of these aggregates
    return (
        f"WITH worlds AS MATERIALIZED ({inner}) "
        "SELECT case_no, "
        "(CASE WHEN min(outcome) = max(outcome) THEN min(outcome) ELSE 'unknown' END)::outcome AS outcome, "
        f"{shared('due_on')}, {shared('done_on')}, "
        "CASE WHEN min(arm) = max(arm) THEN min(arm) END AS arm, "
        "CASE WHEN min(outcome) = max(outcome) AND min(outcome) <> 'unknown' THEN 0 "
        "ELSE bit_or(undecided) END AS undecided "
        "FROM worlds GROUP BY case_no"
    )
