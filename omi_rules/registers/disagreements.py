"""Where the records of a case on a register say two things at once.

They are questions about the data, never findings about an officer. A comparison that needs a table which is not in the
export is not made, and said so; a case that lost a row of that table is left out of it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from omi_rules.data.store import Store


@dataclass(frozen=True)
class Disagreement:
    """A case whose records disagree: what about, in a sentence, and what to do."""

    case_id: str
    says: str
    to_do: str
    team: str | None
    officer: str | None


@dataclass(frozen=True)
class _Comparison:
    says: str
    to_do: str
    #: of `standing` (s); true where the records disagree
    test: str
    table: str | None = None


#: The level of the latest assessment; several on one day count by the highest.
_LATEST_LEVEL = """(SELECT max(r.level) FROM roh_assessments r WHERE r.case_no = s.case_no AND r.completed_on =
    (SELECT max(completed_on) FROM roh_assessments a WHERE a.case_no = s.case_no AND a.level IS NOT NULL))"""
#: The latest event in MAPPA; of several on one day an exit is taken to be the last.
_LATEST_EVENT = """(SELECT max_by(m.kind::VARCHAR, (m.occurred_on, m.kind = 'exit')) FROM mappa_events m
    WHERE m.case_no = s.case_no AND m.occurred_on IS NOT NULL)"""


def _without(table: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM {table} r WHERE r.case_no = s.case_no)"


_COMPARISONS = (
    _Comparison(
        "The Risk of Harm level is not recorded, and an assessment says high or very high.",
        "Record the level of the case.",
        f"s.roh_level IS NULL AND {_LATEST_LEVEL} IN ('high', 'very_high')",
        "roh_assessments",
    ),
    _Comparison(
        "The Risk of Harm level is high or very high, and the latest assessment says less.",
        "Correct the level, or record the assessment that raised it.",
        f"s.on_risk AND {_LATEST_LEVEL} NOT IN ('high', 'very_high')",
        "roh_assessments",
    ),
    _Comparison(
        "The Risk of Harm level is below high, and the latest assessment says high or very high.",
        "Correct the level, or record the review that lowered it.",
        f"NOT s.on_risk AND {_LATEST_LEVEL} IN ('high', 'very_high')",
        "roh_assessments",
    ),
    _Comparison(
        "The case is high or very high Risk of Harm, and has no assessment of it.",
        "Record the assessment that the level rests on, or make it now.",
        f"s.on_risk AND {_without('roh_assessments')}",
        "roh_assessments",
    ),
    _Comparison(
        "The offender is a PPO, and has no OASys assessment.",
        "Record the assessment, or make it now.",
        f"s.on_ppo AND {_without('oasys_assessments')}",
        "oasys_assessments",
    ),
    _Comparison(
        "The case is high or very high Risk of Harm, and has neither a MAPPA level nor a reason for having none.",
        "Refer it to MAPPA, or record the reason.",
        "s.on_risk AND s.mappa_level IS NULL AND s.mappa_exception_reason IS NULL",
    ),
    _Comparison(
        "A MAPPA level is recorded, and the latest event in MAPPA is the exit.",
        "Take the level away, or record the referral.",
        f"s.on_mappa AND {_LATEST_EVENT} = 'exit'",
        "mappa_events",
    ),
    _Comparison(
        "A MAPPA level is recorded beside a reason for not being managed in MAPPA.",
        "Take one of the two away.",
        "s.on_mappa AND s.mappa_exception_reason IS NOT NULL",
    ),
)


def find_disagreements(store: Store, missing: Collection[str]) -> tuple[tuple[Disagreement, ...], tuple[str, ...]]:
    """Every disagreement, in order of case, and the sentences of the comparisons that could not be made."""
    found: list[Disagreement] = []
    for one in _COMPARISONS:
        if one.table in missing:
            continue
        lost = f"AND s.case_no NOT IN (SELECT case_no FROM lost WHERE table_name = '{one.table}')" if one.table else ""
        rows = store.execute(f"""SELECT case_id, team, offender_manager FROM standing s
            WHERE ({one.test}) {lost}""").fetchall()
        found += [Disagreement(case, one.says, one.to_do, team, officer) for case, team, officer in rows]
    not_made = tuple(
        f"Not compared, because the table {one.table} is not in the export: {one.says[0].lower()}{one.says[1:]}"
        for one in _COMPARISONS
        if one.table in missing
    )
    return tuple(sorted(found, key=lambda one: (one.case_id, one.says))), not_made
