"""A small rulebook of four criteria, and a run and answers for it whose scores were worked out by hand."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.scoring.runs import answer_spread, spread, write_answers, write_run

SOURCE = "source: {document: the-report, place: Appendix 3}"
#: By criterion: its title, the number of its section and the section's name, and its questions. A question is its id,
#: who decides it, and T if it is of the Risk of Harm thread.
CRITERIA = {
    "1.1": ("Preparing", "Planning", ["1.1.01 report-on-time", "1.1.02", "1.1.03 never-asked", "1.1.S"]),
    "1.2": ("Risk", "Planning", ["1.2.01 screened T", "1.2.02 T", "1.2.03 T", "1.2.S T"]),
    "2.1": ("Delivering", "Doing", ["2.1.01 reviewed T", "2.1.02", "2.1.S T"]),
    "3.1": ("Outcomes", "Outcomes", ["3.1.01 no-offence", "3.1.02 T", "3.1.03", "3.1.S"]),
}
RUN = [
    *spread("report-on-time", met=15, late=3, missing=2),
    *spread("never-asked", not_applicable=20),
    *spread("screened", met=9, not_met=3, unknown=2, due=1, excluded=5),
    *spread("reviewed", met=1, missing=7, not_applicable=12),
    *spread("no-offence", met=13, not_met=7),
]
ANSWERS = [
    *answer_spread("1.1.02", excellent=4, sufficient=7, insufficient=2, poor=1, not_evidenced=1, not_applicable=5),
    *answer_spread("1.1.S", sufficient=12, insufficient=8),
    *answer_spread("1.2.02", sufficient=7, poor=1, not_applicable=12),
    *answer_spread("2.1.02", excellent=3, insufficient=2, not_applicable=15),
    *answer_spread("2.1.S", sufficient=10, insufficient=10),
]


def write_criteria(folder: Path) -> Path:
    """The small rulebook: what load_criteria reads of one."""
    (folder / "criteria").mkdir(parents=True)
    (folder / "sources.yaml").write_text("the-report: {title: The report}\n", encoding="utf-8")
    (folder / "scoring.yaml").write_text(
        f"""{SOURCE}
thread:
  title: Risk of Harm thread
  sections: ["1", "2"]
  {SOURCE}
line_of_priority: {{percent: 75, status: assumed, because: It is not printed.}}
""",
        encoding="utf-8",
    )
    for id_, (title, section, questions) in CRITERIA.items():
        single = "".join(_question(words, "  - ") for words in questions[:-1])
        text = f"""title: {title}
section: {section}
{SOURCE}
weights: {{questions: 80, summary: 20}}
bands: {{good_from: 75, priority_from: 60, status: assumed, because: They are not printed.}}
questions:
{single}summary:
{_question(questions[-1], "  ")}"""
        (folder / "criteria" / f"{id_}.yaml").write_text(text, encoding="utf-8")
    return folder


def _question(words: str, indent: str) -> str:
    id_, *others = words.split()
    rules = [word for word in others if word != "T"]
    decider = f"{{rule: {rules[0]}}}" if rules else "assessor"
    rest = f"asks: Was {id_} done?, about: all cases, decided_by: {decider}, recommendations: [], place: strengths"
    thread = ", risk_of_harm_thread: true" if "T" in others else ""
    lines: Sequence[str] = [f'id: "{id_}"', *f"{rest}{thread}".split(", ")]
    return "".join(f"{indent if not number else ' ' * len(indent)}{line}\n" for number, line in enumerate(lines))


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small rulebook."""
    return write_criteria(tmp_path_factory.mktemp("rules") / "rules")


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run for it."""
    return write_run(tmp_path_factory.mktemp("runs") / "run", RUN)


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The answers for it."""
    return write_answers(tmp_path_factory.mktemp("answers"), ANSWERS)
