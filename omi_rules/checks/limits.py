"""Named values as SQL: which arm applies on the day of the trigger, and the amount or the due date it gives."""

from dataclasses import dataclass
from zlib import crc32

from omi_rules.checks.conditions import FILLED, date_sql
from omi_rules.checks.days import later_sql
from omi_rules.rulebook.model import Arm, Selection, Value


@dataclass(frozen=True)
class Limit:
    """A value read for one rule: `arm` is SQL for the number of the arm that applies."""

    value: Value
    arm: str

    def amount_sql(self) -> str:
        """The amount of the arm."""
        return self._by_arm([str(arm.amount) for arm in self.value.arms])

    def months_sql(self) -> str:
        """The months within which absences count, or NULL."""
        return self._by_arm([str(arm.within_months or "NULL") for arm in self.value.arms])

    def due_sql(self, trigger: str, calendar: str) -> str:
        """The trigger's date and the amount after it."""
        return self._by_arm([later_sql(trigger, self.value.unit, arm.amount, calendar) for arm in self.value.arms])

    def _by_arm(self, choices: list[str]) -> str:
        if len(set(choices)) == 1:
            return choices[0]
        arms = " ".join(f"WHEN {number} THEN {choice}" for number, choice in enumerate(choices))
        return f"CASE {self.arm} {arms} END"

    def offsets(self) -> set[int]:
        """The working days that its due dates need in the calendar."""
        return {arm.amount for arm in self.value.arms} if self.value.unit == "working_days" else set()


def row_name(selection: Selection) -> str:
    """The column of a world that says whether there is a row of the selection; the same in every run."""
    return f"has_{selection.table}_{crc32(repr(selection).encode())}"


def read_limit(value: Value, trigger: str, case: str) -> Limit:
    """The value as chosen by the trigger's date and by the filled case called `case`."""
    numbered = list(enumerate(value.arms))
    choices = []
    for entry in value.dated:
        arms, numbered = numbered[: len(entry.arms)], numbered[len(entry.arms) :]
        choices.append((entry.start, _choose_sql(arms, case)))
    chosen = choices[0][1]
    for start, choice in choices[1:]:
        chosen = f"CASE WHEN {trigger} >= {date_sql(start)} THEN {choice} ELSE {chosen} END"
    return Limit(value, chosen)


def _choose_sql(arms: list[tuple[int, Arm]], case: str) -> str:
    whens = ""
    for number, arm in arms:
        conditions = [FILLED.tests("cases", arm.tests, case).sure] if arm.tests else []
        conditions += [f"{case}.high_roh_at_start"] if arm.high_roh_at_start else []
        conditions += [f"{case}.{row_name(selection)}" for selection in arm.any_row]
        if not conditions:
            return f"CASE {whens}ELSE {number} END" if whens else str(number)
        whens += f"WHEN {' AND '.join(conditions)} THEN {number} "
    return f"CASE {whens}END"
