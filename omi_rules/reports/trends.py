"""How an area's runs went on: one line for each number that is worth following, from the earliest run to this one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from omi_rules.reports.overview import ALERT, describe_run, findings_by_recommendation

Summary = Mapping[str, Any]

#: How many days are shown at most, the latest ones.
MOST_DAYS = 60
#: The size of a line's drawing: the width stands for the days, the height for the numbers.
WIDTH, HEIGHT = 240, 36


@dataclass(frozen=True)
class Line:
    """One number through the days; `None` where a run could not tell it. `share` says that it is a share of one."""

    title: str
    values: tuple[float | None, ...]
    share: bool = False

    @property
    def first(self) -> float | None:
        """The earliest number that is known."""
        return next((value for value in self.values if value is not None), None)

    @property
    def latest(self) -> float | None:
        """That of the latest run."""
        return self.values[-1]

    @property
    def lowest(self) -> float | None:
        """The lowest of all."""
        return min(self._known, default=None)

    @property
    def highest(self) -> float | None:
        """The highest of all."""
        return max(self._known, default=None)

    @property
    def _known(self) -> list[float]:
        return [value for value in self.values if value is not None]


@dataclass(frozen=True)
class Trends:
    """The days, the lines, and the days on which another state of the rulebook began to judge."""

    days: tuple[date, ...]
    lines: tuple[Line, ...]
    rulebook_changes: tuple[date, ...]

    def place(self, day: date) -> float:
        """Where a day stands in a drawing, from the left."""
        whole = (self.days[-1] - self.days[0]).days
        return round(WIDTH * (day - self.days[0]).days / whole, 1)

    def strokes(self, line: Line) -> list[str]:
        """The points of a line's unbroken pieces, as SVG takes them; the ground is nought."""
        top = line.highest or 1
        pieces: list[list[str]] = [[]]
        for day, value in zip(self.days, line.values, strict=True):
            if value is None:
                pieces.append([])
            else:
                pieces[-1].append(f"{self.place(day)},{round(HEIGHT - (HEIGHT - 4) * value / top, 1)}")
        return [" ".join(piece) for piece in pieces if piece]


def describe_trends(summary: Summary, before: Sequence[Summary], recommendations: Sequence[str]) -> Trends | None:
    """The trends up to a run; `before` are summaries of other runs of the same area, in the order of their making.

    Of each day the last run counts. None without an earlier day.
    """
    by_day = {
        each["as_at"]: each
        for each in before
        if each["area"] == summary["area"] and each["as_at"] < summary["as_at"] and not any(each["filters"].values())
    }
    runs = [by_day[day] for day in sorted(by_day)][-(MOST_DAYS - 1) :]
    if not runs:
        return None
    runs.append(summary)
    days = tuple(date.fromisoformat(run["as_at"]) for run in runs)
    hashes = [run["rulebook"]["hash"] for run in runs]
    changes = (day for day, old, new in zip(days[1:], hashes, hashes[1:], strict=False) if old != new)
    return Trends(days, tuple(_lines(runs, recommendations)), tuple(changes))


def _lines(runs: Sequence[Summary], recommendations: Sequence[str]) -> Iterable[Line]:
    def line(title: str, tell: Callable[[Summary], float | None], *, share: bool = False) -> Line:
        return Line(title, tuple(tell(run) for run in runs), share)

    yield line("Met, of what could be decided", _share_met, share=True)
    yield line("Findings", lambda run: run["findings"])
    yield line("Cases with a public-protection alert", _alerts)
    yield line("Answers that could not be given", lambda run: describe_run(run)["unknown"])
    for number, _ in enumerate(recommendations, 1):
        yield line(f"Findings under recommendation {number}", partial(_under, number))


def _share_met(run: Summary) -> float | None:
    told = describe_run(run)
    return told["sufficient"] / told["decided"] if told["decided"] else None


def _under(number: int, run: Summary) -> int:
    return findings_by_recommendation(run).get(number, (0, 0, 0))[0]


def _alerts(run: Summary) -> int:
    return next((each["cases"] for each in run["conclusions"] if each["flag"] == ALERT), 0)
