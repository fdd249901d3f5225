"""Relevant failures as frames: the absences that complete the number allowed, and the breach action after them."""

import pandas as pd
from frame_clocks import READING, Tables
from frames import every_day, known_or, working_days_after

RULE = "breach-instigated-on-time"
LIMIT = 10
MOST_OPEN = 2
YEAR = pd.DateOffset(years=1)
#: Days are counted from here where a failure is told by its day.
EPOCH = pd.Timestamp(1970, 1, 1)
STANDARDS_2007 = pd.Timestamp(2007, 9, 30)


def failure_readings(tables: Tables, as_at: pd.Timestamp) -> pd.DataFrame:
    """A clock for each day with a relevant failure, in every way that the records may be."""
    cases = tables["cases"].set_index("case", drop=False)
    absences = _absences(tables)
    instigations = tables["breaches"][["case", "day"]]
    worlds, more, beyond = _worlds(absences, instigations, as_at)
    surely = absences.loc[absences.surely, ["case", "event", "day"]]
    tried = pd.concat(
        [worlds.merge(surely, on="case"), more.loc[more.event > 0, ["world", "case", "event", "day"]]]
    ).sort_values(["day", "world", "event"])
    instigated = pd.concat(
        [worlds.merge(instigations.dropna(subset="day"), on="case"), more.loc[more.event == 0, ["world", "day"]]]
    )
    instigated = instigated[["world", "day"]].drop_duplicates().sort_values("day").assign(on=lambda rows: rows.day)
    failures = _failures(tried, instigated, cases)
    readings = pd.merge_asof(failures.sort_values("day"), instigated, on="day", by="world", direction="forward").rename(
        columns={"on": "done"}
    )
    readings["due"] = working_days_after(readings.day, LIMIT)
    readings["end"] = readings.case.map(cases.end)
    readings["form"] = "deadline"
    ways = readings.groupby(["case", "event"]).size().rename("ways").reset_index()
    ways["all"] = ways.case.map(worlds.case.value_counts())
    at_times = ways.loc[ways.ways < ways["all"], ["case", "event"]].assign(form="outside")
    undecided = pd.DataFrame({"case": beyond, "event": 0, "form": "undated"})
    return pd.concat([readings, at_times, undecided], ignore_index=True).assign(rule=RULE)[READING]


def _absences(tables: Tables) -> pd.DataFrame:
    """What is or may be an unacceptable absence since the start; `surely` with a day and an outcome."""
    rows = tables["appointments"]
    rows = rows[known_or(rows.outcome, ["unacceptable_absence"])].merge(tables["cases"][["case", "start"]], on="case")
    rows = rows[rows.day.isna() | (rows.day >= rows.start)]
    return rows.assign(surely=rows.day.notna() & rows.outcome.notna())


def _worlds(
    absences: pd.DataFrame, instigations: pd.DataFrame, as_at: pd.Timestamp
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Every way that the open rows of a case may be, what each has more, and the cases with more than two such rows.

    An appointment without an outcome may have been an absence, an undated absence was on any day, and an undated
    breach (`event` 0) too: the days of absences say it all for it.
    """
    undated_breaches = instigations.case[instigations.day.isna() & instigations.case.isin(absences.case)]
    open_absences = absences[~absences.surely]
    open_rows = pd.concat(
        [
            open_absences[["case", "event", "day"]],
            pd.DataFrame({"case": undated_breaches, "event": 0}),
        ],
        ignore_index=True,
    )
    open_rows["number"] = open_rows.groupby("case").cumcount()
    starts = absences.drop_duplicates("case").set_index("case").start
    open_rows["start"], open_rows["as_at"] = open_rows.case.map(starts), as_at
    dated = absences[absences.day.notna()].drop_duplicates(["case", "day"])
    floats = open_absences.case[open_absences.day.isna()]
    breaches = open_rows[(open_rows.event == 0) & ~open_rows.case.isin(floats)]
    anywhen = every_day(open_rows[open_rows.day.isna() & open_rows.case.isin(floats)], "start", "as_at")
    choices = pd.concat(
        [
            open_rows.assign(any_day=pd.NaT),
            open_rows[open_rows.day.notna()].assign(any_day=open_rows.day),
            breaches.drop(columns="day").merge(dated[["case", "day"]], on="case").rename(columns={"day": "any_day"}),
            anywhen,
        ],
        ignore_index=True,
    )
    choices["any_day"] = choices.any_day.astype("datetime64[us]")
    counts = open_rows.groupby("case").size()
    beyond = pd.Series(counts.index[counts > MOST_OPEN], name="case")
    choices = choices.loc[~choices.case.isin(beyond), ["case", "number", "event", "any_day"]]
    one, other = (choices[choices.number == number].drop(columns="number") for number in (0, 1))
    closed = pd.DataFrame({"case": pd.Index(absences.case.unique()).difference(counts.index)})
    ways = pd.concat([one.merge(other, on="case", how="left", suffixes=("_1", "_2")), closed], ignore_index=True)
    ways = ways.rename_axis("world").reset_index()
    columns = {"event_1": "event", "event_2": "event", "any_day_1": "day", "any_day_2": "day"}
    more = pd.concat(
        [ways[["world", "case", f"event_{place}", f"any_day_{place}"]].rename(columns=columns) for place in (1, 2)]
    ).dropna(subset="day")
    return ways[["world", "case"]], more.astype({"event": int}), beyond


def _failures(tried: pd.DataFrame, instigated: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """The day, also as a number, of the first absence to complete the count since the last instigation before it."""
    rows = pd.merge_asof(
        tried, instigated, on="day", by="world", direction="backward", allow_exact_matches=False
    ).rename(columns={"on": "since"})
    rows = rows.sort_values(["world", "day", "event"], ignore_index=True)
    segment = rows.groupby(["world", "since"], dropna=False, sort=False)
    before, before_that = segment.day.shift(), segment.day.shift(2)
    community = rows.case.map(cases.community)
    licence = before_that.notna() & ((rows.day < STANDARDS_2007) | (rows.day <= before_that + YEAR))
    completes = (rows.day <= before + YEAR).where(community, licence)
    first = rows.loc[completes, ["world", "case", "since", "day"]].drop_duplicates(["world", "since"])
    return first.drop(columns="since").assign(event=(first.day - EPOCH).dt.days)
