"""Turns files whose structure and names are right into the model."""

from collections.abc import Mapping, Sequence
from typing import Any

from omi_rules.rulebook.example_build import build_example, day_of, line_of
from omi_rules.rulebook.model import (
    Arm,
    Clue,
    Conclusion,
    ConclusionExample,
    Count,
    DatedArms,
    Deadline,
    Distinct,
    Document,
    Exclusion,
    Fact,
    Falls,
    FirstReviewAfter,
    FirstReviewWithin,
    Form,
    Matches,
    Paired,
    PerEvent,
    Population,
    Presence,
    Requirement,
    ReviewChain,
    Rule,
    Selection,
    Source,
    Test,
    Tests,
    Value,
    Weekly,
    Window,
)
from omi_rules.rulebook.selections import DATE_OPERATORS
from omi_rules.rulebook.strict_yaml import Document as File

Content = Mapping[str, Any]

#: What a population may ask about time itself; the model has them in this order.
LENGTHS = ("started_longer_ago_than", "lasted_at_least")


def build_rule(file: File, id_: str, criterion: str) -> Rule:
    """The rule of a rule file."""
    content: Content = file.value
    return Rule(
        id=id_,
        criterion=criterion,
        title=line_of(content["title"]),
        asks=line_of(content["asks"]),
        answers=tuple(content["answers"]),
        recommendations=tuple(content["recommendations"]),
        severity=content["severity"],
        risk_of_harm_thread=content.get("risk_of_harm_thread", False),
        source=_source(content["source"]),
        population=build_population(content.get("population", {})),
        excluded=_exclusion(content.get("excluded")),
        require=_requirement(content["require"]),
        says={outcome: line_of(sentence) for outcome, sentence in content["says"].items()},
        to_do=line_of(content["to_do"]),
        examples=tuple(
            build_example(example, file.line(("examples", number)))
            for number, example in enumerate(content.get("examples", ()))
        ),
        file=file.file,
        shadow=content.get("shadow", False),
    )


def _source(source: Content) -> Source:
    return Source(source["document"], line_of(source["place"]))


def _test(column: str, test: Any) -> Test:
    if isinstance(test, bool):
        return Test(column, "is", flag=test)
    if isinstance(test, str):
        return Test(column, test)  # type: ignore[arg-type]
    if isinstance(test, list):
        return Test(column, "in", values=tuple(test))
    ((word, given),) = test.items()
    if word == "not":
        return Test(column, "not_in", values=tuple(given))
    if word in DATE_OPERATORS:
        return Test(column, word, other=given)
    return Test(column, word, value=given) if isinstance(given, str) else Test(column, word, number=given)


def _tests(tests: Content) -> Tests:
    return tuple(_test(column, test) for column, test in tests.items())


def _selection(selection: Content) -> Selection:
    ((table, tests),) = selection.items()
    return Selection(table, _tests(tests))


def _selections(selections: Content | Sequence[Content]) -> tuple[Selection, ...]:
    if isinstance(selections, Mapping):
        return (_selection(selections),)
    return tuple(_selection(selection) for selection in selections)


def build_population(population: Content) -> Population:
    """Whom a rule, or a question, is about."""
    tests = {column: test for column, test in population.items() if column not in ("any_row", *LENGTHS)}
    lengths = (population.get(word) for word in LENGTHS)
    return Population(_tests(tests), _selections(population.get("any_row", ())), *lengths)


def _exclusion(excluded: Content | None) -> Exclusion | None:
    return Exclusion(_tests(excluded["when"]), line_of(excluded["because"])) if excluded else None


def _requirement(require: Content) -> Requirement:
    ((kind, spec),) = require.items()
    match kind:
        case "deadline" | "exists":
            return _deadline(kind, spec)
        case "review_chain":
            return ReviewChain(
                reviews=_selection(spec["reviews"]),
                clock_from=spec["clock_from"],
                every=spec["every"],
                part=spec["part"],
                shorter_if_set=spec.get("shorter_if_set"),
            )
        case "per_event":
            event = spec["event"]
            word = "deadline" if "deadline" in spec else "exists"
            return PerEvent(
                event=event if isinstance(event, str) else _selection(event),
                deadline=_deadline(word, spec[word]),
                excluded=_exclusion(spec.get("excluded")),
                latest=spec.get("of") == "latest",
            )
        case "count":
            return Count(_selection(spec["rows"]), spec["within_first"], spec["at_least"])
        case "matches":
            return _matches(spec)
        case _:
            return Paired(_selection(spec["each"]), _selections(spec["with"]), spec["within"])


def _matches(spec: Content) -> Form:
    form = next(word for word in spec if word not in ("satisfies", "where"))
    given = spec[form]
    match form:
        case "case":
            return Matches("case", None, _tests(given))
        case "any" | "none":
            return Presence("any" if form == "any" else "none", _selections(given))
        case "falls":
            return Falls(**given)
        case "distinct":
            return Distinct(**given)
        case "weekly":
            rows = {"each": _selection(given["each"]), "rows": _selection(given["rows"])}
            return Weekly(**{"until": None, **given, **rows})
        case _:
            tests = _tests(spec["satisfies"])
            return Matches(form, _selection(given), tests, _tests(spec.get("where", {})))  # type: ignore[arg-type]


