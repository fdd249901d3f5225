"""Holds mutants against the examples of their rule: one that no example tells from the rule survives."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from omi_rules.authoring.equivalents import Equivalent, read_equivalents
from omi_rules.authoring.mutants import Mutant, make_mutants
from omi_rules.checks.examples import Day, Got, make_batches, read_batch, side_by_side
from omi_rules.problems import RulebookError
from omi_rules.rulebook.model import Rule, Rulebook

#: Which of the mutants of a rule are tried.
Choose = Callable[[Sequence[Mutant]], Sequence[Mutant]]


@dataclass(frozen=True)
class Trial:
    """The mutants of one rule that were tried, and those that no example caught: known to be equivalent, or not."""

    rule: Rule
    tried: Sequence[Mutant]
    equivalent: Sequence[Mutant]
    survivors: Sequence[Mutant]


def hold_trials(rulebook: Rulebook, rules: Sequence[Rule], choose: Choose = list) -> list[Trial]:
    """A trial of each rule, in the order given."""
    listed = {(entry.rule, entry.mutant) for entry in read_equivalents(rulebook)}

    def hold(rule: Rule) -> Trial:
        tried = choose(make_mutants(rulebook, rule))
        alive = try_mutants(rulebook, rule, tried)
        equivalent = [mutant for mutant in alive if (rule.id, mutant.name) in listed]
        return Trial(rule, tried, equivalent, [mutant for mutant in alive if mutant not in equivalent])

    return side_by_side(hold, rules)


def find_stale(rulebook: Rulebook, trials: Iterable[Trial]) -> list[Equivalent]:
    """The entries about rules tried, and about none there is, that name no mutant that survived."""
    found = {trial.rule.id: {mutant.name for mutant in trial.equivalent} for trial in trials}
    return [
        entry
        for entry in read_equivalents(rulebook)
        if entry.rule not in rulebook.rules or entry.mutant not in found.get(entry.rule, {entry.mutant})
    ]


def try_mutants(rulebook: Rulebook, rule: Rule, mutants: Sequence[Mutant]) -> list[Mutant]:
    """Those of the mutants of a rule that give each of its examples what it expects."""
    alive = list(mutants)
    for batch in make_batches(rulebook, [rule]):
        with read_batch(rulebook, batch) as days:
            for day in days:
                caught: set[str] = set()
                for group in _judged_together(alive):
                    caught |= _catch(rulebook, rule, day, group)
                alive = [mutant for mutant in alive if mutant.name not in caught]
                if not alive:
                    return []
    return alive


def _judged_together(mutants: Iterable[Mutant]) -> list[list[Mutant]]:
    """All mutants at once, if there are any; then one by one those that put another value under a known name."""
    together: list[Mutant] = []
    alone: list[list[Mutant]] = []
    for mutant in mutants:
        if mutant.alone:
            alone.append([mutant])
        else:
            together.append(mutant)
    return [together, *alone]


def _catch(rulebook: Rulebook, rule: Rule, day: Day, mutants: Sequence[Mutant]) -> set[str]:
    """The names of those that some example catches; an example that the rule itself fails would catch them all."""
    values = {name: value for mutant in mutants for name, value in mutant.values.items()}
    changed = replace(rulebook, values={**rulebook.values, **values})
    alone = any(mutant.alone for mutant in mutants)
    judged = day.judge(changed, [*(mutant.rule for mutant in mutants), *([] if alone else [rule])])
    if not alone and not _passes(day, judged[rule.id]):
        raise RulebookError(
            f"{rule.id} fails an example of its own, which proves nothing about others: "
            f"run omi-rules rules test {rule.id} first"
        )
    return {mutant.name for mutant in mutants if not _passes(day, judged[mutant.rule.id])}


def _passes(day: Day, got: Mapping[str, Got]) -> bool:
    return all(one.passes(got[one.name]) for one in day.examples)
