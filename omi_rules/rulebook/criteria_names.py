"""Every name and number of a criterion or targets file has to fit the others, whatever the rules are.

Works on files as read, whose structure is already right, so that each problem has its line. Whether rules and
questions agree is asked in `criteria_lint`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from omi_rules.problems import nearest
from omi_rules.rulebook.columns import Contract
from omi_rules.rulebook.criteria_build import build_target
from omi_rules.rulebook.keywords import Path
from omi_rules.rulebook.questions import MEASURES, Bands, Period
from omi_rules.rulebook.references import Content, Names, Report, check_source

#: The asterisk does not depend on the period.
_ANY_PERIOD = Period("", date.min, date.max)
#: A share of the counts may differ from the printed one by rounding, one way or the other.
_ROUNDING = 1


def check_criterion(content: Content, id_: str, names: Names, targets: Collection[str], report: Report) -> None:
    """Everything that a criterion file names, and whether its numbers agree."""
    check_source(content["source"], ("source",), names, report)
    judges_area = id_.startswith("4.")
    if judges_area and "questions" in content:
        report(("questions",), "a criterion of section 4 is about the area, not about cases: write points and levels")
    if not judges_area and "points" in content:
        report(("points",), f"criterion {id_} is about cases: write questions, a summary question, weights and bands")
    _check_ids(content.get("questions", content.get("points", ())), id_, report)
    for number, question in enumerate(content.get("questions", ())):
        _check_question(question, ("questions", number), names, report)
    if "summary" in content:
        _check_summary(content["summary"], id_, names, report)
    if "weights" in content:
        _check_weights(content["weights"], report)
    if "bands" in content:
        _check_bands(content["bands"], content.get("published", {}), names, report)
    for number, point in enumerate(content.get("points", ())):
        name = point.get("evidence", {}).get("targets")
        if name is not None and name not in targets:
            place: Path = ("points", number, "evidence", "targets")
            report(place, f"there is no file {name} in targets/{nearest(name, targets)}")


def _check_ids(items: Sequence[Content], criterion: str, report: Report) -> None:
    word = "points" if criterion.startswith("4.") else "questions"
    seen: dict[str, int] = {}
    for number, item in enumerate(items):
        place: Path = (word, number, "id")
        if not item["id"].startswith(f"{criterion}."):
            report(place, f"{item['id']} is no id of criterion {criterion}: begin it with {criterion}")
        elif item["id"].endswith(".S"):
            report(place, f"{item['id']} is the id of the summary question: put it under summary")
        first = seen.setdefault(item["id"], number)
        if first != number:
            report(place, f"{item['id']} is given twice: number {first + 1} of the list has it too")


def _check_question(question: Content, path: Path, names: Names, report: Report) -> None:
    population = question.get("population")
    if population is not None:
        if isinstance(question["decided_by"], Mapping):
            report((*path, "population"), "a rule decides this question, and has its population: leave it out here")
        contract = Contract(names.tables, report)
        tests = dict(population)
        if "any_row" in tests:
            contract.check_selections(tests.pop("any_row"), (*path, "population", "any_row"))
        contract.check_subject_tests(tests, (*path, "population"))
    if "figure" in question:
        _check_figure(question["figure"], (*path, "figure"), report)


def _check_figure(figure: Content, path: Path, report: Report) -> None:
    counted = figure.get("count")
    if counted is None:
        return
    if counted["sufficient"] > counted["of"]:
        report((*path, "count"), "more cases are sufficient than there are: correct the numbers")
        return
    share = 100 * counted["sufficient"] / counted["of"]
    percent, bound = figure.get("percent"), figure.get("bound")
    if percent is not None and bound is None and abs(share - percent) > _ROUNDING:
        report((*path, "percent"), f"the numbers of count give {share:.0f} per cent, and this is {percent}")


def _check_summary(summary: Content, criterion: str, names: Names, report: Report) -> None:
    if summary["id"] != f"{criterion}.S":
        report(("summary", "id"), f"the id of the summary question is {criterion}.S")
    if isinstance(summary["decided_by"], Mapping):
        report(("summary", "decided_by"), "a summary question is a judgement of the whole case: write assessor")
    _check_question(summary, ("summary",), names, report)


def _check_weights(weights: Mapping[str, int], report: Report) -> None:
    total = sum(weights.values())
    if total != 100:
        report(("weights",), f"the weights add up to {total}: they should add up to 100")


def _check_bands(bands: Content, published: Content, names: Names, report: Report) -> None:
    if "source" in bands:
        check_source(bands["source"], ("bands", "source"), names, report)
    if bands["good_from"] <= bands["priority_from"]:
        report(("bands", "priority_from"), "a priority must begin below good: this is not less than good_from")
        return
    if {"score", "conclusion"} <= set(published):
        drawn = Bands(bands["good_from"], bands["priority_from"], None, "").conclude(published["score"])
        if drawn != published["conclusion"]:
            report(("published", "conclusion"), f"by the bands a score of {published['score']} is {drawn}")


def check_sections(sections: Mapping[str, str]) -> Mapping[str, str]:
    """By criterion, what is wrong with the name of its section: criteria of one section name it alike."""
    first: dict[str, str] = {}
    wrong = {}
    for criterion, name in sorted(sections.items()):
        wanted = first.setdefault(criterion[0], name)
        if name != wanted:
            wrong[criterion] = f"the other criteria of section {criterion[0]} call it {wanted}: name it alike"
    return wrong


def check_scoring(content: Content, names: Names, report: Report) -> None:
    """The documents that scoring.yaml cites."""
    check_source(content["source"], ("source",), names, report)
    check_source(content["thread"]["source"], ("thread", "source"), names, report)
    if "source" in content["line_of_priority"]:
        check_source(content["line_of_priority"]["source"], ("line_of_priority", "source"), names, report)


def check_targets(content: Content, names: Names, report: Report) -> None:
    """Everything that a targets file names, and whether its numbers agree."""
    check_source(content["source"], ("source",), names, report)
    _check_period(content["period"], ("period",), report)
    seen: dict[str, int] = {}
    for number, target in enumerate(content["targets"]):
        path: Path = ("targets", number)
        first = seen.setdefault(target["id"], number)
        if first != number:
            report((*path, "id"), f"{target['id']} is given twice: number {first + 1} of the list has it too")
        if "period" in target:
            _check_period(target["period"], (*path, "period"), report)
        _check_measure(target["from"], (*path, "from"), report)
        if "source" in target.get("near_miss", {}):
            check_source(target["near_miss"]["source"], (*path, "near_miss", "source"), names, report)
        _check_asterisk(target, path, report)


def _check_period(period: Content, path: Path, report: Report) -> None:
    if period["from"] > period["to"]:
        report((*path, "to"), "the last day is before the first: correct one of them")


def _check_measure(origin: Any, path: Path, report: Report) -> None:
    name = origin.get("measure") if isinstance(origin, Mapping) else None
    if name is not None and name not in MEASURES:
        hint = nearest(name, MEASURES) or f"; there are {' and '.join(MEASURES)}"
        report((*path, "measure"), f"there is no measure {name}{hint}")


def _check_asterisk(content: Content, path: Path, report: Report) -> None:
    """The asterisk of the source and the tolerance say the same of the area's figure."""
    target = build_target(content, _ANY_PERIOD)
    if target.asterisk is None:
        return
    reached = target.is_met(target.area) or target.is_near_miss(target.area)
    if reached != target.asterisk:
        says = "meets the target or nearly" if reached else "misses the target by more than the tolerance"
        report((*path, "published", "asterisk"), f"the area's figure {says}: correct the asterisk or the tolerance")
