"""Every name that a rule file uses has to be the name of something, and has to be used where it makes sense.

Works on files as read, whose structure is already right, so that each problem has its line.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from omi_rules.problems import nearest
from omi_rules.rulebook.build import LENGTHS
from omi_rules.rulebook.columns import Contract
from omi_rules.rulebook.event_references import EVENTS, check_per_event
from omi_rules.rulebook.form_references import check_form
from omi_rules.rulebook.keywords import Path
from omi_rules.rulebook.model import Outcome
from omi_rules.rulebook.outcomes import UNDATED, outcomes_of_file
from omi_rules.shapes import Table

Report = Callable[[Path, str], None]
Content = Mapping[str, Any]

#: Triggers on which a clock of the case can start.
CASE_TRIGGERS = ("start", "sentence", "resentence", "high-roh-trigger")
PLACEHOLDERS = ("due_on", "done_on", "days_late", "limit")

_TIMES = ("working_days", "days", "weeks")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}|[{}]")
_EXAMPLE_WORDS = ("name", "as_at", "case", "staff", "lost", "missing_tables", "careless", "expect")


@dataclass(frozen=True)
class RuleNames:
    """What others may know of a rule: its outcomes (None where its file is broken), and whom it judges."""

    outcomes: frozenset[Outcome] | None
    about_staff: bool
    shadow: bool = False


@dataclass(frozen=True)
class Names:
    """Everything that can be named. A broken file's name counts, so that one mistake is reported once."""

    tables: Mapping[str, Table]
    units: Mapping[str, str | None] = field(default_factory=dict)
    #: values of one amount for every case and date, and those whose amount depends on the case
    plain: Collection[str] = ()
    by_case: Collection[str] = ()
    #: values that ask for rows, or for columns that may be empty
    by_what_may_be_open: Collection[str] = ()
    rules: Mapping[str, RuleNames] = field(default_factory=dict)
    clues: Collection[str] = ()
    flags: Collection[str] = ()
    documents: Collection[str] | None = None


def rule_names(content: Content, criterion: str) -> RuleNames:
    """What others may know of the rule in a file whose structure is right."""
    return RuleNames(outcomes_of_file(dict(content)), criterion == "staff", content.get("shadow", False))


def check_source(source: Content, path: Path, names: Names, report: Report) -> None:
    """The document cited is one of rules/sources.yaml."""
    document = source["document"]
    if names.documents is not None and document not in names.documents:
        report(
            (*path, "document"),
            f"sources.yaml has no document {document}{nearest(document, names.documents)}",
        )


def check_rule(content: Content, criterion: str, names: Names, report: Report) -> None:
    """Everything that a rule file names."""
    contract = Contract(names.tables, report, about_staff=criterion == "staff")
    check_source(content["source"], ("source",), names, report)
    population = dict(content.get("population", {}))
    if "any_row" in population:
        contract.check_selections(population.pop("any_row"), ("population", "any_row"))
    requirement = _Requirement(names, contract, report)
    for word in LENGTHS:
        if word in population:
            requirement.check_value(population.pop(word), ("population", word), ("days", "weeks"))
    contract.check_subject_tests(population, ("population",))
    if "excluded" in content:
        contract.check_subject_tests(content["excluded"]["when"], ("excluded", "when"))
    ((kind, spec),) = content["require"].items()
    requirement.check(kind, spec, ("require", kind))
    outcomes = outcomes_of_file(dict(content))
    _check_says(content["says"], kind, outcomes, report)
    seen: dict[str, int] = {}
    for number, example in enumerate(content["examples"]):
        path: Path = ("examples", number)
        _check_example(example, path, kind, outcomes, contract)
        first = seen.setdefault(example["name"], number)
        if first != number:
            report((*path, "name"), f"example {first + 1} has the same name: say what this one shows")


