"""What stands at the top of every report of a run: gathered once, so that no two forms of it can say two things."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omi_rules.data.store import Store
from omi_rules.problems import UsageError
from omi_rules.reports import overview
from omi_rules.reports.audience import AUDIENCES, Audience
from omi_rules.reports.run_tables import alerts_of, causes_of, lay_out_run, read_staff_findings
from omi_rules.reports.trends import describe_trends
from omi_rules.reports.words import english_date
from omi_rules.rulebook.questions import Criteria
from omi_rules.scoring.run_folder import RunFolder, create_views, read_run
from omi_rules.scoring.score import Wanted, score_run


@dataclass(frozen=True)
class ReportSettings:
    """What a report is made for and with: readers, answers of assessors, typed-in figures of targets, an earlier run,
    another rulebook, the key of pseudonyms, and the run.json of the area's other runs, the first one first."""

    audience: Audience = AUDIENCES["manager"]
    answers: Path | None = None
    figures: Path | None = None
    previous: Path | None = None
    rules: Path | None = None
    key: bytes | None = None
    history: Sequence[Mapping[str, Any]] = ()


def gather_overview(store: Store, run: RunFolder, criteria: Criteria, settings: ReportSettings) -> dict[str, Any]:
    """The top of a report as plain values; leaves the run's tables in the store, as `lay_out_run` makes them.

    UsageError where the run is damaged, the answers or figures have mistakes, or the earlier run is no earlier run of
    the same area.
    """
    previous = _read_previous(run, settings.previous) if settings.previous else None
    audience = settings.audience
    score = _score(run.folder, settings, criteria) if audience.scores else None
    create_views(store, run)
    lay_out_run(store, run, audience, settings.key)
    with_findings = store.execute("SELECT count(DISTINCT case_id) FROM run_findings").fetchone() or (0,)
    told = criteria.recommendations
    return {
        "audience": audience,
        "summary": run.summary,
        "run": overview.describe_run(run.summary) | {"with_findings": with_findings[0]},
        "gaps": overview.list_gaps(run.summary),
        "waivers": overview.tell_waivers(run.summary),
        "alerts": overview.describe_alerts(alerts_of(store, overview.ALERT), audience, run.summary),
        "alert_flag": overview.ALERT,
        "recommendations": overview.describe_recommendations(
            run.summary, criteria, previous.summary if previous else None
        ),
        "recommendations_source": told.source.place if told else "",
        "previous": previous.summary if previous else None,
        "score": score,
        "trends": describe_trends(run.summary, settings.history, told.words if told else ()),
        "sections": overview.group_criteria(score),
        "causes": overview.describe_causes(causes_of(store)),
        "staff_findings": read_staff_findings(run) if audience.staff else [],
        "pseudonymous": settings.key is not None and audience.cases,
    }


def _score(folder: Path, settings: ReportSettings, criteria: Criteria) -> dict[str, Any] | None:
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
