"""Reviews in a chain, and plan reviews with the risk reviews beside them, as frames."""

import numpy as np
import pandas as pd
from frame_clocks import Tables
from frames import every_day, first_day_within, known_or, working_days_after

CHAINS = (
    ("plan-reviewed-every-16-weeks", "sentence_plans"),
    ("roh-reviewed-every-16-weeks", "roh_assessments"),
)
PAIRED = "plan-review-with-risk-review"
PAIRING = 10
MOST_OPEN = 2


def reviews_of(tables: Tables, table: str) -> pd.DataFrame:
    """What is or may be a review: case, day, and whether it surely is one."""
    rows = tables[table]
    rows = rows[known_or(rows.kind, ["review"])]
    return pd.DataFrame({"case": rows.case, "day": rows.day, "surely": rows.kind.notna()})


def chain_readings(tables: Tables, as_at: pd.Timestamp) -> pd.DataFrame:
    """The chains with every review that there may be: an undated one on any day since the start, or before it."""
    cases = tables["cases"]
    found = []
    for rule, table in CHAINS:
        part = "all" if table == "sentence_plans" else "next"
        chained = cases if part == "all" else cases[(cases.roh_level != "low") | cases.roh_level.isna()]
        reviews = reviews_of(tables, table).merge(chained[["case", "start"]], on="case")
        reviews = reviews[reviews.day.isna() | (reviews.day >= reviews.start)]
        worlds, beyond = open_worlds(chained, reviews[reviews.day.isna() | ~reviews.surely], as_at)
        surely = reviews[reviews.surely & reviews.day.notna()].drop_duplicates(["case", "day"])
        days = worlds[["world", "case"]].merge(surely[["case", "day"]], on="case")
        more = worlds.melt(["world", "case"], ["one", "other"], value_name="day").dropna(subset="day")
        days = pd.concat([days, more[["world", "case", "day"]]]).drop_duplicates(["world", "day"])
        found.append(_judge(worlds.merge(chained, on="case"), days, part, as_at).assign(rule=rule))
        found.append(pd.DataFrame({"case": beyond, "rule": rule, "form": "undated"}))
    return pd.concat(found, ignore_index=True).assign(event=0)


def open_worlds(chained: pd.DataFrame, open_rows: pd.DataFrame, as_at: pd.Timestamp) -> tuple[pd.DataFrame, pd.Series]:
    """Every way that the open rows of a case may be: none, or on a day; and the cases with more than two of them."""
    open_rows = open_rows.assign(number=open_rows.groupby("case").cumcount(), as_at=as_at)
    counts = open_rows.groupby("case").size()
    beyond = pd.Series(counts.index[counts > MOST_OPEN], name="case")
    undated = every_day(open_rows[open_rows.day.isna()], "start", "as_at")
    choices = pd.concat(
        [open_rows.assign(any_day=pd.NaT), open_rows[open_rows.day.notna()].assign(any_day=open_rows.day), undated],
        ignore_index=True,
    )[["case", "number", "any_day"]]
    first, second = (choices[choices.number == number].drop(columns="number") for number in (0, 1))
    closed = chained.loc[~chained.case.isin(counts.index), ["case"]]
    ways = first[~first.case.isin(beyond)].merge(second, on="case", how="left", suffixes=("_1", "_2"))
    ways = pd.concat([closed, ways.rename(columns={"any_day_1": "one", "any_day_2": "other"})], ignore_index=True)
    ways = ways.reindex(columns=["case", "one", "other"]).astype({"one": "datetime64[us]", "other": "datetime64[us]"})
    return ways.rename_axis("world").reset_index(), beyond


