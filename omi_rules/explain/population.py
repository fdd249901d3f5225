"""Whether the rule is about the case: each condition with the case's value, and exclusions."""

from omi_rules.explain.layout import Line, Section, answered
from omi_rules.explain.records import Records, Truth, all_hold, answer, every, holds
from omi_rules.explain.values import choose
from omi_rules.explain.words import both, cell_for_test, day_in_words, selection_in_words, test_in_words
from omi_rules.rulebook.model import Rule, Selection, Tests


def population_section(records: Records, rule: Rule) -> Section:
    """Conditions and exclusions, each answered yes, no or not recorded."""
    lines = _population_lines(records, rule)
    if rule.excluded:
        lines.append(Line("Left out, for a recorded reason, if:"))
        lines += _answers(records, rule.excluded.tests)
        excluded = all_hold(rule.excluded.tests, records.case)
        if excluded:
            lines.append(Line(f"So the case is left out. {rule.excluded.because}"))
        else:
            lines.append(Line("So this cannot be said." if excluded is None else "So it is not left out."))
    return Section("Population", tuple(lines))


def is_in_population(records: Records, rule: Rule) -> Truth:
    """Whether every condition holds."""
    rows = [records.any_row(selection) for selection in rule.population.any_row]
    rows += [truth for truth, _ in _lengths(records, rule)]
    return every([all_hold(rule.population.tests, records.case), *rows])


def is_excluded(records: Records, rule: Rule) -> Truth:
    """Whether the case is taken out for a recorded reason."""
    return all_hold(rule.excluded.tests, records.case) if rule.excluded else False


def _population_lines(records: Records, rule: Rule) -> list[Line]:
    tests, selections = rule.population.tests, rule.population.any_row
    lengths = _lengths(records, rule)
    if not tests and not selections and not lengths:
        return [Line("Every case is in the population of this rule.")]
    lines = [Line("The rule is about cases where:"), *_answers(records, tests)]
    lines += [_row_answer(records, selection) for selection in selections]
    lines += [answered(answer(truth), asked, depth=1) for truth, asked in lengths]
    missed = [test_in_words(test) for test in tests if holds(test, records.case) is False]
    missed += [
        f"there is a row of {selection_in_words(selection)}"
        for selection in selections
        if records.any_row(selection) is False
    ]
    missed += [asked for truth, asked in lengths if not truth]
    match is_in_population(records, rule):
        case True:
            lines.append(Line("So the case is in the population."))
        case False:
            lines.append(Line(f"So the case is not in the population: it is not so that {both(missed)}."))
        case _:
            lines.append(Line("So it cannot be said whether the case is in the population."))
    return lines


def _lengths(records: Records, rule: Rule) -> list[tuple[bool, str]]:
    """Whether the case has gone on as long as the population asks, and what it asks."""
    found = []
    if name := rule.population.started_longer_ago_than:
        days, words = _length(records, name)
        since = (records.as_at - records.start).days
        found.append((since > days, f"it started more than {words} before {day_in_words(records.as_at)}"))
    if name := rule.population.lasted_at_least:
        days, words = _length(records, name)
        lasted = min(records.as_at, records.end or records.as_at) - records.start
        found.append((lasted.days >= days, f"it has lasted {words} or more"))
    return found


def _length(records: Records, name: str) -> tuple[int, str]:
    choice = choose(records, name, records.start)
    return choice.amounts[0] * (7 if choice.value.unit == "weeks" else 1), choice.in_words


def _answers(records: Records, tests: Tests) -> list[Line]:
    return [
        answered(
            answer(holds(test, records.case)),
            f"{test_in_words(test)} (the case: {cell_for_test('cases', test, records.case)})",
            depth=1,
        )
        for test in tests
    ]


def _row_answer(records: Records, selection: Selection) -> Line:
    truth = records.any_row(selection)
    numbers = [
        str(row.get("row")) for row in records.rows(selection.table) if all_hold(selection.tests, row) is not False
    ]
    if selection.table in records.missing:
        found = f"the table {selection.table} is not in the export"
    elif numbers:
        found = f"{selection.table}, row {both(numbers)}"
    else:
        found = "none recorded"
    if records.lost.get(selection.table):
        found += "; rows of it were rejected"
    return answered(answer(truth), f"there is a row of {selection_in_words(selection)} ({found})", depth=1)
