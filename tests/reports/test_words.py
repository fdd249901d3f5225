"""Dates, counts, shares, and lines that fit."""

from datetime import date

import pytest

from omi_rules.reports.columns import align
from omi_rules.reports.words import count, english_date, folded, listed, printable, share, shortened


@pytest.mark.parametrize("day", ["2006-11-30", date(2006, 11, 30)])
def test_date_is_written_in_english(day: date | str) -> None:
    assert english_date(day) == "30 November 2006"


def test_no_date_is_said_so() -> None:
    assert english_date(None) == "no date"


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0 cases"), (1, "1 case"), (2, "2 cases"), (10359, "10,359 cases")]
)
def test_count_takes_its_noun(number: int, expected: str) -> None:
    assert count(number, "case") == expected


@pytest.mark.parametrize(
    ("part", "expected"),
    [(None, "-"), (0.0, "0%"), (0.0001, "1%"), (0.584, "58%"), (0.9999, "99%"), (1.0, "100%")],
)
def test_share_is_all_or_none_only_where_it_is(part: float | None, expected: str) -> None:
    assert share(part) == expected


@pytest.mark.parametrize(
    ("words", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")]
)
def test_words_are_listed_in_english(words: list[str], expected: str) -> None:
    assert listed(words, "or") == expected


@pytest.mark.parametrize("letter", ["\x1b", "\x00", "\x9b", "\r", "\u202e", "\ud800"])
def test_letters_that_steer_a_terminal_are_not_printed(letter: str) -> None:
    assert printable(f"a{letter}b\nc") == "a?b\nc"


def test_long_sentence_is_folded_at_80_columns() -> None:
    lines = folded("word " * 100, "     ", "  1. ")

    assert lines[0].startswith("  1. word")
    assert all(line.startswith("     word") for line in lines[1:])
    assert max(map(len, lines)) <= 80


def test_long_cell_is_shortened_with_an_ellipsis() -> None:
    assert shortened("risk-management-plan-on-time", 10) == "risk-mana…"


def test_table_gives_way_in_one_column_only() -> None:
    lines = align(["Rule", "Cases"], [["x" * 100, "1,234"], ["short", "5"]], right=(1,))

    assert [len(line) for line in lines] == [80, 80, 80]
    assert lines[1].endswith("…  1,234")
    assert lines[2].endswith("      5")
