"""Agreement of assessors in words and columns, and as rows of one table."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from omi_rules.assess.agreement import NARROW
from omi_rules.data.cells import csv_text
from omi_rules.reports.columns import align
from omi_rules.reports.words import count, folded, whole

Found = Mapping[str, Any]

#: How many of the questions that differ most are named.
_MOST = 10
_COLUMNS = (
    *("kind", "id", "title", "assessor", "other_assessor", "cases", "pairs", "exact", "exact_percent", "same_side"),
    *("same_side_percent", "same_side_low", "same_side_high", "graded", "kappa", "kappa_low", "kappa_high", "note"),
)


def show_agreement(found: Found, *, verbose: bool = False) -> Iterator[str]:
    """The lines of a page of at most 80 columns."""
    if not found["all"]["pairs"]:
        yield from folded(
            "No question was answered by two assessors of one case, so there is nothing to compare. Workbooks with "
            "second assessments are made with `omi-rules assess new --double`."
        )
        yield from _left_aside(found)
        return
    everything = found["all"]
    yield from folded(
        f"{count(found['cases_twice'], 'case')} assessed by two: {count(everything['pairs'], 'pair')} of answers to "
        f"{count(len(found['questions']), 'question')}. Exactly the same: {whole(everything['exact_percent'])}. "
        f"On the same side of the line: {whole(everything['same_side_percent'])}. "
        f"Weighted kappa: {_kappa(everything) or '-'}{_beside(everything)}."
    )
    yield ""
    yield from folded(found["method"])
    yield from folded(NARROW)
    yield from _marks(found)
    yield from _table("By criterion", "Criterion", _named(found["criteria"], "id", "title"))
    pairs = [(" / ".join(one["assessors"]), one) for one in found["assessors"]]
    yield from _table("By pair of assessors", "Assessors", pairs)
    by_id = {one["id"]: one for one in found["questions"]}
    different = [by_id[id_] for id_ in found["most_different"][:_MOST]]
    if different:
        yield from ("", "Where people differ most")
        yield from folded(
            "On different sides of the line, in order of the lower end of the 95% interval of that share; questions "
            f"with fewer than {found['few']} pairs come last."
        )
        rows = [_different_row(one) for one in different]
        yield from align(["", "Question", "Differ", "Share", "Kappa"], rows, right=(2, 3, 4), giving=1)
    if verbose:
        yield from _table("By question", "Question", _named(found["questions"], "id", "asks"))
    yield from _left_aside(found)


def _named(ones: Sequence[Found], *names: str) -> list[tuple[str, Found]]:
    return [(" ".join(one[name] for name in names), one) for one in ones]


def _table(heading: str, column: str, named: Sequence[tuple[str, Found]]) -> Iterator[str]:
    yield from ("", heading)
    rows = [
        [
            name,
            f"{one['pairs']:,}{'!' if one['few'] else ''}",
            whole(one["exact_percent"]),
            whole(one["same_side_percent"]),
            f"{one['graded']:,}",
            _kappa(one) or "-",
            _interval(one),
        ]
        for name, one in named
    ]
    header = [column, "Pairs", "Same", "Side", "Graded", "Kappa", "95%"]
    yield from align(header, rows, right=(1, 2, 3, 4, 5, 6))


def _different_row(one: Found) -> list[str]:
    differ = one["pairs"] - one["same_side"]
    counted = f"{differ:,} of {one['pairs']:,}{'!' if one['few'] else ''}"
    return [one["id"], one["asks"], counted, whole(100 * differ / one["pairs"]), _kappa(one) or "-"]


def _marks(found: Found) -> Iterator[str]:
    few = found["few"]
    yield from folded(
        f"! fewer than {few} pairs: read with care. A kappa of fewer than {few} pairs of the four answers is not "
        f"shown, and no interval with fewer than {few} cases."
    )


def _kappa(one: Found) -> str:
    return "" if one["kappa"] is None else f"{one['kappa']:.2f}"


def _interval(one: Found) -> str:
    return "" if one["kappa_low"] is None else f"{one['kappa_low']:.2f} to {one['kappa_high']:.2f}"


def _beside(one: Found) -> str:
    """The interval in brackets, or why there is none."""
    told = f"95% {_interval(one)}" if one["kappa_low"] is not None else one["without"]
    return f" ({told}; {count(one['graded'], 'pair')})" if one["kappa"] is not None else f" ({told})"


def _left_aside(found: Found) -> Iterator[str]:
    """What is not among the pairs, and what is left to do."""
    sentences = []
    if found["answered_by_one"]:
        sentences.append(f"Answered by one of the two only, and not compared: {found['answered_by_one']:,}.")
    if found["other_versions"]:
        sentences.append(f"Not compared, as the question changed between the two answers: {found['other_versions']:,}.")
    if found["corrections_of_one"]:
        sentences.append(
            "Corrections of what the records say are not among these figures; assessors differ on "
            f"{count(found['corrections_of_one'], 'of them', 'of them')}."
        )
    if found["disagreements"]:
        sentences.append(
            f"Disagreements: {found['disagreements']:,}, of them not moderated yet: {found['unmoderated']:,}. Of those "
            "the first rating counts. `omi-rules assess moderate` lists them."
        )
    if sentences:
        yield ""
    for sentence in sentences:
        yield from folded(sentence)


def agreement_csv(found: Found) -> str:
    """Every group of pairs as a row of one table."""
    return csv_text(_COLUMNS, _rows(found))


def _rows(found: Found) -> Iterator[Found]:
    yield {"kind": "all", **_cells(found["all"])}
    for kind, ones, title in (("criterion", "criteria", "title"), ("question", "questions", "asks")):
        for one in found[ones]:
            yield {"kind": kind, "id": one["id"], "title": one[title], **_cells(one)}
    for one in found["assessors"]:
        first, second = one["assessors"]
        yield {"kind": "assessors", "assessor": first, "other_assessor": second, **_cells(one)}


def _cells(one: Found) -> dict[str, Any]:
    few = "fewer than 10 pairs" if one["few"] else None
    return {**{name: one[name] for name in _COLUMNS[5:-1]}, "note": "; ".join(filter(None, (few, one["without"])))}
