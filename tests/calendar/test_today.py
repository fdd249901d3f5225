"""The day it is: in Europe/London, whatever the zone of the machine."""

from datetime import UTC, date, datetime

import pytest

from omi_rules.calendar import today as module


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        # in summer the day begins an hour before midnight UTC, in winter with it
        (datetime(2026, 7, 31, 22, 59, tzinfo=UTC), date(2026, 7, 31)),
        (datetime(2026, 7, 31, 23, 0, tzinfo=UTC), date(2026, 8, 1)),
        (datetime(2026, 1, 31, 23, 59, tzinfo=UTC), date(2026, 1, 31)),
        (datetime(2026, 2, 1, 0, 0, tzinfo=UTC), date(2026, 2, 1)),
    ],
)
def test_day_changes_at_midnight_in_london(monkeypatch: pytest.MonkeyPatch, moment: datetime, day: date) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "datetime", Clock)

    assert module.today() == day