class _Requirement:
    """The names that each kind uses."""

    def __init__(self, names: Names, contract: Contract, report: Report) -> None:
        self.names = names
        self.contract = contract
        self.report = report

    def check(self, kind: str, spec: Content, path: Path) -> None:
        if kind in ("deadline", "exists"):
            self.check_deadline(spec, path)
        elif kind == "review_chain":
            self.check_review_chain(spec, path)
        elif kind == "per_event":
            check_per_event(spec, path, self.contract, lambda *place: self.check_event_limit(spec, *place))
        elif kind == "count":
            self.contract.check_selection(spec["rows"], (*path, "rows"), dated=True)
            self.check_plain(spec["within_first"], (*path, "within_first"), ("days", "weeks"))
            self.check_value(spec["at_least"], (*path, "at_least"), ("appointments",))
        elif kind == "matches":
            self.check_matches(spec, path)
        else:
            self.contract.check_selection(spec["each"], (*path, "each"), dated=True)
            self.contract.check_selections(spec["with"], (*path, "with"), dated=True)
            self.check_distance(spec["within"], (*path, "within"))

    def check_value(self, name: str, path: Path, units: tuple[str, ...]) -> None:
        if name not in self.names.units:
            self.report(path, f"there is no value {name} in values/{nearest(name, self.names.units)}")
            return
        unit = self.names.units[name]
        if unit is not None and unit not in units:
            self.report(path, f"{name} is a value in {unit}, and this needs one in {' or '.join(units)}")

    def check_plain(self, name: str, path: Path, units: tuple[str, ...]) -> None:
        self.check_value(name, path, units)
        if name in self.names.units and name not in self.names.plain:
            self.report(path, f"{name} has several amounts, and this needs a value with one for all")

    def check_distance(self, name: str, path: Path) -> None:
        self.check_value(name, path, _TIMES)
        if name in self.names.by_what_may_be_open:
            reason = "depends on what may be open in a case, and the distance of a pair cannot"
            self.report(path, f"{name} {reason}: name another value")

    def check_event_limit(self, spec: Content, name: str, path: Path) -> None:
        self.check_value(name, path, _TIMES)
        if spec.get("of") == "latest" and name in self.names.by_case:
            self.report(path, f"{name} depends on the case, and the limit of the latest row cannot: name another value")

    def check_deadline(self, spec: Content, path: Path) -> None:
        trigger = spec["trigger"]
        if isinstance(trigger, Mapping):
            self.check_first(spec, path)
        elif trigger in EVENTS:
            self.report((*path, "trigger"), f"{trigger} is an event and can come more than once: use per_event")
        elif trigger not in CASE_TRIGGERS:
            self.report((*path, "trigger"), f"there is no trigger {trigger}{nearest(trigger, CASE_TRIGGERS)}")
        if "times" in spec and (trigger == "high-roh-trigger" or isinstance(spec["done"], list)):
            self.report((*path, "times"), "rows are counted of one selection and from a day of the case: leave it out")
        self.check_limit(spec, path)
        self.contract.check_selections(spec["done"], (*path, "done"), dated=True)
        self.contract.check_subject_tests(spec.get("met_at_once", {}), (*path, "met_at_once"))

    def check_first(self, spec: Content, path: Path) -> None:
        self.contract.check_selection(spec["trigger"]["first"], (*path, "trigger", "first"), dated=True)
        for key in ("window_opens", "work_before_start_counts", "met_at_once", "times"):
            if key in spec:
                self.report((*path, key), f"what a first row calls for is done on or after it: leave {key} out")
        if isinstance(spec["done"], list):
            self.report((*path, "done"), "a first row calls for one thing: give one selection")

    def check_limit(self, spec: Content, path: Path) -> None:
        for word in ("within", "grace"):
            if word in spec:
                self.check_value(spec[word], (*path, word), _TIMES)

    def check_review_chain(self, spec: Content, path: Path) -> None:
        self.contract.check_selection(spec["reviews"], (*path, "reviews"), dated=True)
        self.check_value(spec["every"], (*path, "every"), ("days", "weeks"))
        clock = spec["clock_from"]
        subject = self.contract.subject
        start = "employed_on" if subject.name == "staff" else "start"
        if clock != start:
            self.report(
                (*path, "clock_from"), f"the first review is counted from {start}, and not from {clock}: write {start}"
            )
        if "shorter_if_set" in spec:
            self.contract.find_column(spec["shorter_if_set"], (*path, "shorter_if_set"), subject, "integer")

    def check_matches(self, spec: Content, path: Path) -> None:
        check_form(self.contract, self.check_value, self.check_plain, spec, path)


def _check_says(says: Content, kind: str, outcomes: Collection[str], report: Report) -> None:
    for outcome, sentence in says.items():
        path: Path = ("says", outcome)
        if outcome not in outcomes:
            report(path, _cannot_give(kind, outcome, outcomes))
        for found in _PLACEHOLDER.finditer(sentence):
            name = found.group(1)
            if name is None:
                report(path, "a curly bracket stands alone: placeholders are written {due_on}")
            elif name not in PLACEHOLDERS:
                hint = nearest(name, PLACEHOLDERS) or f"; there are {', '.join(PLACEHOLDERS)}"
                report(path, f"there is no placeholder {{{name}}}{hint}")
            elif kind == "matches" or (kind in UNDATED and name != "limit"):
                report(path, f"{kind} has nothing to fill in for {{{name}}}: leave it out")


