"""National targets: each with its figure of today, from a rule's outcomes, from a measure, or typed in.

The figures are those of every case of the run, whoever answered what: a target is about the area, not about a sample.
Whether one is met is decided on the exact figure, not on the whole per cents that a report prints.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from omi_rules.calendar.written import written
from omi_rules.checks.measures import RULES
from omi_rules.data.store import Store, create_from
from omi_rules.rulebook.model import INSUFFICIENT
from omi_rules.rulebook.questions import Period, Target, Targets
from omi_rules.scoring.figures import Figure, Figures, in_unit
from omi_rules.scoring.periods import Days, choose_period

Result = Literal["met", "near miss", "missed"]
Light = Literal["green", "amber", "red"]
LIGHTS: Mapping[Result, Light] = {"met": "green", "near miss": "amber", "missed": "red"}

_NO_DAYS = Days()
_NO_FIGURES = Figures()
_AS_THEY_STAND = "every case as it stands at the as-at date"


@dataclass(frozen=True)
class TargetFigure:
    """A target with its figure of today.

    `numerator` and `denominator` are met of decided cases, or the sum of a measure and what it was measured of; None
    where a figure was typed in without them. `due` and `unknown` count what is undecided; `without` says why there is
    no figure, or why it is not held against the target: half a sentence.
    """

    target: Target
    table: Targets
    source: Literal["rule", "measure", "typed in", "none"]
    period: Period | None = None
    basis: str = ""
    figure: Fraction | None = None
    numerator: int | None = None
    denominator: int | None = None
    due: int = 0
    unknown: int = 0
    without: str = ""
    reported: Figure | None = None

    @property
    def is_share(self) -> bool:
        """Whether it is so many of so many."""
        counts = (self.numerator, self.denominator)
        return self.target.unit == "percent" and None not in counts and bool(self.denominator)

    @property
    def result(self) -> Result | None:
        """Met, a near miss or missed; None where that cannot be told."""
        return None if self.figure is None or self.without else judge_figure(self.target, self.figure)


@dataclass(frozen=True)
class _Counts:
    """What a rule or a measure gives in a period; `undated` are decided without a date, and counted."""

    numerator: Fraction = Fraction()
    denominator: int = 0
    due: int = 0
    unknown: int = 0
    undated: int = 0
    dated: bool = True


def judge_figure(target: Target, figure: Fraction) -> Result:
    """Whether a figure meets its target, nearly so, or misses it."""
    if target.is_met(figure):
        return "met"
    return "near miss" if target.is_near_miss(figure) else "missed"


def light_of(result: Result | None) -> Light | None:
    """The traffic light of a result."""
    return LIGHTS[result] if result else None


def score_targets(
    store: Store,
    tables: Iterable[Targets],
    as_at: date,
    rules: Collection[str],
    failed: Collection[str] = (),
    asked: Days = _NO_DAYS,
    figures: Figures = _NO_FIGURES,
) -> list[TargetFigure]:
    """Every target with its figure, in the order of the files; needs the views `run_outcomes` and `measures`.

    `rules` are those whose outcomes the run holds, `failed` those of them that could not run. UsageError where the days
    asked for cannot be had.
    """
    targets = [(table, target) for table in tables for target in table.targets]
    periods = {target.id: choose_period(target.period, as_at, asked) for _, target in targets}
    counts = _count_rules(store, [target for _, target in targets if target.rule], periods)
    counts |= _count_measures(store, [target for _, target in targets if target.measure], periods)
    found = []
    for table, target in targets:
        rule = target.rule or RULES.get(target.measure or "")
        if target.typed_in:
            found.append(_typed(target, table, figures.typed.get(target.id)))
        elif rule not in rules or rule in failed:
            why = "could not run" if rule in failed else "is not in the run"
            source: Literal["rule", "measure"] = "rule" if target.rule else "measure"
            found.append(TargetFigure(target, table, source, without=f"the rule {rule} {why}"))
        else:
            reported = figures.reported.get(target.id)
            found_by = counts.get(target.id, _Counts())
            # what no day places stands as at the day of the judging, whatever days were asked for
            covered = periods[target.id] if found_by.dated else Period(f"as at {written(as_at)}", as_at, as_at)
            found.append(_worked_out(target, table, found_by, covered, reported))
    return found


def _typed(target: Target, table: Targets, typed: Figure | None) -> TargetFigure:
    if typed is None:
        return TargetFigure(target, table, "none", without="no figure was typed in")
    basis = f"typed in: {typed.source}" if typed.source else "typed in"
    counts = (typed.numerator, typed.denominator)
    return TargetFigure(target, table, "typed in", typed.period, basis, typed.figure, *counts)


def _worked_out(
    target: Target, table: Targets, counts: _Counts, period: Period, reported: Figure | None
) -> TargetFigure:
    figure, without = None, ""
    if counts.denominator:
        figure = in_unit(target, counts.numerator / counts.denominator)
    else:
        without = "nothing was decided in the period"
    if counts.denominator and counts.unknown > counts.denominator:
        without = f"{counts.unknown:,} are unknown, and {counts.denominator:,} decided"
    return TargetFigure(
        target=target,
        table=table,
        source="rule" if target.rule else "measure",
        period=period,
        basis=_basis(target, counts),
        figure=figure,
        numerator=int(counts.numerator),
        denominator=counts.denominator,
        due=counts.due,
        unknown=counts.unknown,
        without=without,
        reported=reported,
    )


def _basis(target: Target, counts: _Counts) -> str:
    if target.measure:
        return "what was measured in the period"
    if not counts.dated:
        return _AS_THEY_STAND
    more = f", and {counts.undated:,} decided without a date" if counts.undated else ""
    return f"what was due in the period{more}"


def _count_rules(store: Store, targets: Iterable[Target], periods: Mapping[str, Period]) -> dict[str, _Counts]:
    """Outcomes by target: those due in its period, and those that no day places."""
    _create_asked(store, [(target.id, target.rule or "") for target in targets], periods)
    rows = store.execute("""SELECT a.target, o.outcome::VARCHAR, count(*) FILTER (o.due_on BETWEEN a.first AND a.last),
            count(*) FILTER (o.due_on IS NULL), count(o.due_on) > 0
        FROM run_outcomes o JOIN asked a ON o.rule::VARCHAR = a.name GROUP BY ALL""").fetchall()
    by_target: dict[str, dict[str, tuple[int, int]]] = {}
    dated = {target for target, _, _, _, has_dates in rows if has_dates}
    for target, outcome, inside, undated, _ in rows:
        by_target.setdefault(target, {})[outcome] = (inside, undated)

    def add(outcomes: Mapping[str, tuple[int, int]], words: Iterable[str], places: Iterable[int] = (0, 1)) -> int:
        return sum(outcomes.get(word, (0, 0))[place] for word in words for place in places)

    return {
        target: _Counts(
            numerator=Fraction(add(outcomes, ["met"])),
            denominator=add(outcomes, ["met", *INSUFFICIENT]),
            due=add(outcomes, ["due"]),
            unknown=add(outcomes, ["unknown"]),
            undated=add(outcomes, ["met", *INSUFFICIENT], [1]),
            dated=target in dated,
        )
        for target, outcomes in by_target.items()
    }


def _count_measures(store: Store, targets: Iterable[Target], periods: Mapping[str, Period]) -> dict[str, _Counts]:
    """Sums by target; what has no amount is undecided, and what has no day either may be of any period."""
    _create_asked(store, [(target.id, target.measure or "") for target in targets], periods)
    rows = store.execute("""SELECT a.target, coalesce(sum(m.amount) FILTER (m."on" BETWEEN a.first AND a.last), 0),
            count(m.amount) FILTER (m."on" BETWEEN a.first AND a.last),
            count(*) FILTER (m.amount IS NULL AND coalesce(m."on" BETWEEN a.first AND a.last, TRUE))
        FROM measures m JOIN asked a ON m.measure::VARCHAR = a.name GROUP BY ALL""").fetchall()
    return {target: _Counts(Fraction(total), number, unknown=unknown) for target, total, number, unknown in rows}


def _create_asked(store: Store, targets: Iterable[tuple[str, str]], periods: Mapping[str, Period]) -> None:
    """Create `asked`: target, name of its rule or measure, first and last day."""
    rows = [
        {"target": id_, "name": name, "first": str(periods[id_].first), "last": str(periods[id_].last)}
        for id_, name in targets
    ]
    create_from(store, "asked", {"target": "VARCHAR", "name": "VARCHAR", "first": "DATE", "last": "DATE"}, rows)
