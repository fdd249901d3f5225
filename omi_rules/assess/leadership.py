"""From a run to the workbook of section 4: its criteria and points, the national targets, the figures about staff."""

import hashlib
from io import BytesIO
from pathlib import Path

from omi_rules.assess.leadership_book import LeadershipContents, write_book
from omi_rules.data.store import open_store
from omi_rules.problems import OutputError
from omi_rules.reports.kept_file import keep_file
from omi_rules.reports.words import english_date, share
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.model import INSUFFICIENT
from omi_rules.rulebook.questions import Point
from omi_rules.scoring.figures import Figures, load_figures
from omi_rules.scoring.leadership import leadership_criteria
from omi_rules.scoring.run_folder import RunFolder, create_views, read_run
from omi_rules.scoring.target_record import record_target
from omi_rules.scoring.targets import score_targets


def point_version(point: Point) -> str:
    """A digest of what a point asks."""
    return hashlib.sha256(point.asks.encode()).hexdigest()[:12]


def write_leadership(folder: Path, output: Path, figures: Path | None, rules: Path | None) -> LeadershipContents:
    """Write the workbook for a run, and give what is in it; a workbook that is there already is never replaced."""
    if output.exists():
        raise OutputError(f"{output} is there already, and may be filled in. Choose another --output.")
    contents = _gather(read_run(folder), figures, rules)
    content = BytesIO()
    write_book(content, contents)
    keep_file(output, content.getvalue())
    return contents


def _gather(run: RunFolder, figures_file: Path | None, rules: Path | None) -> LeadershipContents:
    loaded = load_criteria(rules)
    criteria = leadership_criteria(loaded)
    tables = loaded.targets.values()
    figures = Figures()
    if figures_file:
        figures = load_figures(figures_file, [target for table in tables for target in table.targets])
    with open_store() as store:
        create_views(store, run)
        found = score_targets(store, tables, run.as_at, run.rules, run.failed, figures=figures)
    points = [point for criterion in criteria for point in criterion.points]
    return LeadershipContents(
        area=run.summary["area"] or "",
        as_at=run.summary["as_at"],
        rulebook_hash=run.summary["rulebook"]["hash"],
        criteria=criteria,
        by_records={point.id: _word_rule(point.rule, run) for point in points if point.rule},
        targets=[record_target(one) for one in found],
        versions={point.id: point_version(point) for point in points},
    )


def _word_rule(rule: str, run: RunFolder) -> str:
    """How many members of staff met a rule, in a sentence or two."""
    counted = next((one["outcomes"] for one in run.summary["rules"] if one["rule"] == rule), None)
    if counted is None or counted["error"]:
        return f"The run has no figure: the rule {rule} {'could not run' if counted else 'is not in it'}."
    short = sum(counted[outcome] for outcome in INSUFFICIENT)
    decided = counted["met"] + short
    undecided = counted["unknown"] + counted["due"]
    if not decided:
        return f"The records decide it for nobody; undecided: {undecided:,}."
    told = f"{counted['met']:,} of {decided:,} members of staff ({share(counted['met'] / decided)})"
    return f"{told}, as at {english_date(run.summary['as_at'])}; undecided: {undecided:,}. Rule {rule}."
