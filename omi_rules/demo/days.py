"""Working days in SQL, and the day on which something planned is done."""

from datetime import date, timedelta

from omi_rules.calendar.working_days import bank_holidays, is_working_day

#: The area's snapshot: the end of the inspection's autumn.
AS_AT = date(2006, 11, 30)

_FIRST = date(2002, 1, 1)
_LAST = date(2008, 12, 31)
#: The part of the work not yet due that may be done early. Were it all, the rates would be flattered: of two
#: young cases the one in time would count, and the one that will be late would not.
_EARLY = 0.3


def days_macros_sql() -> str:
    """Macros on dates.

    `wd(day)` is the number of working days up to the day, `add_wd(day, n)` the n-th working day after it,
    `prev_wd` and `next_wd` the nearest working day that way, the day itself included; `met_day(opens, due,
    u)` a day in the window, `late_day(due, spread, u)` a day after it. Work already overdue is done by the
    as-at date; a day after the as-at date means that it has not happened. With `not_early(u)` for u, nothing
    is done early that is not yet due.
    """
    days = [_FIRST + timedelta(days=n) for n in range((_LAST - _FIRST).days + 1)]
    working = [day for day in days if is_working_day(day)]
    known = set(working)
    position, positions = 0, []
    for day in days:
        position += day in known
        positions.append(position)
    listed = ", ".join(f"'{day}'" for day in working)
    holidays = ", ".join(f"'{day}'" for day in bank_holidays() if _FIRST <= day <= _LAST)
    return f"""
        SET VARIABLE working_days = [{listed}]::DATE[];
        SET VARIABLE working_days_until = {positions}::INTEGER[];
        SET VARIABLE bank_holidays = [{holidays}]::DATE[];
        CREATE OR REPLACE MACRO as_at() AS DATE '{AS_AT}';
        CREATE OR REPLACE MACRO wd(day) AS getvariable('working_days_until')[(day - DATE '{_FIRST}') + 1];
        CREATE OR REPLACE MACRO add_wd(day, n) AS getvariable('working_days')[wd(day) + n];
        CREATE OR REPLACE MACRO prev_wd(day) AS add_wd(day, 0);
        CREATE OR REPLACE MACRO next_wd(day) AS add_wd((day - 1)::DATE, 1);
        CREATE OR REPLACE MACRO on_holiday(day) AS list_contains(getvariable('bank_holidays'), day);
        CREATE OR REPLACE MACRO some_day(opens, due, u) AS
            greatest(opens, prev_wd((opens + whole(u, due - opens + 1))::DATE));
        CREATE OR REPLACE MACRO met_day(opens, due, u) AS
            CASE WHEN due >= as_at() AND u >= {_EARLY} THEN due
                 ELSE some_day(opens, due, CASE WHEN due < as_at() THEN u ELSE u / {_EARLY} END) END;
        CREATE OR REPLACE MACRO late_day(due, spread, u) AS
            least(CASE WHEN due < as_at() THEN as_at() ELSE DATE '9999-12-31' END,
                  next_wd((due + 1 + whole(u, spread))::DATE));
        CREATE OR REPLACE MACRO not_early(u) AS {_EARLY} + {1 - _EARLY} * u;
        CREATE OR REPLACE MACRO done_day(plan, opens, due, spread, u) AS
            CASE plan WHEN 'met' THEN met_day(opens, due, u) WHEN 'late' THEN late_day(due, spread, u) END;
    """
