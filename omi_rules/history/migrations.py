"""The store's schema, step by step: each step runs once, in a transaction of its own, and is never changed again.

A later step is a function more at the end of `MIGRATIONS`. The steps are plain SQL, so that a change of `tables.py`
cannot change what an old step does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, Inspector, Integer, func, inspect, select

from omi_rules.history.tables import SCHEMA, versions
from omi_rules.problems import OutputError


@dataclass(frozen=True)
class Migration:
    """One step; the version of a store is the number of the last step it went through."""

    name: str
    apply: Callable[[Connection], None]


def _run(connection: Connection, statements: str) -> None:
    binary = "BYTEA" if connection.dialect.name == "postgresql" else "BLOB"
    for statement in statements.split(";"):
        if statement.strip():
            connection.exec_driver_sql(statement.replace("BINARY", binary))


def _create_findings(connection: Connection) -> None:
    """Runs, rulebooks, cases and findings as intervals."""
    _run(
        connection,
        """
        CREATE TABLE rulebooks (id INTEGER PRIMARY KEY, hash VARCHAR NOT NULL UNIQUE, name VARCHAR NOT NULL,
            version VARCHAR NOT NULL);
        CREATE TABLE rules (id INTEGER PRIMARY KEY, part VARCHAR NOT NULL, name VARCHAR NOT NULL,
            about VARCHAR NOT NULL, UNIQUE (part, name));
        CREATE TABLE rulebook_rules (rulebook_id INTEGER NOT NULL REFERENCES rulebooks (id),
            rule_id INTEGER NOT NULL REFERENCES rules (id), content VARCHAR NOT NULL,
            recommendations VARCHAR NOT NULL, PRIMARY KEY (rulebook_id, rule_id));
        CREATE TABLE runs (number INTEGER PRIMARY KEY, recorded_at VARCHAR NOT NULL, as_at DATE NOT NULL,
            rulebook_id INTEGER NOT NULL REFERENCES rulebooks (id), program VARCHAR NOT NULL,
            fingerprint VARCHAR NOT NULL, cases INTEGER NOT NULL, exit_code SMALLINT NOT NULL,
            failed VARCHAR NOT NULL, manifest BINARY NOT NULL, changes VARCHAR NOT NULL, hash VARCHAR NOT NULL);
        CREATE TABLE subjects (id INTEGER PRIMARY KEY, about VARCHAR NOT NULL, name VARCHAR NOT NULL,
            division VARCHAR, team VARCHAR, officer VARCHAR, ended_on DATE, gone BOOLEAN NOT NULL,
            UNIQUE (about, name));
        CREATE TABLE findings (id INTEGER PRIMARY KEY, subject_id INTEGER NOT NULL REFERENCES subjects (id),
            rule_id INTEGER NOT NULL REFERENCES rules (id), outcome VARCHAR NOT NULL, due_on DATE, done_on DATE,
            severity SMALLINT NOT NULL, began VARCHAR NOT NULL, first_run INTEGER NOT NULL, last_run INTEGER,
            ended VARCHAR, ended_run INTEGER);
        CREATE UNIQUE INDEX findings_open ON findings (subject_id, rule_id) WHERE ended_run IS NULL;
        CREATE INDEX findings_first_run ON findings (first_run);
        CREATE INDEX findings_ended_run ON findings (ended_run) WHERE ended_run IS NOT NULL
        """,
    )


def _create_alarms(connection: Connection) -> None:
    """What each case had in each table, and the rows that vanished from it."""
    _run(
        connection,
        """
        CREATE TABLE records (subject_id INTEGER PRIMARY KEY REFERENCES subjects (id), days VARCHAR NOT NULL);
        CREATE TABLE alarms (run INTEGER NOT NULL REFERENCES runs (number),
            subject_id INTEGER NOT NULL REFERENCES subjects (id), table_name VARCHAR NOT NULL, rows INTEGER NOT NULL,
            PRIMARY KEY (run, subject_id, table_name));
        CREATE TABLE endangered (subject_id INTEGER NOT NULL REFERENCES subjects (id),
            rule_id INTEGER NOT NULL REFERENCES rules (id), PRIMARY KEY (subject_id, rule_id))
        """,
    )


def _create_plan(connection: Connection) -> None:
    """The improvement plan: its dates, the breaches behind it, their causes, and the items."""
    _run(
        connection,
        """
        CREATE TABLE plans (id INTEGER PRIMARY KEY, published_on DATE NOT NULL, due_on DATE NOT NULL,
            as_at DATE NOT NULL);
        CREATE TABLE plan_counts (recommendation SMALLINT NOT NULL, moment VARCHAR NOT NULL, as_at DATE NOT NULL,
            rulebook VARCHAR NOT NULL, population INTEGER NOT NULL, findings INTEGER, cases INTEGER,
            undecided INTEGER NOT NULL, PRIMARY KEY (recommendation, moment));
        CREATE TABLE plan_causes (recommendation SMALLINT NOT NULL, place SMALLINT NOT NULL, kind VARCHAR NOT NULL,
            words VARCHAR NOT NULL, severity VARCHAR NOT NULL, findings INTEGER NOT NULL, cases INTEGER NOT NULL,
            action VARCHAR NOT NULL, PRIMARY KEY (recommendation, place));
        CREATE TABLE plan_items (id INTEGER PRIMARY KEY, recommendation SMALLINT NOT NULL, action VARCHAR NOT NULL,
            owner VARCHAR, due_on DATE, opened_as_at DATE NOT NULL, closed_on DATE, note VARCHAR)
        """,
    )


def _create_messages(connection: Connection) -> None:
    """The messages about changes: those that were sent, and those that wait for the next attempt."""
    _run(
        connection,
        """
        CREATE TABLE notified (run INTEGER PRIMARY KEY REFERENCES runs (number), since INTEGER NOT NULL);
        CREATE TABLE messages (id VARCHAR NOT NULL, way VARCHAR NOT NULL,
            run INTEGER NOT NULL REFERENCES runs (number), place INTEGER NOT NULL, kind VARCHAR NOT NULL,
            team VARCHAR, edition INTEGER NOT NULL, attempts INTEGER NOT NULL, failed VARCHAR, sent_at VARCHAR,
            document BINARY, PRIMARY KEY (id, way))
        """,
    )


def _create_waivers(connection: Connection) -> None:
    """Waivers of findings, what people did to them, and the runs that found them spent."""
    _run(
        connection,
        """
        CREATE TABLE waivers (id INTEGER PRIMARY KEY, subject_id INTEGER NOT NULL REFERENCES subjects (id),
            rule_id INTEGER NOT NULL REFERENCES rules (id), outcome VARCHAR NOT NULL, due_on DATE, done_on DATE,
            severity SMALLINT NOT NULL, run INTEGER NOT NULL REFERENCES runs (number), content VARCHAR NOT NULL,
            record VARCHAR NOT NULL, rows_until DATE, until DATE NOT NULL, approved_by VARCHAR NOT NULL);
        CREATE TABLE waiver_acts (number INTEGER PRIMARY KEY, waiver_id INTEGER NOT NULL REFERENCES waivers (id),
            act VARCHAR NOT NULL, entered_at VARCHAR NOT NULL, entered_by VARCHAR, reason VARCHAR NOT NULL,
            hash VARCHAR NOT NULL);
        CREATE TABLE waiver_ends (waiver_id INTEGER PRIMARY KEY REFERENCES waivers (id),
            run INTEGER NOT NULL REFERENCES runs (number), how VARCHAR NOT NULL, because VARCHAR NOT NULL)
        """,
    )


def _create_told(connection: Connection) -> None:
    """What was told, way by way: a run was told of by the ways that its messages went or wait to go.

    Where there never was a message, the first run told of had no alert, so that no way has missed anything."""
    _run(
        connection,
        """
        CREATE TABLE told (run INTEGER NOT NULL REFERENCES runs (number), way VARCHAR NOT NULL,
            since INTEGER NOT NULL, PRIMARY KEY (run, way));
        INSERT INTO told (run, way, since) SELECT DISTINCT notified.run, messages.way, notified.since
            FROM notified JOIN messages ON messages.run = notified.run;
        INSERT INTO told (run, way, since) SELECT notified.run, ways.way, 0 FROM notified
            CROSS JOIN (SELECT 'mail' AS way UNION SELECT 'webhook' UNION SELECT 'files') AS ways
            WHERE notified.since = 0 AND NOT EXISTS (SELECT 1 FROM messages);
        DROP TABLE notified
        """,
    )


MIGRATIONS: tuple[Migration, ...] = (
    Migration("findings as intervals", _create_findings),
    Migration("records that vanished", _create_alarms),
    Migration("improvement plan", _create_plan),
    Migration("messages about changes", _create_messages),
    Migration("waivers", _create_waivers),
    Migration("what each way has told", _create_told),
)


#: What the tables of a store are called, or were.
_NAMES = {*SCHEMA.tables, "notified"}


def version_of(connection: Connection) -> int:
    """How many steps a store has been through; 0 for a new one. OutputError if it belongs to something else."""
    found = inspect(connection)
    names = {*found.get_table_names(), *found.get_view_names()}
    if versions.name in names and _is_ours(found):
        return int(connection.execute(select(func.coalesce(func.max(versions.c.version), 0))).scalar_one())
    # a file is one program's; a schema of PostgreSQL may have tables of others, if their names are not ours
    if names if connection.dialect.name == "sqlite" else names & _NAMES:
        raise OutputError("the store holds tables of another program: name another file or database with --store.")
    return 0


def _is_ours(found: Inspector) -> bool:
    """Whether the table of versions is this program's: others call theirs the same."""
    columns = {column["name"]: column["type"] for column in found.get_columns(versions.name)}
    return columns.keys() == {*versions.c.keys()} and isinstance(columns["version"], Integer)


def check_version(version: int) -> None:
    """OutputError for a store that a newer program has written."""
    if version > len(MIGRATIONS):
        raise OutputError(
            f"the store has version {version}, and this program knows version {len(MIGRATIONS)}: a newer omi-rules "
            "has written it. Update omi-rules, or name another store."
        )


def upgrade(engine: Engine, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Bring a store to the latest version, one step and one transaction after the other."""
    with engine.begin() as connection:
        version = version_of(connection)
        check_version(version)
        if version == 0:
            versions.create(connection, checkfirst=True)
    for number, migration in enumerate(migrations[version:], version + 1):
        with engine.begin() as connection:
            migration.apply(connection)
            applied_at = datetime.now(UTC).isoformat(timespec="seconds")
            connection.execute(versions.insert().values(version=number, name=migration.name, applied_at=applied_at))
