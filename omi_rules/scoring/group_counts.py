"""Counts the cases of every group, and how each question was decided in it: in the store, with no loop over cases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from omi_rules.data.store import Store
from omi_rules.scoring.dimensions import grouped_cases_sql
from omi_rules.scoring.suppression import Path
from omi_rules.scoring.tally import Counts, Tally


@dataclass(frozen=True)
class GroupCounts:
    """The cases of each group, and the counts of each question in it; () is everyone."""

    cases: Mapping[Path, int]
    questions: Mapping[str, Mapping[Path, Counts]]


def lay_out_groups(store: Store, as_at: date) -> None:
    """Create `grouped_cases`: the cases that count, with a column for each dimension."""
    store.execute(f"CREATE OR REPLACE TABLE grouped_cases AS {grouped_cases_sql(as_at)}")


def count_groups(store: Store, columns: tuple[str, ...], asked: Iterable[Tally]) -> GroupCounts:
    """The counts by columns of `grouped_cases`, each column inside the one before it; needs `results`.

    In a question for assessors, a case without an answer is unknown.
    """
    names = ", ".join(f'"{column}"' for column in columns)
    depth = len(columns)
    grouped = f"SELECT grouping({names}), {names}, count(*) FROM grouped_cases GROUP BY ROLLUP ({names})"
    cases = {_path(mask, row, depth): row[depth] for mask, *row in store.execute(grouped).fetchall()}
    counted = store.execute(f"""
        SELECT grouping({names}), {names}, question,
            {", ".join(f"count(*) FILTER (result = '{result}')" for result in Counts.__dataclass_fields__)}
        FROM results JOIN grouped_cases USING (case_id) GROUP BY question, ROLLUP ({names})""").fetchall()
    found: dict[str, dict[Path, Counts]] = {}
    for mask, *row in counted:
        found.setdefault(row[depth], {})[_path(mask, row, depth)] = Counts(*row[depth + 1 :])
    return GroupCounts(cases, {tally.question.id: _complete(tally, found, cases) for tally in asked})


def _path(mask: int, row: list[str | None], depth: int) -> Path:
    """The group of a row: `mask` has a bit for each column that was not grouped by, and null is a group's name too."""
    return tuple(row[: depth - mask.bit_count()])


def _complete(
    tally: Tally, found: Mapping[str, Mapping[Path, Counts]], cases: Mapping[Path, int]
) -> dict[Path, Counts]:
    """The counts of a question in every group."""
    counts = {path: found.get(tally.question.id, {}).get(path, Counts()) for path in cases}
    if tally.answers_alone:
        return {path: count.with_unanswered(cases[path]) for path, count in counts.items()}
    return counts
