"""Cases put together by hand, and the figures of their groups."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from omi_rules.data.store import Store, create_from, open_store
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.scoring.answers import Answer, store_answers
from omi_rules.scoring.dimensions import DIMENSIONS
from omi_rules.scoring.groups import score_groups
from omi_rules.scoring.tally import create_results, tally_questions

AS_AT = date(2006, 11, 30)
CASES = {
    **dict.fromkeys(("case_id", "division", "team", "offender_manager", "order_type"), "VARCHAR"),
    **dict.fromkeys(("roh_level", "gender", "ethnicity"), "VARCHAR"),
    "start_date": "DATE",
    "tier": "INTEGER",
    "ppo": "BOOLEAN",
}
SCREENED, RECORDED = "1.2.01", "1.1.01"
#: A case: where it is held and what it is, and by rule its outcome.
Case = tuple[Mapping[str, Any], Mapping[str, str]]


def cases(number: int, outcomes: Mapping[str, str], **columns: Any) -> list[Case]:
    return [(columns, outcomes)] * number


def judged(number: int, sufficient: int, rule: str = "screened", **columns: Any) -> list[Case]:
    met = cases(sufficient, {rule: "met"}, **columns)
    return met + cases(number - sufficient, {rule: "late"}, **columns)


@contextmanager
def stored(listed: Iterable[Case]) -> Iterator[Store]:
    rows, outcomes = [], []
    for number, (columns, found) in enumerate(listed, 1):
        rows.append({**dict.fromkeys(CASES), **columns, "case_id": f"C{number}"})
        outcomes += [{"case_id": f"C{number}", "rule": rule, "outcome": outcome} for rule, outcome in found.items()]
    with open_store() as store:
        create_from(store, "cases", CASES, rows)
        create_from(store, "outcomes", dict.fromkeys(("case_id", "rule", "outcome"), "VARCHAR"), outcomes)
        yield store


def grouped(
    listed: Sequence[Case], rules: Path, *by: str, answers: Sequence[tuple[str, str, str]] = ()
) -> list[dict[str, Any]]:
    criteria = load_criteria(rules)
    questions = criteria.questions.values()
    ran = frozenset(rule for _, found in listed for rule in found)
    with stored(listed) as store:
        store_answers(store, [Answer(*answer, "why", 1) for answer in answers], criteria.questions)
        create_results(store, questions)
        tallies = tally_questions(store, questions, ran, frozenset(), len(listed))
        return score_groups(store, criteria.criteria.values(), tallies, AS_AT, by or DIMENSIONS)


def only(listed: Sequence[Case], rules: Path, by: str, **options: Any) -> dict[tuple[str | None, ...], dict[str, Any]]:
    (entry,) = grouped(listed, rules, by, **options)
    return {tuple(group["path"]): group for group in entry["groups"]}


def question(group: Mapping[str, Any], id_: str = SCREENED) -> dict[str, Any]:
    (found,) = (one for one in group["questions"] if one["id"] == id_)
    return dict(found)


def light(group: Mapping[str, Any], criterion: str = "1.2") -> dict[str, Any]:
    (found,) = (one for one in group["criteria"] if one["id"] == criterion)
    return dict(found)
