"""Whether a conclusion that was not drawn might follow all the same, if what is not recorded were: then it is open.

A conclusion is drawn only from what is sure. One that is gone because a cell was emptied, or a rule could not be
decided, is not put right.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from omi_rules.checks.clues import clue_sql, false_clue_sql
from omi_rules.checks.plan import Plan
from omi_rules.rulebook.model import Conclusion, Fact, Rulebook


@dataclass(frozen=True)
class Possible:
    """Writes SQL over `case_no` of a row named `case_row`; `judged` is the table of outcomes, `numbers` its rules."""

    rulebook: Rulebook
    plan: Plan
    numbers: Mapping[str, int]
    judged: str
    case_row: str

    def conclusion_sql(self, conclusion: Conclusion) -> str:
        """Whether one of its ways might hold."""
        ways = (" AND ".join(self._fact(fact) for fact in way) for way in conclusion.ways)
        return " OR ".join(f"({way})" for way in ways)

    def _fact(self, fact: Fact) -> str:
        if fact.kind == "flag":
            return f"({self.conclusion_sql(self.rulebook.conclusions[fact.name])})"
        if fact.kind == "clue":
            return self._clue(fact)
        words = ", ".join(f"'{word}'" for word in (*fact.values, "unknown", "error"))
        return f"""{self.case_row}.case_no IN (SELECT case_no FROM {self.judged}
            WHERE rule_no = {self.numbers.get(fact.name, -1)} AND outcome IN ({words}))"""

    def _clue(self, fact: Fact) -> str:
        """A form of clue that is never surely false is taken at its word: else nothing that rests on it would end."""
        clue = self.rulebook.clues[fact.name]
        surely = clue_sql(self.plan, clue, self.numbers)
        if fact.values == ("false",):
            return f"{self.case_row}.case_no NOT IN ({surely})"
        surely_not = false_clue_sql(self.plan, clue, self.numbers)
        if surely_not is None:
            return f"{self.case_row}.case_no IN ({surely})"
        return f"{self.case_row}.case_no NOT IN ({surely_not})"
