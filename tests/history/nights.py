"""Nights for tests: exports that change, the runs that record them, and what a store then holds."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from omi_rules.data.means import Means
from omi_rules.history.chain import verify
from omi_rules.history.database import read_store
from omi_rules.history.place import find_place
from omi_rules.history.recorder import Changes
from omi_rules.history.tables import findings, rules, runs, subjects
from omi_rules.pipeline import Run, Settings, check
from omi_rules.shapes import load_tables
from tests.data.exports import write_csv

#: The first night; the others follow day by day.
FIRST = date(2006, 11, 30)
Tables = dict[str, list[dict[str, Any]]]


def case(case_id: str, **cells: Any) -> dict[str, Any]:
    """A case that breaks no rule of the small rulebook but those on plans and contact."""
    known = {"order_type": "community_order", "sentence_date": "2006-01-09", "tier": 3, "roh_level": "high"}
    return {
        "case_id": case_id,
        **known,
        "ethnicity": "W1",
        "end_date": None,
        "team": "Wirral",
        "division": "West",
        "offender_manager": "OM1",
        **cells,
    }


def plan(case_id: str, completed_on: str | None = "2006-01-10", headings: bool | None = True) -> dict[str, Any]:
    """A risk management plan, in time for a case sentenced on 9 January 2006."""
    return {"case_id": case_id, "completed_on": completed_on, "kind": "initial", "standard_headings": headings}


def tables(*cases: dict[str, Any], plans: list[dict[str, Any]] | None = None) -> Tables:
    """An export of these cases and plans, with no assessment and no appointment."""
    return {"cases": list(cases), "risk_management_plans": plans or [], "roh_assessments": [], "appointments": []}


@dataclass(frozen=True)
class Area:
    """A folder to write exports to, the small rulebook, and a store."""

    folder: Path
    rules: Path
    store: str

    def export(self, night: Mapping[str, Any]) -> Path:
        """Write the export of a night; a table that is not given is not there."""
        for old in self.folder.glob("*.csv"):
            old.unlink()
        write_csv({name: rows for name, rows in night.items() if rows}, self.folder)
        for name, rows in night.items():
            if not rows:
                (self.folder / f"{name}.csv").write_text(f"{load_tables()[name].key}\n", encoding="utf-8")
        return self.folder

    def night(self, night: Mapping[str, Any], day: int = 0, output: Path | None = None, **settings: Any) -> Run:
        """Check the export of the night that is so many days after the first, and record it."""
        given = {"rules": self.rules, "store": self.store, "means": Means(threads=1), **settings}
        return check(self.export(night), output, Settings(as_at=FIRST + timedelta(days=day), **given))

    def changes(self, night: Mapping[str, Any], day: int = 0, **settings: Any) -> Changes:
        """The same, and what it changed."""
        changes = self.night(night, day, **settings).changes
        assert changes is not None
        return changes


def appointment(case_id: str, day: str) -> dict[str, Any]:
    """An appointment that was kept."""
    return {"case_id": case_id, "scheduled_on": day, "kind": "office", "outcome": "attended"}


def intervals(store: str) -> list[tuple[Any, ...]]:
    """Every finding of a store as (case, rule, outcome, due, done, began, first run, last run, ended, ended run)."""
    chosen = (
        select(subjects.c.name, rules.c.name, findings.c.outcome, findings.c.due_on, findings.c.done_on)
        .add_columns(findings.c.began, findings.c.first_run, findings.c.last_run, findings.c.ended)
        .add_columns(findings.c.ended_run)
        .join_from(findings, subjects, subjects.c.id == findings.c.subject_id)
        .join(rules, rules.c.id == findings.c.rule_id)
    )
    with read_store(find_place(store)) as connection:
        return sorted((tuple(row) for row in connection.execute(chosen)), key=str)


def of_rule(store: str, rule: str) -> list[tuple[Any, ...]]:
    """The intervals of one rule, in order of time: (case, outcome, began, ended)."""
    found = sorted((row for row in intervals(store) if row[1] == rule), key=lambda row: (row[0], row[6]))
    return [(row[0], row[2], row[5], row[8]) for row in found]


def run_count(store: str) -> int:
    """How many runs a store has."""
    with read_store(find_place(store)) as connection:
        return len(connection.execute(select(runs.c.number)).all())


def faults_of(store: str) -> tuple[str, ...]:
    """What in a store is not as it was recorded."""
    with read_store(find_place(store)) as connection:
        return verify(connection).faults


def random_area(rng: Random) -> Tables:
    """Thirty cases, some with plans and appointments."""
    night = tables()
    for number in range(30):
        _add_case(rng, night, f"C{number}")
    return night


def _add_case(rng: Random, night: Tables, case_id: str) -> None:
    day = FIRST - timedelta(days=rng.choice((rng.randint(0, 20), rng.randint(0, 150))))
    night["cases"].append(
        case(
            case_id,
            sentence_date=day.isoformat(),
            roh_level=rng.choice(("high", "very_high", "high", "low", None)),
            ethnicity=rng.choice(("W1", "W1", None)),
            tier=rng.choice((1, 3, 3, 4, 4, None)),
        )
    )
    for _ in range(rng.randint(0, 2)):
        made = day + timedelta(days=rng.randint(0, 20))
        night["risk_management_plans"].append(plan(case_id, made.isoformat(), rng.choice((True, False, None))))
    for week in range(rng.choice((0, 3, 15, 16))):
        night["appointments"].append(appointment(case_id, (day + timedelta(days=7 * week)).isoformat()))


def change_randomly(rng: Random, before: Tables, day: int) -> Tables:
    """The export of the next night: rows come and vanish, cells are filled, emptied and spoilt, cases come and go."""
    night = copy.deepcopy(before)
    today = FIRST + timedelta(days=day)
    for _ in range(rng.randint(8, 40)):
        kind = rng.randrange(9)
        rows = night[rng.choice(("risk_management_plans", "appointments"))]
        one = rng.choice(night["cases"])
        if kind == 0 and rows:
            rows.remove(rng.choice(rows))
        elif kind == 1:
            made = today - timedelta(days=rng.randint(0, 30))
            night["risk_management_plans"].append(plan(one["case_id"], made.isoformat(), rng.choice((True, False))))
        elif kind == 2:
            one["roh_level"] = rng.choice(("high", "low", None))
        elif kind == 3:
            one["ethnicity"] = rng.choice(("W1", None))
        elif kind == 4 and len(night["cases"]) > 3:
            night["cases"].remove(one)
            for name in ("risk_management_plans", "appointments"):
                night[name] = [row for row in night[name] if row["case_id"] != one["case_id"]]
        elif kind == 5:
            one["end_date"] = None if one["end_date"] else (today - timedelta(days=1)).isoformat()
        elif kind == 6:
            one["tier"] = rng.choice((1, 3, 4, 4, None, 9))  # there is no tier 9: its row is rejected
        elif kind == 7:
            night["appointments"].append(appointment(one["case_id"], today.isoformat()))
        elif kind == 8 and night["risk_management_plans"]:
            made = today - timedelta(days=rng.randint(0, 60))
            rng.choice(night["risk_management_plans"])["completed_on"] = rng.choice(
                (None, "2006-13-10", made.isoformat(), made.isoformat())
            )
    for _ in range(rng.randint(0, 3)):
        names = {row["case_id"] for row in night["cases"]}
        name = next(f"C{number}" for number in range(99) if f"C{number}" not in names)
        _add_case(rng, night, name)
    return night


def lose_a_table(rng: Random, night: Tables) -> Tables:
    """The same export, now and then without a table."""
    return {name: rows for name, rows in night.items() if name != "appointments" or rng.random() > 0.1}
