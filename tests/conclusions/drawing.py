"""Conclusions that hypothesis draws, of the permitted form."""

from hypothesis import strategies as st

from omi_rules.rulebook.model import OUTCOMES, Conclusion, Fact
from tests.conclusions.making import clue, conclude, flag, rule


@st.composite
def conclusions(draw: st.DrawFn, prefix: str = "") -> list[Conclusion]:
    """Up to eight conclusions over a few rules and clues; a flag builds only on flags before it."""
    made: list[Conclusion] = []
    for place in range(draw(st.integers(1, 8))):
        ways = []
        for _ in range(draw(st.integers(1, 3))):
            facts: dict[tuple[str, str], Fact] = {}
            for _ in range(draw(st.integers(1, 4))):
                fact = draw(_facts(prefix, place))
                facts[fact.kind, fact.name] = fact
            ways.append(tuple(facts.values()))
        made.append(conclude(f"{prefix}flag-{place}", *ways))
    return made


def _facts(prefix: str, flags: int) -> st.SearchStrategy[Fact]:
    outcomes = st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=4, unique=True)
    rules = st.builds(lambda n, o: rule(f"{prefix}rule-{n}", *o), st.integers(0, 5), outcomes)
    clues = st.builds(lambda n, is_: clue(f"{prefix}clue-{n}", is_), st.integers(0, 5), st.booleans())
    if not flags:
        return rules | clues
    return rules | clues | st.integers(0, flags - 1).map(lambda n: flag(f"{prefix}flag-{n}"))
