"""The rows that the rule looks at, each with what it says and whether it counts."""

from omi_rules.explain.judgement import Row
from omi_rules.explain.layout import Line, Section
from omi_rules.explain.records import Records, all_hold, day_of, holds, own_date
from omi_rules.explain.triggers import HIGH_ASSESSMENTS, HIGH_NOW, first_high_assessment
from omi_rules.explain.words import cells_in_words, failure_in_words, name_in_words, selection_in_words
from omi_rules.explain.working import Look, Weight, Working, counts
from omi_rules.rulebook.model import Deadline, PerEvent, Rule
from omi_rules.rulebook.usage import values_used

_LABEL = 13


def evidence_section(records: Records, rule: Rule, working: Working) -> Section:
    """Every look of the rule in turn."""
    lines: list[Line] = []
    for look in looks_of(records, rule, working):
        lines += _look_lines(records, look)
    return Section("Evidence", tuple(lines) or (Line("This rule reads the case record alone, and no other rows."),))


def looks_of(records: Records, rule: Rule, working: Working) -> list[Look]:
    """The looks for the population, the trigger and the values, then those of the kind itself."""
    looks = [Look("Population", selection, counts) for selection in rule.population.any_row]
    inner = rule.require.deadline if isinstance(rule.require, PerEvent) else rule.require
    arms = [arm for name in values_used(rule) for arm in records.rulebook.values[name].arms]
    by_trigger = isinstance(inner, Deadline) and inner.trigger == "high-roh-trigger"
    by_value = any(arm.high_roh_at_start for arm in arms) and holds(HIGH_NOW, records.case) is not False
    if by_trigger or by_value:
        looks.append(_high_look(records))
    selections = dict.fromkeys(selection for arm in arms for selection in arm.any_row)
    looks += [Look("For the limit", selection, counts) for selection in selections]
    return [*looks, *working.looks]


def rows_that_may_count(records: Records, rule: Rule, working: Working, table: str) -> list[Row]:
    """The rows of a table that some look does not rule out; all of them, if no look is at the table."""
    looks = [look for look in looks_of(records, rule, working) if look.selection.table == table]
    rows = records.rows(table)
    return (
        [row for row in rows if any(_weigh(look, row)[0] != "not counted" for look in looks)] if looks else list(rows)
    )


def _high_look(records: Records) -> Look:
    first = first_high_assessment(records)

    def weigh(row: Row) -> tuple[Weight, str]:
        if day_of(HIGH_ASSESSMENTS.table, row) is None:
            return "may count", "it has no date"
        return ("counts", "the first") if row is first else ("not counted", "not the first")

    return Look("When the case became high Risk of Harm", HIGH_ASSESSMENTS, weigh)


def _look_lines(records: Records, look: Look) -> list[Line]:
    table = look.selection.table
    lines = [Line(f"{look.purpose}: {selection_in_words(look.selection)} (table {table})")]
    rows = records.rows(table)
    lines += [_row_line(look, row) for row in rows]
    if table in records.missing:
        lines.append(Line("The table is not in the export.", depth=1))
    elif not rows:
        lines.append(Line("No row of this case is recorded.", depth=1))
    if lost := records.lost.get(table):
        were = "1 row of this case was" if lost == 1 else f"{lost} rows of this case were"
        lines.append(
            Line(f"{were} rejected, and might count: see rejects.csv of a run that was kept (check --output).", depth=1)
        )
    if later := records.left_out.get(table):
        are = "1 row is" if later == 1 else f"{later} rows are"
        lines.append(Line(f"{are} dated after the as-at date, and not read.", depth=1))
    return lines


def _row_line(look: Look, row: Row) -> Line:
    table, weight, why = look.selection.table, *_weigh(look, row)
    own = own_date(table)
    columns = dict.fromkeys([own] if own else [])
    asked = [column for test in look.selection.tests for column in (test.column, test.other) if column]
    columns |= dict.fromkeys([*asked, *look.columns])
    cells = cells_in_words(table, row, columns)
    text = f"row {row.get('row')}: {cells}" if cells else f"row {row.get('row')}"
    return Line(f"{text}. {why[:1].upper()}{why[1:]}." if why else f"{text}.", weight, _LABEL, depth=1)


def _weigh(look: Look, row: Row) -> tuple[Weight, str]:
    tests = look.selection.tests
    truth = all_hold(tests, row)
    if truth is False:
        failed = [test for test in tests if holds(test, row) is False]
        return "not counted", "; ".join(map(failure_in_words, failed))
    weight, why = look.weigh(row)
    if truth is None and weight != "not counted":
        unread = [name_in_words(test.column) for test in tests if holds(test, row) is None]
        return "may count", "; ".join(
            [f"{name} is not recorded" for name in unread] + ([why] if weight != "counts" else [])
        )
    return weight, why