def _deadline(word: str, spec: Content) -> Deadline:
    window: Window = "before_start" if spec.get("work_before_start_counts") else spec.get("window_opens", "trigger")
    trigger, limit = spec.get("trigger"), spec.get("grace" if word == "exists" else "within")
    by_code = next(iter(limit.items())) if isinstance(limit, Mapping) else None
    return Deadline(
        trigger=None if isinstance(trigger, Mapping) else trigger,
        limit=None if by_code else limit,
        done=_selections(spec.get("done", ())),
        done_column=spec.get("done_column"),
        due_column=spec.get("due_column"),
        window=window,
        met_at_once=_tests(spec.get("met_at_once", {})),
        grace=word == "exists",
        first=_selection(trigger["first"]) if isinstance(trigger, Mapping) else None,
        times=spec.get("times", 1),
        clock_column=spec.get("clock_column"),
        from_failure="clock_from" in spec,
        limits_by=(by_code[0], tuple(by_code[1].items())) if by_code else None,
        also=_tests(spec.get("also", {})),
    )


def build_value(file: File, name: str) -> Value:
    """The value of a value file."""
    content: Content = file.value
    dated = tuple(
        DatedArms(day_of(entry["from"]), tuple(_arm(arm) for arm in entry["choose"])) for entry in content["dated"]
    )
    return Value(name, line_of(content["title"]), content["unit"], dated, file.file)


def _arm(arm: Content) -> Arm:
    condition = dict(arm.get("if", {}))
    return Arm(
        amount=arm["amount"],
        high_roh_at_start=condition.pop("high_roh_at_start", False),
        any_row=_selections(condition.pop("any_row", ())),
        tests=_tests(condition),
        within_months=arm.get("within_months"),
        source=_source(arm["source"]) if "source" in arm else None,
        assumed=arm.get("status") == "assumed",
        because=line_of(arm.get("because", "")),
    )


def build_clue(file: File, id_: str) -> Clue:
    """The clue of a clue file."""
    content: Content = file.value
    first, after = content.get("first_review_within"), content.get("first_review_after")
    rule = next(((name, _outcomes(given)) for name, given in content.get("rule", {}).items()), None)
    return Clue(
        id=id_,
        title=line_of(content["title"]),
        source=_source(content["source"]),
        file=file.file,
        case=_tests(content.get("case", {})),
        any_row=_selection(content["any_row"]) if "any_row" in content else None,
        latest=_selection(content["latest"]) if "latest" in content else None,
        satisfies=_tests(content.get("satisfies", {})),
        first_review_within=FirstReviewWithin(_selection(first["reviews"]), _selection(first["of"]), first["weeks"])
        if first
        else None,
        first_review_after=FirstReviewAfter(_selection(after["reviews"]), after["weeks"]) if after else None,
        rule=rule,
        high_roh_trigger_after_start=content.get("high_roh_trigger_after_start", False),
        supervision_longer_than=content.get("supervision_longer_than"),
    )


def _outcomes(outcomes: str | Sequence[str]) -> tuple[str, ...]:
    return (outcomes,) if isinstance(outcomes, str) else tuple(outcomes)


def _fact(fact: Content) -> Fact:
    if "rule" in fact:
        return Fact("rule", fact["rule"], _outcomes(fact["outcome"]))
    if "clue" in fact:
        return Fact("clue", fact["clue"], ("true" if fact.get("is", True) else "false",))
    return Fact("flag", fact["flag"], ("true",))


def build_conclusion(file: File) -> Conclusion:
    """The conclusion of a conclusion file."""
    content: Content = file.value
    then: Content = content["then"]
    ways = content["when_any"] if "when_any" in content else [content["when"]]
    return Conclusion(
        flag=then["flag"],
        title=line_of(content["title"]),
        ways=tuple(tuple(_fact(fact) for fact in way) for way in ways),
        recommendations=tuple(then["recommendations"]),
        severity=then["severity"],
        cause=line_of(then["cause"]),
        action=line_of(then["action"]),
        source=_source(content["source"]),
        examples=tuple(
            ConclusionExample(
                name=line_of(example["name"]),
                facts=tuple(_fact(fact) for fact in example["facts"]),
                expect=example["expect"],
                line=file.line(("examples", number)),
            )
            for number, example in enumerate(content["examples"])
        ),
        file=file.file,
    )


def build_sources(content: Content) -> dict[str, Document]:
    """The documents of sources.yaml, in order of id."""
    return {
        id_: Document(id_, line_of(entry["title"]), {word: given for word, given in entry.items() if word != "title"})
        for id_, entry in sorted(content.items())
    }
