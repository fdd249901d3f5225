"""`omi-rules score`: from a run that was kept, and answers where there are some, to the scores of an inspection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omi_rules import __version__
from omi_rules.data.store import Store, open_store
from omi_rules.problems import RulebookError
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.load import load_to_judge
from omi_rules.rulebook.questions import Criteria, Line, Scoring
from omi_rules.scoring.answers import Answer, count_unmoderated, read_answers, store_answers
from omi_rules.scoring.arithmetic import score_criterion, score_sections, score_thread
from omi_rules.scoring.figures import Figures, load_figures
from omi_rules.scoring.groups import score_groups
from omi_rules.scoring.leadership import read_leadership, record_leadership
from omi_rules.scoring.periods import Days
from omi_rules.scoring.published import load_published
from omi_rules.scoring.reconcile import WHOLE_RUN, Book, reconcile_figures
from omi_rules.scoring.record import record_average, record_criterion, record_question, record_section
from omi_rules.scoring.run_folder import RunFolder, create_views, read_run
from omi_rules.scoring.tally import Tally, create_results, tally_questions
from omi_rules.scoring.target_record import record_target, target_warnings
from omi_rules.scoring.targets import TargetFigure, score_targets

NOT_SUFFICIENCY = "The line of priority for improvement is no line of sufficiency."
NO_COMPARISON = (
    "Areas must not be compared by these scores: samples differ in size and in the cases they hold, "
    "and a score is a simple summary of one area."
)


_TO_THE_AS_AT_DATE = Days()


@dataclass(frozen=True)
class Wanted:
    """What to score with, and what beside: a folder of answers, another rulebook, another line of priority in per cent,
    the days that targets cover, a file of figures typed in, the dimensions to show groups of, a file of published
    figures."""

    answers: Path | None = None
    rules: Path | None = None
    line: int | None = None
    days: Days = _TO_THE_AS_AT_DATE
    figures: Path | None = None
    by: tuple[str, ...] = ()
    reconcile: Path | None = None


def score_run(folder: Path, wanted: Wanted) -> dict[str, Any]:
    """The scores of a run as score.json holds them, see schemas/score.schema.json.

    UsageError where the folder is no run or the answers have mistakes, RulebookError where the criteria have.
    """
    run = read_run(folder)
    criteria = load_criteria(wanted.rules)
    if criteria.scoring is None:
        raise RulebookError("the rulebook has no scoring.yaml, which says how scores are put together: add it")
    with open_store() as store:
        create_views(store, run)
        basis = _choose_cases(store, wanted.answers, criteria)
        cases = _count(store, "cases")
        create_results(store, criteria.questions.values(), run.failed)
        tallies = tally_questions(store, criteria.questions.values(), run.rules, run.failed, cases)
        score = _describe(run, criteria, criteria.scoring, tallies, wanted.line, cases, basis)
        found = _hold_against_targets(store, run, criteria, wanted)
        score["targets"] = [record_target(one) for one in found]
        score["warnings"] += target_warnings(found)
        if wanted.answers:
            score |= _add_what_people_settled(score, wanted.answers, criteria)
        if wanted.by:
            asked = criteria.criteria.values()
            score["groups"] = score_groups(store, asked, tallies, run.as_at, dimensions=wanted.by)
        if wanted.reconcile:
            rules = load_to_judge(wanted.rules).rules
            published = load_published(wanted.reconcile, criteria, rules)
            book = Book(criteria, rules, run.rules)
            score["reconciled"] = reconcile_figures(store, published, book, tallies, basis)
        return score


def _add_what_people_settled(score: Mapping[str, Any], answers: Path, criteria: Criteria) -> dict[str, Any]:
    """The warning of what assessors still differ on, and the levels of section 4 where people gave them."""
    added: dict[str, Any] = {}
    if open_ := count_unmoderated(answers):
        added["warnings"] = [
            *score["warnings"],
            f"Two assessors differ on {open_:,} of the answers, and have not agreed: the first rating counts.",
        ]
    levels = read_leadership(answers, criteria)
    if levels is not None:
        added["leadership"] = record_leadership(levels, criteria)
    return added


def _hold_against_targets(store: Store, run: RunFolder, criteria: Criteria, wanted: Wanted) -> list[TargetFigure]:
    tables = criteria.targets.values()
    known = [target for table in tables for target in table.targets]
    figures = load_figures(wanted.figures, known) if wanted.figures else Figures()
    return score_targets(store, tables, run.as_at, run.rules, run.failed, wanted.days, figures)


def _choose_cases(store: Store, answers: Path | None, criteria: Criteria) -> str:
    """Create `answered`, and `cases` and `outcomes` of the cases that count; says which those are.

    An inspection looks at its sample for every question: with answers, the cases answered for are those that count.
    """
    given: list[Answer] = []
    chosen = ""
    if answers:
        rows = store.execute("SELECT case_id::VARCHAR FROM run_cases").fetchall()
        given = read_answers(answers, criteria.questions, {case for (case,) in rows})
        cases = sorted({answer.case_id for answer in given})
        store.execute("CREATE TABLE answered_for AS SELECT unnest(?::VARCHAR[]) AS case_id", [cases])
        chosen = "WHERE case_id::VARCHAR IN (SELECT case_id FROM answered_for)"
    store_answers(store, given, criteria.questions)
    for table in ("cases", "outcomes"):
        store.execute(f"CREATE VIEW {table} AS SELECT * FROM run_{table} {chosen}")
    return "the cases that the answers are about" if answers else WHOLE_RUN


def _count(store: Store, table: str) -> int:
    row = store.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def _describe(
    run: RunFolder,
    criteria: Criteria,
    scoring: Scoring,
    tallies: Sequence[Tally],
    line: int | None,
    cases: int,
    basis: str,
) -> dict[str, Any]:
    scored = [
        score_criterion(criterion, [tally for tally in tallies if tally.question.criterion == criterion.id])
        for criterion in criteria.criteria.values()
        if criterion.questions
    ]
    drawn = Line(line, None, "It was given on the command line.") if line is not None else scoring.line
    return {
        "program": {"name": "omi-rules", "version": __version__},
        "rulebook": run.summary["rulebook"],
        "as_at": run.summary["as_at"],
        "area": run.summary["area"],
        "cases": cases,
        "basis": basis,
        "line": {
            "percent": drawn.percent,
            "assumed": drawn.assumed and line is None,
            "because": drawn.because,
        },
        "says": [NOT_SUFFICIENCY, NO_COMPARISON],
        "warnings": _warnings(run, criteria, tallies),
        "questions": [record_question(tally) for tally in tallies],
        "criteria": [record_criterion(one, drawn) for one in scored],
        "sections": [record_section(one) for one in score_sections(scored)],
        "thread": {"title": scoring.thread.title, **record_average(score_thread(scoring.thread, tallies))},
    }


def _warnings(run: RunFolder, criteria: Criteria, tallies: Sequence[Tally]) -> list[str]:
    sentences = []
    if run.summary.get("filters"):
        sentences.append("The run was made with filters, so these are the scores of a part of the area.")
    if criteria.hash != run.summary["rulebook"]["hash"]:
        sentences.append(
            "The run was judged with another rulebook than the one whose criteria score it: "
            "check the export again, or give the rulebook of the run with --rules."
        )
    failed = sorted(tally.question.rule or "" for tally in tallies if tally.question.rule in run.failed)
    if failed:
        sentences.append(
            f"The run has rules that could not run, and their questions are undecided: {', '.join(failed)}."
        )
    if any(criterion.bands and criterion.bands.assumed for criterion in criteria.criteria.values()):
        sentences.append(
            "The bands that make a score good, a priority or an urgent priority are assumed, "
            "drawn from the scores and conclusions that the report prints."
        )
    return sentences
