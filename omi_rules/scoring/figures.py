"""Figures for targets that no case record gives: typed into a YAML file, see schemas/figures.schema.json.

A figure that the program works out itself cannot be typed in; what was reported of it is set beside it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from omi_rules.problems import nearest
from omi_rules.rulebook.questions import Period, Target
from omi_rules.rulebook.strict_yaml import Document
from omi_rules.scoring.given_files import Place, check_period, read_figures

_SCHEMA = "figures.schema.json"


@dataclass(frozen=True)
class Figure:
    """A figure in the unit of its target, with its counts where they were given, its period and where it is from."""

    figure: Fraction
    period: Period
    numerator: int | None = None
    denominator: int | None = None
    source: str = ""


@dataclass(frozen=True)
class Figures:
    """By target: the figures `typed` in, and those `reported` of what the program works out."""

    typed: Mapping[str, Figure] = field(default_factory=dict)
    reported: Mapping[str, Figure] = field(default_factory=dict)


def load_figures(path: Path, targets: Iterable[Target]) -> Figures:
    """The figures of a file; UsageError names every place that is wrong."""
    known = {target.id: target for target in targets}
    return _build(read_figures(path, _SCHEMA, lambda document: _check_meaning(document, known)), known)


def _check_meaning(document: Document, known: Mapping[str, Target]) -> Iterator[tuple[Place, str]]:
    """What a schema cannot say: that the targets exist, and who gives their figures."""
    content = document.value
    yield from check_period(content["period"], ("period",))
    for id_, given in content["figures"].items():
        place: Place = ("figures", id_)
        if id_ not in known:
            yield place, f"the rulebook has no target {id_}{nearest(id_, known)}"
            continue
        target = known[id_]
        if "period" in given:
            yield from check_period(given["period"], (*place, "period"))
        if target.typed_in and "reported" in given:
            yield (*place, "reported"), "nothing else gives this figure: write `figure:`"
        if not target.typed_in and "reported" not in given:
            origin = f"the rule {target.rule}" if target.rule else f"the measure {target.measure}"
            yield place, f"{origin} gives this figure: write `reported:` to set yours beside it"
        count = given.get("count", {})
        if target.unit == "percent" and count and count["numerator"] > count["denominator"]:
            yield (*place, "count"), "the numerator is more than all there are"


def _build(content: Mapping[str, Any], known: Mapping[str, Target]) -> Figures:
    whole = _period(content["period"])
    typed: dict[str, Figure] = {}
    reported: dict[str, Figure] = {}
    for id_, given in content["figures"].items():
        built = _figure(given, known[id_], _period(given["period"]) if "period" in given else whole)
        (reported if "reported" in given else typed)[id_] = built
    return Figures(typed, reported)


def _figure(given: Mapping[str, Any], target: Target, period: Period) -> Figure:
    source = " ".join(given.get("source", "").split())
    if "count" not in given:
        return Figure(Fraction(Decimal(given.get("figure", given.get("reported")))), period, source=source)
    numerator, denominator = given["count"]["numerator"], given["count"]["denominator"]
    return Figure(in_unit(target, Fraction(numerator, denominator)), period, numerator, denominator, source)


def in_unit(target: Target, quotient: Fraction) -> Fraction:
    """Numerator by denominator in the unit of the target: per cent, or days each."""
    return quotient * 100 if target.unit in ("percent", "percent_of_target") else quotient


def _period(period: Mapping[str, str]) -> Period:
    first, last = date.fromisoformat(period["from"]), date.fromisoformat(period["to"])
    return Period(" ".join(period["printed"].split()), first, last)
