"""All readings of an export as one frame, and what is certain of them once they are decided."""

from pathlib import Path

import pandas as pd
from frame_clocks import Tables, all_clocks, all_work, high_triggers, stopped_clocks
from frame_failures import failure_readings
from frame_reviews import chain_readings, pair_readings
from frames import is_holiday, known_or, working_days_after

RULES = (
    "roh-screening-at-start",
    "roh-full-analysis-when-indicated",
    "roh-exemption-countersigned",
    "high-roh-managed-in-mappa",
    "risk-management-plan-on-time",
    "rmp-standard-headings",
    "ppo-oasys-on-time",
    "ethnicity-recorded",
    "initial-plan-exists",
    "initial-plan-on-time",
    "plan-reviewed-every-16-weeks",
    "plan-review-with-risk-review",
    "transfer-in-rmp-updated",
    "high-roh-home-visit-on-time",
    "roh-first-review-on-time",
    "roh-reviewed-every-16-weeks",
    "roh-reviewed-after-change",
    "contact-frequency",
    "breach-instigated-on-time",
    "bank-holiday-absence",
)
WORST_FIRST = ("missing", "late", "not_met", "unknown", "due", "met", "excluded", "not_applicable")
DATED = ("met", "late", "missing", "due", "not_met")
SIGNS = ("fails", "waits", "holds", "overdue", "late", "in_time", "ended")
CONTACT_KINDS = ("office", "programme", "drug_test", "other")
CONTACTS = {1: None, 2: 16, 3: 16, 4: 32}
FIRST_WEEKS = pd.Timedelta(days=111)


def all_readings(tables: Tables, as_at: pd.Timestamp) -> pd.DataFrame:
    """What every duty finds in every case: several rows where an empty cell leaves it open."""
    triggers = high_triggers(tables, as_at)
    readings = pd.concat(
        [
            stopped_clocks(all_clocks(tables, triggers), all_work(tables), as_at),
            _outside(tables),
            _of_cases(tables, triggers),
            _exemptions(tables),
            _headings(tables, as_at),
            chain_readings(tables, as_at),
            pair_readings(tables, as_at),
            _contacts(tables, as_at),
            failure_readings(tables, as_at),
            _holiday_absences(tables),
        ],
        ignore_index=True,
    )
    for sign in SIGNS:
        readings[sign] = readings[sign].astype("boolean").fillna(False).astype(bool)
    return readings.astype({"event": int})


def _outside(tables: Tables) -> pd.DataFrame:
    """Where a duty may have nothing to judge, or be excluded, or have an event of unknown day."""
    cases, screenings = tables["cases"], tables["roh_screenings"]
    indicated, exempted = screenings.full_analysis_indicated, screenings.exempted
    analysis = "roh-full-analysis-when-indicated"
    transfers = tables["transfers"][known_or(tables["transfers"].direction, ["in"])].merge(
        cases.loc[cases.maybe_high, ["case", "maybe_low"]], on="case"
    )
    changes, plans = tables["significant_changes"], tables["sentence_plans"]
    unplanned = ~cases.case.isin(plans.case[(plans.kind == "initial").fillna(False)])
    not_reviewed = known_or(cases.roh_level, ["low"])
    found = [
        (analysis, "outside", screenings[~indicated.fillna(False)]),
        (analysis, "excluded", screenings[indicated.fillna(True) & exempted.fillna(True)]),
        (analysis, "undated", screenings[indicated.fillna(True) & ~exempted.fillna(False) & screenings.day.isna()]),
        ("ppo-oasys-on-time", "outside", cases[~cases.ppo.fillna(False)]),
        ("high-roh-managed-in-mappa", "outside", cases[cases.maybe_low]),
        ("high-roh-managed-in-mappa", "excluded", cases[cases.excepted & cases.maybe_high]),
        ("risk-management-plan-on-time", "outside", cases[cases.maybe_low | ~cases.community]),
        ("high-roh-home-visit-on-time", "outside", cases[cases.maybe_low]),
        ("initial-plan-on-time", "outside", cases[unplanned]),
        ("transfer-in-rmp-updated", "outside", transfers[transfers.maybe_low | transfers.direction.isna()]),
        ("transfer-in-rmp-updated", "undated", transfers[transfers.day.isna()]),
        ("roh-first-review-on-time", "outside", cases[not_reviewed]),
        ("roh-reviewed-every-16-weeks", "outside", cases[not_reviewed]),
        ("roh-reviewed-after-change", "undated", changes[changes.day.isna()]),
    ]
    return pd.concat(
        [
            pd.DataFrame({"case": rows.case, "event": rows.event if "event" in rows else 0, "rule": rule, "form": form})
            for rule, form, rows in found
        ]
    )


