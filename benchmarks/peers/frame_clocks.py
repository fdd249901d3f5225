"""Every clock of every duty that has one, as frames, in each way that the empty cells allow."""

from collections.abc import Mapping

import pandas as pd
from frames import HIGH, every_day, known_or, working_days_after

BEFORE_START = pd.Timedelta(days=56)
READING = ["case", "rule", "event", "form", "due", "done", "end"]
Tables = Mapping[str, pd.DataFrame]


def high_triggers(tables: Tables, as_at: pd.Timestamp) -> pd.DataFrame:
    """The days on which the clock of a high Risk of Harm case may have started: case, start, day."""
    cases, roh = tables["cases"], tables["roh_assessments"]
    high = cases.loc[cases.maybe_high, ["case", "start"]]
    assessed = roh[known_or(roh.level, HIGH)].merge(high, on="case")
    known = assessed[assessed.level.notna()].groupby("case").day.min()
    high = high.assign(first=high.case.map(known))
    surely = high.assign(day=high[["start", "first"]].max(axis=1))
    perhaps = assessed[assessed.level.isna() & assessed.day.notna()].assign(first=lambda rows: rows.case.map(known))
    perhaps = perhaps[perhaps["first"].isna() | (perhaps.day < perhaps["first"])]
    perhaps = perhaps.assign(day=perhaps[["start", "day"]].max(axis=1))
    undated = high[high.case.isin(assessed.case[assessed.day.isna()])]
    days = every_day(undated.assign(last=undated["first"].fillna(as_at)), "start", "last")
    days["day"] = days.any_day
    found = pd.concat([frame[["case", "start", "day"]] for frame in (surely, perhaps, days)])
    return found.drop_duplicates(ignore_index=True)


def possible_limits(cases: pd.DataFrame, triggers: pd.DataFrame, *, for_plan: bool) -> pd.DataFrame:
    """The cases with each limit that is possible: 5 for high risk at the start, PPO, or a plan of tier 4; else 15."""
    at_start = cases.case.isin(triggers.case[triggers.day == triggers.start])
    later = cases.case.isin(triggers.case[triggers.day > triggers.start])
    tier_4 = (cases.tier.isna() | (cases.tier == 4).fillna(False)) & for_plan
    short = cases.ppo.fillna(True) | at_start | tier_4
    long = ~cases.ppo.fillna(False) & (later | cases.maybe_low)
    if for_plan:
        long &= ~(cases.tier == 4).fillna(False)
    return pd.concat([cases[short].assign(limit=5), cases[long].assign(limit=15)], ignore_index=True)


def _clocks(rule: str, work: str, rows: pd.DataFrame, opens: pd.Series, due: pd.Series, form: str) -> pd.DataFrame:
    event = rows.event if "event" in rows else 0
    return pd.DataFrame(
        {"case": rows.case, "rule": rule, "event": event, "work": work, "opens": opens, "due": due, "end": rows.end}
    ).assign(form=form)


