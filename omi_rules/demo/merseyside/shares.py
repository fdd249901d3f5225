"""How many of so many cases have to be sufficient, so that the figure comes out as the report prints it."""

from dataclasses import dataclass

from omi_rules.rulebook.questions import Criteria, Figure


@dataclass(frozen=True)
class Share:
    """So many sufficient cases of so many relevant ones."""

    sufficient: int
    relevant: int


def share_of(figure: Figure | None, cases: int) -> Share | None:
    """The share that the figure asks for among at most so many cases; None where it prints none.

    Printed counts are taken as they are. A bound is kept by the nearest whole number of cases inside it. Where no
    whole number of all cases rounds to the printed per cent, the largest number of relevant cases is taken of which
    one does: the report too leaves out cases to which a question does not apply.
    """
    if figure is None:
        return None
    if figure.sufficient is not None and figure.of is not None:
        return Share(figure.sufficient, figure.of)
    if figure.insufficient is not None:
        return Share(cases - figure.insufficient, cases)
    if figure.percent is None:
        return None
    if figure.bound == "more_than":
        return Share(figure.percent * cases // 100 + 1, cases)
    if figure.bound == "less_than":
        return Share(-(-figure.percent * cases // 100) - 1, cases)
    return _rounded_share(figure.percent, cases)


def _rounded_share(percent: int, cases: int) -> Share | None:
    for relevant in range(cases, 0, -1):
        sufficient = (2 * percent * relevant + 100) // 200
        if 2 * abs(100 * sufficient - percent * relevant) < relevant:
            return Share(sufficient, relevant)
    return None


def sufficient_of(criteria: Criteria, question: str, cases: int) -> int:
    """How many of exactly so many cases have to be sufficient; ValueError if no number of them agrees."""
    share = share_of(criteria.questions[question].figure, cases)
    if share is None or share.relevant != cases:
        raise ValueError(f"The printed figure of question {question} is no share of {cases} cases.")
    return share.sufficient
