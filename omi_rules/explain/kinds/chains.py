"""Works out a chain of reviews: each with its own due date, from the start or from the review before."""

from dataclasses import dataclass
from datetime import date, timedelta

from omi_rules.explain.judgement import Row
from omi_rules.explain.layout import Line
from omi_rules.explain.records import Records, all_hold, day_of
from omi_rules.explain.values import choice_lines, choose
from omi_rules.explain.words import (
    amount_in_words,
    day_in_words,
    days_in_words,
    row_in_words,
    selection_in_words,
    weekday_in_words,
)
from omi_rules.explain.working import Look, Weight, Working
from omi_rules.rulebook.model import ReviewChain


@dataclass(frozen=True)
class _Review:
    number: int
    since: date
    due_on: date
    done_on: date | None
    rows: tuple[Row, ...] = ()


def work_out_chain(records: Records, chain: ReviewChain) -> Working:
    """Every review of the chain with its due date, and which of them the outcome rests on."""
    began: date = records.start if chain.clock_from == "start" else records.case[chain.clock_from]
    days, lines = _interval(records, chain, began)
    reviews = _reviews(records, chain, began, days)
    judged = _judged(reviews, chain)
    lines.append(Line(f"The first review is counted from {weekday_in_words(began)}, each next one from the last."))
    for review in reviews:
        lines += _review_lines(records, chain, review, days, review in judged)
    decisive = _decisive(records, judged)
    if decisive:
        lines.append(Line(f"The outcome rests on review {decisive.number}."))
        lines.append(Line(f"Due: {weekday_in_words(decisive.due_on)}."))
    else:
        lines.append(Line(_NOTHING_JUDGED))
    return Working(
        lines=tuple(lines),
        looks=(_look(chain, began),),
        due_on=decisive.due_on if decisive else None,
        done_on=decisive.done_on if decisive else None,
        change=tuple(_change(chain, decisive)),
        others_failed=sum(_has_failed(records, review) for review in judged) > 1,
    )


_NOTHING_JUDGED = "This rule judges the reviews after the first, and there has been no first one."


def _interval(records: Records, chain: ReviewChain, began: date) -> tuple[int, list[Line]]:
    """The interval in days."""
    choice = choose(records, chain.every, began)
    lines = choice_lines(records, choice, "Interval")
    step = 7 if choice.value.unit == "weeks" else 1
    days = choice.amounts[0] * step
    if chain.shorter_if_set is None:
        return days, lines
    shorter = records.case.get(chain.shorter_if_set)
    if not shorter:
        lines.append(Line("No shorter interval is set for this case.", depth=1))
        return days, lines
    used = "it is used" if shorter * 7 < days else "it is no shorter"
    lines.append(Line(f"An interval of {amount_in_words(shorter, 'weeks')} is set for this case: {used}.", depth=1))
    return min(days, shorter * 7), lines


def _reviews(records: Records, chain: ReviewChain, began: date, days: int) -> list[_Review]:
    """The completed reviews in order, and the open one at the end; several on one day are one."""
    table = chain.reviews.table
    by_day: dict[date, list[Row]] = {}
    for row in records.rows(table):
        day = day_of(table, row)
        if day and day >= began and all_hold(chain.reviews.tests, row):
            by_day.setdefault(day, []).append(row)
    reviews = []
    since, due = began, began + timedelta(days=days)
    for number, day in enumerate(sorted(by_day), 1):
        reviews.append(_Review(number, since, due, day, tuple(by_day[day])))
        since, due = day, day + timedelta(days=days)
    return [*reviews, _Review(len(reviews) + 1, since, due, None)]


def _judged(reviews: list[_Review], chain: ReviewChain) -> list[_Review]:
    if chain.part == "first":
        return reviews[:1]
    if chain.part == "next":
        return reviews[1:]
    return reviews


def _ended_before(records: Records, day: date) -> bool:
    return records.end is not None and records.end < day


def _has_failed(records: Records, review: _Review) -> bool:
    """Whether a review was late, or is overdue."""
    return (review.done_on or records.as_at) > review.due_on and not _ended_before(records, review.due_on)


def _decisive(records: Records, judged: list[_Review]) -> _Review | None:
    """The open review if overdue, else the first late one, else the last completed, else the open one."""
    if not judged:
        return None
    *_, last = judged
    completed = [review for review in judged if review.done_on]
    if last.done_on is None and records.as_at > last.due_on and not _ended_before(records, last.due_on):
        return last
    for review in completed:
        if review.done_on and review.done_on > review.due_on and not _ended_before(records, review.due_on):
            return review
    return completed[-1] if completed else last


def _review_lines(records: Records, chain: ReviewChain, review: _Review, days: int, judged: bool) -> list[Line]:
    length = f"{days // 7} weeks ({days} days)" if days % 7 == 0 else amount_in_words(days, "days")
    sum_ = f"{day_in_words(review.since)} + {length} = {weekday_in_words(review.due_on)}"
    lines = [Line(f"Review {review.number}: {sum_}.")]
    if review.done_on is None:
        lines.append(Line(_open_in_words(records, review), depth=1))
    else:
        rows = " and ".join(row_in_words(chain.reviews.table, row) for row in review.rows)
        lines.append(
            Line(f"Done on {weekday_in_words(review.done_on)}, {rows}: {_lateness(records, review)}.", depth=1)
        )
    if not judged:
        part = "the first review" if chain.part == "first" else "the reviews after the first"
        lines.append(Line(f"Not judged: this rule is about {part}.", depth=1))
    return lines


def _lateness(records: Records, review: _Review) -> str:
    assert review.done_on is not None
    late = (review.done_on - review.due_on).days
    if late <= 0:
        return "in time"
    said = f"{days_in_words(late)} late"
    if _ended_before(records, review.due_on):
        return f"{said}, and not judged, as supervision had ended before it was due"
    return said


def _open_in_words(records: Records, review: _Review) -> str:
    as_at = day_in_words(records.as_at)
    if _ended_before(records, review.due_on) and records.end:
        return f"Not done. Supervision ended on {day_in_words(records.end)}, before it was due."
    if records.as_at > review.due_on:
        return f"Not done by {as_at}: {days_in_words((records.as_at - review.due_on).days)} overdue."
    return f"Not done by {as_at}, and not overdue yet."


def _look(chain: ReviewChain, began: date) -> Look:
    def weigh(row: Row) -> tuple[Weight, str]:
        day = day_of(chain.reviews.table, row)
        if day is None:
            return "may count", "it has no date"
        if day < began:
            return "not counted", f"before {day_in_words(began)}, from when reviews count"
        return "counts", ""

    return Look("The reviews", chain.reviews, weigh)


def _change(chain: ReviewChain, decisive: _Review | None) -> list[str]:
    if decisive is None:
        return []
    span = f"from {day_in_words(decisive.since)} to {day_in_words(decisive.due_on)}"
    return [f"A row of {selection_in_words(chain.reviews)} dated {span}."]
