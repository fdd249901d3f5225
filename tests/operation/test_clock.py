"""The end of the calendar, and the time zone of a machine."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from omi_rules.calendar.working_days import LAST_DAY
from omi_rules.operation.clock import look_at_calendar, look_at_time_zone


@pytest.mark.parametrize(
    ("left", "state"), [(365, "ok"), (364, "attention"), (0, "attention"), (-1, "broken"), (-9, "broken")]
)
def test_calendar_is_told_by_the_days_that_are_left(left: int, state: str) -> None:
    (found,) = look_at_calendar(LAST_DAY - timedelta(days=left))

    assert found.state == state
    assert (f"{left} days are left" in found.words) == (left >= 0)
    assert bool(found.remedy) == (state != "ok")


def test_calendar_of_today_has_not_ended() -> None:
    (found,) = look_at_calendar(date(2026, 11, 26))

    assert found.words.endswith("3,322 days are left")


@pytest.mark.parametrize("zone", ["Europe/London", "Europe/Jersey"])
def test_zone_that_keeps_the_time_of_london_is_fine(zone: str) -> None:
    (found,) = look_at_time_zone(2026, ZoneInfo(zone))

    assert found.state == "ok"


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Atlantic/Reykjavik"), ZoneInfo("Europe/Paris")], ids=str)
def test_zone_that_differs_for_part_of_the_year_wants_attention(zone: ZoneInfo) -> None:
    (found,) = look_at_time_zone(2026, zone)

    assert found.state == "attention"
    assert "timedatectl set-timezone Europe/London" in found.remedy
