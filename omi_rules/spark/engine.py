"""`omi-rules check --engine spark`: a folder of Parquet in, a run folder out, the cases judged in Spark."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omi_rules.data.accounts import TableCount
from omi_rules.data.export import choose_as_at
from omi_rules.data.gates import check_amounts
from omi_rules.data.mapping import Mapping as ExportMapping
from omi_rules.data.mapping import load_mapping
from omi_rules.events import Tell, tell_faults, tell_kept, tell_nobody, tell_rows, telling_gates
from omi_rules.judging import Progress
from omi_rules.pipeline import Run, Settings, owner_only
from omi_rules.problems import UsageError
from omi_rules.reports.folder import check_name, check_target, name_for
from omi_rules.rulebook.load import load_to_judge
from omi_rules.spark.failures import saying_what_failed
from omi_rules.spark.parquet_export import ParquetExport, open_export
from omi_rules.spark.part import Job
from omi_rules.spark.run import SparkRun, run_job
from omi_rules.spark.run_folder import write_run
from omi_rules.spark.travel import describe_all

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def check_on_spark(
    session: "SparkSession",
    export: Path,
    output: Path | None,
    settings: Settings,
    shards: int | None = None,
    progress: Progress = lambda _: None,
    tell: Tell = tell_nobody,
) -> Run:
    """Judge an export by the rulebook as `pipeline.check` does, with the same results; UsageError for what only one
    machine does."""
    refuse_what_spark_cannot(settings)
    if output is not None:
        check_name(output)
        check_target(output)
    mapping = load_mapping(settings.means.mapping) if settings.means.mapping else ExportMapping()
    rulebook = load_to_judge(settings.rules)
    progress("reading the export")
    with saying_what_failed():
        read = open_export(session, export, mapping)
        as_at, as_at_from = choose_as_at(settings.as_at, read.settings)
        if output is not None:
            output = name_for(output, as_at)
            check_target(output)
        job = Job(
            rulebook,
            describe_all(read.frames, read.files, mapping),
            as_at,
            mapping,
            filters=settings.filters,
            fail_on=settings.fail_on,
            informational=settings.informational,
            memory=settings.means.memory,
            with_files=output is not None,
        )
        progress("applying the rules")
        with owner_only(), run_job(job, read.frames, shards) as run:
            summary = _complete(run, read, as_at_from, job)
            _tell_and_pass(summary, settings, tell)
            tell_faults(tell, run.faults)
            worst = run.worst()
            if output is not None:
                progress("writing the run")
                write_run(run, summary, output)
    tell_kept(tell, output, None)
    return Run(summary, worst, output, summary["exit_code"])


def refuse_what_spark_cannot(settings: Settings) -> None:
    """UsageError for settings that need all cases in one place."""
    filters = asdict(settings.filters)
    for name, option in (
        ("teams", "--team"),
        ("divisions", "--division"),
        ("officers", "--officer"),
        ("cases", "--case"),
    ):
        if filters[name]:
            raise UsageError(f"--engine spark judges and shows all cases: leave out {option}, or --engine.")
    gates = settings.gates
    for given, option in (
        (settings.store, "--store"),
        (settings.means.threads, "the setting threads"),
        (gates.max_age, "--max-age"),
        (gates.drop_limit, "--drop-limit"),
    ):
        if given is not None:
            raise UsageError(f"{option} does not go with --engine spark: leave out one of them.")


def _complete(run: SparkRun, read: ParquetExport, as_at_from: str, job: Job) -> dict[str, Any]:
    """run.json, with what the folder says beside its tables."""
    summary = run.summary
    unread = sorted({*summary["unread"], *read.unread})
    columns = {table.name: frozenset(table.cells) for table in job.tables}
    return {
        **summary,
        "as_at_from": as_at_from,
        "area": read.settings.area,
        "source": read.settings.source,
        "export": {**summary["export"], "fingerprint": read.fingerprint},
        "unread": unread,
        "warnings": [*job.mapping.warn_of_absent(columns, unread), *summary["warnings"]],
    }


def _tell_and_pass(summary: dict[str, Any], settings: Settings, tell: Tell) -> None:
    """Tell what became of the rows, and hold the export to its limits."""
    accounting = [TableCount(**table) for table in summary["tables"]]
    tell_rows(tell, accounting)
    used = next(table.used for table in accounting if table.table == "cases")
    with telling_gates(settings.gates, tell):
        check_amounts(used, accounting, settings.gates)
