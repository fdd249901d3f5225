"""From a run folder to OSCAL assessment results (NIST, version 1.2), as JSON.

Every rule is a control objective. What was counted for it, and every finding of a case, is an observation: evidence.
A judgement is a finding, satisfied or not; a rule that nobody broke but that could not be decided for some case has
none, since OSCAL knows no third answer and neither of the two would be true. A conclusion is a risk, with its cause.

Identifiers are made from the run and from what the document calls a case: the same run gives the same document, and
under pseudonyms no identifier leads back to a case.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from omi_rules import __version__
from omi_rules.data.store import Store, open_store
from omi_rules.reports import overview
from omi_rules.reports.gathering import ReportSettings
from omi_rules.reports.oscal.evidence import Evidence
from omi_rules.reports.oscal.judgements import list_findings, list_risks, status_of
from omi_rules.reports.oscal.properties import ids_of, line, prop
from omi_rules.reports.oscal.streamed import pieces
from omi_rules.reports.run_tables import lay_out_run
from omi_rules.scoring.run_folder import RunFolder, create_views, read_run

#: The version of OSCAL that the document is written for.
OSCAL = "1.2.1"
_LONDON = ZoneInfo("Europe/London")


def build_oscal(folder: Path, settings: ReportSettings, file: IO[bytes]) -> None:
    """Write the assessment results of a run to an open file; UsageError where the folder is no run, or is damaged."""
    run = read_run(folder)
    with open_store() as store:
        create_views(store, run)
        lay_out_run(store, run, settings.audience, settings.key)
        for piece in pieces(_document(store, run, settings)):
            file.write(piece.encode("utf-8", "backslashreplace"))
    file.write(b"\n")


def _document(store: Store, run: RunFolder, settings: ReportSettings) -> dict[str, Any]:
    summary = run.summary
    identify = ids_of(summary)
    # the records are judged as they stood at the end of the day
    end = datetime.combine(run.as_at, time(23, 59, 59), _LONDON).isoformat()
    rulebook = summary["rulebook"]
    evidence = Evidence(store, summary, identify, end, cases=settings.audience.cases)
    return {
        "assessment-results": {
            "uuid": identify("assessment-results"),
            "metadata": {
                "title": "Compliance with the standards of an Offender Management Inspection",
                "last-modified": end,
                "version": run.as_at.isoformat(),
                "oscal-version": OSCAL,
                "props": list(_props(summary)),
            },
            "import-ap": {
                "href": f"#{identify('rulebook')}",
                "remarks": "There is no assessment plan: the rulebook says what is tested, and how.",
            },
            "results": [_result(evidence, run, end)],
            "back-matter": {
                "resources": [
                    {
                        "uuid": identify("rulebook"),
                        "title": line(f"Rulebook {rulebook['name']} {rulebook['version']}"),
                        "description": f"The rules as YAML; their content has the hash {rulebook['hash']}.",
                    }
                ]
            },
        }
    }


def _result(evidence: Evidence, run: RunFolder, end: str) -> dict[str, Any]:
    summary, identify = run.summary, evidence.identify
    start = datetime.combine(run.as_at, time(), _LONDON).isoformat()
    gaps = [f"{heading}. {told}" for heading, told in overview.list_gaps(summary)]
    filters = [f"Narrowed to {told}." for told in overview.describe_run(summary)["filters"]]
    result: dict[str, Any] = {
        "uuid": identify("result"),
        "title": "Case records judged by the rulebook",
        "description": f"{summary['cases']:,} cases, {len(summary['rules'])} rules, {summary['findings']:,} findings.",
        "start": start,
        "end": end,
    }
    if evidence.cases:
        result["local-definitions"] = {"inventory-items": evidence.list_cases()}
    controls = [{"control-id": rule["rule"]} for rule in summary["rules"]]
    result["reviewed-controls"] = {"control-selections": [{"include-controls": controls}]}
    result["observations"] = evidence.list_observations()
    # OSCAL has no empty lists
    if evidence.has_conclusions:
        result["risks"] = list_risks(evidence)
    if any(status_of(rule["outcomes"]) for rule in summary["rules"]):
        result["findings"] = list_findings(evidence)
    result["remarks"] = "\n\n".join([*filters, *gaps]) or "Everything was read and decided."
    return result


def _props(summary: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    yield prop("program", f"{summary['program']['name']} {__version__}")
    yield prop("export-fingerprint", summary["export"]["fingerprint"])
    yield prop("rulebook-hash", summary["rulebook"]["hash"])
    yield prop("exit-code", str(summary["exit_code"]))
    if summary["area"]:
        yield prop("area", summary["area"])
