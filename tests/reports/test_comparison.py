"""The comparison with the report, on scores made by hand."""

from dataclasses import replace
from typing import Any

import pytest

from omi_rules.reports.comparison import compare_questions, show_comparison
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.questions import Criteria, Figure

CRITERIA = load_criteria()


def small(published: int | None = 60, note: str = "", **figures: Figure | None) -> Criteria:
    """Criterion 2.7 with a few of its questions, which have these figures: q1 is 2.7.01."""
    criterion = CRITERIA.criteria["2.7"]
    questions = tuple(
        replace(question, figure=figures[f"q{number}"], risk_of_harm_thread=True)
        for number, question in enumerate(criterion.questions, 1)
        if f"q{number}" in figures
    )
    one = replace(criterion, questions=questions, published_score=published, note=note)
    return Criteria(criteria={"2.7": one}, targets={}, scoring=CRITERIA.scoring)


def found(question: str, sufficient: int, insufficient: int) -> dict[str, Any]:
    relevant = sufficient + insufficient
    return {
        "id": question,
        "sufficient": sufficient,
        "insufficient": insufficient,
        "relevant": relevant,
        "percent": 100 * sufficient / relevant if relevant else None,
    }


def score(*questions: dict[str, Any], summary: float | None = None, withheld: str | None = None) -> dict[str, Any]:
    """A score with these questions, weighted as the criterion says."""
    shares = [one["percent"] for one in questions if one["percent"] is not None]
    mean = sum(shares) / len(shares) if shares else 0.0
    whole = mean if summary is None else 0.8 * mean + 0.2 * summary
    rounded = None if withheld else int(whole + 0.5)
    counted = [one["id"] for one in questions if one["percent"] is not None]
    average = {"rounded": rounded, "counted": counted, "withheld": withheld}
    criterion = {"id": "2.7", "questions_percent": mean, "summary_percent": summary, **average}
    said = ["Areas must not be compared."]
    return {"questions": list(questions), "criteria": [criterion], "thread": average, "says": said}


def percent(number: int) -> Figure:
    return Figure(printed=f"{number}%", percent=number)


def difference(figure: Figure | None, sufficient: int, insufficient: int) -> tuple[str, bool | None]:
    line = compare_questions(score(found("2.7.01", sufficient, insufficient)), small(q1=figure))[0]
    return line.difference, line.agrees


@pytest.mark.parametrize(
    ("sufficient", "insufficient", "expected"),
    [
        (825, 175, ("none", True)),  # a half is rounded up
        (834, 166, ("none", True)),
        (824, 176, ("-1", False)),
        (835, 165, ("+1", False)),
        (0, 0, ("not answered", False)),
    ],
)
def test_share_agrees_after_rounding(sufficient: int, insufficient: int, expected: tuple[str, bool]) -> None:
    assert difference(percent(83), sufficient, insufficient) == expected


@pytest.mark.parametrize(
    ("sufficient", "insufficient", "expected"),
    [
        (9, 2, ("none", True)),
        (8, 3, ("-9 (counts)", False)),
        (18, 4, ("+0 (counts)", False)),
    ],
)
def test_counts_agree_only_as_counts(sufficient: int, insufficient: int, expected: tuple[str, bool]) -> None:
    figure = Figure(printed="9 of 11", percent=82, sufficient=9, of=11)
    assert difference(figure, sufficient, insufficient) == expected


@pytest.mark.parametrize(
    ("bound", "sufficient", "expected"),
    [
        ("more_than", 51, ("within bound", True)),
        ("more_than", 50, ("OUTSIDE BOUND", False)),
        ("less_than", 49, ("within bound", True)),
        ("less_than", 50, ("OUTSIDE BOUND", False)),
    ],
)
def test_bound_is_kept_inside_and_not_at_it(bound: Any, sufficient: int, expected: tuple[str, bool]) -> None:
    figure = Figure(printed="half", percent=50, bound=bound)
    assert difference(figure, sufficient, 100 - sufficient) == expected


def test_number_not_sufficient_agrees_whatever_it_is_out_of() -> None:
    figure = Figure(printed="14 inaccurate", insufficient=14)
    assert difference(figure, 3, 14) == ("none", True)
    assert difference(figure, 3, 16) == ("+2 not sufficient", False)


@pytest.mark.parametrize("figure", [None, Figure(printed="only a few")])
def test_what_is_not_printed_agrees_with_nothing(figure: Figure | None) -> None:
    assert difference(figure, 1, 1) == ("not printed", None)
    assert difference(figure, 0, 0) == ("not answered", None)


