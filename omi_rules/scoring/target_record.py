"""Targets as score.json holds them: figures to four places, beside what was published."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from omi_rules.rulebook.questions import Period
from omi_rules.scoring.figures import Figure
from omi_rules.scoring.intervals import wilson
from omi_rules.scoring.record import FEW
from omi_rules.scoring.targets import TargetFigure, light_of

_PLACES = 4


def record_target(one: TargetFigure) -> dict[str, Any]:
    """A target with its figure, whether that meets it, and what was published."""
    target, result = one.target, one.result
    interval, spread = _interval(one), _spread(one)
    return {
        "id": target.id,
        "title": target.title,
        "table": one.table.id,
        "unit": target.unit,
        "target": _number(target.amount),
        "direction": target.direction,
        "source": one.source,
        "rule": target.rule,
        "measure": target.measure,
        "figure": _number(one.figure),
        "numerator": one.numerator,
        "denominator": one.denominator,
        "period": _period(one.period),
        "basis": one.basis or None,
        "undecided": one.due + one.unknown,
        "due": one.due,
        "unknown": one.unknown,
        "interval_low": interval[0],
        "interval_high": interval[1],
        "range_low": spread[0],
        "range_high": spread[1],
        "few": one.denominator is not None and 0 < one.denominator < FEW,
        "result": result,
        "light": light_of(result),
        "without": one.without or None,
        "reported": _reported(one.reported),
        "published": {
            "area": _number(target.area),
            "national": _number(target.national),
            "asterisk": target.asterisk,
            "period": _period(target.period),
        },
        "tolerance": _number(target.tolerance),
        "tolerance_assumed": bool(target.tolerance_because),
        "tolerance_because": target.tolerance_because or None,
        "why": target.why,
    }


def target_warnings(found: Iterable[TargetFigure]) -> list[str]:
    """What to know before using the figures, in sentences."""
    few = [one.target.id for one in found if one.denominator is not None and 0 < one.denominator < FEW]
    if not few:
        return []
    return [f"These targets rest on fewer than {FEW} cases, so read them with care: {', '.join(few)}."]


def _interval(one: TargetFigure) -> tuple[float | None, float | None]:
    """Wilson's 95% interval of a share, in per cent."""
    if not one.is_share or one.numerator is None or one.denominator is None:
        return None, None
    low, high = wilson(one.numerator, one.denominator)
    return round(low * 100, _PLACES), round(high * 100, _PLACES)


def _spread(one: TargetFigure) -> tuple[float | None, float | None]:
    """The share if everything unknown failed, and if none of it did."""
    if not one.is_share or one.numerator is None or one.denominator is None:
        return None, None
    whole = one.denominator + one.unknown
    return _number(Fraction(one.numerator * 100, whole)), _number(Fraction((one.numerator + one.unknown) * 100, whole))


def _number(amount: Decimal | Fraction | None) -> float | None:
    return None if amount is None else round(float(amount), _PLACES)


def _period(period: Period | None) -> Mapping[str, str] | None:
    if period is None:
        return None
    return {"from": period.first.isoformat(), "to": period.last.isoformat(), "printed": period.printed}


def _reported(given: Figure | None) -> Mapping[str, Any] | None:
    if given is None:
        return None
    return {"figure": _number(given.figure), "period": _period(given.period), "source": given.source or None}
