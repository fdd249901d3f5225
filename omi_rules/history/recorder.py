"""Records a run in the store: only what is different from the run before, in one transaction."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam
from sqlalchemy.exc import SQLAlchemyError

from omi_rules import __version__
from omi_rules.checks.run import Judged
from omi_rules.checks.staff import SCHEMA as STAFF
from omi_rules.data.export import Export
from omi_rules.data.store import Store
from omi_rules.history import tables
from omi_rules.history.chain import canonical, digest_of, hash_of, line_of, pack, verify
from omi_rules.history.compare import compare_findings
from omi_rules.history.database import damaged, plain_faults, read_store
from omi_rules.history.known import SCHEMA, Known, RuleName, contents_in, load_known
from omi_rules.history.place import Place
from omi_rules.history.possible import Possible
from omi_rules.history.rows import insert, rows_of, write_endangered, write_subjects
from omi_rules.history.rule_contents import Judge, digests_of, judges_of
from omi_rules.history.today import Dropped, compare_records, compare_subjects
from omi_rules.history.waiver_acts import verify_waivers
from omi_rules.history.waiver_fates import judge_waivers, new_ends, summarise_waivers, write_ends
from omi_rules.history.waivers import Standing, Waiver, latest_act, load_waivers
from omi_rules.history.writer import hold_store
from omi_rules.problems import ExportError, OmiError, OutputError
from omi_rules.rulebook.model import Rulebook


@dataclass(frozen=True)
class Changes:
    """What a run changed in the store. `run` is its number, `is_new` whether it was recorded (or is there already).

    `began` and `ended` count findings by how; `vanished` is rows and cases by table; `gone` counts the cases that are
    not in the export though they had not ended.
    """

    store: str
    run: int
    is_new: bool
    before: int
    before_as_at: date | None
    began: Mapping[str, int]
    ended: Mapping[str, int]
    vanished: Mapping[str, tuple[int, int]]
    gone: int
    open: int
    hash: str
    rows_written: int


@contextmanager
def open_recorder(place: Place) -> Iterator["Recorder"]:
    """A recorder that holds the store, so that no other run writes to it meanwhile."""
    with hold_store(place) as engine:
        yield Recorder(place, engine)


class Recorder:
    """One run on its way into the store: `meet` the export, `compare` what was judged, then write while `recording`."""

    def __init__(self, place: Place, engine: Engine) -> None:
        self.place = place
        self._engine = engine
        self._known: Known
        self._dropped: Dropped
        self._judges: Sequence[Judge]
        self._contents: Mapping[RuleName, str]
        self._ids: Mapping[RuleName, int]
        self._failed: set[RuleName]
        self._waivers: tuple[Waiver, ...]
        self._chain: str
        self.standings: Sequence[Standing] = ()

    def meet(self, store: Store, export: Export) -> Dropped:
        """Bring what is known beside the export; ExportError if the store already knows a later day."""
        with self._blaming_the_store(), plain_faults(self.place), self._engine.begin() as connection:
            self._known = load_known(connection, store)
            self._waivers, (_, self._chain) = load_waivers(connection), latest_act(connection)
        latest = self._known.as_at
        if latest and export.as_at < latest:
            raise ExportError(
                f"the export is judged as at {export.as_at.isoformat()}, and the store {self.place.words} already "
                f"knows {latest.isoformat()}: what is older would undo it. Take a newer export, or check this one "
                "without --store."
            )
        self._dropped = compare_subjects(store, export, self._known)
        return self._dropped

    def compare(self, store: Store, export: Export, rulebook: Rulebook, judged: Judged, staff_judged: Judged) -> None:
        """Work out what is different from the latest run, and how the waivers stand."""
        with self._blaming_the_store():
            self._compare(store, export, rulebook, judged, staff_judged)

    def _compare(self, store: Store, export: Export, rulebook: Rulebook, judged: Judged, staff_judged: Judged) -> None:
        known = self._known
        self._judges = judges_of(rulebook)
        self._contents = self._contents_of(rulebook)
        names = [(judge.part, judge.name) for judge in self._judges]
        free = max(known.rule_ids.values(), default=0) + 1
        added = [name for name in names if name not in known.rule_ids]
        self._ids = {**known.rule_ids, **{name: number for number, name in enumerate(added, free)}}
        faults = {*judged.faults, *staff_judged.faults}
        self._failed = {(judge.part, judge.name) for judge in self._judges if judge.rests_on & faults}
        changed = {name for name in names if known.contents.get(name) != self._contents[name]}
        numbers = {rule.id: number for both in (judged, staff_judged) for number, rule in enumerate(both.rules)}
        compare_records(store, export)
        possible = {
            about: Possible(
                rulebook, both.plan, {rule.id: number for number, rule in enumerate(both.rules)}, table, "p"
            )
            for about, both, table in (("case", judged, "main.judged"), ("staff", staff_judged, f"{STAFF}.judged"))
        }
        compare_findings(store, known, self._judges, numbers, changed, self._failed, self._ids, possible)
        self.standings = judge_waivers(store, rulebook, self._contents, self._waivers, export.as_at)

    def summarise_waivers(self) -> dict[str, Any] | None:
        """What run.json says of the waivers; None if nothing was ever waived."""
        return summarise_waivers(self.standings, self._chain)

    def _contents_of(self, rulebook: Rulebook) -> Mapping[RuleName, str]:
        """The digests of the rules; a rulebook that the store knows need not be read again."""
        if (rulebook_id := self._known.rulebooks.get(rulebook.hash)) is None:
            return digests_of(rulebook)
        with plain_faults(self.place), self._engine.begin() as connection:
            return contents_in(connection, rulebook_id)

    @contextmanager
    def recording(self, store: Store, summary: Mapping[str, Any]) -> Iterator[Changes]:
        """Write the run, and keep it only if the block ends well: then, and not before, others see it."""
        with plain_faults(self.place), self._engine.begin() as connection:
            with self._blaming_the_store():
                changes = self._write(connection, store, summary)
            yield changes

    @contextmanager
    def _blaming_the_store(self) -> Iterator[None]:
        """A fault over what the store holds is the program's, unless the store is not as it was recorded."""
        try:
            yield
        except (OmiError, SQLAlchemyError, sqlite3.Error):
            raise
        except Exception:
            with read_store(self.place) as connection:
                if verify(connection).faults or verify_waivers(connection).faults:
                    raise OutputError(damaged(self.place)) from None
            raise

    def _write(self, connection: Connection, store: Store, summary: Mapping[str, Any]) -> Changes:
        known, manifest = self._known, pack(canonical(summary))
        began, ended, vanished = (rows_of(store, query) for query in (_BEGAN, _ENDED, _VANISHED))
        names = {number: name for name, number in self._ids.items()}
        for row in ended:
            row["part"], row["rule"] = names[row["rule_id"]]
            row["last_run"] = known.last_judged.get(names[row["rule_id"]], known.number)
        ends = new_ends(self.standings)
        changed = began or ended or vanished or ends
        is_new = not known.number or manifest != known.manifest or bool(changed)
        run = self._run(summary, manifest, [*_lines(began, ended, vanished), *_waiver_lines(ends)])
        rows = 0
        if is_new:
            self._write_rulebook(connection, run, summary)
            rows += insert(connection, tables.runs, [{name: run[name] for name in tables.runs.c.keys()}])  # noqa: SIM118
            rows += write_subjects(connection, store)
            rows += self._write_findings(connection, run["number"], began, ended)
            rows += write_endangered(connection, store)
            rows += write_ends(connection, ends, run["number"])
            rows += insert(
                connection,
                tables.alarms,
                [
                    {**{name: row[name] for name in ("subject_id", "table_name", "rows")}, "run": run["number"]}
                    for row in vanished
                ],
            )
        (kept,) = store.execute(f"SELECT count(*) FROM {SCHEMA}.kept_findings").fetchone() or (0,)
        return Changes(
            store=self.place.words,
            run=run["number"] if is_new else known.number,
            is_new=is_new,
            before=known.number,
            before_as_at=known.as_at,
            began=_counted(began, "began"),
            ended=_counted(ended, "ended"),
            vanished=_by_table(vanished),
            gone=self._dropped.gone,
            open=kept - len(ended) + len(began),
            hash=run["hash"] if is_new else known.hash,
            rows_written=rows,
        )

    def _run(self, summary: Mapping[str, Any], manifest: bytes, lines: list[str]) -> dict[str, Any]:
        books = self._known.rulebooks
        book = summary["rulebook"]["hash"]
        run = {
            "number": self._known.number + 1,
            "recorded_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "as_at": date.fromisoformat(summary["as_at"]),
            "rulebook": book,
            "rulebook_id": books.get(book, max(books.values(), default=0) + 1),
            "program": __version__,
            "fingerprint": summary["export"]["fingerprint"],
            "cases": summary["cases"],
            "exit_code": summary["exit_code"],
            "failed": json.dumps(sorted(self._failed)),
            "manifest": manifest,
            "changes": digest_of(lines),
        }
        return {**run, "hash": hash_of(run, self._known.hash)}

    def _write_rulebook(self, connection: Connection, run: Mapping[str, Any], summary: Mapping[str, Any]) -> None:
        if run["rulebook"] in self._known.rulebooks:
            return
        book = {"id": run["rulebook_id"], **{name: summary["rulebook"][name] for name in ("hash", "name", "version")}}
        insert(connection, tables.rulebooks, [book])
        added = [judge for judge in self._judges if (judge.part, judge.name) not in self._known.rule_ids]
        insert(
            connection,
            tables.rules,
            [
                {"id": self._ids[judge.part, judge.name], "part": judge.part, "name": judge.name, "about": judge.about}
                for judge in added
            ],
        )
        insert(
            connection,
            tables.rulebook_rules,
            [
                {
                    "rulebook_id": book["id"],
                    "rule_id": self._ids[judge.part, judge.name],
                    "content": self._contents[judge.part, judge.name],
                    "recommendations": json.dumps(list(judge.recommendations)),
                }
                for judge in self._judges
            ],
        )

    def _write_findings(
        self, connection: Connection, number: int, began: Sequence[dict[str, Any]], ended: Sequence[dict[str, Any]]
    ) -> int:
        table = tables.findings
        if ended:
            connection.execute(
                table.update().where(table.c.id == bindparam("finding")),
                [
                    {
                        "finding": row["finding_id"],
                        "last_run": row["last_run"],
                        "ended": row["ended"],
                        "ended_run": number,
                    }
                    for row in ended
                ],
            )
        kept = ("subject_id", "rule_id", "outcome", "due_on", "done_on", "severity", "began")
        rows = [
            {**{name: row[name] for name in kept}, "id": place, "first_run": number}
            for place, row in enumerate(began, self._known.next_finding)
        ]
        return len(ended) + insert(connection, table, rows)


