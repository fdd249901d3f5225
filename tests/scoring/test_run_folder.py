"""What a run that was kept says of itself."""

from datetime import date
from pathlib import Path

from omi_rules.scoring.run_folder import read_run
from tests.scoring.runs import spread, write_run


def test_a_run_says_its_day_its_rules_and_those_that_could_not_run(tmp_path: Path) -> None:
    outcomes = [*spread("screened", met=2, error=1), *spread("reviewed", met=1)]

    run = read_run(write_run(tmp_path / "run", outcomes))

    assert run.as_at == date(2006, 11, 30)
    assert run.rules == {"screened", "reviewed"}
    assert run.failed == {"screened"}
