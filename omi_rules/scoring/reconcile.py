"""Figures that others gave, beside the computed ones, and what explains the gap: the option --reconcile.

Where the cases behind a figure are listed, those judged differently are named. Where they are not, the same outcomes
are read in other ways, and of each reading that gives the figure the cases are named that it reads otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from omi_rules.data.store import Store, create_from
from omi_rules.rulebook.model import OUTCOMES, Outcome, Rule
from omi_rules.rulebook.questions import Criteria, Criterion
from omi_rules.scoring.arithmetic import average_questions, score_criterion
from omi_rules.scoring.intervals import wilson
from omi_rules.scoring.published import Published, read_cases, targets_by_id
from omi_rules.scoring.readings import OTHERS, OURS, share_of, side_of
from omi_rules.scoring.record import per_cent
from omi_rules.scoring.tally import Tally

WHOLE_RUN = "every case of the run"


@dataclass(frozen=True)
class Book:
    """What figures are defined by: the criteria and targets, the rules by id, and which of them the run holds."""

    criteria: Criteria
    rules: Mapping[str, Rule]
    ran: frozenset[str]


def reconcile_figures(
    store: Store, published: Sequence[Published], book: Book, tallies: Sequence[Tally], basis: str
) -> list[dict[str, Any]]:
    """An entry a figure, in their order, as score.json holds them ($defs/reconciled).

    The store holds `cases`, `outcomes` (case_id, rule, outcome, due_on, reason) and `answered` of the cases that count;
    `basis` says in words which cases those are. `run_cases`, `run_outcomes` and `measures` are of every case of the
    run, which a target is about. UsageError where a list of cases has mistakes.
    """
    entries = []
    for figure in published:
        if figure.kind == "criterion":
            entries.append(_reconcile_criterion(figure, book.criteria.criteria[figure.id], tallies, basis))
        else:
            entries.append(_reconcile_cases(store, figure, book, basis))
    return entries


def _describe(
    figure: Published, title: str, definition: str, share: Fraction | None, counted: tuple[int, int] | None = None
) -> dict[str, Any]:
    """What every entry has: both figures, their definitions, and the difference in percentage points."""
    theirs = figure.count or (None, None)
    ours = counted or (None, None)
    return {
        "of": figure.kind,
        "id": figure.id,
        "title": title,
        "published": {
            "percent": per_cent(figure.percent / 100),
            "sufficient": theirs[0],
            "relevant": theirs[1],
            "by": figure.by,
            "period": figure.period,
            "definition": figure.definition,
        },
        "computed": {
            "percent": per_cent(share),
            "sufficient": ours[0],
            "relevant": ours[1],
            **_interval(counted),
            "undecided": None,
            "definition": definition,
            "without": None,
        },
        "difference": None if share is None else per_cent(share - figure.percent / 100),
        "agrees": share is not None and figure.agrees(share, counted),
        "outcomes": None,
        "readings": [],
        "list": None,
    }


def _interval(counted: tuple[int, int] | None) -> dict[str, float | None]:
    """Wilson's 95% interval of a share, in per cent; null of what is no share of cases, or of none."""
    low, high = wilson(*counted) if counted and counted[1] else (None, None)
    return {
        "interval_low": None if low is None else per_cent(Fraction(low)),
        "interval_high": None if high is None else per_cent(Fraction(high)),
    }


def _reconcile_criterion(
    figure: Published, criterion: Criterion, tallies: Sequence[Tally], basis: str
) -> dict[str, Any]:
    mine = [tally for tally in tallies if tally.question.criterion == criterion.id]
    scored = score_criterion(criterion, mine)
    questions = [tally for tally in mine if not tally.question.is_summary]
    with_summary = " and the summary question" if len(scored.whole.counted) > len(scored.questions.counted) else ""
    counted = len(scored.questions.counted)
    definition = f"The average over {counted} of {len(questions)} questions{with_summary}; {basis}."
    entry = _describe(figure, criterion.title, definition, scored.whole.score)
    entry["computed"]["without"] = scored.whole.withheld or None
    decided = [tally.counts for tally in questions if tally.counts.is_decided]
    pooled = (sum(one.sufficient for one in decided), sum(one.relevant for one in decided))
    asked = average_questions([tally for tally in questions if not tally.without])
    readings: list[tuple[str, Fraction | None, tuple[int, int] | None]] = [
        ("the summary question left out", scored.questions.score, None),
        ("the questions that nobody was asked left out", asked.score, None),
        ("only the questions that rules decide", scored.by_rule.score, None),
        ("the cases of all questions taken together", share_of(pooled), pooled),
    ]
    told = {scored.whole.score, None}
    for words, share, cases in readings:
        if share not in told:
            told.add(share)
            entry["readings"].append(_describe_reading(words, share, cases, figure))
    return entry


