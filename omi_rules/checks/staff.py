"""Judge members of staff by the rules about them, as if each were a case: from employment until they left.

The compiler knows cases only. So the staff tables get views of a schema of their own, under the names and columns
that it reads, and the tables that it makes lie beside them. Staff are few: everything runs on one cursor, in turn.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from omi_rules.checks.days import create_calendar
from omi_rules.checks.run import JUDGED, Judged, Query, compile_on_frame, fault_of, known_faults, make_plan, pass_over
from omi_rules.checks.verdict import Judgement, outcome_type_sql
from omi_rules.data.export import Export
from omi_rules.data.store import Store
from omi_rules.rulebook.model import Rule, Rulebook
from omi_rules.shapes import load_tables

SCHEMA = "about_staff"
#: What the frame holds of a member of staff.
FRAME = ("case_no", "start_date", "end_date", "employed_on", "left_on", "grade", "division", "team")


@contextmanager
def staff_store(store: Store) -> Iterator[Store]:
    """A cursor that sees the staff as its cases, and makes its tables apart from those of the cases."""
    with store.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        cursor.execute(f"SET search_path = '{SCHEMA},main'")
        yield cursor


def judge_staff(
    store: Store, export: Export, rulebook: Rulebook, rules: Sequence[Rule], faults: Mapping[str, str] | None = None
) -> Judged:
    """Fill `about_staff.judged`; `store` is a `staff_store`. A rule that cannot run gives `error`, and so does one of
    `faults`."""
    _create_views(store)
    plan = make_plan(store, export, rulebook, FRAME)
    compiled: dict[int, tuple[Query, Judgement]] = {}
    faults = known_faults(rules, faults)
    for number, rule in enumerate(rules):
        try:
            compiled[number] = compile_on_frame(plan, rule)
        except Exception as error:  # noqa: BLE001 - a fault of one rule must not hide the others' results
            faults[rule.id] = f"{rule.file}: the rule could not be compiled ({type(error).__name__})"
    store.execute(f"DROP TYPE IF EXISTS {SCHEMA}.outcome")
    store.execute(outcome_type_sql())
    store.execute(JUDGED)
    create_calendar(store, plan.offsets)
    passes = plan.facts.passes_sql()
    made = [name for name, query in passes.items() if pass_over(name, query, store)]
    store.execute(plan.facts.frame_sql(made, FRAME))
    for number, rule in enumerate(rules):
        if number in compiled and rule.id not in faults:
            query = compiled[number][0]
            faults |= fault_of(store, rule, number, f"WITH rule_frame AS ({query.rule_frame}) {query.sql}")
        if rule.id in faults:
            store.execute(f"INSERT INTO judged SELECT case_no, {number}, 'error', NULL, NULL, NULL, 0 FROM cases")
    doubts = {rules[number].id: judgement.labels() for number, (_, judgement) in compiled.items()}
    return Judged(plan, tuple(rules), doubts, faults)


def _create_views(store: Store) -> None:
    store.execute(f"""CREATE OR REPLACE VIEW {SCHEMA}.cases AS SELECT staff_no AS case_no, * EXCLUDE (staff_no),
        employed_on AS start_date, left_on AS end_date FROM main.staff""")
    store.execute(
        f"CREATE OR REPLACE VIEW {SCHEMA}.lost AS SELECT table_name, staff_no AS case_no, rows FROM main.lost_staff"
    )
    for table in load_tables().values():
        if table.key == "staff_id" and not table.unique:
            store.execute(f"""CREATE OR REPLACE VIEW {SCHEMA}.{table.name} AS
                SELECT staff_no AS case_no, * EXCLUDE (staff_no) FROM main.{table.name}""")
