"""How far assessors of the same case agree: over all questions, by criterion, question and pair of assessors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from omi_rules import __version__
from omi_rules.assess.answers import Gathered, open_gathered
from omi_rules.assess.kappa import Pair, weighted_kappa
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.questions import Question
from omi_rules.scoring.answers import ANSWERS
from omi_rules.scoring.intervals import wilson
from omi_rules.scoring.record import FEW

#: The answers that have an order, from the best; kappa is over pairs in which both are of them.
GRADES = ("excellent", "sufficient", "insufficient", "poor")

METHOD = (
    "Kappa is Cohen's, with linear weights over excellent, sufficient, insufficient and poor, of the pairs in which "
    "both assessors gave one of these four; not applicable and not evidenced have no place on that scale. Its 95% "
    "interval is that of Fleiss, Cohen and Everitt (1969), with the answers about one case taken together. Exactly the "
    "same, and on the same side of the line, are counted over all pairs: excellent and sufficient are above it; "
    "insufficient, poor and not evidenced below; not applicable is outside."
)
NARROW = (
    "The interval is one for large samples: where fewer than 50 cases were assessed twice, it is rather too narrow."
)


@dataclass(frozen=True)
class RatedTwice:
    """A question about a case, with the answers of two assessors: the first is the one that counts."""

    case: str
    question: str
    answers: tuple[str, str]
    assessors: tuple[str, str]

    @property
    def same_side(self) -> bool:
        """Whether both are above the line of sufficiency, both below it, or both outside."""
        first, second = self.answers
        return ANSWERS[first] == ANSWERS[second]


def describe_agreement(folder: Path, rules: Path | None) -> dict[str, Any]:
    """What a folder of answers says about agreement, in lists for every way to look at it; UsageError if it is none."""
    gathered = open_gathered(folder)
    criteria = load_criteria(rules)
    questions = criteria.questions
    judged = {id_: question for id_, question in questions.items() if question.decided_by == "assessor"}
    pairs, left = _pair(gathered, judged)
    disagreements = gathered.disagreements(questions)
    by_question = _by(pairs, [(pair.question,) for pair in pairs])
    described = [
        {"id": id_, "asks": question.asks, "criterion": question.criterion, **_describe(by_question[id_,])}
        for id_, question in judged.items()
        if (id_,) in by_question
    ]
    by_criterion = _by(pairs, [(judged[pair.question].criterion,) for pair in pairs])
    turned = [_turn(pair) for pair in pairs]
    by_assessors = _by(turned, [pair.assessors for pair in turned])
    return {
        "program": {"name": "omi-rules", "version": __version__},
        "sample_id": gathered.sample_id,
        "cases_twice": len({pair.case for pair in pairs}),
        "method": METHOD,
        "few": FEW,
        "all": _describe(pairs),
        "criteria": [
            {"id": criterion.id, "title": criterion.title, **_describe(by_criterion[criterion.id,])}
            for criterion in criteria.criteria.values()
            if (criterion.id,) in by_criterion
        ],
        "questions": described,
        "assessors": [{"assessors": list(names), **_describe(by_assessors[names])} for names in sorted(by_assessors)],
        "most_different": [one["id"] for one in sorted(described, key=_difference) if one["same_side"] < one["pairs"]],
        "answered_by_one": left["one"],
        "other_versions": left["versions"],
        "corrections_of_one": sum(questions[question].decided_by == "rule" for _, question in disagreements),
        "disagreements": len(disagreements),
        "unmoderated": sum(key not in gathered.agreed for key in disagreements),
    }


def _pair(gathered: Gathered, judged: Mapping[str, Question]) -> tuple[list[RatedTwice], dict[str, int]]:
    """Every two answers to a question about a case, and how many questions cannot be compared, and why not."""
    found: dict[tuple[str, str], list[tuple[int, str, str, str]]] = {}
    assessed_by: dict[str, set[str]] = {}
    for (case, question, assessor), rating in gathered.ratings.items():
        assessed_by.setdefault(case, set()).add(assessor)
        if question in judged:
            told = (rating.rating, assessor, rating.answer, rating.version)
            found.setdefault((case, question), []).append(told)
    pairs = []
    left = {"one": 0, "versions": 0}
    for (case, question), ratings in sorted(found.items()):
        left["one"] += len(ratings) == 1 and len(assessed_by[case]) > 1
        for first, second in combinations(sorted(ratings), 2):
            if first[3] == second[3]:
                pairs.append(RatedTwice(case, question, (first[2], second[2]), (first[1], second[1])))
            else:
                left["versions"] += 1
    return pairs, left


def _by(pairs: Iterable[RatedTwice], keys: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], list[RatedTwice]]:
    groups: dict[tuple[str, ...], list[RatedTwice]] = {}
    for key, pair in zip(keys, pairs, strict=True):
        groups.setdefault(key, []).append(pair)
    return groups


def _turn(pair: RatedTwice) -> RatedTwice:
    """The pair with its assessors in order of name: of two people, either may have been the first at times."""
    if pair.assessors[0] <= pair.assessors[1]:
        return pair
    return RatedTwice(pair.case, pair.question, pair.answers[::-1], pair.assessors[::-1])


def _describe(pairs: Sequence[RatedTwice]) -> dict[str, Any]:
    """Counts and shares of a group of pairs, and its kappa.

    Without enough pairs there is no kappa, and without enough cases no interval: `without` says why, half a sentence.
    The interval of a share is Wilson's, and only where each pair is of another case."""
    number, cases = len(pairs), len({pair.case for pair in pairs})
    exact = sum(pair.answers[0] == pair.answers[1] for pair in pairs)
    same_side = sum(pair.same_side for pair in pairs)
    low, high = wilson(same_side, number) if number and cases == number else (None, None)
    return {
        "pairs": number,
        "cases": cases,
        "few": number < FEW,
        "exact": exact,
        "exact_percent": _per_cent(exact, number),
        "same_side": same_side,
        "same_side_percent": _per_cent(same_side, number),
        "same_side_low": None if low is None else round(low * 100, 4),
        "same_side_high": None if high is None else round(high * 100, 4),
        **_describe_kappa(pairs),
    }


