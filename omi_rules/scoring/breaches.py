"""What a kept run says about each recommendation: the findings, the cases they are in, and the causes behind them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from omi_rules.data.store import Store, create_from_json_lines, open_store
from omi_rules.problems import UsageError
from omi_rules.rulebook.model import SEVERITIES
from omi_rules.scoring.run_folder import RunFolder, read_run

RECOMMENDATIONS = range(1, 9)
_INFORMATIONAL = SEVERITIES[-1]
_COLUMNS = {
    "rule": "VARCHAR",
    "outcome": "VARCHAR",
    "severity": "VARCHAR",
    "recommendations": "INTEGER[]",
    "causes": "VARCHAR[]",
    "action": "VARCHAR",
}


@dataclass(frozen=True)
class Cause:
    """A cause that conclusions name (`kind` is cause), or a rule that was broken (rule), and what to do about it.

    `cases` are those in which it was found, or members of staff; `findings` the insufficient outcomes behind it.
    """

    recommendation: int
    kind: str
    words: str
    severity: str
    findings: int
    cases: int
    action: str


@dataclass(frozen=True)
class Breach:
    """How often a recommendation is breached; None where no rule of it was judged, which is not the same as 0.

    `undecided` are the answers that its rules could not give; `failed` its rules that could not run.
    """

    recommendation: int
    findings: int | None
    cases: int | None
    undecided: int
    failed: tuple[str, ...]
    causes: tuple[Cause, ...]

    @property
    def is_breached(self) -> bool:
        """Whether a rule of it is broken, or a conclusion drawn."""
        return bool(self.findings or self.causes)


@dataclass(frozen=True)
class Breaches:
    """All recommendations in a run: `rulebook` is the hash of its rules, `population` the number of its cases."""

    as_at: date
    rulebook: str
    population: int
    of: Mapping[int, Breach]


def read_breaches(folder: Path) -> Breaches:
    """The breaches of a run; UsageError if it is none, is damaged, or shows only a part of the area."""
    run = read_run(folder)
    if asked := sorted(run.summary.get("filters") or ()):
        raise UsageError(
            f"{folder} shows only a part ({', '.join(asked)}): check the whole export with --output, and take that run."
        )
    with open_store() as store:
        _load_findings(store, run)
        counts = {number: (findings, cases) for number, findings, cases in store.execute(_COUNTS).fetchall()}
        _compare_with_summary(run, counts)
        causes = [Cause(*row) for row in store.execute(_CAUSES).fetchall()]
    of = {number: _breach(run, number, counts, causes) for number in RECOMMENDATIONS}
    return Breaches(run.as_at, run.summary["rulebook"]["hash"], run.summary["cases"], of)


def _load_findings(store: Store, run: RunFolder) -> None:
    """Create `found`, the findings about cases and about staff; an insufficient outcome has one, a conclusion none."""
    files = {"findings.jsonl": "case_id", "staff_findings.jsonl": "staff_id"}
    parts = []
    for table, (file, key) in zip(("of_cases", "of_staff"), files.items(), strict=True):
        if key == "staff_id" and not (run.folder / file).is_file() and not run.summary.get("staff"):
            continue
        if not create_from_json_lines(store, table, {key: "VARCHAR", **_COLUMNS}, run.folder / file):
            raise _damaged(run, file)
        parts.append(f"SELECT '{key}' AS about, {key} AS id, * EXCLUDE ({key}) FROM {table}")
    store.execute(f"""CREATE TABLE found AS SELECT * EXCLUDE (recommendations),
            unnest(recommendations) AS recommendation
        FROM ({" UNION ALL ".join(parts)}) WHERE severity <> '{_INFORMATIONAL}'""")


_COUNTS = """SELECT recommendation, count(*), count(DISTINCT (about, id)) FROM found
    WHERE outcome IS NOT NULL GROUP BY recommendation"""

#: The causes of a recommendation are those of its conclusions, and the rules broken; what is behind most comes first.
_CAUSES = f"""
    WITH concluded AS (
        SELECT recommendation, unnest(causes) AS words, severity, action, about, id FROM found WHERE outcome IS NULL
    ), explained AS (
        SELECT recommendation, words, count(*) AS findings
        FROM (SELECT recommendation, unnest(causes) AS words FROM found WHERE outcome IS NOT NULL)
        GROUP BY recommendation, words
    ), told AS (
        SELECT recommendation, 'cause' AS kind, words, severity, coalesce(any_value(findings), 0) AS findings,
            count(DISTINCT (about, id)) AS cases, action
        FROM concluded LEFT JOIN explained USING (recommendation, words)
        GROUP BY recommendation, words, severity, action
        UNION ALL
        SELECT recommendation, 'rule', rule, severity, count(*), count(DISTINCT (about, id)), action
        FROM found WHERE outcome IS NOT NULL GROUP BY recommendation, rule, severity, action
    )
    SELECT * FROM told ORDER BY recommendation, cases DESC, kind, findings DESC,
        list_position({list(SEVERITIES)}, severity), words, action"""


def _compare_with_summary(run: RunFolder, counts: Mapping[int, tuple[int, int]]) -> None:
    """A file of findings that lost its end would look like improvement: run.json has to tell the same."""
    told: dict[int, int] = {}
    for entry in [*run.summary["recommendations"], *(run.summary.get("staff") or {}).get("recommendations", ())]:
        told[entry["recommendation"]] = told.get(entry["recommendation"], 0) + entry["breaches"]
    if any(counts.get(number, (0, 0))[0] != told.get(number, 0) for number in RECOMMENDATIONS):
        raise _damaged(run, "findings.jsonl")


def _breach(run: RunFolder, number: int, counts: Mapping[int, tuple[int, int]], causes: list[Cause]) -> Breach:
    rules: list[Mapping[str, Any]] = [
        rule
        for rule in run.summary["rules"]
        if number in rule["recommendations"] and rule["severity"] != _INFORMATIONAL
    ]
    failed = tuple(rule["rule"] for rule in rules if rule["outcomes"]["error"])
    findings, cases = counts.get(number, (0, 0)) if len(rules) > len(failed) else (None, None)
    undecided = sum(rule["outcomes"]["unknown"] for rule in rules)
    ours = tuple(cause for cause in causes if cause.recommendation == number)
    return Breach(number, findings, cases, undecided, failed, ours)


def _damaged(run: RunFolder, file: str) -> UsageError:
    return UsageError(
        f"{run.folder / file} is damaged, or not of the same run as its run.json: "
        f"check the export again, with --output {run.folder}."
    )