def _describe_reading(
    words: str, share: Fraction | None, counted: tuple[int, int] | None, figure: Published
) -> dict[str, Any]:
    sufficient, relevant = counted or (None, None)
    return {
        "reading": words,
        "sufficient": sufficient,
        "relevant": relevant,
        "percent": per_cent(share),
        "agrees": share is not None and figure.agrees(share, counted),
        "cases": [],
    }


@dataclass(frozen=True)
class _Defined:
    """What a figure over cases is of: its title, what we count in words, and what decides a case, if anything does.

    `whole_run` is of a target: it is about the area, whichever cases were answered for.
    """

    title: str
    words: str
    whole_run: bool = False
    rule: str | None = None
    measure: str | None = None
    question: str | None = None

    @property
    def is_by_case(self) -> bool:
        """Whether anything decides single cases."""
        return bool(self.rule or self.measure or self.question)


def _reconcile_cases(store: Store, figure: Published, book: Book, basis: str) -> dict[str, Any]:
    defined = _define(figure, book)
    _lay_out_ours(store, defined)
    outcomes: dict[Outcome, int] = dict(store.execute("SELECT outcome, count(*) FROM ours GROUP BY outcome").fetchall())
    counted = OURS.count(outcomes)
    # the table of targets counts what was due in a period, and so may show another figure
    which = f"{WHOLE_RUN}, whenever it was due" if defined.whole_run else basis
    words = f"{defined.words} {which[:1].upper()}{which[1:]}."
    without = None if counted[1] else _why_without(defined, book)
    entry = _describe(figure, defined.title, words, share_of(counted), None if without else counted)
    if not without:
        entry["computed"]["undecided"] = outcomes.get("unknown", 0) + outcomes.get("due", 0)
    entry["computed"]["without"] = without or (None if counted[1] else "no case is decided")
    entry["outcomes"] = {outcome: outcomes[outcome] for outcome in OUTCOMES if outcome in outcomes}
    entry["readings"] = _read_otherwise(store, figure, outcomes)
    if figure.cases:
        entry["list"] = _compare(store, figure.cases, figure)
    return entry


def _define(figure: Published, book: Book) -> _Defined:
    if figure.kind == "question":
        question = book.criteria.questions[figure.id]
        decided = _rule_words(question.rule, book) if question.rule else "Decided by assessors."
        words = f"{question.asks} About {question.about}. {decided}"
        return _Defined(question.asks, words, rule=question.rule, question=question.id)
    if figure.kind == "rule":
        rule = book.rules[figure.id]
        return _Defined(rule.title, f"{rule.title}. {rule.asks}", rule=rule.id)
    target = targets_by_id(book.criteria)[figure.id]
    words = f"{target.why} {_rule_words(target.rule, book)}" if target.rule else target.why
    return _Defined(target.title, words, whole_run=True, rule=target.rule, measure=target.measure)


def _rule_words(rule: str, book: Book) -> str:
    return (
        f"Decided by the rule {rule}: {book.rules[rule].asks}" if rule in book.rules else f"Decided by the rule {rule}."
    )


def _why_without(defined: _Defined, book: Book) -> str | None:
    """Why nothing can be counted, if so."""
    if not defined.is_by_case:
        return "no case record gives it: type it in with --figures"
    if defined.rule and defined.rule not in book.ran:
        return f"the run does not hold the rule {defined.rule}"
    return None


def _lay_out_ours(store: Store, defined: _Defined) -> None:
    """Create `ours`: case_id, outcome, reason and due_on of every case that counts, as corrected and answered."""
    of = "run_" if defined.whole_run else ""
    store.execute(
        f"""CREATE OR REPLACE TABLE ours AS
        WITH replies AS (SELECT * FROM answered WHERE question = $question)
        SELECT case_id::VARCHAR AS case_id, reason::VARCHAR AS reason, due_on,
            CASE outcome::VARCHAR WHEN 'error' THEN 'unknown' ELSE outcome::VARCHAR END AS outcome
        FROM {of}outcomes WHERE rule::VARCHAR = $rule AND case_id::VARCHAR NOT IN (SELECT case_id FROM replies)
        UNION ALL
        SELECT case_id::VARCHAR, NULL, "on",
            CASE WHEN amount IS NULL THEN 'unknown' WHEN amount > 0 THEN 'met' ELSE 'not_met' END
        FROM measures SEMI JOIN {of}cases USING (case_id) WHERE measure = $measure
        UNION ALL
        SELECT case_id, CASE WHEN rule IS NULL THEN 'An assessor said so.' ELSE 'An assessor corrected the rule.' END,
            NULL, CASE WHEN outside THEN 'not_applicable' WHEN sufficient THEN 'met' ELSE 'not_met' END
        FROM replies
        UNION ALL
        SELECT case_id::VARCHAR, 'Nobody has answered it.', NULL, 'unknown' FROM cases
        WHERE $question IS NOT NULL AND $rule IS NULL AND case_id::VARCHAR NOT IN (SELECT case_id FROM replies)""",
        {"rule": defined.rule, "measure": defined.measure, "question": defined.question},
    )


