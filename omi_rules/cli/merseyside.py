"""`omi-rules demo --merseyside`: the sample of the report, checked, scored and set beside the report's figures."""

import json
from pathlib import Path

from omi_rules.cli.check import settings_of
from omi_rules.cli.options import Options
from omi_rules.cli.streams import Progress, say, write_lines


def reproduce(output: Path, export_only: bool, options: Options) -> int:
    """Write export, answers, run and score.json into the folder, and print the comparison."""
    from omi_rules.demo.merseyside.export import write_sample

    export, answers, run = output / "export", output / "answers", output / "run"
    with Progress(options.quiet) as progress:
        progress("making the sample")
        cases = write_sample(export, answers)
    if not options.quiet:
        say(f"Made {cases} cases: {export}")
        say(f"Answers of assessors: {answers}")
    if export_only:
        return 0
    return _check_and_compare(export, answers, run, output / "score.json", options)


def _check_and_compare(export: Path, answers: Path, run: Path, score: Path, options: Options) -> int:
    from omi_rules.pipeline import check
    from omi_rules.reports.comparison import show_comparison
    from omi_rules.reports.kept_file import keep_file
    from omi_rules.rulebook.criteria import load_criteria
    from omi_rules.scoring.score import Wanted, score_run

    with Progress(options.quiet) as progress:
        checked = check(export, run, settings_of(options), progress)
        progress("scoring")
        found = score_run(run, Wanted(answers=answers))
        keep_file(score, (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode())
    write_lines(show_comparison(found, load_criteria()))
    if not options.quiet:
        say(f"Results: {run}")
        say(f"Scores: {score}")
    return checked.exit_code
