"""Whatever is not known is told by the name of the cell, or the years of the calendar, that would decide it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from omi_rules.checks.run import judge
from omi_rules.checks.sayings import doubts_in
from omi_rules.data.export import read_export
from omi_rules.data.store import open_store
from omi_rules.rulebook.model import Deadline, PerEvent, Population, Rule, Selection
from tests.checks.rows import UNDATED, absences, order, rulebook
from tests.judging import write_export

START = date(2006, 9, 4)
HIGH = order(START, roh_level="high")
REPORT = {"kind": "sdr", "requested_on": date(2006, 8, 7), "completed_on": date(2006, 8, 21)}


@pytest.mark.parametrize(
    ("rule", "as_at", "record", "named"),
    [
        (  # the clock may have started with the review
            "risk-management-plan-on-time",
            date(2006, 12, 1),
            {
                "case": HIGH,
                "roh_assessments": [{"completed_on": date(2006, 10, 2), "kind": "review", "level": None}],
                "risk_management_plans": [{"completed_on": date(2006, 10, 2)}],
            },
            {"roh_assessments.level"},
        ),
        (
            "risk-management-plan-on-time",
            date(2006, 12, 1),
            {
                "case": HIGH,
                "roh_assessments": [{"completed_on": date(2006, 10, 2), "kind": "review", "level": "high"}],
                "risk_management_plans": [{"completed_on": UNDATED}],
            },
            {"risk_management_plans.completed_on"},
        ),
        (  # ten working days from 28 December 2035
            "breach-instigated-on-time",
            date(2036, 2, 1),
            {
                "case": order(date(2035, 9, 3)),
                "appointments": absences(date(2035, 12, 21), date(2035, 12, 28)),
            },
            {"calendar"},
        ),
        (  # three working days ago, as at a day of which nobody knows whether it is one
            "attendance-recorded",
            date(2036, 1, 2),
            {"case": order(date(2035, 9, 3)), "appointments": absences(date(2035, 12, 28), outcome=None)},
            {"calendar"},
        ),
        (  # the level says nothing about breach action
            "breach-resolved-on-time",
            date(2006, 12, 1),
            {
                "case": HIGH,
                "roh_assessments": [{"completed_on": date(2006, 10, 2), "kind": "review", "level": None}],
                "appointments": absences(date(2006, 10, 4), UNDATED),
                "breaches": [{"instigated_on": date(2006, 10, 18), "resolved_on": date(2006, 11, 20)}],
            },
            {"appointments.scheduled_on"},
        ),
        (  # nor do absences about court reviews
            "drr-court-reviews",
            date(2006, 12, 1),
            {
                "case": order(START),
                "requirements": [{"kind": "drug_rehabilitation"}],
                "appointments": absences(date(2006, 10, 4), UNDATED),
                "court_reviews": [{"due_on": date(2006, 10, 2), "report_completed_on": date(2006, 10, 2)}],
            },
            {"court_reviews.attended"},
        ),
        (  # fifteen working days from 7 August 2006 if it is a standard delivery report, five if it is a fast one
            "court-report-on-time",
            date(2006, 12, 1),
            {"case": order(START), "court_reports": [REPORT | {"kind": None}]},
            {"court_reports.kind"},
        ),
        (
            "court-report-on-time",
            date(2006, 12, 1),
            {"case": order(START), "court_reports": [REPORT | {"requested_on": None}]},
            {"court_reports.requested_on"},
        ),
        (  # with a day of its own to be due on, it does not matter when it was asked for
            "court-report-on-time",
            date(2006, 12, 1),
            {
                "case": order(START),
                "court_reports": [REPORT | {"requested_on": None, "due_on": date(2006, 8, 29)}],
                "lost": {"court_reports": 1},
            },
            {"court_reports"},
        ),
        (
            "roh-reviewed-after-change",
            date(2006, 12, 1),
            {"case": order(START), "lost": {"significant_changes": 1}},
            {"significant_changes"},
        ),
        (
            "drr-court-reviews",
            date(2006, 12, 1),
            {
                "case": order(START),
                "requirements": [{"kind": "drug_rehabilitation"}],
                "court_reviews": [{"due_on": UNDATED, "attended": True}],
            },
            {"court_reviews.due_on"},
        ),
    ],
)
def test_what_is_not_known_is_named_and_nothing_else(
    tmp_path: Path, rule: str, as_at: date, record: Mapping[str, Any], named: set[str]
) -> None:
    assert doubts_about(record, rulebook().rules[rule], as_at, tmp_path) == named


def test_code_that_sets_the_limit_of_the_latest_row_is_named(tmp_path: Path) -> None:
    limits = ("direction", (("in", "rmp-limit"), ("out", "sdr-limit")))
    deadline = Deadline(None, None, done_column="oasys_received_on", limits_by=limits)
    latest = PerEvent(Selection("transfers"), deadline, latest=True)
    rule = replace(rulebook().rules["court-report-on-time"], population=Population(), require=latest)
    transfer = {"transferred_on": date(2006, 10, 2), "oasys_received_on": date(2006, 10, 13), "direction": None}
    record = {"case": order(START), "transfers": [transfer]}
    assert doubts_about(record, rule, date(2006, 12, 1), tmp_path) == {"transfers.direction"}


def doubts_about(record: Mapping[str, Any], rule: Rule, as_at: date, folder: Path) -> set[str]:
    """What would decide an undecided case, by label."""
    write_export(folder, [record])
    with open_store() as store:
        judged = judge(store, read_export(store, folder, as_at=as_at), rulebook(), [rule])
        ((outcome, undecided),) = store.execute("SELECT outcome::VARCHAR, undecided FROM judged").fetchall()
    assert outcome == "unknown"
    return set(doubts_in(judged, rule, undecided))
