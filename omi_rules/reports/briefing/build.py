"""From a run folder to the blocks of its briefing."""

from collections.abc import Sequence
from pathlib import Path

from omi_rules.data.store import open_store
from omi_rules.reports.briefing.blocks import Block
from omi_rules.reports.briefing.content import tell
from omi_rules.reports.gathering import ReportSettings, gather_overview
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.scoring.run_folder import read_run


def brief(folder: Path, settings: ReportSettings, *, whole: bool = False) -> Sequence[Block]:
    """The blocks, the same every time; `whole` leaves no cause out. Errors are those of `build_page`."""
    run = read_run(folder)
    criteria = load_criteria(settings.rules)
    with open_store() as store:
        return list(tell(gather_overview(store, run, criteria, settings), whole=whole))
