"""Of several rows only the latest is judged: another that may be later leaves it open, one that cannot be does not."""

from dataclasses import replace
from datetime import date

import pytest

from omi_rules.rulebook import model
from omi_rules.rulebook.model import Deadline, PerEvent, Rule, Rulebook, Selection
from omi_rules.rulebook.selections import Operator
from tests.checks.rows import order, rulebook
from tests.judging import judge_records

SENTENCE = date(2006, 9, 4)
DUE = date(2006, 9, 1)


def report_rule(operator: Operator, other: str, column: str = "completed_on") -> Rule:
    """The rule about the latest report, of those completed before or after another date."""
    rule = rulebook().rules["court-report-on-time"]
    assert isinstance(rule.require, PerEvent)
    reports = Selection("court_reports", (model.Test(column, operator, other=other),))
    return replace(rule, require=replace(rule.require, event=reports))


def judged(rule: Rule, completed: date) -> str:
    """What it says of a late report of that day, where another report was rejected."""
    book: Rulebook = replace(rulebook(), rules={rule.id: rule}, clues={}, conclusions={})
    row = {"kind": "sdr", "requested_on": date(2006, 8, 7), "due_on": DUE, "completed_on": completed}
    record = {"case": order(SENTENCE), "court_reports": [row], "lost": {"court_reports": 1}}
    found = judge_records([record], date(2007, 1, 31), book)
    return found[("C1", rule.id)][0]


@pytest.mark.parametrize(
    ("operator", "other", "completed", "expected"),
    [
        # on the last day there can be, another report stands beside the late one at most
        ("on_or_before", "sentence_date", SENTENCE, "late"),
        ("on_or_before", "sentence_date", date(2006, 9, 3), "unknown"),
        ("before", "sentence_date", date(2006, 9, 3), "late"),
        ("before", "sentence_date", date(2006, 9, 2), "unknown"),
        # no last day but the as-at date
        ("on_or_after", "sentence_date", SENTENCE, "unknown"),
        ("after", "sentence_date", date(2006, 9, 5), "unknown"),
        ("after", "due_on", SENTENCE, "unknown"),
        ("on_or_before", "due_on", date(2006, 8, 30), "unknown"),
        ("on_or_before", "as_at", SENTENCE, "unknown"),
        ("on_or_before", "as_at", date(2007, 1, 31), "late"),
        ("on_or_after", "sentence_date", date(2007, 1, 31), "late"),
    ],
)
def test_rejected_row_leaves_the_latest_open_if_it_can_be_later(
    operator: Operator, other: str, completed: date, expected: str
) -> None:
    assert judged(report_rule(operator, other), completed) == expected


def test_last_day_of_another_date_is_none_of_the_rows() -> None:
    assert judged(report_rule("on_or_before", "sentence_date", "requested_on"), SENTENCE) == "unknown"


@pytest.mark.parametrize(
    ("table", "until", "done_column"),
    [("court_reports", "sentence_date", "requested_on"), ("transfers", "resentenced_date", "oasys_received_on")],
)
def test_lost_row_of_the_last_day_may_be_missing_where_another_column_says_what_was_done(
    table: str, until: str, done_column: str
) -> None:
    """The row that is there is late. One beside it that tells no day of its own need not have been done at all."""
    rule = rulebook().rules["court-report-on-time"]
    assert isinstance(rule.require, PerEvent)
    own_date = "completed_on" if table == "court_reports" else "transferred_on"
    rows = Selection(table, (model.Test(own_date, "on_or_before", other=until),))
    deadline = Deadline("start", "rmp-limit", done_column=done_column)
    rule = replace(rule, population=model.Population(), require=PerEvent(rows, deadline, latest=True))
    row = {own_date: SENTENCE, done_column: date(2006, 10, 20)}
    record = {"case": order(SENTENCE, resentenced_date=SENTENCE), table: [row], "lost": {}}
    book = replace(rulebook(), rules={rule.id: rule}, clues={}, conclusions={})
    for lost, outcome in ((0, "late"), (1, "unknown")):
        found = judge_records([record | {"lost": {table: lost}}], date(2007, 1, 31), book)
        assert found["C1", rule.id][0] == outcome


@pytest.mark.parametrize("reverse", [False, True])
def test_of_rows_of_the_last_day_due_on_one_day_the_one_that_stands_first_gives_the_date(reverse: bool) -> None:
    """A transfer tells in another column when what it calls for was done."""
    transfers = Selection("transfers", (model.Test("direction", "in", ("in",)),))
    rule = rulebook().rules["transfer-in-oasys-supplied"]
    assert isinstance(rule.require, PerEvent)
    deadline = replace(rule.require.deadline, grace=False)
    rule = replace(rule, require=PerEvent(transfers, deadline, latest=True))
    days = sorted((date(2006, 10, 12), date(2006, 10, 20)), reverse=reverse)
    rows = [{"transferred_on": date(2006, 10, 2), "direction": "in", "oasys_received_on": day} for day in days]
    record = {"case": order(SENTENCE), "transfers": rows, "lost": {}}
    book = replace(rulebook(), rules={rule.id: rule}, clues={}, conclusions={})
    found = judge_records([record], date(2007, 1, 31), book)[("C1", rule.id)]
    assert found == ("late", date(2006, 10, 9), days[0], (days[0] - date(2006, 10, 9)).days)
