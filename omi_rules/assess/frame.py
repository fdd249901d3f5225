"""The cases that a sample can be drawn from, put in the order that a seed gives them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from omi_rules.checks.conditions import Condition, date_sql, text_sql
from omi_rules.checks.membership import membership
from omi_rules.checks.plan import Plan
from omi_rules.checks.run import make_plan
from omi_rules.data.export import Export
from omi_rules.data.store import Store
from omi_rules.rulebook.model import Rulebook
from omi_rules.rulebook.sampling import Quota, SampleDesign

#: What a sample keeps of a case, as columns of `cases`.
CASE_COLUMNS = ("case_id", "division", "team", "offender_manager", "order_type", "start_date", "tier", "roh_level")


@dataclass(frozen=True)
class Candidate:
    """A case of the frame: its place in the order of the seed, from 1, and the quotas in which it surely counts."""

    place: int
    case: Mapping[str, str | int | None]
    quotas: tuple[str, ...]

    @property
    def case_id(self) -> str:
        """The area's reference."""
        return str(self.case["case_id"])


@dataclass(frozen=True)
class Frame:
    """What is known of the frame: how many cases started from `first` to `last`, in each quota, and alike in quotas.

    `open` counts the cases of which is not recorded whether they count in a quota. `candidates` are those, in order of
    place, that a sample of this design can come to need."""

    cases: int
    first: date
    last: date
    in_quota: Mapping[str, int]
    open: Mapping[str, int]
    alike: Mapping[tuple[str, ...], int]
    candidates: Sequence[Candidate]


def read_frame(store: Store, export: Export, rulebook: Rulebook, design: SampleDesign, seed: int, size: int) -> Frame:
    """The frame of a sample of `size` cases.

    A case is in it if its supervision began in the window and had not ended before the as-at date. Its place depends
    on the seed and on its reference alone: neither the order of the rows nor the form of the export matters."""
    first, last = _window(store, export.as_at, design)
    _create_frame(store, export, rulebook, design, seed, (first, last))
    names = [quota.id for quota in design.quotas]
    counts = "".join(f", count(*) FILTER (in_{n}), count(*) FILTER (may_{n} AND NOT in_{n})" for n in range(len(names)))
    cases, *pairs = store.execute(f"SELECT count(*){counts} FROM sample_frame").fetchone() or (0,)
    groups = store.execute("SELECT quotas, count(*) FROM sample_frame GROUP BY quotas ORDER BY quotas").fetchall()
    return Frame(
        cases=cases,
        first=first,
        last=last,
        in_quota=dict(zip(names, pairs[::2], strict=True)),
        open=dict(zip(names, pairs[1::2], strict=True)),
        alike={_named(numbers, names): count for numbers, count in groups},
        candidates=_read_candidates(store, design, size),
    )


def _window(store: Store, as_at: date, design: SampleDesign) -> tuple[date, date]:
    """The first and the last day on which supervision may have begun, both included."""
    day = date_sql(as_at)
    row = store.execute(
        f"SELECT ({day} - INTERVAL {design.to_months} MONTH)::DATE, ({day} - INTERVAL {design.from_months} MONTH)::DATE"
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def _create_frame(
    store: Store, export: Export, rulebook: Rulebook, design: SampleDesign, seed: int, window: tuple[date, date]
) -> None:
    plan = make_plan(store, export, rulebook, ())
    flags = "".join(
        f", coalesce({holds.sure}, FALSE) AS in_{number}, coalesce({holds.maybe}, TRUE) AS may_{number}"
        for number, holds in enumerate(_counts(plan, quota) for quota in design.quotas)
    )
    listed = ", ".join(f"CASE WHEN in_{number} THEN {number} END" for number in range(len(design.quotas)))
    types = ", ".join(text_sql(code) for code in design.order_types)
    store.execute(f"""CREATE OR REPLACE TABLE sample_frame AS
        WITH framed AS (
            SELECT c.*, sha256('{seed}:' || c.case_id) AS lot{flags} FROM cases c
            WHERE c.start_date BETWEEN {date_sql(window[0])} AND {date_sql(window[1])}
                AND c.order_type::VARCHAR IN ({types})
                AND coalesce(c.end_date, {date_sql(export.as_at)}) >= {date_sql(export.as_at)})
        SELECT *, row_number() OVER (ORDER BY lot, case_id) AS place,
            list_filter([{listed}]::INTEGER[], lambda x: x IS NOT NULL) AS quotas FROM framed""")


def _counts(plan: Plan, quota: Quota) -> Condition:
    """Whether the case `c` counts in a quota. To rules it says something if ethnicity is not recorded; here nothing."""
    holds = membership(plan, quota.population)
    return replace(holds, maybe=f"{holds.sure} OR c.ethnicity IS NULL") if quota.codes_authority else holds


def _read_candidates(store: Store, design: SampleDesign, size: int) -> list[Candidate]:
    """The first cases in order, and of each quota as many beyond them as all top-ups and replacements can take."""
    certain = size + design.random_replacements
    most = sum(quota.at_least for quota in design.quotas) + design.replacements_for_each_quota
    beyond = "".join(
        f" OR (in_{number} AND place IN (SELECT place FROM sample_frame WHERE in_{number} AND place > {certain} "
        f"ORDER BY place LIMIT {most}))"
        for number in range(len(design.quotas))
    )
    rows = store.execute(f"""SELECT place, quotas, {", ".join(_plain_sql(column) for column in CASE_COLUMNS)}
        FROM sample_frame WHERE place <= {certain}{beyond} ORDER BY place""").fetchall()
    names = [quota.id for quota in design.quotas]
    return [
        Candidate(place, dict(zip(CASE_COLUMNS, case, strict=True)), _named(numbers, names))
        for place, numbers, *case in rows
    ]


def _plain_sql(column: str) -> str:
    """A column as text, so that codes and dates are written as in the export; a tier stays a number."""
    return column if column == "tier" else f"{column}::VARCHAR"


def _named(numbers: Sequence[int], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(names[number] for number in numbers)