def _read_otherwise(store: Store, figure: Published, outcomes: Mapping[Outcome, int]) -> list[dict[str, Any]]:
    """The other readings that change anything; those that give the figure name the cases that they read otherwise."""
    entries = []
    for reading in OTHERS:
        if reading.about in outcomes:
            counted = reading.count(outcomes)
            entry = _describe_reading(reading.words, share_of(counted), counted, figure)
            if entry["agrees"] and not figure.cases:
                entry["cases"] = _cases_where(store, "outcome = ?", [reading.about])
            entries.append(entry)
    if figure.first and figure.last and outcomes:
        counted = OURS.count(_outcomes_due(store, figure))
        entry = _describe_reading("only what was due in that period", share_of(counted), counted, figure)
        if entry["agrees"] and not figure.cases:
            decided = [*OURS.sufficient, *OURS.insufficient]
            elsewhere = "coalesce(due_on NOT BETWEEN ? AND ?, TRUE) AND outcome IN (SELECT unnest(?))"
            entry["cases"] = _cases_where(store, elsewhere, [figure.first, figure.last, decided])
        entries.append(entry)
    return entries


def _outcomes_due(store: Store, figure: Published) -> dict[Outcome, int]:
    return dict(
        store.execute(
            "SELECT outcome, count(*) FROM ours WHERE due_on BETWEEN ? AND ? GROUP BY outcome",
            [figure.first, figure.last],
        ).fetchall()
    )


def _cases_where(store: Store, condition: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    """The cases that a reading counts otherwise than ours does."""
    query = f"SELECT case_id, outcome, reason FROM ours WHERE {condition} ORDER BY case_id"
    rows = store.execute(query, list(values))
    return [_case(case_id, None, ours, reason) for case_id, ours, reason in rows.fetchall()]


def _case(case_id: str, theirs: str | None, ours: str | None, reason: str | None) -> dict[str, Any]:
    return {"case_id": case_id, "theirs": theirs, "ours": ours, "reason": reason}


def _compare(store: Store, file: Path, figure: Published) -> dict[str, Any]:
    """A list of cases against ours: its own figure, and the cases that only one of the two counts, or counts so.

    What is ours of a case is its outcome; a case that we do not count is `not_counted`, and one that the run does not
    hold is nothing.
    """
    listed = read_cases(file)
    rows = [{"case_id": case_id, "result": result} for case_id, result in listed.items()]
    create_from(store, "listed", {"case_id": "VARCHAR", "result": "VARCHAR"}, rows)
    sides = [{"outcome": outcome, "side": side_of(outcome)} for outcome in OUTCOMES]
    create_from(store, "sides", {"outcome": "VARCHAR", "side": "VARCHAR"}, sides)
    store.execute("""CREATE OR REPLACE TABLE compared AS
        WITH held AS (SELECT case_id::VARCHAR AS case_id FROM run_cases)
        SELECT case_id, result AS theirs, reason,
            coalesce(outcome, CASE WHEN case_id IN (FROM held) THEN 'not_counted' END) AS ours,
            coalesce(result, 'outside') <> coalesce(side, 'outside') AS differs
        FROM listed FULL JOIN ours USING (case_id) LEFT JOIN sides USING (outcome)""")
    results = list(listed.values())
    counted = (results.count("sufficient"), len(results) - results.count("outside"))
    share = share_of(counted)
    table = store.execute("SELECT theirs, ours, count(*) FROM compared GROUP BY ALL ORDER BY ALL NULLS LAST").fetchall()
    differing = store.execute("SELECT case_id, theirs, ours, reason FROM compared WHERE differs ORDER BY case_id")
    return {
        "sufficient": counted[0],
        "relevant": counted[1],
        "percent": per_cent(share),
        "agrees": share is not None and figure.agrees(share, counted),
        "table": [{"theirs": theirs, "ours": ours, "cases": cases} for theirs, ours, cases in table],
        "differing": [_case(*row) for row in differing.fetchall()],
    }
