"""Twenty duties by durable-rules alone, one state a case.

    python benchmarks/peers/durable_only.py EXPORT OUTPUT.csv --as-at 2006-11-30

durable-rules has no dates, no working days and no rows, so plain Python works these out; what a case has to show for
a duty becomes one fact of words, and the rules say what follows. They have the form in which durable-rules is safe and
right: constants alone, no joins, an initial fact that fires an action, one live state, no background threads.
"""

import json
from collections.abc import Iterator
from typing import Any

import durable_rules_engine
from arguments import parse_arguments
from duties import readings_of
from readings import Reading, settle
from records import Case, read_cases, write_outcomes

Pattern = dict[str, str | list[str]]

#: What follows from a fact, and the fact: a list names several words that are the same to the rule.
RULES: list[tuple[str, Pattern]] = [
    ("not_applicable", {"form": "outside"}),
    ("excluded", {"form": "excluded"}),
    ("unknown", {"form": "undated"}),
    ("met", {"form": ["deadline", "exists", "count"], "done": "in_time"}),
    ("met", {"form": ["exists", "count"], "done": "after"}),
    ("not_applicable", {"form": "deadline", "done": ["after", "never"], "ended": "before_due"}),
    ("not_applicable", {"form": ["exists", "count"], "done": "never", "ended": "before_due"}),
    ("late", {"form": "deadline", "done": "after", "ended": "no"}),
    ("missing", {"form": ["deadline", "exists"], "done": "never", "ended": "no", "due": "past"}),
    ("not_met", {"form": "count", "done": "never", "ended": "no", "due": "past"}),
    ("due", {"form": ["deadline", "exists", "count"], "done": "never", "ended": "no", "due": "ahead"}),
    ("not_met", {"form": "rows", "fails": "yes"}),
    ("due", {"form": "rows", "fails": "no", "waits": "yes"}),
    ("met", {"form": "rows", "fails": "no", "waits": "no", "holds": "yes"}),
    ("not_applicable", {"form": "rows", "fails": "no", "waits": "no", "holds": "no"}),
    ("missing", {"form": "chain", "overdue": "yes"}),
    ("late", {"form": "chain", "overdue": "no", "late": "yes"}),
    ("met", {"form": "chain", "overdue": "no", "late": "no", "in_time": "yes"}),
    ("not_applicable", {"form": "chain", "overdue": "no", "late": "no", "in_time": "no", "ended": "yes"}),
    ("due", {"form": "chain", "overdue": "no", "late": "no", "in_time": "no", "ended": "no"}),
]
SIGNS = {"rows": ("fails", "waits", "holds"), "chain": ("overdue", "late", "in_time", "ended")}
BEGIN = "begin"


class Engine:
    """A ruleset, and one state at a time in it."""

    def __init__(self) -> None:
        rules: dict[str, Any] = {BEGIN: {"all": [{"m": {"$and": [{BEGIN: "yes"}]}}]}}
        for number, (outcome, pattern) in enumerate(RULES):
            rules[f"{outcome}-{number}"] = {"all": [{"m": _condition(pattern)}]}
        self._handle = durable_rules_engine.create_ruleset("duties", json.dumps(rules))
        self._states = 0
        self.decide([])

    def decide(self, facts: list[dict[str, str]]) -> dict[str, str]:
        """The outcome of each fact by its number; the state is gone afterwards."""
        self._states += 1
        state = f"case-{self._states}"
        decided = {}
        batch = [{BEGIN: "yes", "sid": state}, *({**fact, "sid": state} for fact in facts)]
        try:
            place = durable_rules_engine.assert_facts(self._handle, json.dumps(batch))[1]
            started = durable_rules_engine.start_action_for_state(self._handle, place)
            message = started and started[1]
            while message:
                ((rule, fired),) = json.loads(message).items()
                if rule != BEGIN:
                    decided[fired["m"]["number"]] = rule.rpartition("-")[0]
                message = durable_rules_engine.complete_and_start_action(self._handle, place)
        finally:
            durable_rules_engine.delete_state(self._handle, state)
        return decided


def _condition(pattern: Pattern) -> dict[str, Any]:
    terms: list[dict[str, Any]] = []
    for name, words in pattern.items():
        terms.append({name: words} if isinstance(words, str) else {"$or": [{name: word} for word in words]})
    return {"$and": terms}


def fact_of(reading: Reading, end: int | None, as_at: int) -> dict[str, str]:
    """A reading in words."""
    fact = {"duty": reading.duty, "event": str(reading.event), "form": reading.form}
    if reading.form in SIGNS:
        fact.update((sign, "yes" if sign in reading.signs else "no") for sign in SIGNS[reading.form])
    elif reading.due is not None:
        done, due = reading.done, reading.due
        fact["done"] = "never" if done is None else "in_time" if done <= due else "after"
        fact["ended"] = "before_due" if end is not None and end < due else "no"
        fact["due"] = "past" if as_at > due else "ahead"
    return fact


def decide(cases: list[Case], as_at: int) -> Iterator[tuple[str, str, str, int | None, int | None]]:
    """Every case and duty, with its outcome and dates; readings of a duty that say the same are one fact."""
    engine = Engine()
    for case in cases:
        numbers: dict[tuple[str, ...], str] = {}
        facts = []
        numbered = []
        for reading in readings_of(case, as_at):
            fact = fact_of(reading, case.end, as_at)
            number = numbers.setdefault(tuple(fact.values()), str(len(numbers)))
            if number == str(len(facts)):
                facts.append({"number": number, **fact})
            numbered.append((reading, number))
        decided = engine.decide(facts)
        for duty, answer in settle((reading, decided[number]) for reading, number in numbered):
            yield case.case_id, duty, *answer


def main() -> None:
    """Read, decide, write."""
    options = parse_arguments()
    as_at = options.as_at.toordinal()
    write_outcomes(options.output, decide(read_cases(options.export, as_at), as_at))


if __name__ == "__main__":
    main()
