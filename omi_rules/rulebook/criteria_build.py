"""Turns files of criteria and targets whose structure and names are right into the model."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from omi_rules.rulebook.build import build_population
from omi_rules.rulebook.model import Source
from omi_rules.rulebook.questions import (
    Bands,
    Criterion,
    Figure,
    Line,
    Period,
    Point,
    Question,
    Recommendations,
    Scoring,
    Target,
    Targets,
    Thread,
    Weights,
)

Content = Mapping[str, Any]


def build_criterion(content: Content, id_: str, file: str) -> Criterion:
    """The criterion of a criterion file."""
    document = content["source"]["document"]
    published: Content = content.get("published", {})
    summary = content.get("summary")
    return Criterion(
        id=id_,
        title=_line(content["title"]),
        section=_line(content["section"]),
        describes=_line(content.get("describes", "")),
        source=_source(content["source"]),
        note=_line(content.get("note", "")),
        published_score=published.get("score"),
        published_conclusion=published.get("conclusion"),
        published_level=published.get("level"),
        weights=Weights(**content["weights"]) if "weights" in content else None,
        bands=_bands(content["bands"]) if "bands" in content else None,
        questions=tuple(_question(question, id_, document) for question in content.get("questions", ())),
        summary=_question(summary, id_, document, is_summary=True) if summary else None,
        levels=tuple(content.get("levels", ())),
        points=tuple(_point(point, id_, document) for point in content.get("points", ())),
        file=file,
    )


def _line(text: str) -> str:
    """Text of several lines as one."""
    return " ".join(text.split())


def _source(source: Content) -> Source:
    return Source(source["document"], _line(source["place"]))


def _place(item: Content, criterion: str, document: str) -> Source:
    """Where a question or point comes from; an appendix stands outside the criterion."""
    place = _line(item["place"])
    return Source(document, place if place.startswith("Appendix") else f"criterion {criterion}, {place}")


def _bands(bands: Content) -> Bands:
    return Bands(
        good_from=bands["good_from"],
        priority_from=bands["priority_from"],
        source=_source(bands["source"]) if "source" in bands else None,
        because=_line(bands.get("because", "")),
    )


def _question(question: Content, criterion: str, document: str, is_summary: bool = False) -> Question:
    decider = question["decided_by"]
    rule = decider["rule"] if isinstance(decider, Mapping) else None
    return Question(
        id=question["id"],
        asks=_line(question["asks"]),
        about=_line(question["about"]),
        population=build_population(question["population"]) if "population" in question else None,
        decided_by="rule" if rule else decider,
        rule=rule,
        risk_of_harm_thread=question.get("risk_of_harm_thread", False),
        recommendations=tuple(question["recommendations"]),
        source=_place(question, criterion, document),
        figure=_figure(question["figure"]) if "figure" in question else None,
        note=_line(question.get("note", "")),
        is_summary=is_summary,
    )


def _figure(figure: Content) -> Figure:
    counted: Content = figure.get("count", {})
    return Figure(
        printed=_line(figure["printed"]),
        percent=figure.get("percent"),
        bound=figure.get("bound"),
        sufficient=counted.get("sufficient"),
        of=counted.get("of"),
        insufficient=figure.get("insufficient"),
        note=_line(figure.get("note", "")),
    )


def _point(point: Content, criterion: str, document: str) -> Point:
    evidence: Content = point.get("evidence", {})
    return Point(
        id=point["id"],
        asks=_line(point["asks"]),
        found=point["found"],
        source=_place(point, criterion, document),
        recommendations=tuple(point.get("recommendations", ())),
        rule=evidence.get("rule"),
        targets=evidence.get("targets"),
    )


def build_targets(content: Content, id_: str, file: str) -> Targets:
    """The targets of a targets file."""
    period = _period(content["period"])
    return Targets(
        id=id_,
        title=_line(content["title"]),
        source=_source(content["source"]),
        period=period,
        targets=tuple(build_target(target, period) for target in content["targets"]),
        file=file,
    )


def _period(period: Content) -> Period:
    return Period(_line(period["printed"]), date.fromisoformat(period["from"]), date.fromisoformat(period["to"]))


def build_target(target: Content, period: Period) -> Target:
    """One target; `period` is that of its file, for where it has none of its own."""
    published: Content = target["published"]
    near: Content = target.get("near_miss", {})
    given = target["from"]
    origin: Content = given if isinstance(given, Mapping) else {}
    return Target(
        id=target["id"],
        title=_line(target["title"]),
        amount=Decimal(target["target"]["amount"]),
        unit=target["target"]["unit"],
        direction=target["direction"],
        area=Decimal(published["area"]),
        national=Decimal(published["national"]) if "national" in published else None,
        asterisk=published.get("asterisk"),
        tolerance=Decimal(near["tolerance"]) if near else None,
        tolerance_because=_line(near.get("because", "")),
        period=_period(target["period"]) if "period" in target else period,
        rule=origin.get("rule"),
        measure=origin.get("measure"),
        typed_in=not origin,
        why=_line(target["why"]),
    )


def build_scoring(content: Content) -> Scoring:
    """What scoring.yaml says."""
    thread, line = content["thread"], content["line_of_priority"]
    published: Content = thread.get("published", {})
    return Scoring(
        source=_source(content["source"]),
        thread=Thread(
            title=_line(thread["title"]),
            sections=tuple(thread["sections"]),
            source=_source(thread["source"]),
            published_score=published.get("score"),
        ),
        line=Line(
            percent=line["percent"],
            source=_source(line["source"]) if "source" in line else None,
            because=_line(line.get("because", "")),
        ),
    )


def build_recommendations(content: Content) -> Recommendations:
    """What recommendations.yaml says."""
    return Recommendations(_source(content["source"]), tuple(_line(words) for words in content["recommendations"]))
