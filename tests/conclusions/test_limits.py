import pytest

from omi_rules.conclusions.limits import check_limits
from omi_rules.rulebook.model import Conclusion
from tests.conclusions.making import clue, conclude, conclusions_by_chance, flag, rule


def _sentences(*made: Conclusion) -> list[str]:
    return [str(problem) for problem in check_limits(made)]


def test_ordinary_conclusions_are_within_the_limits() -> None:
    assert _sentences(*conclusions_by_chance(1), *conclusions_by_chance(2, "other-")) == []


def _chained(number: int) -> list[Conclusion]:
    return [
        conclude("f000", [clue("k")]),
        *(conclude(f"f{n:03}", [flag(f"f{n - 1:03}")]) for n in range(1, number)),
    ]


def test_conclusions_at_the_limits_pass() -> None:
    assert _sentences(conclude("a", [clue(f"k{n}") for n in range(16)])) == []
    assert _sentences(*(conclude(f"f{n}", [rule("r", "late"), clue(f"k{n}")]) for n in range(60))) == []
    assert _sentences(*_chained(100)) == []


BEYOND = {
    "no way": ([conclude("a")], "a.yaml  when: state at least one fact that the flag follows from"),
    "no fact": ([conclude("a", [clue("k")], [])], "a.yaml  when_any[1]: state at least one fact"),
    "17 facts": ([conclude("a", [clue(f"k{n}") for n in range(17)])], "when: has 17 facts; at most 16"),
    "a name twice": (
        [conclude("a", [rule("r", "late"), rule("r", "missing")])],
        "when: names the rule r 2 times; name it once",
    ),
    "a long name": ([conclude("a", [clue("k" * 201)])], "when: has a name longer than 200 characters"),
    "no value": ([conclude("a", [rule("r")])], "when: gives the rule r no value; state one"),
    "61 ways": (
        [conclude(f"f{n}", [rule("r", "late"), clue(f"k{n}")]) for n in range(61)],
        "f0.yaml  when: the rule r is named in 61 ways to a flag; at most 60 are allowed",
    ),
    "61 ways by different outcomes": (
        [conclude(f"f{n}", [rule("r", "late" if n % 2 else "missing"), clue("k")]) for n in range(61)],
        "the rule r is named in 61 ways",
    ),
    "101 atoms": (
        [conclude(f"f{n}", [flag("g"), clue(f"k{n}")]) for n in range(50)]
        + [conclude(f"h{n}", [flag("g"), flag("i"), clue(f"m{n}")]) for n in range(10)]
        + [conclude(f"j{n}", [flag("i"), clue(f"n{n}")]) for n in range(41)],
        "this and the 100 conclusions connected with it have 101 facts; at most 100 are allowed",
    ),
    "101 conclusions": (
        _chained(101),
        "f000.yaml  when: this and the 100 conclusions connected with it have 101",
    ),
    "401 ways": (
        [conclude("a", *([clue(f"k{n % 20}"), clue(f"m{n // 20}")] for n in range(401)))],
        "have 401 ways; at most 400",
    ),
}


@pytest.mark.parametrize(("made", "sentence"), BEYOND.values(), ids=BEYOND.keys())
def test_conclusions_beyond_a_limit_are_problems(made: list[Conclusion], sentence: str) -> None:
    assert any(sentence in line for line in _sentences(*made)), _sentences(*made)
