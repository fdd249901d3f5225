"""Officers, their supervision and their appraisals, in the shares that the report prints of those interviewed."""

from datetime import date, timedelta

from omi_rules.demo.merseyside.chance import before, drawn_number, shuffled
from omi_rules.demo.merseyside.plans import team_of
from omi_rules.demo.merseyside.sample import AS_AT, Sample, grade_of

#: Days between two, so that weekends and holidays leave them within six weeks, and within a year.
_SUPERVISED_EVERY, _APPRAISED_EVERY = 36, 350


def add_staff(sample: Sample) -> None:
    """One row an officer, and the rows of the two duties."""
    make_up = sample.make_up
    officers = {f"OM{number + 1:03d}": number for number in range(make_up["officers"])}
    new = shuffled("new officer", officers)[: make_up["officers_new"]]
    lasting = [officer for officer in officers if officer not in new]
    supervised = shuffled("supervised", officers)[: make_up["officers_supervised"]]
    appraised = shuffled("appraised", lasting)[: make_up["officers_appraised"]]
    for officer, number in officers.items():
        days = 200 if officer in new else drawn_number("employed", officer, 420, 1500)
        employed = before(AS_AT, days)
        division, team = team_of(number)
        sample.add_row(
            "staff", staff_id=officer, grade=grade_of(officer), division=division, team=team, employed_on=employed
        )
        for day in _rounds(employed, _SUPERVISED_EVERY, officer in supervised):
            sample.add_row("supervisions", staff_id=officer, held_on=day)
        for day in _rounds(employed, _APPRAISED_EVERY, officer in appraised or officer in new):
            sample.add_row("appraisals", staff_id=officer, completed_on=day)


def _rounds(employed: date, every: int, complete: bool) -> list[date]:
    """A day for every round since; the latest were left out where they are not complete."""
    count = (AS_AT - employed).days // every
    days = [before(employed + timedelta(days=every * number), 0) for number in range(1, count + 1)]
    return days if complete else [day for day in days if (AS_AT - day).days > 2 * every]
