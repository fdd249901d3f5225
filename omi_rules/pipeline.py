"""From an export to a run, in one direction: read, judge, conclude, write."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omi_rules.checks.run import Judged as JudgedRules
from omi_rules.checks.run import judge
from omi_rules.checks.sayings import create_reasons, doubts_in, worded_sql
from omi_rules.checks.staff import staff_store
from omi_rules.conclusions.draw import clues_of_case, draw_conclusions
from omi_rules.conclusions.facts import components
from omi_rules.conclusions.reason import Reasoner
from omi_rules.data.export import Export
from omi_rules.data.gates import Gates
from omi_rules.data.means import Means
from omi_rules.data.store import Store
from omi_rules.events import Tell, pass_gates, tell_faults, tell_kept, tell_nobody, tell_rows
from omi_rules.judging import Progress, choose_exit, count_failing, judge_all
from omi_rules.problems import OmiError, OutputError, UsageError
from omi_rules.reports.choices import Filters as Filters
from omi_rules.reports.findings import mark_waived, worst_findings
from omi_rules.reports.folder import check_name, check_target, name_for, prepare_folder
from omi_rules.reports.run_files import write_files
from omi_rules.reports.staff_files import write_staff_files
from omi_rules.rulebook.load import load_to_judge
from omi_rules.rulebook.model import ClueState, Conclusion, Rulebook
from omi_rules.shapes import load_tables

if TYPE_CHECKING:
    from omi_rules.history.recorder import Changes, Recorder
    from omi_rules.history.waivers import Standing


@dataclass(frozen=True)
class Settings:
    """What a run was asked to do."""

    as_at: date | None = None
    rules: Path | None = None
    filters: Filters = field(default_factory=Filters)
    fail_on: str = "never"
    informational: bool = False
    means: Means = field(default_factory=Means)
    gates: Gates = field(default_factory=Gates)
    store: str | None = None


@dataclass(frozen=True)
class Run:
    """A run: run.json as a mapping, the worst findings, where the files are if they were kept, and if there is a store
    what it changed there and how its waivers stand."""

    summary: Mapping[str, Any]
    worst: Sequence[Mapping[str, Any]]
    folder: Path | None
    exit_code: int
    changes: "Changes | None" = None
    waivers: "Sequence[Standing]" = ()


def check(
    export: Path,
    output: Path | None,
    settings: Settings,
    progress: Progress = lambda _: None,
    tell: Tell = tell_nobody,
) -> Run:
    """Judge an export by the rulebook; with `output`, keep the run there, and with a store, what it changed.

    `{as_at}` in `output` stands for the day as at which it judges. Beyond a limit of `settings.gates` neither is
    touched."""
    if output is not None:
        check_name(output)
        check_target(output)  # before the work, not after it
    with (
        _hold_recorder(settings) as recorder,
        settings.means.open_store() as store,
        staff_store(store) as staff,
        ThreadPoolExecutor(1) as beside,
        ExitStack() as reasoning,
    ):
        progress("reading the export")
        rulebook, read = _read_both(beside, store, export, settings)
        tell_rows(tell, read.accounting)
        pass_gates(store, read, recorder, settings.gates, tell)
        if output is not None:
            output = name_for(output, read.as_at)
            check_target(output)
        reasoner = reasoning.enter_context(Reasoner(groups := components(rulebook)))
        verdict = judge_all(
            store,
            staff,
            read,
            rulebook,
            groups,
            reasoner,
            beside,
            filters=settings.filters,
            informational=settings.informational,
            progress=progress,
        )
        judged, summary = verdict.cases, verdict.summary
        standings: Sequence[Standing] = ()
        summary["waivers"] = None
        if recorder:
            progress("comparing with the latest run")
            recorder.compare(store, read, rulebook, judged, verdict.staff)
            standings, summary["waivers"] = recorder.standings, recorder.summarise_waivers()
        in_force = [one.waiver for one in standings if one.status == "in_force"]
        mark_waived(store, [(waiver.case_id, waiver.rule) for waiver in in_force])
        mark_waived(staff, ())  # only findings about cases are waived
        tell_faults(tell, verdict.faults)
        failing = count_failing([store, staff], settings.fail_on)
        summary["exit_code"], summary["exit_because"] = choose_exit(verdict.faults, settings.fail_on, *failing)
        worst = worst_findings(store)
        with owner_only(), ExitStack() as keeping:
            # the store keeps the run last: where it cannot, the earlier folder comes back
            folder = keeping.enter_context(prepare_folder(output)) if output is not None else None
            changes = keeping.enter_context(recorder.recording(store, summary)) if recorder else None
            if folder is not None:
                progress("writing the run")
                _write(store, staff, folder.scratch, read, judged, summary)
                _write_waivers(folder.scratch, standings)
                folder.put_in_place()
    tell_kept(tell, output, changes)
    return Run(summary, worst, output, summary["exit_code"], changes, standings)


@contextmanager
def _hold_recorder(settings: Settings) -> "Iterator[Recorder | None]":
    """A recorder for the store, if there is one; SQLAlchemy is imported only then."""
    if settings.store is None:
        if settings.gates.drop_limit:
            raise UsageError("--drop-limit needs a store to know the cases of the run before: add --store FILE.")
        yield None
        return
    if any(asdict(settings.filters).values()):
        raise UsageError("the store keeps whole runs: leave out --store, or the filters of cases and rules.")
    from omi_rules.history.place import find_place
    from omi_rules.history.recorder import open_recorder

    with open_recorder(find_place(settings.store)) as recorder:
        yield recorder


def _read_both(beside: Executor, store: Store, export: Path, settings: Settings) -> tuple[Rulebook, Export]:
    """The rulebook and the export, each read while the other is."""
    loading = beside.submit(load_to_judge, settings.rules)
    try:
        read = settings.means.read_export(store, export, settings.as_at)
    except OmiError:
        loading.result()  # of two faults, that of the rulebook is told
        raise
    return loading.result(), read


@contextmanager
def owner_only() -> Iterator[None]:
    """Whatever is created meanwhile, also by the store, is its owner's alone from the first byte."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _write(
    store: Store, staff: Store, folder: Path, export: Export, judged: JudgedRules, summary: Mapping[str, Any]
) -> None:
    import duckdb

    try:
        write_files(store, folder, judged)
        if "staff" not in export.missing:
            write_staff_files(staff, folder)
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise OutputError(
            f"the run could not be written ({type(error).__name__}): free some space or choose another --output."
        ) from None
    text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
    (folder / "run.json").write_text(text, encoding="utf-8")


