"""The register of waivers for other programs and for inspectors: CSV and JSON."""

from collections.abc import Sequence
from typing import Any

from omi_rules.data.cells import csv_text
from omi_rules.history.compare import ENDED
from omi_rules.history.waivers import BECAUSE, Standing
from omi_rules.rulebook.model import SEVERITIES

COLUMNS = (
    *("waiver", "status", "because", "case_id", "rule", "severity", "outcome", "due_on", "until", "reason"),
    *("approved_by", "as_at", "given_at", "given_by", "ended_at", "ended_by", "ended_because"),
)


def because_words(standing: Standing) -> str:
    """Why a waiver lapsed, is not used, or could not be told; nothing where the status says it all."""
    words = {**ENDED, **BECAUSE}
    return words.get(standing.because, standing.because)


def register_rows(standings: Sequence[Standing]) -> list[dict[str, Any]]:
    """A row a waiver; `as_at` is the day of the run that it was given on, `given_at` when it was entered, in UTC."""
    return [_row(one) for one in standings]


def _row(standing: Standing) -> dict[str, Any]:
    waiver = standing.waiver
    ended = waiver.ended
    return {
        "waiver": waiver.id,
        "status": standing.status,
        "because": because_words(standing),
        "case_id": waiver.case_id,
        "rule": waiver.rule,
        "severity": SEVERITIES[waiver.severity],
        "outcome": waiver.outcome,
        "due_on": waiver.due_on.isoformat() if waiver.due_on else None,
        "until": waiver.until.isoformat(),
        "reason": waiver.given.reason,
        "approved_by": waiver.approved_by,
        "as_at": waiver.as_at.isoformat(),
        "given_at": waiver.given.entered_at,
        "given_by": waiver.given.entered_by,
        "ended_at": ended.entered_at if ended else None,
        "ended_by": ended.entered_by if ended else None,
        "ended_because": ended.reason if ended else None,
    }


def register_csv(standings: Sequence[Standing]) -> str:
    """The register as CSV; a cell that a spreadsheet would run as a formula is neutralised."""
    return csv_text(COLUMNS, register_rows(standings))
