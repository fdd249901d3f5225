"""The figures of the report beside those recomputed, and why a published score is not reached.

What the report prints is read from the criteria of the rulebook, what was recomputed from a score as score.json holds
it. Nothing else is known here: another case, another answer, another line.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from omi_rules.reports.words import count, folded, listed, shortened, whole
from omi_rules.rulebook.questions import Criteria, Criterion, Figure, Question

_SAME, _NOT_PRINTED, _NOT_ANSWERED = "none", "not printed", "not answered"
_WITHIN, _OUTSIDE = "within bound", "OUTSIDE BOUND"
_SIGNS = {"more_than": ">", "less_than": "<", None: ""}
#: The columns: question, in the report, that as a share, recomputed counts and share, difference.
_ROW = "{:<7} {:<29} {:>5}   {:>7} {:>5}   {}"
_CRITERION_ROW = "{:<4} {:<34} {:>9}   {:>10}   {}"
#: A published score is whole: it stands for half a point on both sides.
_HALF = 0.5


@dataclass(frozen=True)
class Compared:
    """A question's figure in the report and recomputed; `agrees` is None where the report prints no number."""

    question: str
    in_report: str
    as_share: str
    counts: str
    share: str
    difference: str
    agrees: bool | None


def compare_questions(score: Mapping[str, Any], criteria: Criteria) -> list[Compared]:
    """Every question of the score beside its figure, in the order of the score."""
    return [_compare(criteria.questions[found["id"]], found) for found in score["questions"]]


def _compare(question: Question, found: Mapping[str, Any]) -> Compared:
    figure = question.figure
    difference, agrees = _difference(figure, found)
    return Compared(
        question=question.id,
        in_report=figure.printed if figure else _NOT_PRINTED,
        as_share=f"{_SIGNS[figure.bound]}{figure.percent}%" if figure and figure.percent is not None else "-",
        counts=f"{found['sufficient']}/{found['relevant']}" if found["relevant"] else "-",
        share=whole(found["percent"]),
        difference=difference,
        agrees=agrees,
    )


def _difference(figure: Figure | None, found: Mapping[str, Any]) -> tuple[str, bool | None]:
    if figure is None or not _has_number(figure):
        return (_NOT_PRINTED if found["relevant"] else _NOT_ANSWERED), None
    if not found["relevant"]:
        return _NOT_ANSWERED, False
    if figure.insufficient is not None:
        more = found["insufficient"] - figure.insufficient
        return (f"{more:+} not sufficient" if more else _SAME), not more
    if figure.sufficient is not None:
        same = (found["sufficient"], found["relevant"]) == (figure.sufficient, figure.of)
        return (_SAME if same else f"{_points(figure, found)} (counts)"), same
    if figure.bound:
        below, above = found["percent"] < (figure.percent or 0), found["percent"] > (figure.percent or 0)
        within = above if figure.bound == "more_than" else below
        return (_WITHIN if within else _OUTSIDE), within
    points = _points(figure, found)
    return (_SAME if points == "+0" else points), points == "+0"


def _has_number(figure: Figure) -> bool:
    return figure.percent is not None or figure.insufficient is not None


def _points(figure: Figure, found: Mapping[str, Any]) -> str:
    return f"{_rounded(found['percent']) - (figure.percent or 0):+}"


def _rounded(percent: float) -> int:
    """In whole per cent, a half rounded up, as the report prints it."""
    return int(percent + _HALF)


def show_comparison(score: Mapping[str, Any], criteria: Criteria) -> list[str]:
    """The lines of the comparison: questions, criteria, and the Risk of Harm thread."""
    compared = compare_questions(score, criteria)
    return [
        *_show_questions(compared),
        "",
        *_show_criteria(score, criteria, compared),
        *_show_thread(score, criteria, compared),
        "",
        *(line for sentence in score["says"] for line in folded(sentence)),
        "",
        *_show_outcome(compared),
    ]


def _show_questions(compared: Sequence[Compared]) -> Iterator[str]:
    yield from folded(
        "In the report: what is printed, and that as the share of sufficient cases. Recomputed: sufficient of "
        "relevant cases, and their share. Difference: none where the counts are the same, or the shares after "
        "rounding; within bound where the report gives only a bound; not printed where it gives no number, and "
        "not answered where nothing could be answered without making it up."
    )
    yield ""
    yield _ROW.format("", "In the report", "", "Recomputed", "", "Difference").rstrip()
    for line in compared:
        cells = (line.question, shortened(line.in_report, 29), line.as_share, line.counts, line.share, line.difference)
        yield _ROW.format(*cells)


def _show_criteria(score: Mapping[str, Any], criteria: Criteria, compared: Sequence[Compared]) -> Iterator[str]:
    yield _CRITERION_ROW.format("", "Score of the criterion", "In report", "Recomputed", "Difference")
    for found in score["criteria"]:
        criterion = criteria.criteria[found["id"]]
        published, rounded = criterion.published_score, found["rounded"]
        yield _score_row(criterion.id, criterion.title, published, rounded)
        for sentence in _why(criterion, found, criteria, compared):
            yield from folded(sentence, "     ")


