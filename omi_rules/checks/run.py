"""Judge every case by every rule: compile, pass once over each table, and keep one row a case and rule."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial

import duckdb

from omi_rules.checks.conditions import Conditions
from omi_rules.checks.days import create_calendar
from omi_rules.checks.doubts import (
    Doubt,
    Doubts,
    create_doubts,
    enter,
    number_doubts,
    only_sql,
    set_apart,
    their_rows_sql,
)
from omi_rules.checks.kinds.chains import chain_sql
from omi_rules.checks.kinds.deadlines import count_sql, deadline_sql
from omi_rules.checks.kinds.events import per_event_sql
from omi_rules.checks.kinds.first_rows import first_row_sql
from omi_rules.checks.kinds.latest_events import latest_event_sql
from omi_rules.checks.kinds.matches import form_sql
from omi_rules.checks.kinds.paired import paired_sql
from omi_rules.checks.plan import Plan
from omi_rules.checks.triggers import high_roh_triggers_sql, triggered_sql
from omi_rules.checks.verdict import Judgement, outcome_type_sql
from omi_rules.data.export import Export
from omi_rules.data.store import Store, run_together
from omi_rules.rulebook.model import (
    Count,
    Deadline,
    Paired,
    PerEvent,
    ReviewChain,
    Rule,
    Rulebook,
    Selection,
)
from omi_rules.rulebook.usage import columns_read, tables_read
from omi_rules.shapes import load_tables

#: One row a case and rule: `arm` is the number of the value's arm, `undecided` a bit for each of the rule's doubts.
JUDGED = (
    "CREATE OR REPLACE TABLE judged(case_no INTEGER, rule_no SMALLINT, outcome outcome, due_on DATE, done_on DATE, "
    "arm TINYINT, undecided INTEGER)"
)

#: Of so few cases each is judged as if it left something open: the second SQL of every rule, for those that leave
#: nothing open, takes longer to plan than it spares.
FEW_CASES = 20_000


class Cases(Enum):
    """How many of the cases something is true of."""

    NONE = auto()
    SOME = auto()
    ALL = auto()


@dataclass(frozen=True)
class Judged:
    """What a run judged: the rules by number, the doubts of each, and those that could not run, with the fault."""

    plan: Plan
    rules: tuple[Rule, ...]
    doubts: Mapping[str, tuple[str, ...]]
    faults: Mapping[str, str]


@dataclass(frozen=True)
class Compiled:
    """A rule as SQL that gives one row a case, over the columns of its frame, `rule_frame`.

    `whole` is for every case. `plain` is for the cases that leave nothing open that the rule `asked` about, of many.
    """

    rule: Rule
    number: int
    plain: "Query | None"
    whole: "Query"
    judgement: Judgement
    asked: frozenset[Doubt]


#: Judges some cases by a rule; gives the rule's fault by its id, if it could not run.
_Judge = Callable[[Store], dict[str, str]]


@dataclass(frozen=True)
class Query:
    """SQL over `rule_frame`, and the SQL that picks its columns from the frame of all rules."""

    sql: str
    rule_frame: str


def compile_rule(plan: Plan, rule: Rule) -> tuple[str, Judgement]:
    """The rule as SQL that gives one row a case."""
    require = rule.require
    if isinstance(require, Deadline):
        if require.first:
            return first_row_sql(plan, rule, require, require.first)
        return deadline_sql(plan, rule, require)
    if isinstance(require, ReviewChain):
        return chain_sql(plan, rule, require)
    if isinstance(require, PerEvent):
        if require.latest and isinstance(require.event, Selection):
            return latest_event_sql(plan, rule, require, require.event)
        return per_event_sql(plan, rule, require)
    if isinstance(require, Count):
        return count_sql(plan, rule, require)
    if isinstance(require, Paired):
        return paired_sql(plan, rule, require)
    return form_sql(plan, rule, require)


def make_plan(store: Store, export: Export, rulebook: Rulebook, frame: Sequence[str]) -> Plan:
    """What the compiler has to know about this export; `frame` as in the plan."""
    lost = {name for (name,) in store.execute("SELECT DISTINCT table_name FROM lost").fetchall()}
    working_days = {
        name: value.arms[0].amount for name, value in rulebook.values.items() if value.unit == "working_days"
    }
    conditions = Conditions(export.nulls, export.as_at, working_days)
    return Plan(rulebook, export.as_at, conditions, export.missing, frozenset(lost), tuple(frame))


def judge(
    store: Store,
    export: Export,
    rulebook: Rulebook,
    rules: Sequence[Rule],
    progress: Callable[[str], None] = lambda _: None,
    faults: Mapping[str, str] | None = None,
) -> Judged:
    """Fill the table `judged`. A rule that cannot run gives `error` for every case; the others go on.

    So does one of `faults`, the rules that could not run over other cases of the same export."""
    plan = make_plan(store, export, rulebook, _case_columns(rulebook))
    plain = plan.without_doubts() if export.cases > FEW_CASES else None
    compiled: list[Compiled] = []
    faults = known_faults(rules, faults)
    for number, rule in enumerate(rules):
        try:
            compiled.append(_compile(plain, plan, rule, number))
        except Exception as error:  # noqa: BLE001 - a fault of one rule must not hide the others' results
            faults[rule.id] = f"{rule.file}: the rule could not be compiled ({type(error).__name__})"
    _prepare(store, plan, plan.offsets | (plain.offsets if plain else set()))
    work = _tell_apart(store, plan, plain, compiled) if plain else _keep_together(store, plan, compiled)
    progress("applying the rules")
    for found in run_together(store, work):
        faults |= found
    for number, rule in enumerate(rules):
        if rule.id in faults:
            store.execute(f"DELETE FROM judged WHERE rule_no = {number}")
            store.execute(f"INSERT INTO judged SELECT case_no, {number}, 'error', NULL, NULL, NULL, 0 FROM cases")
    return Judged(plan, tuple(rules), {one.rule.id: one.judgement.labels() for one in compiled}, faults)


def known_faults(rules: Sequence[Rule], faults: Mapping[str, str] | None) -> dict[str, str]:
    """The faults of these rules that are known before they run."""
    return {rule.id: faults[rule.id] for rule in rules if rule.id in faults} if faults else {}


def _keep_together(store: Store, plan: Plan, compiled: Sequence[Compiled]) -> list[_Judge]:
    """How to judge every case by the whole of each rule, once the frame is laid."""
    _make_frame(plan, store)
    return [partial(_judge_everyone, one) for one in compiled]


def _tell_apart(store: Store, plan: Plan, plain: Plan, compiled: Sequence[Compiled]) -> list[_Judge]:
    """How to judge the cases that leave something open apart from the others, once both frames are laid."""
    doubts = number_doubts(plan, (one.asked for one in compiled))
    create_doubts(store, doubts)
    store.execute(triggered_sql())
    open_for = _count_open(store, compiled, doubts)
    doubtful = [one for one in compiled if open_for[one.number] is not Cases.NONE]
    frames = [partial(_make_frame, plain)]
    if doubtful:
        tables = {table for one in doubtful for table in tables_read(one.rule, plan.rulebook)} - plan.missing
        everyone = any(doubts.mask(one.asked) is None for one in doubtful)
        frames.append(partial(_frame_doubtful, plan, tables, everyone))
    run_together(store, frames)
    settled = [one for one in compiled if open_for[one.number] is not Cases.ALL]
    return [
        *(partial(_judge_wholly, one, doubts, plan.rulebook) for one in doubtful),
        *(partial(_judge_plainly, one, doubts) for one in settled),
    ]


def _compile(plain: Plan | None, plan: Plan, rule: Rule, number: int) -> Compiled:
    plan.conditions.asked.clear()
    plan.asked_rows.clear()
    whole, judgement = compile_on_frame(plan, rule)
    asked = {*plan.conditions.asked, *((table, "", "TRUE") for table in plan.asked_rows)}
    short = compile_on_frame(plain, rule)[0] if plain else None
    return Compiled(rule, number, short, whole, judgement, frozenset(asked))


def compile_on_frame(plan: Plan, rule: Rule) -> tuple[Query, Judgement]:
    """The rule's SQL, with the columns that it names, of the many that all rules do: each costs time to plan."""
    plan.facts.asked.clear()
    query, judgement = compile_rule(plan, rule)
    columns = ", ".join(column for column in [*plan.frame, *sorted(plan.facts.asked)] if column in query)
    return Query(query, f"SELECT {columns} FROM frame"), judgement


