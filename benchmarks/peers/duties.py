"""The twenty duties, each as the readings that a case gives; the numbers are those of the project's rulebook."""

from collections.abc import Iterator
from datetime import date

from failures import failure_readings
from readings import BEFORE_START, Reading, deadlines, first_days, of_any_kind, of_kind
from records import HIGH, Case, Row, holidays, working_days_after
from reviews import chain_readings, pair_readings

SHORT, LONG = 5, 15
FIRST_WEEKS = 112
CONTACT_KINDS = ("office", "programme", "drug_test", "other")
STANDARDS_2007 = date(2007, 9, 30).toordinal()
#: Appointments in the first 16 weeks by tier; tier 1 has none to keep.
CONTACTS = {1: None, 2: 16, 3: 16, 4: 32}
TIERS = (1, 2, 3, 4)


def readings_of(case: Case, as_at: int) -> Iterator[Reading]:
    """Every reading of every duty, duty by duty."""
    triggers = high_triggers(case, as_at)
    yield from _assessment(case, as_at, triggers)
    yield from _planning(case, as_at, triggers)
    yield from _high_risk(case, as_at, triggers)
    yield from _delivery(case, as_at)
    yield from failure_readings("breach-instigated-on-time", case, as_at)


def high_triggers(case: Case, as_at: int) -> list[int]:
    """The days on which the clock of a high Risk of Harm case may have started; none if it surely is no such case."""
    if case.roh_level is not None and case.roh_level not in HIGH:
        return []
    rows = [row for row in case.roh if row.more is None or row.more in HIGH]
    known = [row.on for row in rows if row.more and row.on is not None]
    first = min(known, default=None)
    days = {max(case.start, first) if first is not None else case.start}
    last = as_at if first is None else first
    days.update(max(case.start, row.on) for row in rows if row.on is not None and (first is None or row.on < first))
    if any(row.on is None for row in rows):
        days.update(range(case.start, last + 1))
    return sorted(days)


def _ways(value: object, holds: bool) -> tuple[bool, ...]:
    """Whether it holds; both ways if nothing is recorded."""
    return (False, True) if value is None else (holds,)


def _limits(case: Case, triggers: list[int], *, tier_4_is_short: bool) -> list[int]:
    """The limits of the first assessment or plan that are possible: short for high risk at start, PPO or tier 4."""
    limits = set()
    level_known = case.roh_level is not None
    at_start = {trigger == case.start for trigger in triggers} | (set() if level_known and triggers else {False})
    tiers = (case.tier,) if case.tier else TIERS
    for high in at_start:
        for ppo in _ways(case.ppo, bool(case.ppo)):
            for tier in tiers if tier_4_is_short else (0,):
                limits.add(SHORT if high or ppo or tier == 4 else LONG)
    return sorted(limits)


def _assessment(case: Case, as_at: int, triggers: list[int]) -> Iterator[Reading]:
    limits = _limits(case, triggers, tier_4_is_short=False)
    early = case.start - BEFORE_START
    screened = [(row.on, True) for row in case.screenings]
    yield from deadlines("roh-screening-at-start", case.start, limits, screened, as_at, opens=early)
    yield from _full_analysis(case, as_at, limits)
    yield from _exemption(case)
    for ppo in _ways(case.ppo, bool(case.ppo)):
        if ppo:
            rows = of_any_kind(case.oasys)
            yield from deadlines("ppo-oasys-on-time", case.start, [SHORT], rows, as_at, opens=early)
        else:
            yield Reading("ppo-oasys-on-time", "outside")
    yield Reading("ethnicity-recorded", "rows", signs=frozenset({"holds" if case.ethnicity else "fails"}))


def _full_analysis(case: Case, as_at: int, limits: list[int]) -> Iterator[Reading]:
    duty = "roh-full-analysis-when-indicated"
    if not case.screenings:
        yield Reading(duty, "outside")
    done = of_kind(case.roh, "full_analysis")
    for place, screening in enumerate(case.screenings, 1):
        for indicated in _ways(screening.indicated, bool(screening.indicated)):
            if not indicated:
                yield Reading(duty, "outside", event=place)
                continue
            for exempted in _ways(screening.exempted, bool(screening.exempted)):
                if exempted:
                    yield Reading(duty, "excluded", event=place)
                elif screening.on is None:
                    yield Reading(duty, "undated", event=place)
                else:
                    yield from deadlines(duty, screening.on, limits, done, as_at, event=place)


def _exemption(case: Case) -> Iterator[Reading]:
    exempted = [row for row in case.screenings if row.exempted]
    perhaps = [row for row in case.screenings if row.exempted is None]
    for rows in (exempted, exempted + perhaps) if perhaps else (exempted,):
        signs = frozenset("holds" if row.countersigned else "fails" for row in rows)
        yield Reading("roh-exemption-countersigned", "rows", signs=signs)


def _planning(case: Case, as_at: int, triggers: list[int]) -> Iterator[Reading]:
    early = case.start - BEFORE_START
    initial = of_kind(case.plans, "initial")
    limits = _limits(case, triggers, tier_4_is_short=True)
    if case.community:
        yield from deadlines("initial-plan-exists", case.start, limits, initial, as_at, opens=early, form="exists")
    else:
        yield Reading("initial-plan-exists", "outside")
    if not case.community or not any(row.kind == "initial" for row in case.plans):
        yield Reading("initial-plan-on-time", "outside")
    if case.community and initial:
        yield from deadlines("initial-plan-on-time", case.start, limits, initial, as_at, opens=early)
    yield from chain_readings("plan-reviewed-every-16-weeks", "all", case, case.plans, as_at)
    yield from pair_readings("plan-review-with-risk-review", case, as_at)


