"""From a run folder to the bytes of its page."""

from pathlib import Path
from typing import Any

from omi_rules.data.store import open_store
from omi_rules.reports.gathering import ReportSettings, gather_overview
from omi_rules.reports.page.assembly import assemble
from omi_rules.reports.page.records import pack_records
from omi_rules.reports.run_tables import lay_out_records
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.questions import Criteria
from omi_rules.scoring.run_folder import RunFolder, read_run


def build_page(folder: Path, settings: ReportSettings) -> bytes:
    """The page of a run: the same run and settings give the same bytes.

    UsageError where a folder is no run, the answers or figures have mistakes, or the earlier run is no earlier run of
    the same area; RulebookError where the criteria have mistakes.
    """
    run = read_run(folder)
    criteria = load_criteria(settings.rules)
    with open_store() as store:
        overview = gather_overview(store, run, criteria, settings)
        lay_out_records(store)
        data = pack_records(store, settings.audience, run.summary["rules"], _words(run, criteria))
    return assemble({**overview, "data": data})


def _words(run: RunFolder, criteria: Criteria) -> dict[str, Any]:
    """The words beside the records that the script needs."""
    told = criteria.recommendations
    return {
        "area": run.summary["area"],
        "asAt": run.as_at.isoformat(),
        "criteria": {criterion.id: criterion.title for criterion in criteria.criteria.values()},
        "recommendations": list(told.words) if told else [],
    }