def _of_cases(tables: Tables, triggers: pd.DataFrame) -> pd.DataFrame:
    """What a case itself holds, and managed in MAPPA at once."""
    cases = tables["cases"]
    recorded = pd.DataFrame({"case": cases.case, "holds": cases.ethnicity, "fails": ~cases.ethnicity})
    managed = triggers[triggers.case.isin(cases.case[cases.in_mappa & ~cases.excepted])]
    at_once = pd.DataFrame({"case": managed.case, "due": working_days_after(managed.day, 10), "holds": True})
    return pd.concat(
        [recorded.assign(rule="ethnicity-recorded"), at_once.assign(rule="high-roh-managed-in-mappa")]
    ).assign(form="rows", event=0)


def _by_case(rows: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Whether any row of a case fails, and any holds."""
    signs = rows.groupby("case")[["fails", "holds"]].any()
    return signs.reset_index().assign(rule=rule, form="rows", event=0)


def _exemptions(tables: Tables) -> pd.DataFrame:
    screenings = tables["roh_screenings"]
    rows = screenings[screenings.exempted.fillna(True)]
    rows = rows.assign(holds=rows.countersigned, fails=~rows.countersigned)
    perhaps = rows.case[rows.exempted.isna()]
    surely = rows[rows.exempted.notna()]
    none = pd.DataFrame({"case": perhaps[~perhaps.isin(surely.case)]})
    rule = "roh-exemption-countersigned"
    return pd.concat(
        [
            _by_case(surely, rule),
            _by_case(rows[rows.case.isin(perhaps)], rule),
            none.assign(rule=rule, form="rows", event=0),
        ]
    )


def _headings(tables: Tables, as_at: pd.Timestamp) -> pd.DataFrame:
    """The latest plan, which any undated one may be; one of today has them all beside it."""
    plans = tables["risk_management_plans"]
    latest = plans.groupby("case").day.transform("max")
    dated = plans[plans.day.notna() & (plans.day == latest)]
    undated = plans[plans.day.isna()].assign(candidate=lambda rows: rows.event)
    beside = dated[dated.day == as_at].drop(columns="event").merge(undated[["case", "event"]], on="case")
    candidates = pd.concat([dated.assign(candidate=0), undated, beside.assign(candidate=beside.event)])
    found = []
    for filling in (True, False):
        held = candidates.standard_headings.fillna(filling)
        signs = candidates.assign(holds=held, fails=~held).groupby(["case", "candidate"])[["holds", "fails"]].any()
        found.append(signs.reset_index("case"))
    return pd.concat(found).assign(rule="rmp-standard-headings", form="rows", event=0)


def _contacts(tables: Tables, as_at: pd.Timestamp) -> pd.DataFrame:
    """Appointments in the first sixteen weeks: fewest, and most."""
    asked = tables["cases"][["case", "start", "end", "tier"]]
    any_tier = asked[asked.tier.isna()].drop(columns="tier").merge(pd.DataFrame({"tier": list(CONTACTS)}), how="cross")
    asked = pd.concat([asked[asked.tier.notna()], any_tier], ignore_index=True)
    asked["least"] = asked.tier.map(CONTACTS).mask((asked.tier == 2) & (asked.start >= pd.Timestamp(2007, 9, 30)), 10)
    asked["due"] = asked.start + FIRST_WEEKS
    rows = tables["appointments"]
    counts = known_or(rows.kind, CONTACT_KINDS) & (rows.outcome.isna() | (rows.outcome != "cancelled_by_service"))
    rows = rows[counts].merge(tables["cases"][["case", "start"]], on="case")
    surely = rows.day.notna() & rows.kind.notna() & rows.outcome.notna()
    rows["day"] = rows.day.fillna(rows.start)
    rows = rows[(rows.day >= rows.start) & (rows.day <= rows.start + FIRST_WEEKS) & (rows.day <= as_at)]
    found = [asked[asked.least.isna()].assign(form="outside", due=pd.NaT)]
    for chosen in (rows[surely.loc[rows.index]], rows):
        chosen = chosen.sort_values("day")
        chosen = chosen.assign(least=chosen.groupby("case").cumcount() + 1.0)
        reached = asked[asked.least.notna()].merge(chosen[["case", "least", "day"]], on=["case", "least"], how="left")
        found.append(reached.rename(columns={"day": "done"}).assign(form="count"))
    readings = pd.concat(found, ignore_index=True).drop(columns=["start", "tier"]).drop_duplicates()
    return readings.drop(columns="least").assign(rule="contact-frequency", event=0)


def _holiday_absences(tables: Tables) -> pd.DataFrame:
    """An undated appointment may have been on a bank holiday, one without an outcome an acceptable absence."""
    rule, rows = "bank-holiday-absence", tables["appointments"]
    rows = rows[rows.day.isna() | is_holiday(rows.day)]
    undated = rows.case[rows.day.isna()]
    surely = rows[rows.day.notna()]
    found = [pd.DataFrame({"case": undated[~undated.isin(surely.case)]})]
    for chosen in (surely, rows[rows.case.isin(undated)]):
        for filling in (False, True):
            absent = (chosen.outcome == "acceptable_absence") | (chosen.outcome.isna() & filling)
            found.append(_by_case(chosen.assign(fails=absent, holds=~absent), rule))
    return pd.concat(found).assign(rule=rule, form="rows", event=0)


def settle(readings: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """What all readings of an event agree on, the worst of a duty's events, and a row for every case and rule."""
    readings = readings.assign(rank=readings.outcome.map({name: rank for rank, name in enumerate(WORST_FIRST)}))
    readings = readings[["case", "rule", "event", "rank", "due", "done"]]
    several = readings.duplicated(["case", "rule", "event"], keep=False)
    together = readings[several].groupby(["case", "rule", "event"], observed=True)
    agreed = together["rank"].agg(["min", "max", "size"])
    agreed["rank"] = agreed["min"].where(agreed["min"] == agreed["max"], WORST_FIRST.index("unknown"))
    for day in ("due", "done"):
        days = together[day].agg(["min", "max", "count"])
        agreed[day] = days["min"].where((days["min"] == days["max"]) & (days["count"] == agreed["size"]))
    settled = pd.concat([readings[~several], agreed[["rank", "due", "done"]].reset_index()])
    worst = settled.sort_values(["case", "rule", "rank", "due", "event"]).drop_duplicates(["case", "rule"])
    whole = cases[["case", "case_id"]].merge(pd.DataFrame({"rule": RULES}), how="cross")
    whole = whole.merge(worst, on=["case", "rule"], how="left")
    ranks = whole["rank"].fillna(WORST_FIRST.index("not_applicable")).astype(int)
    whole["outcome"] = pd.Categorical.from_codes(ranks, list(WORST_FIRST))
    dated = whole.outcome.isin(DATED)
    whole["due_on"], whole["done_on"] = whole.due.where(dated), whole.done.where(dated)
    return whole[["case_id", "rule", "outcome", "due_on", "done_on"]]


def write_outcomes(outcomes: pd.DataFrame, file: Path) -> None:
    """One line a case and rule."""
    outcomes.to_csv(file, index=False, date_format="%Y-%m-%d")
