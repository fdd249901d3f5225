"""The days that a target's figure covers: so many months up to the as-at date, or what was asked for."""

from dataclasses import dataclass
from datetime import date, timedelta

from omi_rules.calendar.written import written
from omi_rules.problems import UsageError
from omi_rules.rulebook.questions import Period

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """The first and the last day that were asked for; None is left to the target and the as-at date."""

    first: date | None = None
    last: date | None = None


def choose_period(published: Period, as_at: date, asked: Days) -> Period:
    """As many whole months as the published figure covers, ending on the as-at date; or the days asked for.

    UsageError where those lie after the as-at date, or end before they begin.

    >>> quarter = Period("April-June 2006", date(2006, 4, 1), date(2006, 6, 30))
    >>> choose_period(quarter, date(2006, 11, 30), Days()).printed
    '3 months to 30 November 2006'
    """
    last = asked.last or as_at
    if last > as_at:
        raise UsageError(
            f"--to {last}: the run tells of nothing after {as_at}. Choose that day or an earlier one, "
            "or check the export again with a later --as-at."
        )
    if asked.first is None:
        months = months_of(published)
        noun = "month" if months == 1 else "months"
        return Period(f"{months} {noun} to {written(last)}", _months_before(last + _DAY, months), last)
    if asked.first > last:
        raise UsageError(f"--from {asked.first} is after the last day, {last}: choose an earlier day.")
    return Period(f"{written(asked.first)} to {written(last)}", asked.first, last)


def months_of(period: Period) -> int:
    """The whole months of a period, at least one."""
    end = period.last + _DAY
    months = 12 * (end.year - period.first.year) + end.month - period.first.month
    return max(months - (end.day < period.first.day), 1)


def _months_before(day: date, months: int) -> date:
    """The same day so many months earlier; of a month that has no such day, the first of the next."""
    years, month = divmod(12 * day.year + day.month - 1 - months, 12)
    try:
        return date(years, month + 1, day.day)
    except ValueError:
        return _months_before(date(day.year, day.month, 1), months - 1)