def _cannot_give(kind: str, outcome: str, outcomes: Collection[str]) -> str:
    if outcome == "excluded":
        return "this rule has no `excluded`, so no case can be excluded: add it, or leave this out"
    return f"{kind} can never give {outcome}: it gives {', '.join(sorted(outcomes))}"


def _check_example(example: Content, path: Path, kind: str, outcomes: Collection[str], contract: Contract) -> None:
    report = contract.report
    own, other = ("staff", "case") if contract.subject.name == "staff" else ("case", "staff")
    if other in example:
        report((*path, other), f"this rule is about a {contract.noun}: state its columns under {own}")
    contract.check_cells(example.get(own, {}), (*path, own), contract.subject)
    given = {name: rows for name, rows in example.items() if name not in _EXAMPLE_WORDS}
    contract.check_example_tables(given, path)
    for name in example.get("lost", {}):
        contract.check_table_name(name, (*path, "lost", name))
    for number, name in enumerate(example.get("missing_tables", ())):
        place: Path = (*path, "missing_tables", number)
        if contract.check_table_name(name, place) and name in given:
            report(place, f"{name} is missing and also given: keep one")
    expect = example["expect"]
    outcome = expect if isinstance(expect, str) else expect["outcome"]
    if outcome not in outcomes:
        report((*path, "expect"), _cannot_give(kind, outcome, outcomes))
    if kind in UNDATED and isinstance(expect, dict):
        for word in ("due_on", "done_on", "days_late"):
            if expect.get(word) is not None:
                report((*path, "expect", word), f"{kind} gives no dates: leave {word} out")


def may_be_open(condition: Content, cases: Table) -> list[str]:
    """What the `if` of an arm asks for that a case may leave open: rows, and columns that may be empty."""
    asked = {"any_row", "high_roh_at_start", *(column.name for column in cases.columns if not column.required)}
    return [word for word in condition if word in asked]


def check_value(content: Content, name: str, names: Names, report: Report) -> None:
    """Everything that the value of that name names, and the order of its dates and arms."""
    contract = Contract(names.tables, report)
    last = ""
    for number, entry in enumerate(content["dated"]):
        path: Path = ("dated", number)
        if entry["from"] <= last:
            report((*path, "from"), "the dates must rise: this one is not after the one before")
        last = entry["from"]
        arms = entry["choose"]
        for place, arm in enumerate(arms):
            here: Path = (*path, "choose", place)
            for word in may_be_open(arm.get("if", {}), contract.subject) if name in EVENTS else ():
                report(
                    (*here, "if", word),
                    f"{name} is worked out of columns of the case that are never empty: leave {word} out",
                )
            tests = dict(arm.get("if", {}))
            tests.pop("high_roh_at_start", None)
            if "any_row" in tests:
                contract.check_selections(tests.pop("any_row"), (*here, "if", "any_row"))
            contract.check_subject_tests(tests, (*here, "if"))
            if "source" in arm:
                check_source(arm["source"], (*here, "source"), names, report)
            if "within_months" in arm and content["unit"] != "absences":
                report((*here, "within_months"), "within_months is for values in absences only: leave it out")
            if "if" not in arm and place < len(arms) - 1:
                report(here, "an arm without `if` takes every case: put it last")
        if "if" in arms[-1]:
            report(
                (*path, "choose", len(arms) - 1),
                "the last arm must have no `if`, or some cases have no amount",
            )


def check_example_case(content: Content, names: Names, report: Report) -> None:
    """The blameless case: known tables and columns, values of their types."""
    contract = Contract(names.tables, report)
    staff = Contract(names.tables, report, about_staff=True)
    contract.check_cells(content["case"], ("case",), contract.subject)
    staff.check_cells(content.get("staff", {}), ("staff",), staff.subject)
    for column in contract.subject.columns:
        if column.required and column.name != contract.subject.key and column.name not in content["case"]:
            report(("case",), f"{column.name} is missing: every case has it")
    for name, rows in content.items():
        if name not in ("as_at", "case", "staff"):
            (staff if name in staff.rows else contract).check_example_tables({name: rows}, ())
