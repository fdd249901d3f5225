"""How many cases each question found sufficient, insufficient or undecided."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from omi_rules.data.store import Store, create_from
from omi_rules.rulebook.model import INSUFFICIENT
from omi_rules.rulebook.questions import Question


@dataclass(frozen=True)
class Counts:
    """Cases by what was found; `unknown` are those for which it cannot be told, or nobody has answered."""

    sufficient: int = 0
    insufficient: int = 0
    due: int = 0
    unknown: int = 0
    outside: int = 0

    @property
    def relevant(self) -> int:
        """The cases in which it is decided: n of this N is the question's figure."""
        return self.sufficient + self.insufficient

    @property
    def undecided(self) -> int:
        """Due, or unknown."""
        return self.due + self.unknown

    @property
    def share(self) -> Fraction | None:
        """Sufficient of relevant; None where nothing is decided."""
        return Fraction(self.sufficient, self.relevant) if self.relevant else None

    @property
    def bounds(self) -> tuple[Fraction, Fraction] | None:
        """The share if everything unknown were insufficient, and if all of it were sufficient."""
        whole = self.relevant + self.unknown
        if not whole:
            return None
        return Fraction(self.sufficient, whole), Fraction(self.sufficient + self.unknown, whole)

    def with_unanswered(self, cases: int) -> "Counts":
        """The same, with every case of so many that nobody has answered for among the unknown."""
        return replace(self, unknown=cases - self.relevant - self.outside)

    @property
    def is_decided(self) -> bool:
        """Whether something is decided, and at least as much as is unknown."""
        return bool(self.relevant) and self.relevant >= self.unknown


@dataclass(frozen=True)
class Tally:
    """One question with its counts; `machine` are a rule's own counts where an assessor has corrected some.

    `answers_alone` is whether only assessors decide it: no rule does, or its rule is not in the run or could not run.
    """

    question: Question
    counts: Counts
    corrected: int = 0
    machine: Counts | None = None
    #: why nothing could be counted: a sentence without its full stop
    without: str = ""
    answers_alone: bool = False


_NOTHING = Counts()
#: The count that each outcome of a rule goes to. A rule that failed gives none: an `error` is in no count.
_COUNT = {
    "met": "sufficient",
    **dict.fromkeys(INSUFFICIENT, "insufficient"),
    "due": "due",
    "unknown": "unknown",
    "excluded": "outside",
    "not_applicable": "outside",
}


def create_results(store: Store, questions: Iterable[Question], failed: frozenset[str] = frozenset()) -> None:
    """Create the view `results`: case_id, question and result, the word of the count that it goes to.

    Rules and assessors side by side; where an assessor corrects a rule, the correction stands. Cases that nobody
    has answered for have no row, nor has what a rule that `failed` found. Needs `outcomes` and `answered`.
    """
    deciding = [
        {"rule": question.rule, "question": question.id}
        for question in questions
        if question.rule and question.rule not in failed
    ]
    create_from(store, "deciding", {"rule": "VARCHAR", "question": "VARCHAR"}, deciding)
    counted = [{"outcome": outcome, "result": result} for outcome, result in _COUNT.items()]
    create_from(store, "counted_as", {"outcome": "VARCHAR", "result": "VARCHAR"}, counted)
    store.execute("""CREATE VIEW found_by_rules AS
        SELECT o.case_id, d.question, c.result FROM outcomes o
        JOIN deciding d ON o.rule::VARCHAR = d.rule JOIN counted_as c ON o.outcome::VARCHAR = c.outcome""")
    store.execute("""CREATE VIEW results AS
        SELECT * FROM found_by_rules f WHERE (f.case_id, f.question) NOT IN (SELECT case_id, question FROM answered)
        UNION ALL
        SELECT case_id, question, CASE WHEN outside THEN 'outside' WHEN sufficient THEN 'sufficient'
            ELSE 'insufficient' END FROM answered""")


def tally_questions(
    store: Store, questions: Iterable[Question], rules: frozenset[str], failed: frozenset[str], cases: int
) -> list[Tally]:
    """Every question with its counts over all cases, of which there are `cases`; needs `results`.

    `rules` are those whose outcomes the run holds, `failed` those that could not run.
    """
    results = _counts(store, "SELECT question, result, count(*) FROM results GROUP BY ALL")
    # who confirms what the rule found corrects nothing
    corrections = store.execute("""SELECT r.question, count(*) FROM results r JOIN found_by_rules f
        ON f.case_id = r.case_id AND f.question = r.question AND f.result <> r.result GROUP BY ALL""")
    corrected: dict[str, int] = dict(corrections.fetchall())
    machine = _counts(store, "SELECT question, result, count(*) FROM found_by_rules GROUP BY ALL")

    def tally(question: Question) -> Tally:
        counts = results.get(question.id, _NOTHING)
        if question.rule is None:
            without = _NOBODY
        elif question.rule not in rules:
            without = f"the run does not hold its rule {question.rule}"
        elif question.rule in failed:
            without = f"its rule {question.rule} could not run"
        else:
            changed = corrected.get(question.id, 0)
            return Tally(question, counts, changed, machine[question.id] if changed else None)
        told = counts.relevant + counts.outside
        whole = counts.with_unanswered(cases)
        return Tally(question, whole, without="" if told else without, answers_alone=True)

    return [tally(question) for question in questions]


_NOBODY = "nobody has answered it"


def _counts(store: Store, query: str) -> dict[str, Counts]:
    """Counts by the first column of a query that gives a name, a result and how often there is one."""
    sums: dict[str, dict[str, int]] = {}
    for name, result, number in store.execute(query).fetchall():
        sums.setdefault(name, {})[result] = number
    return {name: Counts(**counts) for name, counts in sums.items()}
