"""What a rulebook says, as plain values: rules, dated values, clues, conclusions.

The shapes follow the files one to one (see docs/writing-rules.md); nothing here knows about SQL or exports.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, get_args

from omi_rules.rulebook.forms import Distinct as Distinct
from omi_rules.rulebook.forms import Falls as Falls
from omi_rules.rulebook.forms import Form as Form
from omi_rules.rulebook.forms import Matches as Matches
from omi_rules.rulebook.forms import Presence as Presence
from omi_rules.rulebook.forms import Weekly as Weekly
from omi_rules.rulebook.selections import Selection as Selection
from omi_rules.rulebook.selections import Test as Test
from omi_rules.rulebook.selections import Tests as Tests

Severity = Literal["critical", "high", "medium", "informational"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "informational")

Outcome = Literal["met", "late", "missing", "not_met", "due", "unknown", "excluded", "not_applicable", "error"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
INSUFFICIENT: tuple[Outcome, ...] = ("late", "missing", "not_met")

Window = Literal["trigger", "before_start", "before_trigger", "start", "any_time"]
Part = Literal["first", "next", "all"]
Unit = Literal["working_days", "days", "weeks", "appointments", "hours", "tier", "absences", "offender_managers"]

#: Work done up to this many days before the trigger counts where a rule says so (done at report stage).
DAYS_BEFORE = 56


@dataclass(frozen=True)
class Source:
    """A document of rules/sources.yaml and the place in it."""

    document: str
    place: str


@dataclass(frozen=True)
class Population:
    """Whom a rule is about: every test holds, each selection has a row, and it has gone on so long (named values)."""

    tests: Tests = ()
    any_row: tuple[Selection, ...] = ()
    started_longer_ago_than: str | None = None
    lasted_at_least: str | None = None


@dataclass(frozen=True)
class Exclusion:
    """Taken out for a recorded reason."""

    tests: Tests
    because: str


@dataclass(frozen=True)
class Deadline:
    """Done by a date. With `grace`, done at any time is met, and the limit only says when it is missing.

    The clock starts at a named trigger or with the `first` row of a selection; that of an event on its own day, that
    of its `clock_column`, or with the failure it answered. `limits_by`: a column of the row, and a limit for each code.
    """

    trigger: str | None
    limit: str | None
    done: tuple[Selection, ...] = ()
    done_column: str | None = None
    due_column: str | None = None
    window: Window = "trigger"
    met_at_once: Tests = ()
    grace: bool = False
    first: Selection | None = None
    times: int = 1
    clock_column: str | None = None
    from_failure: bool = False
    limits_by: tuple[str, tuple[tuple[str, str], ...]] | None = None
    also: Tests = ()


@dataclass(frozen=True)
class ReviewChain:
    """Reviews in a chain: the first from `clock_from`, each next one from the last."""

    reviews: Selection
    clock_from: str
    every: str
    part: Part
    shorter_if_set: str | None = None


@dataclass(frozen=True)
class PerEvent:
    """A deadline for each triggering row, or the latest; `event` is a selection or the name of a derived event."""

    event: Selection | str
    deadline: Deadline
    excluded: Exclusion | None = None
    latest: bool = False


@dataclass(frozen=True)
class Count:
    """Enough rows in the first days from the start."""

    rows: Selection
    within_first: str
    at_least: str


@dataclass(frozen=True)
class Paired:
    """Every row of one selection has a partner in each of the others within a distance either side."""

    each: Selection
    partners: tuple[Selection, ...]
    within: str


Requirement = Deadline | ReviewChain | PerEvent | Count | Form | Paired


def kind_of(requirement: Requirement) -> str:
    """The kind's name as a rule file writes it."""
    if isinstance(requirement, Deadline):
        return "exists" if requirement.grace else "deadline"
    names = {ReviewChain: "review_chain", PerEvent: "per_event", Count: "count", Paired: "paired"}
    return names.get(type(requirement), "matches")


@dataclass(frozen=True)
class Example:
    """One worked example: what differs from the example case, and the outcome with its dates where stated.

    `careless` says what a careless reading would conclude, where that is not what is expected."""

    name: str
    expect: Mapping[str, Any]
    case: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    as_at: date | None = None
    lost: Mapping[str, int] = field(default_factory=dict)
    missing_tables: tuple[str, ...] = ()
    careless: str = ""
    line: int = 0