def _write_waivers(folder: Path, standings: "Sequence[Standing]") -> None:
    """The register of the waivers that somebody has to know of, if anything was ever waived."""
    if standings:
        from omi_rules.history.waiver_files import register_csv

        register = register_csv([one for one in standings if not one.is_done])
        (folder / "waivers.csv").write_text(register, encoding="utf-8")


@dataclass(frozen=True)
class Judged:
    """What one rule said of one case; `undecided` names the columns, or tables, that would decide it."""

    outcome: str
    due_on: date | None
    done_on: date | None
    days_late: int | None
    reason: str
    undecided: tuple[str, ...]


@dataclass(frozen=True)
class CaseJudgement:
    """One case as it was read, and everything found about it."""

    case: Mapping[str, Any]
    tables: Mapping[str, Sequence[Mapping[str, Any]]]
    outcomes: Mapping[str, Judged]
    derived: Sequence[tuple[Conclusion, Sequence[tuple[str, str]]]]
    clues: Mapping[str, ClueState]
    export: Export
    rulebook: Rulebook
    as_at: date


def judge_case(export: Path, case_id: str, settings: Settings) -> CaseJudgement:
    """Judge one case of an export without judging the others."""
    rulebook = load_to_judge(settings.rules)
    groups = components(rulebook)
    with settings.means.open_store() as store, Reasoner(groups) as reasoner:
        read = settings.means.read_export(store, export, settings.as_at, only_case=case_id)
        case = next(iter(_rows(store, "cases")), None)
        if case is None:
            raise UsageError(
                f"the export has no case {case_id}{_why_absent(read)}. Check the reference and its spelling."
            )
        judged = judge(store, read, rulebook, rulebook.case_rules)
        draw_conclusions(store, judged.plan, judged, groups, reasoner)
        create_reasons(store, rulebook, judged, read.as_at)
        return CaseJudgement(
            case=case,
            tables={
                name: _rows(store, name)
                for name, table in load_tables().items()
                if table.key == "case_id" and name != "cases"
            },
            outcomes=_outcomes(store, judged),
            derived=_derived(store, rulebook),
            clues=clues_of_case(store, judged.plan, judged),
            export=read,
            rulebook=rulebook,
            as_at=read.as_at,
        )


def _why_absent(export: Export) -> str:
    if export.cases_left_out:
        return f" on {export.as_at.isoformat()}: it was sentenced later"
    if any(table.table == "cases" and table.rejected for table in export.accounting):
        return ": its row was rejected; `omi-rules check` says why"
    return ""


def _rows(store: Store, table: str) -> list[Mapping[str, Any]]:
    cursor = store.execute(f"SELECT * FROM {table} ORDER BY row")
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _outcomes(store: Store, judged: JudgedRules) -> Mapping[str, Judged]:
    rows = store.execute(
        "SELECT rule_no, outcome::VARCHAR, due_on, done_on, days_late, reason, undecided "
        f"FROM ({worded_sql()}) ORDER BY rule_no"
    ).fetchall()
    found = {}
    for number, outcome, due_on, done_on, days_late, reason, undecided in rows:
        rule = judged.rules[number]
        labels = doubts_in(judged, rule, undecided)
        found[rule.id] = Judged(outcome, due_on, done_on, days_late, reason, labels)
    return found


def _derived(store: Store, rulebook: Rulebook) -> list[tuple[Conclusion, Sequence[tuple[str, str]]]]:
    rows = store.execute(
        "SELECT d.flag, w.because FROM derived d JOIN drawn w USING (drawn) ORDER BY d.flag"
    ).fetchall()
    return [
        (rulebook.conclusions[flag], tuple((item["rule"], item["outcome"]) for item in json.loads(because)))
        for flag, because in rows
    ]
