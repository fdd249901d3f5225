"""The arithmetic of the scores, line by line, so that it can be followed with a pencil."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from omi_rules.reports.target_text import tolerance_in_words
from omi_rules.reports.terminal import Paint, paint_plain
from omi_rules.reports.words import folded, listed

Score = Mapping[str, Any]


_INDENT = " " * 10


def _named(id_: str) -> str:
    return f"  {id_:<8}"


def show_working(score: Score, *, paint: Paint = paint_plain) -> list[str]:
    """The lines of `--show-working`: every criterion, every section, the thread, every target that has a figure."""
    questions = {question["id"]: question for question in score["questions"]}
    lines: list[str] = []
    for criterion in score["criteria"]:
        heading = f"{criterion['id']} {criterion['title']}"
        lines += ["", *(paint("heading", line) for line in folded(heading)), *_criterion(criterion, questions)]
    criteria = {criterion["id"]: criterion for criterion in score["criteria"]}
    for section in score["sections"]:
        lines += ["", *(paint("heading", line) for line in folded(f"Section {section['id']} {section['title']}"))]
        lines += _mean("criteria", [(id_, criteria[id_]["score"]) for id_ in section["counted"]], section)
    thread = score["thread"]
    lines += ["", paint("heading", thread["title"])]
    lines += _listed_questions(thread["counted"], questions)
    lines += _mean("questions", [(id_, questions[id_]["percent"]) for id_ in thread["counted"]], thread)
    if told := [line for target in score["targets"] for line in _target(target)]:
        lines += ["", paint("heading", "National targets"), *told]
    lines += ["", *(line for sentence in score["says"] for line in folded(sentence))]
    return lines[1:]


def _criterion(criterion: Mapping[str, Any], questions: Mapping[str, Any]) -> Iterator[str]:
    single = [id_ for id_ in criterion["counted"] if not questions[id_]["summary"]]
    yield from _listed_questions(single, questions)
    for id_ in [*criterion["undecided"], *criterion["left_out"]]:
        yield from folded(f"not counted: {questions[id_]['left_out']}", _INDENT, _named(id_))
    if criterion["score"] is None:
        yield from folded(f"Withheld: {criterion['withheld']}.", "    ", "  ")
        return
    yield from _average_line("questions", [questions[id_]["percent"] for id_ in single], criterion["questions_percent"])
    yield from _weigh(criterion, questions)
    bands = criterion["bands"]
    assumed = " (bands assumed)" if bands["assumed"] else ""
    yield from folded(
        f"score = {criterion['score']:.2f}, rounded {criterion['rounded']}: {criterion['conclusion']}{assumed}",
        "    ",
        "  ",
    )


def _weigh(criterion: Mapping[str, Any], questions: Mapping[str, Any]) -> Iterator[str]:
    if criterion["summary_percent"] is None:
        yield from folded("The summary question is not answered: the score rests on the questions alone.", "    ", "  ")
        return
    weights = criterion["weights"]
    summary = next(id_ for id_ in criterion["counted"] if questions[id_]["summary"])
    yield from _listed_questions([summary], questions)
    yield from folded(
        f"{weights['questions']}% x {criterion['questions_percent']:.2f} + "
        f"{weights['summary']}% x {criterion['summary_percent']:.2f} = {criterion['score']:.2f}",
        "    ",
        "  ",
    )


def _listed_questions(ids: Sequence[str], questions: Mapping[str, Any]) -> Iterator[str]:
    for id_ in ids:
        question = questions[id_]
        decided = f"rule {question['rule']}" if question["rule"] else "assessors"
        yield from folded(
            f"{question['sufficient']:,} of {question['relevant']:,} = {question['percent']:.2f} ({decided})",
            _INDENT,
            _named(id_),
        )


def _average_line(what: str, figures: Sequence[float], result: float) -> Iterator[str]:
    added = " + ".join(f"{figure:.2f}" for figure in figures)
    yield from folded(f"{what}: ({added}) / {len(figures)} = {result:.2f}", "    ", "  ")


def _mean(what: str, parts: Sequence[tuple[str, float]], whole: Mapping[str, Any]) -> Iterator[str]:
    if left := whole["left_out"]:
        yield from folded(f"Left out, with no relevant case: {listed(left)}.", "    ", "  ")
    if what == "questions" and whole["undecided"]:
        yield from folded(f"Not counted, undecided: {listed(whole['undecided'])}.", "    ", "  ")
    if whole["score"] is None:
        yield from folded(f"Withheld: {whole['withheld']}.", "    ", "  ")
        return
    yield from _average_line(what, [figure for _, figure in parts], whole["score"])
    yield f"  rounded {whole['rounded']}"


def _target(target: Mapping[str, Any]) -> Iterator[str]:
    if target["figure"] is None:
        return
    word = "days over" if target["unit"] in ("days", "working_days") else "of"
    counted = target["numerator"] is not None
    counts = f"{target['numerator']:,} {word} {target['denominator']:,} = " if counted else ""
    least = "at least" if target["direction"] == "at_least" else "at most"
    result = target["result"] or target["without"]
    told = f"{target['id']}: {counts}{target['figure']:.2f}, set {least} {target['target']:g}: {result}"
    if target["result"] == "near miss":
        assumed = " (assumed)" if target["tolerance_assumed"] else ""
        told += f", within {tolerance_in_words(target)}{assumed}"
    yield from folded(told, "    ", "  ")
