"""The tables of the store as they are now; `migrations.py` makes them, step by step.

A finding is an interval: one state of one rule in one case, with the run that first saw it and the run in which it
ended. What stays as it was costs no row, and no update, however many nights pass.
"""

from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, MetaData, SmallInteger, String, Table

SCHEMA = MetaData()

#: The migrations that this store has been through.
versions = Table(
    "schema_versions",
    SCHEMA,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("applied_at", String, nullable=False),
)

rulebooks = Table(
    "rulebooks",
    SCHEMA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("hash", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("version", String, nullable=False),
)

#: Rules and conclusions; `part` is rule or conclusion, `about` case or staff.
rules = Table(
    "rules",
    SCHEMA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("part", String, nullable=False),
    Column("name", String, nullable=False),
    Column("about", String, nullable=False),
)

#: What each rule was in each rulebook: `content` is the digest of what decides its outcomes.
rulebook_rules = Table(
    "rulebook_rules",
    SCHEMA,
    Column("rulebook_id", Integer, primary_key=True, autoincrement=False),
    Column("rule_id", Integer, primary_key=True, autoincrement=False),
    Column("content", String, nullable=False),
    Column("recommendations", String, nullable=False),
)

#: `failed` lists, as JSON, the rules that could not run; `manifest` is run.json as canonical JSON, compressed.
runs = Table(
    "runs",
    SCHEMA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("recorded_at", String, nullable=False),
    Column("as_at", Date, nullable=False),
    Column("rulebook_id", Integer, nullable=False),
    Column("program", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("cases", Integer, nullable=False),
    Column("exit_code", SmallInteger, nullable=False),
    Column("failed", String, nullable=False),
    Column("manifest", LargeBinary, nullable=False),
    Column("changes", String, nullable=False),
    Column("hash", String, nullable=False),
)

#: Cases and members of staff. Who holds them is as in the latest run that read them.
subjects = Table(
    "subjects",
    SCHEMA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("about", String, nullable=False),
    Column("name", String, nullable=False),
    Column("division", String),
    Column("team", String),
    Column("officer", String),
    Column("ended_on", Date),
    Column("gone", Boolean, nullable=False),
)

#: `due_on` names the duty. `outcome` is empty for a conclusion, and unknown where a finding can no longer be decided.
findings = Table(
    "findings",
    SCHEMA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("subject_id", Integer, nullable=False),
    Column("rule_id", Integer, nullable=False),
    Column("outcome", String, nullable=False),
    Column("due_on", Date),
    Column("done_on", Date),
    Column("severity", SmallInteger, nullable=False),
    Column("began", String, nullable=False),
    Column("first_run", Integer, nullable=False),
    Column("last_run", Integer),
    Column("ended", String),
    Column("ended_run", Integer),
)

#: The days on which each case has dated rows, a table, as JSON; what is not there next time has vanished.
records = Table(
    "records",
    SCHEMA,
    Column("subject_id", Integer, primary_key=True, autoincrement=False),
    Column("days", String, nullable=False),
)

#: Rows that were in the export of an earlier run and are not in that of `run`.
alarms = Table(
    "alarms",
    SCHEMA,
    Column("run", Integer, primary_key=True, autoincrement=False),
    Column("subject_id", Integer, primary_key=True, autoincrement=False),
    Column("table_name", String, primary_key=True),
    Column("rows", Integer, nullable=False),
)

#: Answers that were open when a record vanished, and still are.
endangered = Table(
    "endangered",
    SCHEMA,
    Column("subject_id", Integer, primary_key=True, autoincrement=False),
    Column("rule_id", Integer, primary_key=True, autoincrement=False),
)

#: The improvement plan, if there is one: the day of publication, and the day as at which its latest run judged.
plans = Table(
    "plans",
    SCHEMA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("published_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("as_at", Date, nullable=False),
)

#: How often each recommendation was breached: `planned` when it came into the plan, `latest` in the plan's latest run.
#: `findings` and `cases` are null where that run did not judge it. `cases` are members of staff where the rules are
#: about them.
plan_counts = Table(
    "plan_counts",
    SCHEMA,
    Column("recommendation", SmallInteger, primary_key=True, autoincrement=False),
    Column("moment", String, primary_key=True),
    Column("as_at", Date, nullable=False),
    Column("rulebook", String, nullable=False),
    Column("population", Integer, nullable=False),
    Column("findings", Integer),
    Column("cases", Integer),
    Column("undecided", Integer, nullable=False),
)

#: The causes of a recommendation's findings, and the rules broken, as the plan's latest run has them; `place` from 1.
plan_causes = Table(
    "plan_causes",
    SCHEMA,
    Column("recommendation", SmallInteger, primary_key=True, autoincrement=False),
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("words", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("findings", Integer, nullable=False),
    Column("cases", Integer, nullable=False),
    Column("action", String, nullable=False),
)

#: What is to be done; `opened_as_at` is the day of the run that the plan rested on when the item came in.
plan_items = Table(
    "plan_items",
    SCHEMA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("recommendation", SmallInteger, nullable=False),
    Column("action", String, nullable=False),
    Column("owner", String),
    Column("due_on", Date),
    Column("opened_as_at", Date, nullable=False),
    Column("closed_on", Date),
    Column("note", String),
)

#: The runs that each way told of. `since` is the run that such a run was set beside; 0: none, and all that stood was
#: news.
told = Table(
    "told",
    SCHEMA,
    Column("run", Integer, primary_key=True, autoincrement=False),
    Column("way", String, primary_key=True),
    Column("since", Integer, nullable=False),
)

#: Messages about changes, a row for each way that one goes. `document` is kept until the message has gone or was given
#: up, `failed` says why it has not gone, and `edition` counts how often it was asked for. No address is kept.
messages = Table(
    "messages",
    SCHEMA,
    Column("id", String, primary_key=True),
    Column("way", String, primary_key=True),
    Column("run", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("team", String),
    Column("edition", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("failed", String),
    Column("sent_at", String),
    Column("document", LargeBinary),
)

#: What was waived: a finding of a run, until when and approved by whom; never changed and never deleted. `content` is
#: the digest of the rule, `record` that of the cells behind the finding, up to the rows of `rows_until` if it is given.
waivers = Table(
    "waivers",
    SCHEMA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("subject_id", Integer, nullable=False),
    Column("rule_id", Integer, nullable=False),
    Column("outcome", String, nullable=False),
    Column("due_on", Date),
    Column("done_on", Date),
    Column("severity", SmallInteger, nullable=False),
    Column("run", Integer, nullable=False),
    Column("content", String, nullable=False),
    Column("record", String, nullable=False),
    Column("rows_until", Date),
    Column("until", Date, nullable=False),
    Column("approved_by", String, nullable=False),
)

#: What people did to waivers: `act` is given or ended. `hash` covers it, the waiver, and the hash before it.
waiver_acts = Table(
    "waiver_acts",
    SCHEMA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("waiver_id", Integer, nullable=False),
    Column("act", String, nullable=False),
    Column("entered_at", String, nullable=False),
    Column("entered_by", String),
    Column("reason", String, nullable=False),
    Column("hash", String, nullable=False),
)

#: Waivers that a run found spent for good: `how` is lapsed or unused, `because` a word that says why.
waiver_ends = Table(
    "waiver_ends",
    SCHEMA,
    Column("waiver_id", Integer, primary_key=True, autoincrement=False),
    Column("run", Integer, nullable=False),
    Column("how", String, nullable=False),
    Column("because", String, nullable=False),
)
