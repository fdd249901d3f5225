"""By what cases are grouped: where they are held, whom they are about, and what kind of order it is."""

from datetime import date

#: Where a case is held, each level inside the one before it.
LEVELS = ("division", "team", "officer")

#: Every dimension of the option --by.
DIMENSIONS = (*LEVELS, "gender", "ethnicity", "age", "tier", "order", "ppo", "roh")

#: The columns of cases.parquet that groups are made from.
COLUMNS = (
    *("division", "team", "offender_manager", "gender", "ethnicity"),
    *("start_date", "tier", "order_type", "ppo", "roh_level"),
)

#: How old an order is on the as-at date. A band begins on the day itself: 16 weeks, 6 months, a year after the start.
AGES = ("under 16 weeks", "16 weeks to 6 months", "6 to 12 months", "over a year")

#: The order in which the groups of a dimension stand, where it is not that of their names.
ORDERS: dict[str, tuple[str, ...]] = {
    "age": AGES,
    "order": ("community_order", "suspended_sentence_order", "licence"),
    "ppo": ("yes", "no"),
    "roh": ("low", "medium", "high", "very_high"),
}


def levels_of(dimension: str) -> tuple[str, ...]:
    """The dimensions that add up to one another with this one, the widest first."""
    return LEVELS if dimension in LEVELS else (dimension,)


def grouped_cases_sql(as_at: date) -> str:
    """Every case of the view `cases`, with a column of text for each dimension; null is not recorded.

    A licence whose release lies ahead counts as under 16 weeks. Months end where a shorter one ends: 6 months after
    31 August is 28 February.
    """
    day = f"DATE '{as_at.isoformat()}'"
    under, to_six, to_twelve, over = (f"'{age}'" for age in AGES)
    return f"""SELECT case_id, division, team, offender_manager AS officer, gender, ethnicity,
        CASE WHEN {day} < start_date + INTERVAL 16 WEEK THEN {under}
             WHEN {day} < start_date + INTERVAL 6 MONTH THEN {to_six}
             WHEN {day} < start_date + INTERVAL 12 MONTH THEN {to_twelve}
             WHEN start_date IS NOT NULL THEN {over} END AS age,
        tier::VARCHAR AS tier, order_type AS "order",
        CASE ppo WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END AS ppo, roh_level AS roh
        FROM cases"""
