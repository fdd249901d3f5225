"""Section 4 on the page of a terminal."""

from typing import Any

from omi_rules.reports.leadership_text import EXPLAINED, show_leadership
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.scoring.leadership import LeadershipAnswer, record_leadership


def section_4() -> list[dict[str, Any]]:
    answers = [
        LeadershipAnswer("4.1", "", "satisfactorily met", "On balance."),
        LeadershipAnswer("4.1", "4.1.01", "strength", ""),
        LeadershipAnswer("4.1", "4.1.11", "area for improvement", "OASys\x1b is slow."),
        LeadershipAnswer("4.1", "4.1.02", "not looked at", ""),
    ]
    return record_leadership(answers, load_criteria())


def test_levels_are_said_to_be_those_that_people_gave() -> None:
    lines = show_leadership(section_4())

    assert " ".join(lines).startswith(EXPLAINED)
    rows = [line.split() for line in lines if line.startswith("4.")]
    assert rows[0][-6:] == ["satisfactorily", "met", "1", "1", "1", "8"]
    assert rows[1][-6:] == ["not", "given", "0", "0", "0", "8"]
    assert max(map(len, lines)) <= 80


def test_areas_for_improvement_are_listed_on_request_with_their_evidence() -> None:
    short, long = show_leadership(section_4()), show_leadership(section_4(), verbose=True)

    assert long[: len(short)] == short
    assert long[len(short) :] == [
        "Areas for improvement:",
        "- 4.1.11 Do the computer systems let staff record promptly and work efficiently?",
        "  OASys? is slow.",
    ]
    assert max(map(len, long)) <= 80


def test_without_levels_there_is_nothing_to_show() -> None:
    assert show_leadership([], verbose=True) == []
