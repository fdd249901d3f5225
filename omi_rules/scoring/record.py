"""Scores as score.json holds them: shares in per cent, to four places."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from omi_rules.rulebook.questions import Line
from omi_rules.scoring.arithmetic import Average, Bounds, CriterionScore, SectionScore, interval_of
from omi_rules.scoring.tally import Tally

#: Below so many relevant cases a figure is marked: chance alone moves it by ten per cent or more.
FEW = 10
_PLACES = 4


def per_cent(share: Fraction | None) -> float | None:
    """A share in per cent, to four places.

    >>> per_cent(Fraction(2, 3))
    66.6667
    """
    return None if share is None else round(float(share * 100), _PLACES)


def _ends(name: str, bounds: Bounds | None) -> dict[str, float | None]:
    low, high = bounds or (None, None)
    return {f"{name}_low": per_cent(low), f"{name}_high": per_cent(high)}


def record_question(tally: Tally) -> dict[str, Any]:
    """A question with its counts, share, interval and range, and why it does not count if it does not."""
    question, counts = tally.question, tally.counts
    described: dict[str, Any] = {
        "id": question.id,
        "criterion": question.criterion,
        "asks": question.asks,
        "decided_by": question.decided_by,
        "rule": question.rule,
        "summary": question.is_summary,
        "thread": question.risk_of_harm_thread,
        "sufficient": counts.sufficient,
        "insufficient": counts.insufficient,
        "relevant": counts.relevant,
        "undecided": counts.undecided,
        "due": counts.due,
        "unknown": counts.unknown,
        "outside": counts.outside,
        "percent": per_cent(counts.share),
        **_ends("interval", interval_of(tally) if counts.relevant else None),
        **_ends("range", counts.bounds),
        "few": 0 < counts.relevant < FEW,
        "counts": counts.is_decided,
        "left_out": _why_left_out(tally),
        "corrected": tally.corrected,
    }
    if tally.machine is not None:
        described["machine"] = {
            "sufficient": tally.machine.sufficient,
            "insufficient": tally.machine.insufficient,
            "undecided": tally.machine.undecided,
            "percent": per_cent(tally.machine.share),
        }
    return described


def _why_left_out(tally: Tally) -> str | None:
    counts = tally.counts
    if counts.is_decided:
        return None
    if tally.without:
        return tally.without
    if not counts.relevant and not counts.unknown:
        return "no relevant case" if not counts.due else "no case is due yet"
    return f"it is undecided in {counts.unknown} of {counts.unknown + counts.relevant} cases"


def record_average(average: Average) -> dict[str, Any]:
    """A score with what it rests on."""
    return {
        "score": per_cent(average.score),
        "rounded": average.rounded,
        **_ends("interval", average.interval),
        **_ends("range", average.bounds),
        "counted": list(average.counted),
        "undecided": list(average.undecided),
        "left_out": list(average.left_out),
        "withheld": average.withheld or None,
    }


def record_criterion(one: CriterionScore, line: Line) -> dict[str, Any]:
    """A criterion's score, its conclusion, and whether it is below the line of priority."""
    criterion, summary = one.criterion, one.summary
    bands, weights = criterion.bands, criterion.weights
    answered = summary is not None and summary.question.id in one.whole.counted
    rounded = one.whole.rounded
    return {
        "id": criterion.id,
        "title": criterion.title,
        "section": criterion.id[0],
        **record_average(one.whole),
        "conclusion": one.conclusion,
        "below_line": None if rounded is None else rounded < line.percent,
        "questions_percent": per_cent(one.questions.score),
        "summary_percent": per_cent(summary.counts.share) if summary and answered else None,
        "weights": {"questions": weights.questions, "summary": weights.summary} if weights else None,
        "rests_on": "questions and summary question" if answered else "questions alone",
        "automatic": {
            "questions": len(one.by_rule.counted),
            "of": len(one.questions.counted) + len(one.questions.undecided),
            "percent": per_cent(one.by_rule.score),
        },
        "bands": {"good_from": bands.good_from, "priority_from": bands.priority_from, "assumed": bands.assumed}
        if bands
        else None,
    }


def record_section(one: SectionScore) -> Mapping[str, Any]:
    """A section's score."""
    return {"id": one.id, "title": one.title, **record_average(one.whole)}
