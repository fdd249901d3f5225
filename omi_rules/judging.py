"""Everything that follows from an export once it is read, in one store: the whole of it, or some of its cases.

No rule looks across cases, so it makes no difference to any of them which others are judged beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from omi_rules.checks.run import Judged, judge
from omi_rules.checks.sayings import create_reasons
from omi_rules.checks.staff import judge_staff
from omi_rules.conclusions.draw import draw_conclusions
from omi_rules.conclusions.facts import Component
from omi_rules.conclusions.reason import Reasoner
from omi_rules.data.export import Export
from omi_rules.data.store import Store
from omi_rules.reports.choices import Filters, filter_words, show_chosen, show_chosen_staff
from omi_rules.reports.findings import create_findings
from omi_rules.reports.staff_files import add_staff, conclude_about_staff
from omi_rules.reports.summary import summarise_run
from omi_rules.rulebook.model import Rulebook

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Verdict:
    """What was judged, of cases and of members of staff, and run.json but for waivers and the exit code."""

    cases: Judged
    staff: Judged
    summary: dict[str, Any]

    @property
    def faults(self) -> Mapping[str, str]:
        """The rules that could not run, and why."""
        return {**self.cases.faults, **self.staff.faults}


def judge_all(
    store: Store,
    staff: Store,
    read: Export,
    rulebook: Rulebook,
    groups: Sequence[Component],
    reasoner: Reasoner,
    beside: Executor,
    *,
    filters: Filters,
    informational: bool,
    progress: Progress = lambda _: None,
    faults: Mapping[str, str] | None = None,
) -> Verdict:
    """Judge, conclude, and lay out the findings; `staff` is a `staff_store` of `store`.

    `faults` are rules that could not run elsewhere, and so do not run here either.
    """
    # staff are few: they are judged beside the cases
    staff_judging = beside.submit(judge_staff, staff, read, rulebook, rulebook.staff_rules, faults or {})
    judged = judge(store, read, rulebook, rulebook.case_rules, progress, faults or {})
    staff_judged = staff_judging.result()
    progress("drawing conclusions")
    # what is said of an outcome does not depend on what follows from it
    wording = beside.submit(_create_all_reasons, store, staff, read, rulebook, judged, staff_judged)
    draw_conclusions(store, judged.plan, judged, groups, reasoner)
    wording.result()
    conclude_about_staff(staff, staff_judged, groups, reasoner)
    about_staff = beside.submit(_find_about_staff, staff, rulebook, staff_judged, filters, informational=informational)
    show_chosen(store, judged, filters)
    create_findings(store, rulebook, judged, informational=informational)
    about_staff.result()
    summary = summarise_run(
        store,
        read,
        rulebook,
        judged,
        evaluator=reasoner.evaluator,
        notes=[*judged.faults.values(), *staff_judged.faults.values(), *reasoner.notes],
        filters=filter_words(filters),
    )
    add_staff(summary, staff, read, rulebook, staff_judged)
    return Verdict(judged, staff_judged, summary)


def _create_all_reasons(
    store: Store, staff: Store, read: Export, rulebook: Rulebook, judged: Judged, staff_judged: Judged
) -> None:
    """Create the reasons of the answers about cases, and about members of staff."""
    with store.cursor() as cursor:
        create_reasons(cursor, rulebook, judged, read.as_at)
    create_reasons(staff, rulebook, staff_judged, read.as_at)


def _find_about_staff(
    staff: Store, rulebook: Rulebook, judged: Judged, filters: Filters, *, informational: bool
) -> None:
    """Lay out what was found of the members of staff that were asked for."""
    show_chosen_staff(staff, judged, filters)
    create_findings(staff, rulebook, judged, informational=informational)


def count_failing(stores: Sequence[Store], fail_on: str) -> tuple[int, int]:
    """How many findings are at or above `fail_on`, and how many more would be but are waived."""
    if fail_on == "never":
        return 0, 0
    tests = {"critical": "severity = 0", "missing": "severity = 0 OR outcome = 'missing'", "any": "TRUE"}
    query = f"""SELECT count(*) FILTER (w.place IS NULL), count(w.place)
        FROM findings f JOIN said USING (said) LEFT JOIN waived w ON w.case_no = f.case_no AND w.place = f.place
        WHERE severity < 3 AND ({tests[fail_on]})"""
    counts = [row for store in stores for row in store.execute(query).fetchall()]
    failing, waived = (sum(column) for column in zip(*counts, strict=True))
    return failing, waived


def choose_exit(faults: Mapping[str, str], fail_on: str, failing: int, waived: int) -> tuple[int, str]:
    """The exit code of a run, and why."""
    if faults:
        return 4, f"{len(faults)} rules could not run: {', '.join(sorted(faults))}"
    if fail_on == "never":
        return 0, "it ran, and nothing is at or above --fail-on (never, the default)"
    words = {"critical": "critical findings", "missing": "critical findings or missing duties", "any": "findings"}[
        fail_on
    ]
    if failing:
        beside = f", beside {waived:,} waived," if waived else ","
        return 1, f"{failing:,} {words}{beside} and --fail-on is {fail_on}"
    return 0, f"it ran; there are no {words} but {waived:,} waived" if waived else f"it ran; there are no {words}"
