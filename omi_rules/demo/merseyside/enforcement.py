"""Absences, breach action, and whether the outcome of every appointment is on record; convictions."""

from datetime import timedelta
from typing import Any

from omi_rules.demo.merseyside.chance import after, before, working_days_after
from omi_rules.demo.merseyside.contact import kept_appointments
from omi_rules.demo.merseyside.sample import AS_AT, Case, Sample, others

#: Absences and breaches come in these days of supervision, so that every breach is resolved by now.
_FROM, _TO = 35, 110


def add_enforcement(sample: Sample) -> None:
    """What was missed and what was done about it."""
    complying = sample.draw_sufficient("3.1.09", sample.cases)
    failing = others(sample.cases, complying)
    breached = sample.draw(
        "breach licence", [case for case in failing if case.licence], sample.make_up["breach_licence"]
    )
    orders = [case for case in failing if case.community]
    breached += sample.draw("breach order", orders, sample.make_up["breach"] - len(breached))
    for case in others(failing, breached):
        _miss(sample, case, 1)
    _add_breaches(sample, breached)
    _add_excused(sample)
    _lose_outcomes(sample, [case for case in others(failing, breached) if case.licence])
    _add_convictions(sample)


def _miss(sample: Sample, case: Case, count: int) -> list[dict[str, Any]]:
    """So many unacceptable absences, one after the other, in order of day."""
    first, last = case.start + timedelta(days=_FROM), case.start + timedelta(days=_TO)
    kept = kept_appointments(sample, case, first, last)
    place = case.number("missed", 0, len(kept) - count)
    missed = kept[place : place + count]
    for row in missed:
        row["outcome"] = "unacceptable_absence"
    return missed


def _add_breaches(sample: Sample, breached: list[Case]) -> None:
    """The second absence of an order, the third of a licence, calls for breach action."""
    in_time = sample.draw_sufficient("2.4.10", breached)
    resolved = sample.draw_sufficient("2.4.11", breached)
    for case in breached:
        failed = _miss(sample, case, 3 if case.licence else 2)[-1]["scheduled_on"]
        days = case.number("breach", 4, 9) if case in in_time else case.number("breach late", 11, 13)
        instigated = working_days_after(failed, days)
        last = working_days_after(failed, 25)
        end = before(last, case.number("resolved", 0, 3))
        if case not in resolved:
            end = after(last, case.number("resolved late", 3, 25))
        sample.add("breaches", case, instigated_on=instigated, resolved_on=end, outcome="allowed to continue")


def _add_excused(sample: Sample) -> None:
    """Absences with an acceptable reason."""
    for case in sample.draw_sort("excused", sample.cases):
        row = kept_appointments(sample, case, case.start + timedelta(days=_TO), AS_AT - timedelta(days=14))
        row[case.number("excused", 0, len(row) - 1)]["outcome"] = "acceptable_absence"


def _lose_outcomes(sample: Sample, failing: list[Case]) -> None:
    """Outcomes not recorded, where they can decide nothing else: these licences have one absence and no breach."""
    recorded = sample.draw_sufficient("2.4.06", sample.cases, always=others(sample.cases, failing))
    for case in others(sample.cases, recorded):
        kept = kept_appointments(sample, case, case.start + timedelta(days=_TO + 5), AS_AT - timedelta(days=14))
        kept[0]["outcome"] = None


def _add_convictions(sample: Sample) -> None:
    """Convictions and cautions since the start; an offender sentenced again was convicted."""
    again = sample.those(lambda case: "resentenced_date" in case.columns)
    clean = sample.draw_sufficient("3.1.03", sample.cases, never=again)
    for case in others(sample.cases, clean):
        day = case.columns.get("resentenced_date", after(case.start, case.number("convicted", 20, 160)))
        kind = "caution" if case not in again and case.number("caution", 1, 4) == 1 else "conviction"
        sample.add("convictions", case, occurred_on=day, kind=kind)
