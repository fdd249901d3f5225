"""From a run folder to the bytes of its page."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omi_rules.data.store import open_store
from omi_rules.problems import UsageError
from omi_rules.reports.page import overview
from omi_rules.reports.page.assembly import assemble
from omi_rules.reports.page.audience import AUDIENCES, Audience
from omi_rules.reports.page.records import pack_records
from omi_rules.reports.page.tables import alerts_of, causes_of, lay_out_run, read_staff_findings
from omi_rules.reports.words import english_date
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.questions import Criteria
from omi_rules.scoring.run_folder import RunFolder, create_views, read_run
from omi_rules.scoring.score import Wanted, score_run


@dataclass(frozen=True)
class PageSettings:
    """What the page is made for and with: readers, answers of assessors, typed-in figures of targets, an earlier run,
    another rulebook, and the key of pseudonyms."""

    audience: Audience = AUDIENCES["manager"]
    answers: Path | None = None
    figures: Path | None = None
    previous: Path | None = None
    rules: Path | None = None
    key: bytes | None = None


def build_page(folder: Path, settings: PageSettings) -> bytes:
    """The page of a run: the same run and settings give the same bytes.

    UsageError where a folder is no run, the answers or figures have mistakes, or the earlier run is no earlier run of
    the same area; RulebookError where the criteria have mistakes.
    """
    run = read_run(folder)
    previous = _read_previous(run, settings.previous) if settings.previous else None
    criteria = load_criteria(settings.rules)
    audience = settings.audience
    score = _score(folder, settings, criteria) if audience.scores else None
    with open_store() as store:
        create_views(store, run)
        lay_out_run(store, run, audience, settings.key)
        alerts = overview.describe_alerts(alerts_of(store, overview.ALERT), audience)
        causes = overview.describe_causes(causes_of(store))
        with_findings = store.execute("SELECT count(DISTINCT case_no) FROM page_findings").fetchone() or (0,)
        data = pack_records(store, audience, run.summary["rules"], _words(run, criteria))
    return assemble(
        {
            "audience": audience,
            "summary": run.summary,
            "run": overview.describe_run(run.summary) | {"with_findings": with_findings[0]},
            "gaps": overview.list_gaps(run.summary),
            "alerts": alerts,
            "alert_flag": overview.ALERT,
            "recommendations": overview.describe_recommendations(
                run.summary, criteria, previous.summary if previous else None
            ),
            "recommendations_source": _source(criteria),
            "previous": previous.summary if previous else None,
            "score": score,
            "sections": overview.group_criteria(score),
            "causes": causes,
            "staff_findings": read_staff_findings(folder) if audience.staff else [],
            "pseudonymous": settings.key is not None and audience.cases,
            "data": data,
        }
    )


def _score(folder: Path, settings: PageSettings, criteria: Criteria) -> dict[str, Any] | None:
    """The scores; None where the rulebook does not say how scores are put together."""
    if criteria.scoring is None:
        return None
    return score_run(folder, Wanted(answers=settings.answers, figures=settings.figures, rules=settings.rules))


def _read_previous(run: RunFolder, folder: Path) -> RunFolder:
    previous = read_run(folder)
    if previous.summary["area"] != run.summary["area"]:
        raise UsageError(f"--previous: {folder} is a run of another area, and areas must not be compared.")
    if previous.as_at > run.as_at:
        days = f"{english_date(previous.as_at)}, after {english_date(run.as_at)}"
        raise UsageError(f"--previous: {folder} stands as at {days}: give an earlier run.")
    return previous


def _words(run: RunFolder, criteria: Criteria) -> dict[str, Any]:
    """The words beside the records that the script needs."""
    told = criteria.recommendations
    return {
        "area": run.summary["area"],
        "asAt": run.as_at.isoformat(),
        "criteria": {criterion.id: criterion.title for criterion in criteria.criteria.values()},
        "recommendations": list(told.words) if told else [],
    }


def _source(criteria: Criteria) -> str:
    return criteria.recommendations.source.place if criteria.recommendations else ""