def _high_risk(case: Case, as_at: int, triggers: list[int]) -> Iterator[Reading]:
    outside = case.roh_level is None or not triggers
    duty = "high-roh-managed-in-mappa"
    if outside:
        yield Reading(duty, "outside")
    if triggers and case.excepted:
        yield Reading(duty, "excluded")
    elif case.in_mappa:
        for day in triggers:
            yield Reading(duty, "rows", working_days_after(day, 10), signs=frozenset({"holds"}))
    else:
        rows = of_kind(case.mappa, "referral", "meeting")
        for day in triggers:
            yield from deadlines(duty, day, [10], rows, as_at, opens=day - BEFORE_START)
    duty = "risk-management-plan-on-time"
    if outside or not case.community:
        yield Reading(duty, "outside")
    for day in triggers if case.community else ():
        opens = day - BEFORE_START if day == case.start else day
        yield from deadlines(duty, day, [5], of_any_kind(case.rmps), as_at, opens=opens)
    duty = "high-roh-home-visit-on-time"
    if outside:
        yield Reading(duty, "outside")
    for day in triggers:
        yield from deadlines(duty, day, [10], of_kind(case.visits, "true"), as_at)
    yield from _headings(case, as_at)
    yield from _transfers(case, as_at, outside, bool(triggers))


def _headings(case: Case, as_at: int) -> Iterator[Reading]:
    """The latest plan, which any undated one may be."""
    duty = "rmp-standard-headings"
    latest = max((row.on for row in case.rmps if row.on is not None), default=None)
    dated = [row.more for row in case.rmps if row.on == latest and latest is not None]
    undated = [row.more for row in case.rmps if row.on is None]
    candidates = [dated] if dated else []
    candidates += [[*dated, row] if latest == as_at else [row] for row in undated]
    if not candidates:
        yield Reading(duty, "rows")
    for rows in candidates:
        for filling in ("true", "false") if None in rows else ("true",):
            held = {"holds" if (row or filling) == "true" else "fails" for row in rows}
            yield Reading(duty, "rows", signs=frozenset(held))


def _transfers(case: Case, as_at: int, outside: bool, inside: bool) -> Iterator[Reading]:
    duty = "transfer-in-rmp-updated"
    events = [(place, row) for place, row in enumerate(case.transfers, 1) if row.kind in ("in", None)]
    if not events or not inside:
        yield Reading(duty, "outside")
        return
    for place, row in events:
        if outside or row.kind is None:
            yield Reading(duty, "outside", event=place)
        if row.on is None:
            yield Reading(duty, "undated", event=place)
        else:
            yield from deadlines(duty, row.on, [5], of_kind(case.rmps, "update"), as_at, event=place)


def _delivery(case: Case, as_at: int) -> Iterator[Reading]:
    for reviewed in _ways(case.roh_level, case.roh_level != "low"):
        if not reviewed:
            yield Reading("roh-first-review-on-time", "outside")
            continue
        for day in first_days(of_kind(case.roh, "review"), case.start, as_at):
            yield Reading("roh-first-review-on-time", "deadline", case.start + case.interval, day)
    for reviewed in _ways(case.roh_level, case.roh_level != "low"):
        if reviewed:
            yield from chain_readings("roh-reviewed-every-16-weeks", "next", case, case.roh, as_at)
        else:
            yield Reading("roh-reviewed-every-16-weeks", "outside")
    duty = "roh-reviewed-after-change"
    if not case.changes:
        yield Reading(duty, "outside")
    for place, row in enumerate(case.changes, 1):
        if row.on is None:
            yield Reading(duty, "undated", event=place)
        else:
            yield from deadlines(duty, row.on, [10], of_any_kind(case.roh), as_at, event=place)
    yield from _contacts(case, as_at)
    yield from _holiday_absences(case)


def _contacts(case: Case, as_at: int) -> Iterator[Reading]:
    duty, last = "contact-frequency", case.start + FIRST_WEEKS - 1
    surely: list[int] = []
    perhaps: list[int] = []
    for row in case.appointments:
        on = row.on
        if row.kind == "cancelled_by_service" or (row.more is not None and row.more not in CONTACT_KINDS):
            continue
        if on is None:
            if case.start <= as_at:
                perhaps.append(case.start)
        elif case.start <= on <= last:
            (perhaps if row.kind is None or row.more is None else surely).append(on)
    surely.sort()
    for tier in (case.tier,) if case.tier else TIERS:
        minimum = 10 if tier == 2 and case.start >= STANDARDS_2007 else CONTACTS[tier]
        if minimum is None:
            yield Reading(duty, "outside")
            continue
        for days in (surely, sorted(surely + perhaps)) if perhaps else (surely,):
            done = days[minimum - 1] if len(days) >= minimum else None
            yield Reading(duty, "count", last, done)


def _holiday_absences(case: Case) -> Iterator[Reading]:
    """An undated appointment may have been on a bank holiday, one without an outcome an acceptable absence."""
    surely: list[Row] = []
    perhaps: list[Row] = []
    for row in case.appointments:
        if row.on is None:
            perhaps.append(row)
        elif row.on in holidays():
            surely.append(row)
    for rows in (surely, surely + perhaps) if perhaps else (surely,):
        for filling in ("attended", "acceptable_absence") if any(row.kind is None for row in rows) else ("",):
            signs = {"fails" if (row.kind or filling) == "acceptable_absence" else "holds" for row in rows}
            yield Reading("bank-holiday-absence", "rows", signs=frozenset(signs))
