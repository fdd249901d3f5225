"""How far an improvement plan has come: what was found when it was drawn up, what a run finds now, and the items."""

from dataclasses import dataclass
from datetime import date

from omi_rules.history.action_plan import Plan
from omi_rules.reports.words import count, listed
from omi_rules.scoring.breaches import Breach, Breaches

#: What every table of progress says.
CAUTION = (
    "Fewer findings are no proof that an action worked: cases come and go, and what is no longer recorded is no longer "
    "found. Look at some of the cases."
)


@dataclass(frozen=True)
class Step:
    """A recommendation then and now; None where it was not in the plan then, or is not judged now."""

    recommendation: int
    planned_as_at: date | None
    planned_findings: int | None
    planned_cases: int | None
    findings: int | None
    cases: int | None
    open: int
    closed: int
    overdue: int
    notes: tuple[str, ...]

    @property
    def change(self) -> int | None:
        """The findings now less those at planning."""
        if self.findings is None or self.planned_findings is None:
            return None
        return self.findings - self.planned_findings


def measure_progress(plan: Plan, found: Breaches) -> list[Step]:
    """A step for each recommendation that is in the plan, has an item, or is breached now; overdue as at the run."""
    wanted = {*plan.planned, *(item.recommendation for item in plan.items)}
    wanted |= {number for number, breach in found.of.items() if breach.is_breached}
    return [_step(plan, found, number) for number in sorted(wanted)]


def _step(plan: Plan, found: Breaches, number: int) -> Step:
    planned, breach = plan.planned.get(number), found.of[number]
    items = [item for item in plan.items if item.recommendation == number]
    open_ = plan.open_items(number)
    return Step(
        recommendation=number,
        planned_as_at=planned.as_at if planned else None,
        planned_findings=planned.findings if planned else None,
        planned_cases=planned.cases if planned else None,
        findings=breach.findings,
        cases=breach.cases,
        open=len(open_),
        closed=len(items) - len(open_),
        overdue=sum(item.is_overdue(found.as_at) for item in items),
        notes=tuple(_notes(plan, found, breach)),
    )


def _notes(plan: Plan, found: Breaches, breach: Breach) -> list[str]:
    """Why the numbers may not be compared, and what nobody attends to."""
    notes = []
    planned = plan.planned.get(breach.recommendation)
    if planned and found.as_at < planned.as_at:
        notes.append("this run is of an earlier day than the one it was planned with")
    if breach.findings is None:
        notes.append("this run did not judge it, so that nothing can be said of it now")
    elif breach.failed:
        notes.append(f"{listed(breach.failed)} could not run, and what they would have found is not counted")
    if planned and breach.undecided > planned.undecided:
        notes.append(
            f"{count(breach.undecided, 'answer')} could not be told for want of a record, "
            f"{planned.undecided:,} when it was planned"
        )
    if planned and planned.population != found.population:
        notes.append(f"the run covers {count(found.population, 'case')}, {planned.population:,} when it was planned")
    if planned and planned.rulebook != found.rulebook:
        notes.append("the rulebook has changed since it was planned, and may find more or less")
    if planned is None and breach.is_breached:
        notes.append("it is breached and not in the plan: `omi-rules action plan` with this run adds it")
    elif breach.findings and not plan.open_items(breach.recommendation):
        notes.append("it is still breached, and no item is open")
    return notes