_NAMES = f"""(SELECT subject_id, about, name FROM {SCHEMA}.present
    UNION SELECT subject_id, about, name FROM {SCHEMA}.kept_subjects)"""
_BEGAN = f"""SELECT b.*, s.about, s.name AS subject, r.part, r.name AS rule FROM {SCHEMA}.beginnings b
    JOIN {_NAMES} s USING (subject_id) JOIN {SCHEMA}.rules r USING (rule_id) ORDER BY subject_id, rule_id"""
_ENDED = f"""SELECT f.finding_id, f.outcome, f.due_on, f.ended, f.rule_id, s.about, s.name AS subject
    FROM {SCHEMA}.fates f JOIN {_NAMES} s USING (subject_id) WHERE f.ended IS NOT NULL ORDER BY finding_id"""
_VANISHED = f"""SELECT v.*, s.about, s.name AS subject FROM {SCHEMA}.vanished v JOIN {_NAMES} s USING (subject_id)
    ORDER BY subject_id, table_name"""


def _lines(
    began: Sequence[Mapping[str, Any]], ended: Sequence[Mapping[str, Any]], vanished: Sequence[Mapping[str, Any]]
) -> list[str]:
    whose = ("about", "subject", "part", "rule")
    state = ("outcome", "due_on", "done_on", "severity", "began")
    end = ("outcome", "due_on", "last_run", "ended")
    return [
        *(line_of("began", *(row[name] for name in (*whose, *state))) for row in began),
        *(line_of("ended", *(row[name] for name in (*whose, *end))) for row in ended),
        *(line_of("vanished", *(row[name] for name in ("about", "subject", "table_name", "rows"))) for row in vanished),
    ]


def _waiver_lines(ends: Sequence[Mapping[str, Any]]) -> list[str]:
    return [line_of("waiver", *(row[name] for name in ("waiver_id", "how", "because"))) for row in ends]


def _counted(rows: Sequence[Mapping[str, Any]], column: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row[column]] = counts.get(row[column], 0) + 1
    return dict(sorted(counts.items()))


def _by_table(vanished: Sequence[Mapping[str, Any]]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for row in vanished:
        rows, cases = found.get(row["table_name"], (0, 0))
        found[row["table_name"]] = (rows + row["rows"], cases + 1)
    return dict(sorted(found.items()))
