"""Reports to court before an order, and the reviews of drug rehabilitation requirements by the court."""

from collections.abc import Mapping

from omi_rules.demo.merseyside.chance import after, before
from omi_rules.demo.merseyside.sample import AS_AT, Case, Sample, others


def add_court(sample: Sample) -> None:
    """Court reports and court reviews.

    In one case two reports were completed on one day, about two matters, and only one of them proposes a community
    sentence. Without it no number of outline plans would be 60% of the reports that propose one.
    """
    reported = _reported(sample)
    proposing = sample.draw_sufficient("1.1.04", reported)
    rest = sample.draw("other proposal", others(reported, proposing), len(reported) - len(proposing))
    double = rest[0]
    followed = sample.draw_sufficient("1.1.05", reported, never=rest)
    on_time = sample.draw_sufficient("1.1.06", reported)
    national = sample.draw_sufficient("1.1.07", reported)
    template = sample.draw_sufficient("1.1.08", reported)
    outlined = sample.draw_sufficient("1.1.15", [*proposing, double])
    for case in reported:
        cells: dict[str, object] = {
            "kind": "fdr" if case.number("report kind", 1, 4) == 1 else "sdr",
            "proposal": "custody" if case in rest else "community",
            "proposal_followed": case in followed,
            "national_format": case in national,
            "oasys_template": case in template,
            "outline_plan": case in outlined and case is not double,
        }
        _add_report(sample, case, case in on_time, cells)
        if case is double:
            community = {"proposal": "community", "proposal_followed": True, "outline_plan": case in outlined}
            _add_report(sample, case, case in on_time, cells | community)
    _add_reviews(sample)


def _reported(sample: Sample) -> list[Case]:
    orders = sample.those(lambda case: case.community)
    ppo = [case for case in orders if case.ppo]
    with_report = sample.draw_sort("ppo_with_report", ppo)
    return sample.draw_sufficient("1.1.01", orders, always=with_report, never=others(ppo, with_report))


def _add_report(sample: Sample, case: Case, on_time: bool, cells: Mapping[str, object]) -> None:
    completed = before(case.sentence, case.number("report", 1, 3))
    due = after(completed, case.number("report due", 0, 2)) if on_time else before(completed, 2)
    asked = before(completed, 21 if cells["kind"] == "sdr" else 5)
    sample.add("court_reports", case, requested_on=asked, due_on=due, completed_on=completed, **cells)


def _add_reviews(sample: Sample) -> None:
    """Monthly, each with its report by the day, and attended."""
    cases = sample.those(lambda case: "drug_rehabilitation" in case.requirements)
    good = sample.draw_sufficient("2.5.02", cases)
    for case in cases:
        for month in range(1, 6):
            due = after(case.start, 30 * month)
            if due <= AS_AT:
                sample.add(
                    "court_reviews",
                    case,
                    due_on=due,
                    attended=True,
                    report_completed_on=before(due, 2) if case in good else after(due, 2),
                )