def _describe_kappa(pairs: Sequence[RatedTwice]) -> dict[str, Any]:
    graded = [pair for pair in pairs if set(pair.answers) <= set(GRADES)]
    described: dict[str, Any] = {"graded": len(graded), "kappa": None, "kappa_low": None, "kappa_high": None}
    if len(graded) < FEW:
        return {**described, "without": f"fewer than {FEW} pairs of the four answers"}
    kappa = weighted_kappa(
        [Pair(pair.case, GRADES.index(pair.answers[0]), GRADES.index(pair.answers[1])) for pair in graded], len(GRADES)
    )
    if kappa is None:
        return {**described, "without": "both always gave the same one answer"}
    described["kappa"] = round(kappa.value, 4)
    if len({pair.case for pair in graded}) < FEW:
        return {**described, "without": f"no interval, with fewer than {FEW} cases"}
    if not kappa.error:
        return {**described, "without": "no interval, as nothing differs"}
    low, high = kappa.interval
    return {**described, "kappa_low": round(low, 4), "kappa_high": round(high, 4), "without": None}


def _per_cent(part: int, whole: int) -> float | None:
    return round(part * 100 / whole, 4) if whole else None


def _difference(one: Mapping[str, Any]) -> tuple[bool, float, int, str]:
    """What to order by for the most different first: the lower end of the interval of the share on different sides.

    Questions with few pairs come last, whatever their share."""
    least, _ = wilson(one["pairs"] - one["same_side"], one["pairs"])
    return one["few"], -least, one["exact"] - one["pairs"], one["id"]
