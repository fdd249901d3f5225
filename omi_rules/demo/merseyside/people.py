"""Who is in the sample: orders and licences, Risk of Harm, PPOs, needs, and the dates of the sentence."""

from datetime import date, timedelta

from omi_rules.calendar.working_days import is_working_day
from omi_rules.demo.merseyside.chance import before
from omi_rules.demo.merseyside.sample import Case, Sample, others

#: Supervision has gone on for about six months.
_FIRST_START, _LAST_START = date(2006, 5, 8), date(2006, 6, 2)
_ETHNICITY = ("B1", "A1", "M1")


def add_people(sample: Sample) -> None:
    """Say of every case what its columns hold, but for tier and officer."""
    _share_out_orders(sample)
    for case in sample.cases:
        _set_dates(case)
    _share_out_risk(sample)
    _share_out_ppo(sample)
    _share_out_needs(sample)
    _share_out_victims(sample)


def _share_out_orders(sample: Sample) -> None:
    orders = sample.draw_sort("community", sample.cases)
    for case in others(sample.cases, orders):
        case.licence = True
        case.columns["order_type"] = "licence"
    for case in orders:
        case.columns["order_type"] = "community_order"
    for case in sample.draw_sort("suspended", orders):
        case.columns["order_type"] = "suspended_sentence_order"


def _set_dates(case: Case) -> None:
    span = (_LAST_START - _FIRST_START).days
    days = [_FIRST_START + timedelta(days=number) for number in range(span + 1)]
    working = [day for day in days if is_working_day(day)]
    case.start = case.sentence = working[case.number("start", 0, len(working) - 1)]
    if case.licence:
        months = case.number("custody", 12, 36)
        case.sentence = before(case.start, months * 15)
        case.columns |= {"custody_months": months, "release_date": case.start}
    case.columns["sentence_date"] = case.sentence


def _share_out_risk(sample: Sample) -> None:
    make_up = sample.make_up
    orders, licences = sample.those(lambda case: case.community), sample.those(lambda case: case.licence)
    high_orders = sample.draw_sort("high_roh_community", orders)
    high_licences = sample.draw("high licence", licences, make_up["high_roh"] - make_up["high_roh_community"])
    for case in [*high_orders, *high_licences]:
        case.roh = "high"
    for case in sample.draw_sort("medium_roh_community", others(orders, high_orders)):
        case.roh = "medium"
    for case in sample.draw_sort("medium_roh_licence", others(licences, high_licences)):
        case.roh = "medium"
    managed = sample.draw_sort("mappa_licence", high_licences)
    managed += sample.draw("mappa community", high_orders, make_up["mappa"] - make_up["mappa_licence"])
    for case in managed:
        case.columns["mappa_level"] = 2
    for case in sample.draw_sort("very_high_roh", managed):
        case.roh = "very_high"
        case.columns["mappa_level"] = 3
    for case in sample.cases:
        case.columns["roh_level"] = case.roh
    _mark(sample, "domestic_abuse", sample.cases)
    _mark(sample, "child_safeguarding", sample.cases)


def _share_out_ppo(sample: Sample) -> None:
    """Most PPOs are on licence for what drugs had to do with; some are high Risk of Harm too."""
    licences = sample.those(lambda case: case.licence)
    high = sample.draw_sort("ppo_high_roh", [case for case in licences if case.high])
    number = sample.make_up["ppo"] - sample.make_up["ppo_community"] - len(high)
    on_licence = [*high, *sample.draw("ppo licence", [case for case in licences if not case.high], number)]
    orders = sample.draw_sort("ppo_community", sample.those(lambda case: case.community and not case.high))
    for case in [*on_licence, *orders]:
        case.ppo = True
    drugs = sample.draw_sort("ppo_drug_licence", on_licence)
    free = sample.those(lambda case: not (case.ppo and case.licence))
    drugs += sample.draw("drug related", free, sample.make_up["drug_related"] - len(drugs))
    _set_flag(sample, "drug_related_offending", drugs)
    for case in sample.cases:
        case.columns["ppo"] = case.ppo


def _share_out_needs(sample: Sample) -> None:
    _mark(sample, "disability", sample.cases)
    _mark(sample, "literacy_need", sample.cases)
    women = sample.draw_sort("women", sample.those(lambda case: not case.high))
    recorded = sample.draw_sufficient("1.4.01", sample.cases)
    minority = sample.draw_sort("minority_ethnic", recorded)
    for case in sample.cases:
        case.columns["gender"] = "female" if case in women else "male"
    for case in recorded:
        case.columns["ethnicity"] = "W1"
    for number, case in enumerate(minority):
        case.columns["ethnicity"] = _ETHNICITY[number % len(_ETHNICITY)]


def _share_out_victims(sample: Sample) -> None:
    """Twelve months of custody and more: every licence of the sample could be one."""
    _mark(sample, "statutory_victim", sample.those(lambda case: case.licence), "statutory_victim_contact")


def _mark(sample: Sample, sort: str, among: list[Case], column: str = "") -> None:
    _set_flag(sample, column or sort, sample.draw_sort(sort, among))


def _set_flag(sample: Sample, column: str, marked: list[Case]) -> None:
    for case in sample.cases:
        case.columns[column] = case in marked
