"""From a run folder to its workbook."""

from collections.abc import Mapping
from datetime import datetime, time
from pathlib import Path
from typing import IO, Any

from omi_rules.data.store import Store, open_store
from omi_rules.reports.gathering import ReportSettings, gather_overview
from omi_rules.reports.words import english_date, name
from omi_rules.reports.workbook.figures import write_questions, write_scores, write_targets
from omi_rules.reports.workbook.front import write_front
from omi_rules.reports.workbook.grid import Grid
from omi_rules.reports.workbook.lists import write_causes, write_duties, write_findings, write_groups, write_staff
from omi_rules.reports.workbook.notes import write_notes
from omi_rules.reports.workbook.problems import write_problems
from omi_rules.reports.workbook.rows import Told, count_duties, create_rules
from omi_rules.reports.workbook.table import FRONT, Book
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.load import load_to_judge
from omi_rules.scoring.run_folder import RunFolder, read_run
from omi_rules.temporary import temporary_folder

#: The store spills to disk beyond it, so that a large run needs time and no more memory.
_MEMORY = "1GB"


def build_workbook(folder: Path, settings: ReportSettings, file: IO[bytes]) -> None:
    """Write the workbook of a run to a file: the same run and settings give the same bytes.

    Errors are those of `build_page`.
    """
    import xlsxwriter

    run = read_run(folder)
    criteria = load_criteria(settings.rules)
    # every sheet waits in a file of its own until the end; none of them stays behind, whatever happens
    with open_store(_MEMORY) as store, temporary_folder() as scratch:
        overview = gather_overview(store, run, criteria, settings)
        told = create_rules(store, run.summary["rules"], _remedies(run, settings.rules))
        how = {
            "constant_memory": True,
            "tmpdir": scratch,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(file, how) as book:
            day = datetime.combine(run.as_at, time())
            # the day of the records and not of the clock: the same run gives the same bytes
            book.set_properties({"title": "Standards of offender management", "created": day})
            _write_sheets(book, store, run, overview, told)


def _write_sheets(
    target: Any, store: Store, run: RunFolder, overview: Mapping[str, Any], told: Mapping[str, Told]
) -> None:
    summary, audience, score = run.summary, overview["audience"], overview["score"]
    as_at = summary["as_at"]
    foot = "This holds personal data: keep it as you keep the records." if audience.cases else ""
    book = Book(target, f"{name(summary['area'] or None)}, as at {english_date(as_at)}", foot)
    front = Grid(book, FRONT)
    duties = count_duties(store, as_at)
    if audience.cases:
        write_duties(book, store, audience, as_at, told, duties)
        write_findings(book, store, audience, told)
    write_groups(book, store, audience, as_at)
    if score:
        write_scores(book, score, overview["sections"])
        write_questions(book, score)
        if score["targets"]:
            write_targets(book, score["targets"])
    write_causes(book, overview["causes"])
    if overview["staff_findings"]:
        write_staff(book, overview["staff_findings"])
    write_problems(book, run.folder, summary, audience)
    write_notes(book, summary, audience, overview["pseudonymous"])
    write_front(front, overview, duties, book.contents)
    front.show_first()


def _remedies(run: RunFolder, rules: Path | None) -> dict[str, str]:
    """What to do, rule by rule, in the words of the rulebook; none if the run was judged by another state of it."""
    rulebook = load_to_judge(rules)
    if rulebook.hash != run.summary["rulebook"]["hash"]:
        return {}
    return {rule.id: rule.to_do for rule in rulebook.rules.values()}
