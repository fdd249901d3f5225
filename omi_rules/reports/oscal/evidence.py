"""Observations, the evidence: what was counted for each rule, and every finding of a case."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from omi_rules.data.store import Store
from omi_rules.reports.oscal.properties import prop
from omi_rules.reports.run_tables import causes_of

_BATCH = 10_000
#: The columns of `run_findings` that become properties of an observation, as OSCAL spells them.
_PROPERTIES = {
    "rule": "rule",
    "outcome": "outcome",
    "severity": "severity",
    "due_on": "due-on",
    "done_on": "done-on",
    "days_late": "days-late",
}
_FOUND = "run_findings JOIN page_cases USING (case_id)"


class Evidence:
    """The observations of one run, read from the store as they are written; `cases` says whether cases are shown."""

    def __init__(
        self, store: Store, summary: Mapping[str, Any], identify: Callable[..., str], collected: str, *, cases: bool
    ) -> None:
        self.summary = summary
        self.identify = identify
        self._store = store
        self._collected = collected
        self._titles = {rule["rule"]: rule["title"] for rule in summary["rules"]}
        self.cases = cases and self._is_any("TRUE")
        self.has_conclusions = self._is_any("outcome IS NULL")

    def list_cases(self) -> Iterator[dict[str, Any]]:
        """The cases with findings, as subjects."""
        query = f"SELECT DISTINCT case_no, name, division, team FROM {_FOUND} ORDER BY case_no"
        for row in self._rows(query):
            held = [prop(name, row[name]) for name in ("division", "team") if row[name]]
            yield {
                "uuid": self.identify("case", row["name"]),
                "description": "A case under supervision.",
                "props": [prop("case", row["name"]), *held],
            }

    def list_observations(self) -> Iterator[dict[str, Any]]:
        """What was counted for each rule, then the findings of the cases, in their order."""
        for rule in self.summary["rules"]:
            yield self._counted(rule)
        if self.cases:
            columns = ", ".join(_PROPERTIES)
            query = f"SELECT name, reason, action, {columns} FROM {_FOUND} ORDER BY case_no, rule, outcome"
            for row in self._rows(query):
                yield self._found(row)

    def related(self, rule: str, *, is_conclusion: bool) -> list[dict[str, str]]:
        """References to the observations behind a judgement on a rule, or behind a conclusion."""
        counted = [] if is_conclusion else [self.identify("counted", rule)]
        if self.cases:
            outcome = "IS NULL" if is_conclusion else "IS NOT NULL"
            query = f"SELECT name FROM {_FOUND} WHERE rule = ? AND outcome {outcome} ORDER BY case_no"
            counted += [self._identify_found(rule, is_conclusion, row["name"]) for row in self._rows(query, [rule])]
        return [{"observation-uuid": uuid} for uuid in counted]

    def conclusions(self) -> list[Mapping[str, Any]]:
        """What was concluded, as `causes_of` tells it."""
        return causes_of(self._store)

    def _is_any(self, condition: str) -> bool:
        return bool(self._store.execute(f"SELECT 1 FROM {_FOUND} WHERE {condition} LIMIT 1").fetchone())

    def _counted(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        outcomes = {outcome: number for outcome, number in rule["outcomes"].items() if number}
        told = ", ".join(f"{number:,} {outcome.replace('_', ' ')}" for outcome, number in outcomes.items())
        whom = "members of staff" if rule["criterion"] == "staff" else "cases"
        return {
            "uuid": self.identify("counted", rule["rule"]),
            "title": rule["title"],
            "description": f"Of the {whom}: {told}." if told else f"There were no {whom} to judge.",
            "props": [
                prop("rule", rule["rule"]),
                prop("criterion", rule["criterion"]),
                prop("severity", rule["severity"]),
                *(prop("recommendation", str(number)) for number in rule["recommendations"]),
                *(prop("outcome-count", str(number), outcome) for outcome, number in outcomes.items()),
                *(prop("assumed-value", value) for value in rule["assumed"]),
            ],
            "methods": ["TEST"],
            "types": ["control-objective"],
            "collected": self._collected,
        }

    def _found(self, row: Mapping[str, Any]) -> dict[str, Any]:
        known = {name: row[column] for column, name in _PROPERTIES.items() if row[column] is not None}
        is_conclusion = row["outcome"] is None
        observation = {
            "uuid": self._identify_found(row["rule"], is_conclusion, row["name"]),
            "title": row["reason"] if is_conclusion else self._titles[row["rule"]],
            "description": row["reason"],
            "props": [prop(name, str(value)) for name, value in known.items()],
            "methods": ["TEST"],
            "types": ["finding"],
            "subjects": [{"subject-uuid": self.identify("case", row["name"]), "type": "inventory-item"}],
            "collected": self._collected,
        }
        return {**observation, "remarks": row["action"]} if row["action"] else observation

    def _identify_found(self, rule: str, is_conclusion: bool, name: str) -> str:
        return self.identify("concluded" if is_conclusion else "found", rule, name)

    def _rows(self, query: str, values: list[Any] | None = None) -> Iterator[Mapping[str, Any]]:
        cursor = self._store.cursor().execute(query, values or [])
        names = [column[0] for column in cursor.description or ()]
        while rows := cursor.fetchmany(_BATCH):
            for row in rows:
                yield dict(zip(names, row, strict=True))
