"""What an assessor is asked about each case of a sample, and what the records say of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from omi_rules.assess.sample_file import Sample, SampledCase
from omi_rules.checks.membership import membership
from omi_rules.checks.run import judge, make_plan
from omi_rules.checks.sayings import create_reasons, worded_sql
from omi_rules.data.export import Export
from omi_rules.data.store import Store, create_from
from omi_rules.problems import RulebookError
from omi_rules.rulebook.model import Population, Rulebook
from omi_rules.rulebook.questions import Criteria, Question


@dataclass(frozen=True)
class Found:
    """What a rule says of a case, with its evidence."""

    outcome: str
    due_on: date | None
    done_on: date | None
    reason: str


@dataclass(frozen=True)
class Item:
    """A question about a case: with what a rule `found`, or for the assessor to judge.

    `certain` is whether the records say that the question is about the case."""

    question: Question
    found: Found | None = None
    certain: bool = True


@dataclass(frozen=True)
class Casework:
    """A case with its questions, in the order of the criteria."""

    case: SampledCase
    items: Sequence[Item]

    @property
    def to_judge(self) -> list[Item]:
        """The questions that the assessor is asked."""
        return [item for item in self.items if item.found is None]


def question_version(question: Question) -> str:
    """A digest of what a question asks, of which cases, and who decides it: it changes if any of these does."""
    told = repr((question.asks, question.about, question.population, question.decided_by, question.rule))
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def gather_casework(
    store: Store, export: Export, rulebook: Rulebook, criteria: Criteria, sample: Sample
) -> list[Casework]:
    """The questions of every case of the sample; RulebookError if a rule cannot run."""
    create_from(
        store,
        "sampled_ids",
        {"number": "INTEGER", "case_id": "VARCHAR"},
        [{"number": case.number, "case_id": case.case_id} for case in sample.cases],
    )
    store.execute(
        "CREATE OR REPLACE TABLE sampled AS SELECT s.number, c.* FROM sampled_ids s JOIN cases c USING (case_id)"
    )
    found = _judge_sampled(store, export, rulebook)
    asked = _route(store, export, rulebook, criteria)
    questions = criteria.questions.values()
    return [
        Casework(case, [item for question in questions for item in _items(question, case, found, asked)])
        for case in sample.cases
    ]


def _items(
    question: Question,
    case: SampledCase,
    found: Mapping[tuple[int, str], Found],
    asked: Mapping[Population, Mapping[int, bool]],
) -> list[Item]:
    if question.rule:
        return [Item(question, found[case.number, question.rule])]
    if question.decided_by != "assessor":
        return []
    if question.population is None:
        return [Item(question, certain=question.about == EVERY_CASE)]
    certain = asked[question.population].get(case.number)
    return [] if certain is None else [Item(question, certain=certain)]


#: What a question says that it is about where it is asked of each case.
EVERY_CASE = "all cases"


def _judge_sampled(store: Store, export: Export, rulebook: Rulebook) -> dict[tuple[int, str], Found]:
    """What each rule says of each case of the sample, by number and rule."""
    judged = judge(store, export, rulebook, rulebook.case_rules)
    if judged.faults:
        raise RulebookError("; ".join(judged.faults.values()))
    create_reasons(store, rulebook, judged, export.as_at)
    worded = worded_sql("j.case_no, j.rule_no, j.outcome, j.due_on, j.done_on, r.reason", _SAMPLED)
    rows = store.execute(f"""SELECT number, rule_no, outcome::VARCHAR, due_on, done_on, reason
        FROM ({worded}) JOIN sampled USING (case_no)""").fetchall()
    return {(number, judged.rules[rule].id): Found(*answer) for number, rule, *answer in rows}


_SAMPLED = "case_no IN (SELECT case_no FROM sampled)"


def _route(store: Store, export: Export, rulebook: Rulebook, criteria: Criteria) -> dict[Population, dict[int, bool]]:
    """For each population of a question, the cases that may be in it by number, with whether they surely are."""
    plan = make_plan(store, export, rulebook, ())
    populations = {question.population for question in criteria.questions.values() if question.population}
    routed = {}
    for population in populations:
        member = membership(plan, population)
        rows = store.execute(
            f"SELECT number, coalesce({member.sure}, FALSE) FROM sampled c WHERE coalesce({member.maybe}, TRUE)"
        ).fetchall()
        routed[population] = {number: bool(sure) for number, sure in rows}
    return routed