def _judge(worlds: pd.DataFrame, days: pd.DataFrame, part: str, as_at: pd.Timestamp) -> pd.DataFrame:
    """One chain a world: what there is in it, and the dates that go with it."""
    worlds = worlds.set_index("world")
    days = days.sort_values(["world", "day"], ignore_index=True)
    cases = worlds.loc[days.world]
    before = days.day.shift().where(days.world == days.world.shift(), pd.Series(cases.start.to_numpy()))
    days["due"] = before + cases.interval.to_numpy()
    last = days.groupby("world").day.max()
    judged = days if part == "all" else days[days.world.duplicated()]
    ended_first = worlds.end.reindex(judged.world).to_numpy() < judged.due.to_numpy()
    late = judged[(judged.day > judged.due) & ~ended_first].drop_duplicates("world").set_index("world")
    latest = judged.drop_duplicates("world", keep="last").set_index("world")
    worlds["due"] = last.reindex(worlds.index).fillna(worlds.start) + worlds.interval
    worlds["overdue"] = (as_at > worlds.due) & ~(worlds.end < worlds.due)
    worlds["late"] = worlds.index.isin(late.index)
    worlds["in_time"] = worlds.index.isin(judged.world[judged.day <= judged.due])
    worlds["ended"] = worlds.end < worlds.due
    worlds["done"] = pd.Series(pd.NaT, index=worlds.index, dtype="datetime64[us]")
    for rows in (latest, late):
        chosen = worlds.index.isin(rows.index) & ~worlds.overdue
        worlds.loc[chosen, "due"] = rows.due.reindex(worlds.index[chosen])
        worlds.loc[chosen, "done"] = rows.day.reindex(worlds.index[chosen])
    worlds["form"] = "chain"
    if part == "next":
        worlds["form"] = np.where(worlds.index.isin(last.index), "chain", "outside")
    return worlds[["case", "form", "due", "done", "overdue", "late", "in_time", "ended"]]


def pair_readings(tables: Tables, as_at: pd.Timestamp) -> pd.DataFrame:
    """Whether every plan review has a review of risk and of OASys near it: with what is sure, and with what may be."""
    reviews = reviews_of(tables, "sentence_plans")
    dated = reviews[reviews.day.notna()]
    perhaps = dated.case[~dated.surely]
    ways = [dated[dated.surely], dated[dated.case.isin(perhaps)]]
    partners = [reviews_of(tables, table) for table in ("roh_assessments", "oasys_assessments")]
    found = [_states(rows, partners, as_at, helped) for rows in ways for helped in (False, True)]
    unsure = pd.Index(tables["cases"].case).difference(reviews.case[reviews.surely])
    found.append(pd.DataFrame({"case": unsure}))
    # An undated one may have been long ago and by itself, or today.
    undated = reviews.case[reviews.day.isna()]
    found.append(pd.DataFrame({"case": undated, "fails": True}))
    found.append(pd.DataFrame({"case": undated[~undated.isin(dated.case[dated.surely])], "waits": True}))
    return pd.concat(found, ignore_index=True).assign(rule=PAIRED, form="rows", event=0)


def _states(rows: pd.DataFrame, partners: list[pd.DataFrame], as_at: pd.Timestamp, helped: bool) -> pd.DataFrame:
    """By case: whether a plan review fails, waits, or holds."""
    rows = rows[["case", "day"]].drop_duplicates(ignore_index=True)
    rows["earliest"], rows["latest"] = first_day_within(rows.day, PAIRING), working_days_after(rows.day, PAIRING)
    rows["past"] = as_at > rows.latest
    alone = pd.Series(False, index=rows.index)
    for partner in partners:
        there = partner[partner.day.notna() & (partner.surely | helped)]
        pairs = rows.rename_axis("row").reset_index().merge(there, on="case", suffixes=("", "_of"))
        near = pairs.row[(pairs.day_of >= pairs.earliest) & (pairs.day_of <= pairs.latest)]
        lacking = ~rows.index.isin(near)
        if helped:
            undated = partner[partner.day.isna()].groupby("case").size()
            open_rows = rows[lacking & rows.case.isin(undated.index)].sort_values(["case", "day"])
            lacking &= ~rows.index.isin(_coverable(open_rows, undated, as_at))
        alone |= lacking
    rows["fails"], rows["waits"], rows["holds"] = alone & rows.past, alone & ~rows.past, ~alone
    return rows.groupby("case")[["fails", "waits", "holds"]].any().reset_index()


def _coverable(rows: pd.DataFrame, undated: pd.Series, as_at: pd.Timestamp) -> list[int]:
    """The rows that the undated reviews of their case can have been near: all of them, else those that are past."""
    covered: list[int] = []
    for case, group in rows.groupby("case"):
        for chosen in (group, group[group.past]):
            reach, used = pd.Timestamp.min, 0
            for row in chosen.itertuples():
                if row.earliest > reach:
                    reach, used = min(row.latest, as_at), used + 1
            if used <= undated[case]:
                covered.extend(chosen.index)
                break
    return covered
