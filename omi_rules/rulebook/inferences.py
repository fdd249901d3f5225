"""The names that clues and conclusions use, and that no flag rests on itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from omi_rules.problems import nearest
from omi_rules.rulebook.columns import Contract
from omi_rules.rulebook.keywords import Path
from omi_rules.rulebook.references import Names, check_source

Report = Callable[[Path, str], None]
Content = Mapping[str, Any]


def check_clue(content: Content, names: Names, report: Report) -> None:
    """Everything that a clue names."""
    contract = Contract(names.tables, report)
    check_source(content["source"], ("source",), names, report)
    contract.check_subject_tests(content.get("case", {}), ("case",))
    if "any_row" in content:
        contract.check_selection(content["any_row"], ("any_row",))
    if "latest" in content:
        table = contract.check_selection(content["latest"], ("latest",), dated=True)
        if table is not None:
            contract.check_tests(content["satisfies"], ("satisfies",), table)
    if "first_review_within" in content:
        for part in ("reviews", "of"):
            contract.check_selection(content["first_review_within"][part], ("first_review_within", part), dated=True)
    if "first_review_after" in content:
        contract.check_selection(
            content["first_review_after"]["reviews"], ("first_review_after", "reviews"), dated=True
        )
    for rule, outcomes in content.get("rule", {}).items():
        _check_rule_fact(rule, outcomes, ("rule", rule), ("rule", rule), names, report)
        if rule in names.rules and names.rules[rule].about_staff:
            report(("rule", rule), f"{rule} is about a member of staff, and clues are about a case")


def _check_rule_fact(
    rule: str, outcomes: str | list[str], path: Path, place: Path, names: Names, report: Report
) -> None:
    if rule not in names.rules:
        report(path, f"there is no rule {rule}{nearest(rule, names.rules)}")
        return
    if names.rules[rule].shadow:
        report(path, f"{rule} is in shadow and counts nowhere: take `shadow` out of it, or leave this out")
    possible = names.rules[rule].outcomes
    for outcome in [outcomes] if isinstance(outcomes, str) else outcomes:
        if possible is not None and outcome not in possible:
            report(place, f"{rule} can never give {outcome}: it gives {', '.join(sorted(possible))}")


def check_conclusion(content: Content, flag: str, names: Names, report: Report) -> None:
    """Everything that a conclusion names; `flag` is its file's name."""
    check_source(content["source"], ("source",), names, report)
    if content["then"]["flag"] != flag:
        report(("then", "flag"), f"the flag is the file's name: write {flag}, or rename the file")
    subjects = set()
    for path, facts in _fact_lists(content):
        kinds = set()
        for number, fact in enumerate(facts):
            _check_fact(fact, (*path, number), names, report)
            rule = names.rules.get(fact.get("rule", ""))
            if rule is not None:
                kinds.add(rule.about_staff)
            elif "clue" in fact:
                kinds.add(False)
        if len(kinds) == 2:
            report(
                path,
                "one of these facts is about a case and another about a member of staff: they never meet",
            )
        elif path[0] != "examples":
            subjects |= kinds
    if len(subjects) == 2:
        sentence = "one combination is about a case and another about a member of staff: make two conclusions of them"
        report(("when_any",), sentence)
    for number, example in enumerate(content["examples"]):
        seen: dict[str, int] = {}
        for place, fact in enumerate(example["facts"]):
            here: Path = ("examples", number, "facts", place)
            subject = _subject(fact)
            if subject in seen:
                report(
                    here,
                    f"fact {seen[subject] + 1} already says what {subject} is: a case has one value of it",
                )
            seen[subject] = place
            if isinstance(fact.get("outcome"), list):
                report((*here, "outcome"), "an example states one outcome, not a list")


def _subject(fact: Content) -> str:
    return str(fact.get("rule") or fact.get("clue") or fact.get("flag"))


def _fact_lists(content: Content) -> Iterator[tuple[Path, Sequence[Content]]]:
    if "when" in content:
        yield ("when",), content["when"]
    for number, facts in enumerate(content.get("when_any", ())):
        yield ("when_any", number), facts
    for number, example in enumerate(content["examples"]):
        yield ("examples", number, "facts"), example["facts"]


def _check_fact(fact: Content, path: Path, names: Names, report: Report) -> None:
    if "rule" in fact:
        _check_rule_fact(fact["rule"], fact["outcome"], (*path, "rule"), (*path, "outcome"), names, report)
    elif "clue" in fact:
        if fact["clue"] not in names.clues:
            report((*path, "clue"), f"there is no clue {fact['clue']}{nearest(fact['clue'], names.clues)}")
    elif fact["flag"] not in names.flags:
        report((*path, "flag"), f"there is no conclusion {fact['flag']}{nearest(fact['flag'], names.flags)}")


def flags_used(content: Content) -> list[tuple[str, Path]]:
    """The flags that a conclusion rests on, each with its place."""
    return [
        (fact["flag"], (*path, number, "flag"))
        for path, facts in _fact_lists(content)
        if path[0] != "examples"
        for number, fact in enumerate(facts)
        if "flag" in fact
    ]


def find_cycles(rests_on: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Every ring of flags that rest on each other, each once, starting at its first name."""
    rings: set[tuple[str, ...]] = set()
    done: set[str] = set()

    def walk(flag: str, trail: list[str]) -> None:
        if flag in trail:
            ring = trail[trail.index(flag) :]
            first = ring.index(min(ring))
            rings.add(tuple(ring[first:] + ring[:first]))
            return
        if flag in done:
            return
        for other in rests_on.get(flag, ()):
            walk(other, [*trail, flag])
        done.add(flag)

    for flag in sorted(rests_on):
        walk(flag, [])
    return sorted(rings)
