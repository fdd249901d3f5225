"""Published or locally reported figures: read from a YAML file, see schemas/reconcile.schema.json, and from the CSV
files beside it that list the cases behind them.

Every mistake in a file is reported at once, by line or row; the value of a cell is never repeated.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from omi_rules.problems import nearest
from omi_rules.rulebook.questions import Criteria, Target
from omi_rules.rulebook.strict_yaml import Document
from omi_rules.scoring.given_files import Place, check_period, read_figures, read_rows, refuse_mistakes

Kind = Literal["question", "rule", "target", "criterion"]

COLUMNS = ("case_id", "result")
RESULTS = ("sufficient", "insufficient", "outside")

_SCHEMA = "reconcile.schema.json"
_LIST = "the list"


@dataclass(frozen=True)
class Published:
    """A figure that others gave: of what, how it was printed, by whom, for when, and what they counted.

    `count` is sufficient of all, where that was given instead of `percent`. `cases` is the file that lists them.
    """

    kind: Kind
    id: str
    percent: Fraction
    places: int
    count: tuple[int, int] | None
    by: str
    period: str
    first: date | None
    last: date | None
    definition: str
    cases: Path | None

    def agrees(self, share: Fraction, counted: tuple[int, int] | None = None) -> bool:
        """Whether a share is this figure as far as that was printed; where both have counts, whether those are."""
        if self.count and counted:
            return counted == self.count
        return _printed(share * 100, self.places) == _printed(self.percent, self.places)


def _printed(percent: Fraction, places: int) -> int:
    """A figure in units of its last printed place, a half rounded up."""
    return int(percent * 10**places + Fraction(1, 2))


def targets_by_id(criteria: Criteria) -> dict[str, Target]:
    """Every target of a rulebook by its id."""
    return {target.id: target for file in criteria.targets.values() for target in file.targets}


def load_published(path: Path, criteria: Criteria, rules: Collection[str]) -> list[Published]:
    """The figures of a file in its order; UsageError names every place that is wrong."""
    content = read_figures(path, _SCHEMA, lambda document: _check_meaning(document, path.parent, criteria, rules))
    return [_build(given, path.parent) for given in content["figures"]]


def _check_meaning(
    document: Document, folder: Path, criteria: Criteria, rules: Collection[str]
) -> Iterator[tuple[Place, str]]:
    """What a schema cannot say: that what the figures are of exists and is a share, and that counts add up."""
    targets = targets_by_id(criteria)
    known: Mapping[str, Collection[str]] = {
        "question": criteria.questions,
        "rule": rules,
        "target": targets,
        "criterion": [id_ for id_, criterion in criteria.criteria.items() if criterion.questions],
    }
    for number, given in enumerate(document.value["figures"]):
        place: Place = ("figures", number)
        ((kind, id_),) = given["of"].items()
        if id_ not in known[kind]:
            yield (*place, "of", kind), f"the rulebook has no {kind} {id_}{nearest(id_, known[kind])}"
        elif kind == "target" and targets[id_].unit != "percent":
            yield (*place, "of", kind), f"{id_} is no share of cases: set it beside with --figures"
        figure = given["figure"]
        if "of" in figure and figure["sufficient"] > figure["of"]:
            yield (*place, "figure", "sufficient"), "this is more than all there are"
        if "percent" in figure and Fraction(figure["percent"]) > 100:
            yield (*place, "figure", "percent"), "a share is at most 100"
        yield from check_period(given["period"], (*place, "period"))
        if "cases" in given and kind == "criterion":
            yield (*place, "cases"), "a criterion is an average over questions: list the cases of a question"
        elif "cases" in given and not (folder / given["cases"]).is_file():
            yield (*place, "cases"), "there is no such file beside this one"


def _build(given: Mapping[str, Any], folder: Path) -> Published:
    ((kind, id_),) = given["of"].items()
    figure, period = given["figure"], given["period"]
    count = (figure["sufficient"], figure["of"]) if "of" in figure else None
    percent = Fraction(count[0] * 100, count[1]) if count else Fraction(figure["percent"])
    return Published(
        kind=kind,
        id=id_,
        percent=percent,
        places=len(str(figure.get("percent", "")).partition(".")[2]),
        count=count,
        by=_line(given["by"]),
        period=_line(period["printed"]),
        first=date.fromisoformat(period["from"]) if "from" in period else None,
        last=date.fromisoformat(period["to"]) if "to" in period else None,
        definition=_line(given["definition"]),
        cases=folder / given["cases"] if "cases" in given else None,
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def read_cases(path: Path) -> dict[str, str]:
    """A list of cases and what was found of each, by case; UsageError with every mistake of the file."""
    rows = read_rows(path, COLUMNS, _LIST)
    refuse_mistakes(path, _LIST, _check_rows(rows))
    return {case_id: result.lower() for case_id, result in rows}


def _check_rows(rows: list[tuple[str, ...]]) -> Iterator[str]:
    first: dict[str, int] = {}
    for number, (case_id, result) in enumerate(rows, 1):
        if not case_id:
            yield f"row {number}: case_id: it is empty. Write the case reference."
        elif first.setdefault(case_id, number) != number:
            yield f"row {number}: case_id: row {first[case_id]} lists the same case. Keep one of them."
        if result.lower() not in RESULTS:
            yield f"row {number}: result: should be one of {', '.join(RESULTS)}."
