"""Published figures beside those of a run of so many cases of each outcome, as the tests of reconciling have them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from omi_rules.data.store import Store, create_from, open_store
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.load import load_rulebook
from omi_rules.scoring.answers import Answer, store_answers
from omi_rules.scoring.published import load_published
from omi_rules.scoring.reconcile import WHOLE_RUN, Book, reconcile_figures
from omi_rules.scoring.tally import create_results, tally_questions

CRITERIA = load_criteria()
RULES = load_rulebook().rules
TARGET = "high-roh-assessed-and-planned"
QUESTION, ITS_RULE = "1.2.20", "risk-management-plan-on-time"


@contextmanager
def stored(
    outcomes: Mapping[str, int], rule: str, answers: Sequence[Answer] = (), *, counted: int | None = None
) -> Iterator[Store]:
    """A run with so many cases of each outcome, of which the first ones count: all, unless their number is given."""
    words = [outcome for outcome, number in outcomes.items() for _ in range(number)]
    rows = [
        {
            "case_id": f"C{number:03}",
            "rule": rule,
            "outcome": outcome,
            "reason": f"It is {outcome}.",
            # by turns within April and on the day before it
            "due_on": ("2006-03-31", "2006-04-30")[number % 2],
        }
        for number, outcome in enumerate(words, 1)
    ]
    with open_store() as store:
        types = dict.fromkeys(("case_id", "rule", "outcome", "reason"), "VARCHAR") | {"due_on": "DATE"}
        create_from(store, "run_outcomes", types, rows)
        create_from(store, "run_cases", {"case_id": "VARCHAR"}, rows)
        create_from(store, "outcomes", types, rows[:counted])
        create_from(store, "cases", {"case_id": "VARCHAR"}, rows[:counted])
        store.execute("""CREATE TABLE measures AS
            SELECT case_id, 'appointments-attended' AS measure, DATE '2006-04-01' AS "on", amount
            FROM (VALUES ('C001', 1.0), ('C002', 0.0), ('C003', NULL), ('Z9', 1.0)) amounts (case_id, amount)""")
        store_answers(store, list(answers), CRITERIA.questions)
        create_results(store, CRITERIA.questions.values())
        yield store


def reconciled(
    folder: Path,
    text: str,
    outcomes: Mapping[str, int],
    rule: str = TARGET,
    answers: Sequence[Answer] = (),
    counted: int | None = None,
    **lists: str,
) -> list[dict[str, Any]]:
    file = folder / "published.yaml"
    file.write_text(text, encoding="utf-8")
    for name, rows in lists.items():
        (folder / f"{name}.csv").write_text(rows, encoding="utf-8")
    ran = frozenset([rule])
    with stored(outcomes, rule, answers, counted=counted) as store:
        published = load_published(file, CRITERIA, RULES)
        tallies = tally_questions(store, CRITERIA.questions.values(), ran, frozenset(), sum(outcomes.values()))
        book = Book(CRITERIA, RULES, ran)
        basis = WHOLE_RUN if counted is None else "the cases that the answers are about"
        return reconcile_figures(store, published, book, tallies, basis)


def one(of: str, figure: str, *more: str) -> str:
    lines = [f"of: {{{of}}}", f"figure: {{{figure}}}", "by: us", "period: {printed: then}", "definition: Ours.", *more]
    return "figures:\n  - " + "\n    ".join(lines) + "\n"


def readings(entry: Mapping[str, Any]) -> dict[str, tuple[int, int, bool]]:
    return {one["reading"]: (one["sufficient"], one["relevant"], one["agrees"]) for one in entry["readings"]}