def all_clocks(tables: Tables, triggers: pd.DataFrame) -> pd.DataFrame:
    """Each clock: case, rule, event, the work that stops it, when its window opens, when it is due."""
    cases = tables["cases"]
    found = []

    def add(
        rule: str,
        work: str,
        rows: pd.DataFrame,
        day: str,
        limit: int | str,
        early: bool | pd.Series = False,
        form: str = "deadline",
    ) -> None:
        opens = rows[day].mask(pd.Series(early, index=rows.index), rows[day] - BEFORE_START)
        due = working_days_after(rows[day], rows[limit] if isinstance(limit, str) else limit)
        found.append(_clocks(rule, work, rows, opens, due, form))

    limits = possible_limits(cases, triggers, for_plan=False)
    add("roh-screening-at-start", "screening", limits, "start", "limit", early=True)
    screenings = tables["roh_screenings"]
    asked = screenings.full_analysis_indicated.fillna(True) & ~screenings.exempted.fillna(False)
    rows = screenings[asked & screenings.day.notna()].merge(limits, on="case")
    add("roh-full-analysis-when-indicated", "full analysis", rows, "day", "limit")
    add("ppo-oasys-on-time", "oasys", cases[cases.ppo.fillna(True)], "start", 5, early=True)
    high = triggers.drop(columns="start").merge(cases, on="case")
    add("high-roh-managed-in-mappa", "mappa", high[~high.excepted & ~high.in_mappa], "day", 10, early=True)
    orders = high[high.community]
    add("risk-management-plan-on-time", "rmp", orders, "day", 5, early=orders.day == orders.start)
    add("high-roh-home-visit-on-time", "visit", high, "day", 10)
    limits = possible_limits(cases[cases.community], triggers, for_plan=True)
    add("initial-plan-exists", "initial plan", limits, "start", "limit", early=True, form="exists")
    plans = tables["sentence_plans"]
    planned = limits[limits.case.isin(plans.case[known_or(plans.kind, ["initial"])])]
    add("initial-plan-on-time", "initial plan", planned, "start", "limit", early=True)
    transfers = tables["transfers"]
    rows = transfers[known_or(transfers.direction, ["in"]) & transfers.day.notna()]
    add("transfer-in-rmp-updated", "rmp update", rows.merge(cases[cases.maybe_high], on="case"), "day", 5)
    changes = tables["significant_changes"]
    add("roh-reviewed-after-change", "any roh", changes[changes.day.notna()].merge(cases, on="case"), "day", 10)
    reviewed = cases[(cases.roh_level != "low") | cases.roh_level.isna()]
    due = reviewed.start + reviewed.interval
    found.append(_clocks("roh-first-review-on-time", "roh review", reviewed, reviewed.start, due, "deadline"))
    return pd.concat(found, ignore_index=True)


def all_work(tables: Tables) -> pd.DataFrame:
    """Work that may stop a clock: case, work, day, and whether it surely is what it may be."""

    def pick(work: str, table: str, column: str | None = None, *kinds: object) -> pd.DataFrame:
        rows = tables[table]
        if column is not None:
            rows = rows[known_or(rows[column], kinds)]
        counts = True if column is None else rows[column].notna()
        return pd.DataFrame({"case": rows.case, "work": work, "day": rows.day, "counts": counts})

    return pd.concat(
        [
            pick("screening", "roh_screenings"),
            pick("any roh", "roh_assessments"),
            pick("full analysis", "roh_assessments", "kind", "full_analysis"),
            pick("roh review", "roh_assessments", "kind", "review"),
            pick("oasys", "oasys_assessments"),
            pick("rmp", "risk_management_plans"),
            pick("rmp update", "risk_management_plans", "kind", "update"),
            pick("initial plan", "sentence_plans", "kind", "initial"),
            pick("mappa", "mappa_events", "kind", "referral", "meeting"),
            pick("visit", "home_visits", "purposeful", True),
        ],
        ignore_index=True,
    )


def stopped_clocks(clocks: pd.DataFrame, work: pd.DataFrame, as_at: pd.Timestamp) -> pd.DataFrame:
    """Readings of every clock: work done as late as it surely was, and as early as it may have been.

    As an earlier day only ever helps, no filling of the empty cells gives an outcome that neither of the two gives.
    """
    clocks = clocks.rename_axis("clock").reset_index()
    pairs = clocks[["clock", "case", "work", "opens"]].merge(work, on=["case", "work"])
    surely = pairs[pairs.counts & (pairs.day >= pairs.opens)].groupby("clock").day.min()
    pairs["day"] = pairs.day.fillna(pairs.opens)
    open_pairs = pairs[(pairs.day >= pairs.opens) & (pairs.day <= as_at)]
    earliest = open_pairs.groupby("clock").day.min()
    late = clocks.assign(done=clocks.clock.map(surely))
    early = clocks.assign(done=clocks.clock.map(earliest))
    early = early[early.done.notna() & (late.done.isna() | (early.done < late.done))]
    return pd.concat([late, early], ignore_index=True)[READING]