def _score_row(id_: str, title: str, published: int | None, rounded: int | None) -> str:
    told = "-" if published is None else f"{published}%"
    recomputed = "withheld" if rounded is None else f"{rounded}%"
    difference = _NOT_PRINTED
    if published is not None:
        difference = "-" if rounded is None else _SAME if rounded == published else f"{rounded - published:+}"
    return _CRITERION_ROW.format(id_, shortened(title, 34), told, recomputed, difference)


def _why(
    criterion: Criterion, found: Mapping[str, Any], criteria: Criteria, compared: Sequence[Compared]
) -> Iterator[str]:
    """Why the recomputed score is not the published one, as far as the figures that are not printed leave it open."""
    published = criterion.published_score
    if published is None:
        yield criterion.note or "The score is not printed."
        return
    if found["withheld"]:
        yield f"Withheld: {found['withheld']}."
    if found["rounded"] in (published, None) or criterion.weights is None:
        return
    open_, fixed = _open_and_fixed(compared, criteria, criterion.id, set(found["counted"]))
    yield _average_words(open_, fixed, published)
    if found["summary_percent"] is not None:
        yield "Answers to the summary question are in it, which the report does not print."
        return
    questions, summary = criterion.weights.questions / 100, criterion.weights.summary / 100
    told = f"The summary question, which weighs {criterion.weights.summary}%, is not printed."
    needed = _within((published - questions * found["questions_percent"]) / summary, _HALF / summary)
    if needed is not None:
        yield f"{told} At {needed}% it would give {published}%."
        return
    yield f"{told} It would not be enough alone."
    if open_:
        number = len(open_) + len(fixed)
        slope = questions * len(open_) / number + summary
        needed = _within((published - questions * sum(fixed) / number) / slope, _HALF / slope)
        if needed is not None:
            yield f"If it and the questions left open were all {needed}%, the score would be {published}%."
            return
    yield "The published score cannot be reached from the printed figures: it rests on others."


def _average_words(open_: Sequence[str], fixed: Sequence[float], published: int) -> str:
    average = "No share is printed"
    if fixed:
        mean = _rounded(sum(fixed) / len(fixed))
        average = f"The average of the {count(len(fixed), 'question')} whose share is printed is {mean}%"
        average += ", as published" if mean == published else ""
    return f"{average}; left open {'is' if len(open_) == 1 else 'are'} {listed(open_)}." if open_ else f"{average}."


def _open_and_fixed(
    compared: Sequence[Compared], criteria: Criteria, criterion: str, counted: set[str]
) -> tuple[list[str], list[float]]:
    """The questions that the report leaves open, and the shares in per cent of those that it prints."""
    open_, fixed = [], []
    for line in compared:
        question = criteria.questions[line.question]
        if question.is_summary or question.criterion != criterion:
            continue
        if _is_open(question):
            open_.append(question.id)
        elif question.id in counted:
            fixed.append(_share(line))
    return open_, fixed


def _is_open(question: Question) -> bool:
    figure = question.figure
    return figure is None or figure.percent is None or figure.bound is not None


def _share(line: Compared) -> float:
    sufficient, relevant = line.counts.split("/")
    return 100 * int(sufficient) / int(relevant)


def _within(needed: float, slack: float) -> int | None:
    """A share in whole per cent that is possible and within the slack of what is needed; None if there is none."""
    nearest = min(max(needed, 0), 100)
    return round(nearest) if abs(nearest - needed) <= slack else None


def _show_thread(score: Mapping[str, Any], criteria: Criteria, compared: Sequence[Compared]) -> Iterator[str]:
    if criteria.scoring is None:
        return
    thread, found = criteria.scoring.thread, score["thread"]
    published = thread.published_score
    yield _score_row("", thread.title, published, found["rounded"])
    if published is None or found["rounded"] in (published, None):
        return
    marked = [
        line
        for line in compared
        if (question := criteria.questions[line.question]).risk_of_harm_thread and question.section in thread.sections
    ]
    open_ = [line.question for line in marked if _is_open(criteria.questions[line.question])]
    fixed = [_share(line) for line in marked if line.question not in open_ and line.question in found["counted"]]
    yield from folded(_thread_words(len(marked), open_, fixed), "     ")
    if not open_:
        return
    number = len(open_) + len(fixed)
    needed = _within((number * published - sum(fixed)) / len(open_), _HALF * number / len(open_))
    told = f"If they were all {needed}%, the thread would be {published}%."
    yield from folded(told if needed is not None else "They cannot make up the difference.", "     ")


def _thread_words(marked: int, open_: Sequence[str], fixed: Sequence[float]) -> str:
    sentences = [
        "Which questions belong to the thread is inferred: the report does not print them.",
        f"Of the {marked} taken, {len(open_)} {'has' if len(open_) == 1 else 'have'} no printed share, or only a bound",
    ]
    sentences[1] += f": {listed(open_)}." if open_ else "."
    if fixed:
        sentences.append(f"The others average {_rounded(sum(fixed) / len(fixed))}%.")
    return " ".join(sentences)


def _show_outcome(compared: Sequence[Compared]) -> list[str]:
    printed = [line for line in compared if line.agrees is not None]
    differing = [line.question for line in printed if not line.agrees]
    sentence = f"{len(printed) - len(differing)} of {count(len(printed), 'question')} with a printed figure agree."
    return folded(f"{sentence} Not: {listed(differing)}." if differing else sentence)
