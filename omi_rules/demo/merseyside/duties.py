"""Victims, skills for life, cases transferred in, and the file."""

from datetime import date

from omi_rules.demo.merseyside.chance import after, before
from omi_rules.demo.merseyside.sample import Case, Sample, others

_DOCUMENTS = ("court order or licence", "previous convictions", "prosecution papers", "signed conditions")


def add_duties(sample: Sample) -> None:
    """The records of all four."""
    _add_victims(sample)
    _add_skills(sample)
    _add_transfers(sample)
    _add_documents(sample)


def _add_victims(sample: Sample) -> None:
    victims = sample.those(lambda case: case.columns["statutory_victim_contact"])
    offered = sample.draw_sufficient("2.3.02", victims)
    informed = sample.draw_sufficient("2.3.03", victims)
    invited = sample.draw_sufficient("2.3.01", victims)
    told = sample.draw_sufficient("2.3.04", victims)
    for case in victims:
        days = case.number("offer", 14, 52) if case in offered else case.number("offer late", 60, 100)
        offer = after(case.sentence, days)
        sample.add("victim_contacts", case, occurred_on=offer, kind="written_offer")
        for chosen, kind, day in (
            (informed, "process_information", after(offer, 7)),
            (invited, "licence_conditions_views", before(case.start, 40)),
            (told, "release_conditions_told", before(case.start, 10)),
        ):
            if case in chosen:
                sample.add("victim_contacts", case, occurred_on=day, kind=kind)


def _add_skills(sample: Sample) -> None:
    """Screenings at the start; needs that one showed, or an assessment without a screening."""
    make_up = sample.make_up
    in_time = sample.draw_sufficient("1.4.04", sample.cases)
    literacy = [case for case in in_time if case.columns["literacy_need"]]
    rest = others(in_time, literacy)
    screened = [*literacy, *sample.draw("need", rest, make_up["skills_need_screened"] - len(literacy))]
    assessed = sample.draw_sufficient("1.4.05", screened)
    needy = others(sample.those(lambda case: case.columns["literacy_need"]), screened)
    alone = sample.draw("need without screening", needy, make_up["skills_need"] - len(screened))
    arranged = sample.draw_sufficient("2.5.04", [*screened, *alone])
    for case in in_time:
        sample.add(
            "skills_for_life",
            case,
            occurred_on=after(case.start, case.number("screening", 2, 12)),
            kind="screening",
            need_indicated=case in screened,
        )
    for case in [*assessed, *alone]:
        sample.add(
            "skills_for_life",
            case,
            occurred_on=after(case.start, case.number("skills", 25, 60)),
            kind="assessment",
            need_indicated=True,
        )
    for case in arranged:
        sample.add(
            "skills_for_life", case, occurred_on=after(case.start, case.number("lessons", 80, 120)), kind="intervention"
        )


def _add_transfers(sample: Sample) -> None:
    """Cases taken over while they are seen every other week: two days before an appointment, or the day after."""
    managed = sample.those(lambda case: case.high and bool(sample.rows_of("risk_management_plans", case)))
    high = sample.draw_sort("transferred_in_high_roh", managed)
    free = sample.those(lambda case: not case.high and "unpaid_work" not in case.requirements)
    moved = [*high, *sample.draw("transferred", free, sample.make_up["transferred_in"] - len(high))]
    seen = sample.draw_sufficient("2.1.17", moved)
    visited = sample.draw_sufficient("2.1.18", moved, never=high)
    supplied = sample.draw_sufficient("2.1.20", moved)
    updated = sample.draw_sufficient("2.1.19", high)
    for case in moved:
        days = [row["scheduled_on"] for row in sample.rows_of("appointments", case)]
        meeting = min(day for day in days if day > after(case.start, 125))
        day = before(meeting, 2) if case in seen else after(meeting, 1)
        sample.add(
            "transfers",
            case,
            transferred_on=day,
            direction="in",
            oasys_received_on=after(day, 3) if case in supplied else None,
        )
        if case in visited:
            sample.add("home_visits", case, occurred_on=after(day, 5), purposeful=True)
        if case in high:
            _update_risk_plan(sample, case, case in updated, day)


def _update_risk_plan(sample: Sample, case: Case, in_time: bool, transferred: date) -> None:
    """The plan made anew after the transfer, under the headings of the one before."""
    headings = sample.rows_of("risk_management_plans", case)[-1]["standard_headings"]
    sample.add(
        "risk_management_plans",
        case,
        kind="update",
        standard_headings=headings,
        completed_on=after(transferred, 3 if in_time else 21),
    )


def _add_documents(sample: Sample) -> None:
    whole = sample.draw_sufficient("2.4.20", sample.cases)
    for case in sample.cases:
        lost = case.number("document", 0, len(_DOCUMENTS) - 1)
        for number, kind in enumerate(_DOCUMENTS):
            sample.add("documents", case, kind=kind, held=case in whole or number != lost)
