"""The files of a run, written by the store itself: outcomes, cases, measures, findings, conclusions and rejects."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from omi_rules.checks.measures import create_measures
from omi_rules.checks.run import Judged
from omi_rules.checks.sayings import worded_sql
from omi_rules.data.store import Store, run_together
from omi_rules.reports.findings import lay_out_findings, severity_sql, write_findings, write_flat_findings
from omi_rules.reports.folder import settle
from omi_rules.reports.lines import copy_rows, json_sql, neutral_sql, share_words, write_lines

#: Rows of outcomes.parquet that share a dictionary of their words.
_ROW_GROUP = 1_000_000
_SHOWN = "cases WHERE case_no IN (SELECT case_no FROM shown_cases)"

#: What scores and targets ask of a case, beside its outcomes.
CASE_COLUMNS = (
    *("case_id", "division", "team", "offender_manager", "order_type::VARCHAR AS order_type", "start_date"),
    *("end_date", "tier", "roh_level::VARCHAR AS roh_level", "ppo", "mappa_level", "gender", "ethnicity"),
)


#: The rows of measures.parquet, in order.
MEASURES_SQL = """SELECT c.case_id, m.measure, m.day AS "on", m.amount
    FROM main.measured m JOIN main.cases c USING (case_no)
    ORDER BY m.case_no, m.measure, m.day NULLS LAST, m.amount NULLS LAST"""

#: A line of conclusions.jsonl, of a row of `concluded`.
CONCLUSION_PIECES = ("'{\"case_id\":'", "case_json", "text")


def write_files(store: Store, folder: Path, judged: Judged) -> None:
    """Write every file of the run about cases, but run.json, into `folder`."""
    work: list[Callable[[Store], None]] = [  # what takes longest goes first, so that no thread waits for it alone
        lay_out_findings,
        _lay_out_outcomes,
        partial(_write_measures, folder=folder, judged=judged),
        lay_out_conclusions,
    ]
    run_together(store, work)
    _write_lines(store, folder)
    with ThreadPoolExecutor(1) as disk:
        # hundreds of megabytes of lines: the disk takes them while the processor is at the outcomes
        settled = disk.submit(settle, list(folder.iterdir()))
        run_together(
            store, [partial(write, folder=folder) for write in (_write_outcomes, _write_cases, _write_rejects)]
        )
        settled.result()


def _write_lines(store: Store, folder: Path) -> None:
    """Write the files of lines side by side, each on one thread from its first line to its last.

    Sharing one file out among threads would keep hundreds of megabytes of text waiting for their turn.
    """
    (threads,) = store.execute("SELECT current_setting('threads')").fetchone() or (1,)
    files = (write_findings, write_flat_findings, _write_conclusions)
    run_together(store, [partial(_by_itself, write, folder=folder) for write in files])
    store.execute("SET threads = ?", [threads])


def _by_itself(write: Callable[[Store, Path], None], store: Store, folder: Path) -> None:
    store.execute("SET threads = 1")  # for the whole store
    write(store, folder)


def lay_out_conclusions(store: Store) -> None:
    """Create `concluded`, the pieces of each line: but for the case, they are those of what it rests on."""
    store.execute(f"""CREATE OR REPLACE TABLE drawn_text AS
        SELECT drawn, flag, recommendation, concat(',"recommendation":', coalesce(recommendation::VARCHAR, 'null'),
            ',"flag":', {json_sql("flag")}, ',"severity":', {json_sql(severity_sql())}, ',"causes":',
            {json_sql("[cause]")}, ',"action":', {json_sql("action")}, ',"because":', because::JSON, '}}') AS text
        FROM (SELECT d.*, f.severity, f.cause, f.action,
                unnest(CASE WHEN len(f.recommendations) = 0 THEN [NULL] ELSE f.recommendations END) AS recommendation
              FROM drawn d JOIN flag_words f USING (flag))""")
    share_words(store, "drawn_text", ["text"])
    store.execute(f"""CREATE OR REPLACE TABLE concluded AS
        SELECT {json_sql("c.case_id")} AS case_json, t.text
        FROM derived d JOIN drawn_text t USING (drawn) JOIN cases c USING (case_no)
        ORDER BY d.case_no, t.recommendation NULLS LAST, t.flag""")


def _write_conclusions(store: Store, folder: Path) -> None:
    write_lines(store, "concluded", CONCLUSION_PIECES, folder / "conclusions.jsonl")


def _write_rejects(store: Store, folder: Path) -> None:
    # one file of records holds the rows of many tables, each counted from 1
    rejected = f"{rejects_sql()} ORDER BY rejects.file, row, table_name"
    copy_rows(store, rejected, folder / "rejects.csv", "FORMAT CSV, HEADER")


def rejects_sql() -> str:
    """The rows of rejects.csv."""
    return f"""SELECT {neutral_sql("file")} AS file, row, "column", reason, table_name AS "table",
            {neutral_sql("record")} AS record FROM rejects"""


def _lay_out_outcomes(store: Store) -> None:
    """Create `written_reasons` and the types of the words in outcomes.parquet."""
    # Few words make up millions of rows: as ENUMs they are sorted and written as numbers. The file lists an ENUM's
    # words whole, so the types hold none that is not in some row.
    for name, words in (
        ("written_case", f"SELECT case_id FROM {_SHOWN} ORDER BY case_no"),
        ("written_rule", "SELECT rule FROM rule_words ORDER BY rule_no"),
        ("written_reason", "SELECT DISTINCT reason FROM reasons WHERE reason IS NOT NULL ORDER BY reason"),
    ):
        store.execute(f"CREATE TYPE {name} AS ENUM ({words})")
    # each word is looked up here, before the joins spread it over the rows
    store.execute("""CREATE OR REPLACE TABLE written_reasons AS
        SELECT r.* REPLACE (reason::written_reason AS reason), rule::written_rule AS rule
        FROM reasons r JOIN rule_words USING (rule_no)""")


def _write_outcomes(store: Store, folder: Path) -> None:
    cases = f"SELECT case_no, case_id::written_case AS case_id FROM {_SHOWN}"
    columns = "j.case_no, j.rule_no, r.rule, r.outcome, r.due_on, r.done_on, r.days_late, r.reason"
    query = f"""SELECT c.case_id, o.* EXCLUDE (case_no, rule_no)
        FROM ({worded_sql(columns, reasons="written_reasons")}) o JOIN ({cases}) c USING (case_no)
        ORDER BY o.case_no, o.rule_no"""
    copy_rows(store, query, folder / "outcomes.parquet", f"FORMAT PARQUET, ROW_GROUP_SIZE {_ROW_GROUP}")


def _write_cases(store: Store, folder: Path) -> None:
    query = f"SELECT {', '.join(CASE_COLUMNS)} FROM cases SEMI JOIN shown_cases USING (case_no) ORDER BY case_no"
    copy_rows(store, query, folder / "cases.parquet", "FORMAT PARQUET")


def _write_measures(store: Store, folder: Path, judged: Judged) -> None:
    create_measures(store, judged)
    copy_rows(store, MEASURES_SQL, folder / "measures.parquet", "FORMAT PARQUET")
