"""Questions and criteria of the inspection on the page of a terminal."""

from collections.abc import Iterator, Sequence

from omi_rules.authoring.rule_words import cases_words
from omi_rules.cli.page_text import Section, page
from omi_rules.explain.words import source_in_words
from omi_rules.reports.terminal import Paint, paint_colour, paint_plain
from omi_rules.reports.words import folded, listed
from omi_rules.rulebook.model import Rulebook
from omi_rules.rulebook.questions import Criteria, Criterion, Figure, Point, Question

_INDENT = 8
_BOUNDS = {"more_than": "more than ", "less_than": "less than "}


def show_question(question: Question, criteria: Criteria, book: Rulebook, colour: bool) -> list[str]:
    """The lines that `rules show 1.2.20` prints."""
    title = criteria.criteria[question.criterion].title
    stands = [question.id, f"criterion {question.criterion} ({title})"]
    if question.recommendations:
        stands.append(_recommendations(question.recommendations))
    if question.risk_of_harm_thread:
        stands.append("Risk of Harm thread")
    about = [f"{_sentence(question.about)}."]
    if question.population:
        about.append(f"As far as the export can tell: {cases_words(question.population)}")
    figure = question.figure
    sections: list[Section] = [
        ("About", about),
        ("Decided by", [f"{_sentence(_decider(question))}{_title_of_rule(question.rule, book)}."]),
        ("What the inspection found", [f"{figure_words(figure)}.", figure.note] if figure else []),
        ("Note", [question.note]),
        ("Source", [f"{source_in_words(question.source, book)}."]),
    ]
    return list(page(question.asks, f"{', '.join(stands)}.", sections, paint_colour if colour else paint_plain))


def show_criterion(criterion: Criterion, book: Rulebook, colour: bool) -> list[str]:
    """The lines that `rules show 1.2` prints."""
    paint = paint_colour if colour else paint_plain
    sections: list[Section] = [
        ("About", [criterion.describes, criterion.note]),
        ("What the inspection found", [_published(criterion)]),
        ("Score", list(_score(criterion))),
        ("Levels", [f"{_sentence(listed(criterion.levels, 'or'))}."] if criterion.levels else []),
        ("Source", [f"{source_in_words(criterion.source, book)}."]),
    ]
    stands = f"Criterion {criterion.id}, section {criterion.section}."
    lines = list(page(f"{criterion.title}.", stands, sections, paint))
    summary = [criterion.summary] if criterion.summary else []
    lines += _list("Questions", [(item.id, item.asks, _told(item)) for item in criterion.questions], paint)
    lines += _list("Summary question", [(item.id, item.asks, _told(item)) for item in summary], paint)
    lines += _list("Points", [(item.id, item.asks, _told_of_point(item)) for item in criterion.points], paint)
    return lines


def figure_words(figure: Figure) -> str:
    """What was found: 9 of 11: 82% sufficient."""
    if figure.percent is None:
        return _sentence(figure.printed)
    share = f"{_BOUNDS.get(figure.bound or '', '')}{figure.percent}%"
    if figure.printed == share:
        return f"{share} sufficient"
    counted = f"{figure.sufficient} of {figure.of}"
    added = "" if figure.of is None or counted == figure.printed else f" ({counted})"
    return f"{_sentence(figure.printed)}: {share} sufficient{added}"


def _list(heading: str, items: Sequence[tuple[str, str, str]], paint: Paint) -> Iterator[str]:
    if items:
        yield from ("", paint("heading", heading))
    for id_, asks, told in items:
        yield from folded(asks, " " * _INDENT, f"{id_:{_INDENT}}")
        yield from folded(told, " " * _INDENT)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _recommendations(numbers: Sequence[int]) -> str:
    return f"recommendation{'s' if len(numbers) > 1 else ''} {listed(map(str, numbers))}"


def _decider(question: Question) -> str:
    if question.rule:
        return f"the rule {question.rule}"
    return "an assessor" if question.decided_by == "assessor" else "nobody yet"


def _title_of_rule(name: str | None, book: Rulebook) -> str:
    return f": {book.rules[name].title}" if name and name in book.rules else ""


def _told(question: Question) -> str:
    """The line under a question of a list."""
    found = f" {figure_words(question.figure)}." if question.figure else ""
    thread = " Risk of Harm thread." if question.risk_of_harm_thread else ""
    return f"Decided by {_decider(question)}.{found}{thread}"


def _told_of_point(point: Point) -> str:
    told: list[str] = [point.found]
    if point.recommendations:
        told.append(_recommendations(point.recommendations))
    if point.rule:
        told.append(f"see the rule {point.rule}")
    if point.targets:
        told.append(f"see targets/{point.targets}.yaml")
    return " ".join(f"{_sentence(part)}." for part in told)


def _published(criterion: Criterion) -> str:
    score = "" if criterion.published_score is None else f"{criterion.published_score}%"
    words = filter(None, [score, criterion.published_conclusion, criterion.published_level])
    found = _sentence(", ".join(words))
    return f"{found}." if found else ""


def _score(criterion: Criterion) -> Iterator[str]:
    if criterion.weights:
        weights = criterion.weights
        yield f"The questions weigh {weights.questions}%, the summary question {weights.summary}%."
    if criterion.bands:
        bands = criterion.bands
        yield f"Good from {bands.good_from}% on, a priority from {bands.priority_from}% on, below that urgent."
        if bands.assumed:
            yield f"Assumed: {bands.because}"
