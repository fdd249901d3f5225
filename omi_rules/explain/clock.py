"""Works a rule out by its kind, and tells its clock."""

from omi_rules.explain.judgement import Judged
from omi_rules.explain.kinds.chains import work_out_chain
from omi_rules.explain.kinds.contacts import work_out_count
from omi_rules.explain.kinds.deadlines import work_out_deadline
from omi_rules.explain.kinds.events import work_out_events
from omi_rules.explain.kinds.matching import work_out_matches
from omi_rules.explain.kinds.pairing import work_out_pairs
from omi_rules.explain.kinds.row_counts import work_out_rows
from omi_rules.explain.kinds.weeks import work_out_weeks
from omi_rules.explain.layout import Line, Section
from omi_rules.explain.population import is_excluded, is_in_population
from omi_rules.explain.records import Records
from omi_rules.explain.words import day_in_words, reference_in_words, weekday_in_words
from omi_rules.explain.working import Working
from omi_rules.rulebook.model import (
    Count,
    Deadline,
    Distinct,
    Falls,
    Matches,
    Paired,
    PerEvent,
    Presence,
    ReviewChain,
    Rule,
    Weekly,
)


def work_out(records: Records, rule: Rule, judged: Judged) -> Working:
    """The rule worked out on what is recorded."""
    match rule.require:
        case Deadline() as deadline:
            return work_out_deadline(records, deadline)
        case ReviewChain() as chain:
            return work_out_chain(records, chain)
        case PerEvent() as events:
            return work_out_events(records, events, judged)
        case Count() as count:
            return work_out_count(records, count)
        case Matches() as matches:
            return work_out_matches(records, matches)
        case Paired() as paired:
            return work_out_pairs(records, paired)
        case Weekly() as weekly:
            return work_out_weeks(records, weekly)
        case Presence() | Falls() | Distinct() as form:
            return work_out_rows(records, form)


def clock_section(records: Records, rule: Rule, judged: Judged, working: Working) -> Section:
    """What started the clock, the limit, the days counted, and the due date."""
    heading = "Clock"
    if judged.outcome == "error":
        return Section(heading, (Line("The rule could not be run, so there is no clock to tell of."),))
    if judged.outcome == "not_applicable" and is_in_population(records, rule) is False:
        return Section(heading, (Line("The case is not in the population, so no clock runs."),))
    if judged.outcome == "excluded" and is_excluded(records, rule):
        return Section(heading, (Line("The case is left out for a recorded reason, so no clock runs."),))
    lines = []
    if judged.outcome == "unknown":
        lines += _open_questions(judged)
    lines += working.lines
    return Section(heading, (*lines, *_differences(judged, working)))


def _open_questions(judged: Judged) -> list[Line]:
    lines = [Line("What follows is worked out on what is recorded, and something that matters is not.")]
    if judged.undecided:
        lines.append(Line("Not known:"))
        lines += [Line(f"{reference_in_words(reference)}.", depth=1) for reference in judged.undecided]
    return lines


def _differences(judged: Judged, working: Working) -> list[Line]:
    """Where the run has other dates than the lines above, it is right, and the reader is told."""
    lines = []
    if judged.due_on and judged.due_on != working.due_on:
        lines.append(Line(f"Note: the outcome was judged with the due date {weekday_in_words(judged.due_on)}."))
    if judged.done_on and judged.done_on != working.done_on:
        lines.append(Line(f"Note: the outcome was judged as done on {day_in_words(judged.done_on)}."))
    return lines
