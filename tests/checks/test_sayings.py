"""The sentence for an outcome says that the limit is assumed only where it was used."""

from datetime import date
from pathlib import Path

import pytest

from omi_rules.checks.run import judge
from omi_rules.checks.sayings import create_reasons
from omi_rules.data.export import read_export
from omi_rules.data.store import open_store
from tests.checks.rows import order, rulebook
from tests.judging import write_export

AS_AT = date(2007, 1, 31)
ASSUMED = "The limit is an assumption of the rulebook."


@pytest.mark.parametrize(("planned", "assumed"), [(date(2006, 9, 20), False), (None, True)])
def test_limit_is_called_assumed_only_where_nothing_was_planned(
    planned: date | None, assumed: bool, tmp_path: Path
) -> None:
    requirement = {"kind": "supervision", "planned_start_on": planned, "started_on": None}
    write_export(tmp_path, [{"case": order(date(2006, 9, 4)), "requirements": [requirement]}])
    with open_store() as store:
        export = read_export(store, tmp_path, as_at=AS_AT)
        judged = judge(store, export, rulebook(), [rulebook().rules["requirements-implemented"]])
        create_reasons(store, rulebook(), judged, AS_AT)
        ((outcome, reason),) = store.execute("SELECT outcome::VARCHAR, reason FROM reasons").fetchall()
    assert outcome == "missing"
    assert (ASSUMED in reason) == assumed