def _count_open(store: Store, compiled: Sequence[Compiled], doubts: Doubts) -> Mapping[int, Cases]:
    """How many cases leave something open that a rule asks about, by the rule's number."""
    masks = {one.number: doubts.mask(one.asked) for one in compiled}
    counts = ", ".join(f"count(*) FILTER (bits & {mask or 0}::HUGEINT <> 0)" for mask in masks.values())
    row = store.execute(f"SELECT (SELECT count(*) FROM cases), {counts or '0'} FROM doubts").fetchone()
    cases, *found = row or (0,)
    return {
        number: Cases.ALL if mask is None or (count and count == cases) else Cases.SOME if count else Cases.NONE
        for (number, mask), count in zip(masks.items(), found, strict=False)
    }


def _prepare(store: Store, plan: Plan, offsets: set[int]) -> None:
    """What the frames and the rules read beside the tables: the calendar and the triggers."""
    store.execute("DROP TYPE IF EXISTS outcome")
    store.execute(outcome_type_sql())
    store.execute(JUDGED)
    run_together(store, [partial(create_calendar, offsets=offsets), partial(_find_triggers, plan)])


def _find_triggers(plan: Plan, store: Store) -> None:
    for statement in high_roh_triggers_sql(plan):
        store.execute(statement)


def _frame_doubtful(plan: Plan, tables: Collection[str], everyone: bool, store: Store) -> None:
    """Set the cases with doubts apart, and make their triggers and their frame."""
    set_apart(store, tables, everyone=everyone)
    enter(store)
    _find_triggers(plan, store)
    _make_frame(plan, store)


