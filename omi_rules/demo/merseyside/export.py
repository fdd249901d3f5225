"""The sample as an export of the contract, and the assessors' answers beside it."""

from pathlib import Path

from omi_rules.demo.merseyside.answers import answer_lines
from omi_rules.demo.merseyside.contact import add_contact
from omi_rules.demo.merseyside.court import add_court
from omi_rules.demo.merseyside.duties import add_duties
from omi_rules.demo.merseyside.enforcement import add_enforcement
from omi_rules.demo.merseyside.files import make_folders, write_csv, write_owned, write_table
from omi_rules.demo.merseyside.make_up import load_make_up
from omi_rules.demo.merseyside.people import add_people
from omi_rules.demo.merseyside.plans import add_plans
from omi_rules.demo.merseyside.reviews import add_reviews
from omi_rules.demo.merseyside.risk import add_risk
from omi_rules.demo.merseyside.sample import AS_AT, Sample
from omi_rules.demo.merseyside.sentences import add_sentences
from omi_rules.demo.merseyside.staffing import add_staff
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.questions import Criteria
from omi_rules.shapes import load_tables

_AREA = "Merseyside (synthetic sample)"


def make_sample(criteria: Criteria) -> Sample:
    """The sample that has every figure which the criteria print; the same every time."""
    sample = Sample(criteria, load_make_up(criteria))
    for add in (
        add_people,
        add_sentences,
        add_court,
        add_plans,
        add_risk,
        add_reviews,
        add_contact,
        add_enforcement,
        add_duties,
        add_staff,
    ):
        add(sample)
    return sample


def write_sample(export: Path, answers: Path) -> int:
    """Write the export and the answers into their folders, and say how many cases there are.

    Nothing in them is about a person. Tables already there are replaced.
    """
    make_folders(export.parent, export, answers)
    sample = make_sample(load_criteria())
    for table in load_tables().values():
        rows = sample.rows.get(table.name, [])
        if table.name == "cases":
            rows = [{"case_id": case.id, "area": _AREA, **case.columns} for case in sample.cases]
        write_table(export, table, rows)
    head = f"as_at: {AS_AT}\narea: {_AREA}\nsource: omi-rules demo --merseyside\n"
    write_owned(export / "export.yaml", head)
    write_csv(answers / "answers.csv", ["case_id", "question", "answer", "reason"], answer_lines(sample))
    return len(sample.cases)
