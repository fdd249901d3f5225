"""Which amount of a named value applies to the case on a day, which arm gave it, and who says so."""

from dataclasses import dataclass
from datetime import date

from omi_rules.explain.layout import Line, answered
from omi_rules.explain.records import Records, Truth, all_hold, answer, every
from omi_rules.explain.triggers import HIGH_NOW, high_roh_at_start
from omi_rules.explain.words import (
    amount_in_words,
    both,
    cell_for_test,
    day_in_words,
    selection_in_words,
    source_in_words,
    test_in_words,
)
from omi_rules.rulebook.model import Arm, DatedArms, Value


@dataclass(frozen=True)
class Choice:
    """The arms looked at, up to the first that surely holds, each with whether it holds."""

    value: Value
    day: date
    entry: DatedArms
    tried: tuple[tuple[Arm, Truth], ...]

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The arms that may be the one."""
        return tuple(arm for arm, truth in self.tried if truth is not False)

    @property
    def amounts(self) -> tuple[int, ...]:
        """The amounts that may be the one, the smallest first."""
        return tuple(sorted({arm.amount for arm in self.arms}))

    @property
    def in_words(self) -> str:
        """5 working days; or, if it is not certain, 5 working days or 15 working days."""
        return " or ".join(amount_in_words(amount, self.value.unit) for amount in self.amounts)


def choose(records: Records, name: str, day: date) -> Choice:
    """What a named value is for the case, if the clock starts on the day."""
    value = records.rulebook.values[name]
    in_force = [entry for entry in value.dated if entry.start <= day] or list(value.dated[:1])
    tried: list[tuple[Arm, Truth]] = []
    for arm in in_force[-1].arms:
        tried.append((arm, _arm_holds(records, arm)))
        if tried[-1][1]:
            break
    return Choice(value, day, in_force[-1], tuple(tried))


def _arm_holds(records: Records, arm: Arm) -> Truth:
    truths = [all_hold(arm.tests, records.case), *(records.any_row(selection) for selection in arm.any_row)]
    if arm.high_roh_at_start:
        truths.append(high_roh_at_start(records))
    return every(truths)


def choice_lines(records: Records, choice: Choice, word: str) -> list[Line]:
    """The amount, the dated entry, the arms tried, and the source or assumption; `word` names the amount."""
    lines = [Line(f"{word}: {choice.in_words} ({choice.value.title}).")]
    if len(choice.value.dated) > 1:
        lines.append(Line(_in_force(choice), depth=1))
    if len(choice.entry.arms) > 1:
        lines.append(Line("The first of these that holds gives the amount:", depth=1))
        for arm, truth in choice.tried:
            amount = amount_in_words(arm.amount, choice.value.unit)
            lines.append(answered(answer(truth), f"{amount} {_condition(records, arm)}", depth=1))
    for arm in choice.arms:
        before = f"{amount_in_words(arm.amount, choice.value.unit)}: " if len(choice.arms) > 1 else ""
        lines.append(Line(f"{before}{_authority(records, arm)}", depth=1))
    return lines


def _in_force(choice: Choice) -> str:
    since = day_in_words(choice.entry.start)
    if choice.day < choice.entry.start:
        return f"The day lies before the first entry, in force from {since}, and that one is used."
    later = [entry.start for entry in choice.value.dated if entry.start > choice.entry.start]
    until = f", and before {day_in_words(min(later))}" if later else ""
    return f"As in force from {since}{until}."


def _condition(records: Records, arm: Arm) -> str:
    conditions = [
        f"{test_in_words(test)} (the case: {cell_for_test('cases', test, records.case)})" for test in arm.tests
    ]
    if arm.high_roh_at_start:
        now = cell_for_test("cases", HIGH_NOW, records.case)
        conditions.append(f"the case is high or very high Risk of Harm (now: {now}) and was at the start")
    conditions += [f"there is a row of {selection_in_words(selection)}" for selection in arm.any_row]
    return f"if {both(conditions)}" if conditions else "otherwise"


def _authority(records: Records, arm: Arm) -> str:
    if arm.assumed or arm.source is None:
        return f"ASSUMED: {arm.because}"
    return f"Source: {source_in_words(arm.source, records.rulebook)}."
