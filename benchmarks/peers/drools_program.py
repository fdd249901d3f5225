"""Twenty duties by Drools, through drools_jpy; it needs Java 17.

    python benchmarks/peers/drools_program.py EXPORT OUTPUT.csv --as-at 2006-11-30

The rules that drools_jpy takes compare the fields of one event, and know neither working days nor a case's rows, so
plain Python works these out; what a case has to show for a duty becomes one event, and the rules compare its days and
say what follows. Every rule has one condition, so that no event waits for another.
"""

import json
import os
import shutil
from collections.abc import Iterator
from functools import partial, reduce
from pathlib import Path
from typing import Any

from arguments import parse_arguments
from drools.rule import Rule
from drools.ruleset import Ruleset
from duties import readings_of
from readings import Reading, settle
from records import Case, read_cases, write_outcomes

Expression = dict[str, Any]

#: A day after all others, for what has not been done or has not ended: a comparison with nothing is no answer.
NEVER = 3_000_000
SIGNS = {"rows": ("fails", "waits", "holds"), "chain": ("overdue", "late", "in_time", "ended")}


def _compare(name: str, field: str, other: Expression) -> Expression:
    return {f"{name}Expression": {"lhs": {"Fact": field}, "rhs": other}}


def _is(field: str, value: str | bool | int) -> Expression:
    kind = {str: "String", bool: "Boolean", int: "Integer"}[type(value)]
    return _compare("Equals", field, {kind: value})


def _after(field: str, other: str) -> Expression:
    return _compare("GreaterThan", field, {"Fact": other})


def _by(field: str, other: str) -> Expression:
    return _compare("LessThanOrEqualTo", field, {"Fact": other})


def _signs(form: str, *absent: str, given: str = "") -> list[Expression]:
    return [_is("form", form), *(_is(sign, False) for sign in absent), *([_is(given, True)] if given else [])]


DEADLINE, EXISTS, COUNT = _is("form", "deadline"), _is("form", "exists"), _is("form", "count")
DONE, NOT_DONE = _compare("LessThan", "done", {"Integer": NEVER}), _is("done", NEVER)
OPEN, ENDED, PAST, AHEAD = _by("due", "end"), _after("due", "end"), _after("as_at", "due"), _by("as_at", "due")

#: What follows, and from what, all of it together.
RULES: list[tuple[str, list[Expression]]] = [
    ("not_applicable", [_is("form", "outside")]),
    ("excluded", [_is("form", "excluded")]),
    ("unknown", [_is("form", "undated")]),
    ("met", [DEADLINE, _by("done", "due")]),
    ("not_applicable", [DEADLINE, _after("done", "due"), ENDED]),
    ("late", [DEADLINE, _after("done", "due"), OPEN, DONE]),
    ("missing", [DEADLINE, NOT_DONE, OPEN, PAST]),
    ("due", [DEADLINE, NOT_DONE, OPEN, AHEAD]),
    ("met", [EXISTS, DONE]),
    ("not_applicable", [EXISTS, NOT_DONE, ENDED]),
    ("missing", [EXISTS, NOT_DONE, OPEN, PAST]),
    ("due", [EXISTS, NOT_DONE, OPEN, AHEAD]),
    ("met", [COUNT, DONE]),
    ("not_applicable", [COUNT, NOT_DONE, ENDED]),
    ("not_met", [COUNT, NOT_DONE, OPEN, PAST]),
    ("due", [COUNT, NOT_DONE, OPEN, AHEAD]),
    ("not_met", _signs("rows", given="fails")),
    ("due", _signs("rows", "fails", given="waits")),
    ("met", _signs("rows", "fails", "waits", given="holds")),
    ("not_applicable", _signs("rows", "fails", "waits", "holds")),
    ("missing", _signs("chain", given="overdue")),
    ("late", _signs("chain", "overdue", given="late")),
    ("met", _signs("chain", "overdue", "late", given="in_time")),
    ("not_applicable", _signs("chain", "overdue", "late", "in_time", given="ended")),
    ("due", _signs("chain", "overdue", "late", "in_time", "ended")),
]


class Session:
    """A session of Drools with the rules, which says what follows from one event at a time."""

    def __init__(self) -> None:
        rules = [_written(f"{outcome}-{number}", terms) for number, (outcome, terms) in enumerate(RULES)]
        content = {"name": "duties", "hosts": ["all"], "sources": [], "rules": rules}
        self._session = Ruleset("duties", json.dumps(content))
        self._fired: list[str] = []
        for number, (outcome, _) in enumerate(RULES):
            self._session.add_rule(Rule(f"{outcome}-{number}", partial(self._note, outcome)))

    def _note(self, outcome: str, _: object) -> None:
        self._fired.append(outcome)

    def decide(self, event: dict[str, Any]) -> str:
        """The outcome of the one rule that an event fires."""
        self._fired.clear()
        self._session.assert_event(json.dumps(event))
        (outcome,) = self._fired
        return outcome

    def close(self) -> None:
        """End the session."""
        self._session.end_session()


def _written(name: str, terms: list[Expression]) -> Expression:
    condition = reduce(lambda left, right: {"AndExpression": {"lhs": left, "rhs": right}}, terms)
    return {"Rule": {"name": name, "condition": {"AllCondition": [condition]}, "actions": [], "enabled": True}}


def event_of(reading: Reading, end: int | None, as_at: int) -> dict[str, Any]:
    """A reading as an event."""
    event: dict[str, Any] = {"duty": reading.duty, "event": reading.event, "form": reading.form}
    if reading.form in SIGNS:
        event.update((sign, sign in reading.signs) for sign in SIGNS[reading.form])
    elif reading.due is not None:
        event["due"], event["as_at"] = reading.due, as_at
        event["done"] = NEVER if reading.done is None else reading.done
        event["end"] = NEVER if end is None else end
    return event


def decide(cases: list[Case], as_at: int) -> Iterator[tuple[str, str, str, int | None, int | None]]:
    """Every case and duty, with its outcome and dates; readings of a duty that say the same are one event."""
    session = Session()
    for case in cases:
        known: dict[tuple[Any, ...], str] = {}
        decided = []
        for reading in readings_of(case, as_at):
            event = event_of(reading, case.end, as_at)
            words = tuple(event.values())
            if words not in known:
                known[words] = session.decide({"case_id": case.case_id, **event})
            decided.append((reading, known[words]))
        for duty, answer in settle(decided):
            yield case.case_id, duty, *answer
    session.close()


def find_java() -> None:
    """Say where Java is, which drools_jpy does not find by itself, unless it has been said."""
    java = shutil.which("java")
    if java and "JAVA_HOME" not in os.environ:
        os.environ["JAVA_HOME"] = str(Path(java).resolve().parents[1])


def main() -> None:
    """Read, decide, write."""
    options = parse_arguments()
    find_java()
    as_at = options.as_at.toordinal()
    write_outcomes(options.output, decide(read_cases(options.export, as_at), as_at))


if __name__ == "__main__":
    main()