def _make_frame(plan: Plan, store: Store) -> None:
    """Pass over the tables, and put together what was found. A pass that fails is left out: so do the rules that would
    have read it, and each is named; no other does."""
    passes = plan.facts.passes_sql()
    made = run_together(store, [partial(pass_over, name, query) for name, query in passes.items()])
    found = [name for name in made if name]
    # so many joins take long to plan, on one core: two halves of them take half as long on each
    halves = {"half_frame": found[::2], "other_half_frame": found[1::2]}
    run_together(store, [partial(_join, plan.facts.frame_sql(of, ["case_no"], half)) for half, of in halves.items()])
    store.execute(plan.facts.frame_sql(halves, plan.frame))
    for half in halves:
        store.execute(f"DROP TABLE {half}")


def _join(query: str, store: Store) -> None:
    store.execute(query)


def _case_columns(rulebook: Rulebook) -> list[str]:
    """The columns of cases that rules may ask about; of texts, which are long, those that some rule does."""
    rules = rulebook.case_rules_and_shadows
    asked = {test.column for rule in rules for table, test in columns_read(rule) if table == "cases"}
    asked |= {test.column for value in rulebook.values.values() for arm in value.arms for test in arm.tests}
    columns = [column for column in load_tables()["cases"].columns if column.type != "text" or column.name in asked]
    return ["case_no", "start_date", *(column.name for column in columns)]


def pass_over(name: str, query: str, store: Store) -> str:
    """Make one pass, and give its name; or nothing if it fails."""
    try:
        store.execute(f"CREATE OR REPLACE TABLE {name} AS {query}")
    except duckdb.Error:
        return ""
    return name


def _judge_everyone(one: Compiled, store: Store) -> dict[str, str]:
    """Judge every case; the rule's fault by its id, if it could not run."""
    query = f"WITH rule_frame AS ({one.whole.rule_frame}) SELECT * FROM ({one.whole.sql})"
    return fault_of(store, one.rule, one.number, query)


def _judge_plainly(one: Compiled, doubts: Doubts, store: Store) -> dict[str, str]:
    """Judge the cases that leave nothing open; the rule's fault by its id, if it could not run."""
    assert one.plain is not None
    # all that can be undecided here is a clock that leaves the calendar
    undecided = f"CASE WHEN undecided <> 0 THEN {one.judgement.calendar_bit()} ELSE 0 END"
    query = only_sql(one.plain.sql, doubts.mask(one.asked), open_cases=False)
    return _judge(store, one, f"WITH rule_frame AS ({one.plain.rule_frame}) SELECT * FROM ({query})", undecided)


def _judge_wholly(one: Compiled, doubts: Doubts, rulebook: Rulebook, store: Store) -> dict[str, str]:
    """Judge the cases that leave something open; the rule's fault by its id, if it could not run."""
    enter(store)
    mask = doubts.mask(one.asked)
    seen = [f"rule_frame AS ({only_sql(one.whole.rule_frame, mask, open_cases=True)})"]
    if mask:
        # the rule finds under the names of its tables the rows of these cases alone
        seen += [their_rows_sql(table) for table in sorted(tables_read(one.rule, rulebook) - doubts.missing)]
    return _judge(store, one, f"WITH {', '.join(seen)} SELECT * FROM ({one.whole.sql})", "undecided")


def _judge(store: Store, one: Compiled, query: str, undecided: str) -> dict[str, str]:
    return fault_of(store, one.rule, one.number, f"SELECT * REPLACE ({undecided} AS undecided) FROM ({query})")


def fault_of(store: Store, rule: Rule, number: int, query: str) -> dict[str, str]:
    """Keep the answers of a rule; gives its fault by its id if it could not run."""
    answers = "outcome, due_on, done_on, arm, undecided"
    try:
        store.execute(f"INSERT INTO judged SELECT case_no, {number}, {answers} FROM ({query})")
    except duckdb.Error as error:
        return {rule.id: f"{rule.file}: the rule could not be run ({type(error).__name__})"}
    return {}
