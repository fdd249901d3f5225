"""Waivers for tests: given on the command line, as people give them, and read back from the store."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.cli.running import Ran, run
from tests.history.nights import FIRST, Area, appointment, case, plan, tables

ETHNICITY, PLAN, HEADINGS = "ethnicity-recorded", "risk-management-plan-on-time", "rmp-standard-headings"
CONTACT = "contact-frequency"
#: A case that only its ethnicity is missing in, one without a plan, and one whose plan is not as it should be.
NIGHT = {
    **tables(
        case("E", roh_level="low", tier=1, ethnicity=None), case("P"), case("H"), plans=[plan("H", headings=False)]
    ),
    "appointments": [appointment("P", "2006-01-11")],
}
#: The days that duties of P were due.
DUE = {PLAN: "2006-01-16", CONTACT: "2006-04-30"}
SECRET, ROLE = "He told us that he is ill", "Head of Wirral"
#: What is waived in a store that tests share, in this order.
WAIVED = (("E", ETHNICITY), ("P", PLAN), ("H", HEADINGS), ("P", CONTACT))


def waive(area: Area, case_id: str, rule: str, until: str, *more: str) -> Ran:
    """Waive a finding of the latest run, of the export that lies there."""
    due = ("--due", DUE[rule]) if rule in DUE and "--due" not in more else ()
    told = ("--case", case_id, "--rule", rule, "--until", until, "--reason", SECRET, "--approved-by", ROLE)
    return run("waive", "add", area.folder, *told, *due, *more, "--store", area.store, "--rules", area.rules)


def given(area: Area, case_id: str, rule: str, until: str = "2007-06-30", *more: str) -> None:
    """The same, where it has to succeed."""
    shown = waive(area, case_id, rule, until, *more)
    assert shown.code == 0, shown.err


def register(area: Area) -> list[dict[str, Any]]:
    """What `waive list` says."""
    rows: list[dict[str, Any]] = json.loads(run("waive", "list", "--format", "json", "--store", area.store).out)
    return rows


def statuses(area: Area) -> list[str]:
    """The status of every waiver as at the latest run."""
    return [row["status"] for row in register(area)]


def night(area: Area, night: Mapping[str, Any], number: int = 1, **settings: Any) -> dict[int, tuple[str, str]]:
    """Check an export some days after the first; what the run makes of each waiver, by its number."""
    ran = area.night(night, number, **settings)
    return {one.waiver.id: (one.status, one.because) for one in ran.waivers}


def day(number: int) -> str:
    """The day that is so many days after the first night."""
    return (FIRST + timedelta(days=number)).isoformat()