@dataclass(frozen=True)
class Rule:
    """One rule file."""

    id: str
    criterion: str
    title: str
    asks: str
    answers: tuple[str, ...]
    recommendations: tuple[int, ...]
    severity: Severity
    risk_of_harm_thread: bool
    source: Source
    population: Population
    excluded: Exclusion | None
    require: Requirement
    says: Mapping[str, str]
    to_do: str
    examples: tuple[Example, ...]
    file: str
    #: tried out, and counted nowhere
    shadow: bool = False

    @property
    def kind(self) -> str:
        """deadline, exists, review_chain, per_event, count, matches or paired."""
        return kind_of(self.require)

    @property
    def about_staff(self) -> bool:
        """Whether the rule judges members of staff, not cases."""
        return self.criterion == "staff"


@dataclass(frozen=True)
class Arm:
    """One arm of a value: the first arm whose tests hold gives the amount."""

    amount: int
    tests: Tests = ()
    high_roh_at_start: bool = False
    any_row: tuple[Selection, ...] = ()
    within_months: int | None = None
    source: Source | None = None
    assumed: bool = False
    because: str = ""


@dataclass(frozen=True)
class DatedArms:
    """The arms in force from a date on."""

    start: date
    arms: tuple[Arm, ...]


@dataclass(frozen=True)
class Value:
    """A named value: dated, chosen by the case, each arm sourced or assumed."""

    name: str
    title: str
    unit: Unit
    dated: tuple[DatedArms, ...]
    file: str

    @property
    def arms(self) -> tuple[Arm, ...]:
        """Every arm of every date."""
        return tuple(arm for entry in self.dated for arm in entry.arms)

    @property
    def assumed(self) -> bool:
        """Whether any amount of it is an assumption."""
        return any(arm.assumed for arm in self.arms)


@dataclass(frozen=True)
class FirstReviewWithin:
    """The first review came within some weeks of the first row of another selection on or after the start."""

    reviews: Selection
    of: Selection
    weeks: int


@dataclass(frozen=True)
class FirstReviewAfter:
    """The first review came more than some weeks after the start."""

    reviews: Selection
    weeks: int


@dataclass(frozen=True)
class Clue:
    """A fact that is no standard. Exactly one of the forms is given; true only if surely true."""

    id: str
    title: str
    source: Source
    file: str
    case: Tests = ()
    any_row: Selection | None = None
    latest: Selection | None = None
    satisfies: Tests = ()
    first_review_within: FirstReviewWithin | None = None
    first_review_after: FirstReviewAfter | None = None
    rule: tuple[str, tuple[str, ...]] | None = None
    high_roh_trigger_after_start: bool = False
    supervision_longer_than: int | None = None


#: What the records of a case say of a clue: surely so, surely not, or open for want of a record; of some forms of clue
#: no case is surely not so, and the records just do not show it.
ClueState = Literal["true", "false", "open", "not shown"]


@dataclass(frozen=True, order=True)
class Fact:
    """One condition of a conclusion: a rule with one of some outcomes, a clue true or false, or a flag."""

    kind: Literal["rule", "clue", "flag"]
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class ConclusionExample:
    """Facts that hold, and whether the flag follows."""

    name: str
    facts: tuple[Fact, ...]
    expect: bool
    line: int = 0


@dataclass(frozen=True)
class Conclusion:
    """What follows from several facts of one case; `ways` are alternatives, each a conjunction."""

    flag: str
    title: str
    ways: tuple[tuple[Fact, ...], ...]
    recommendations: tuple[int, ...]
    severity: Severity
    cause: str
    action: str
    source: Source
    examples: tuple[ConclusionExample, ...]
    file: str


@dataclass(frozen=True)
class Document:
    """A document that the rulebook cites."""

    id: str
    title: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Rulebook:
    """Everything a folder of rule files says. Mappings are sorted by id; `hash` covers every file's bytes."""

    name: str
    version: str
    hash: str
    folder: str
    rules: Mapping[str, Rule]
    values: Mapping[str, Value]
    triggers: Mapping[str, Mapping[str, str]]
    clues: Mapping[str, Clue]
    conclusions: Mapping[str, Conclusion]
    sources: Mapping[str, Document]
    example_case: Mapping[str, Any]

    @property
    def case_rules(self) -> tuple[Rule, ...]:
        """The rules about cases that count, in order of id; those in shadow do not."""
        return tuple(rule for rule in self.case_rules_and_shadows if not rule.shadow)

    @property
    def case_rules_and_shadows(self) -> tuple[Rule, ...]:
        """The rules about cases, those in shadow among them, in order of id."""
        return tuple(rule for rule in self.rules.values() if not rule.about_staff)

    @property
    def staff_rules(self) -> tuple[Rule, ...]:
        """The rules about members of staff that count, in order of id; those in shadow do not."""
        return tuple(rule for rule in self.rules.values() if rule.about_staff and not rule.shadow)