def told(scored: dict[str, Any], criteria: Criteria) -> str:
    """The part about the criterion, as one line."""
    lines = show_comparison(scored, criteria)
    first = next(number for number, line in enumerate(lines) if line.startswith("2.7 "))
    last = next(
        number for number, line in enumerate(lines) if CRITERIA.scoring and CRITERIA.scoring.thread.title in line
    )
    return " ".join(" ".join(lines[first:last]).split())


def test_score_that_agrees_needs_no_explanation() -> None:
    assert told(score(found("2.7.01", 6, 4)), small(q1=percent(60))) == "2.7 Diversity issues 60% 60% none"


def test_score_that_the_summary_question_can_explain_says_at_which_share() -> None:
    assert told(score(found("2.7.01", 7, 3)), small(q1=percent(70))) == (
        "2.7 Diversity issues 60% 70% +10 The average of the 1 question whose share is printed is 70%. "
        "The summary question, which weighs 20%, is not printed. At 20% it would give 60%."
    )


def test_score_that_the_open_questions_can_explain_says_how() -> None:
    scored = score(found("2.7.01", 8, 2), found("2.7.02", 10, 0))
    criteria = small(q1=percent(80), q2=Figure(printed="not quantified"))
    assert told(scored, criteria) == (
        "2.7 Diversity issues 60% 90% +30 The average of the 1 question whose share is printed is 80%; "
        "left open is 2.7.02. The summary question, which weighs 20%, is not printed. It would not be enough alone. "
        "If it and the questions left open were all 47%, the score would be 60%."
    )


def test_score_that_nothing_can_explain_says_so() -> None:
    assert told(score(found("2.7.01", 10, 0)), small(q1=percent(100))).endswith(
        "It would not be enough alone. The published score cannot be reached from the printed figures: "
        "it rests on others."
    )


def test_open_questions_that_agree_already_are_said_to_be_open() -> None:
    scored = score(found("2.7.01", 6, 4), found("2.7.02", 9, 1))
    assert "is 60%, as published; left open is 2.7.02." in told(
        scored, small(q1=percent(60), q2=Figure(printed="all but 1", insufficient=1))
    )


def test_score_with_answers_to_the_summary_question_says_so() -> None:
    scored = score(found("2.7.01", 7, 3), summary=100.0)
    assert told(scored, small(q1=percent(70))).endswith(
        "76% +16 The average of the 1 question whose share is printed is 70%. "
        "Answers to the summary question are in it, which the report does not print."
    )


def test_score_that_is_withheld_says_why() -> None:
    scored = score(found("2.7.01", 0, 0), withheld="no question has a relevant case")
    assert told(scored, small(q1=percent(70))).endswith("withheld - Withheld: no question has a relevant case.")


def test_score_that_is_not_printed_gives_the_criterions_note() -> None:
    assert told(score(found("2.7.01", 7, 3)), small(None, "It was a chart.", q1=percent(70))).endswith(
        "- 70% not printed It was a chart."
    )


def test_thread_says_what_is_inferred_and_what_is_open() -> None:
    scored = score(found("2.7.01", 8, 2), found("2.7.02", 10, 0))
    criteria = small(q1=percent(80), q2=Figure(printed="not quantified"))
    text = " ".join(" ".join(show_comparison(scored, criteria)).split())
    assert (
        "Risk of Harm thread 64% 90% +26 Which questions belong to the thread is inferred: the report does not print "
        "them. Of the 2 taken, 1 has no printed share, or only a bound: 2.7.02. The others average 80%. "
        "If they were all 48%, the thread would be 64%."
    ) in text


def test_thread_of_which_no_share_is_printed_has_no_average() -> None:
    criteria = small(q1=Figure(printed="not quantified"))
    text = " ".join(" ".join(show_comparison(score(found("2.7.01", 8, 2)), criteria)).split())
    assert "2.7.01. If they were all 64%, the thread would be 64%." in text


def test_thread_that_open_questions_cannot_explain_says_so() -> None:
    scored = score(*(found(f"2.7.0{number}", 10, 0) for number in (1, 2, 3)))
    criteria = small(q1=percent(100), q2=percent(100), q3=Figure(printed="not quantified"))
    assert "They cannot make up the difference." in " ".join(show_comparison(scored, criteria))


def test_thread_of_a_rulebook_without_scoring_is_not_shown() -> None:
    criteria = replace(small(q1=percent(60)), scoring=None)
    assert not any("thread" in line for line in show_comparison(score(found("2.7.01", 6, 4)), criteria))


def test_comparison_says_what_has_to_be_said_with_every_score() -> None:
    assert "Areas must not be compared." in show_comparison(score(found("2.7.01", 6, 4)), small(q1=percent(60)))
