"""An explanation of what was truly read from an export: its types, its row numbers and its rejected rows."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from omi_rules.data.export import read_export
from omi_rules.explain.narrative import explain_case
from omi_rules.shapes import load_tables
from tests.explain.judgements import CaseJudgement, Judged, rulebook
from tests.judging import write_export

AS_AT = date(2007, 1, 31)


def read_judgement(folder: Path, case_id: str, outcomes: dict[str, Judged]) -> CaseJudgement:
    """The rows of the case as they stand in the store."""
    with duckdb.connect() as store:
        export = read_export(store, folder, as_at=AS_AT, only_case=case_id)

        def rows(table: str) -> list[dict[str, Any]]:
            found = store.execute(f'SELECT * EXCLUDE case_no FROM "{table}" ORDER BY row')
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        (case,) = rows("cases")
        names = [table.name for table in load_tables().values() if table.key == "case_id"][1:]
        tables = {name: rows(name) for name in names}
    return CaseJudgement(case, tables, outcomes, AS_AT, rulebook(), export)  # type: ignore[arg-type]


def test_case_of_an_export_is_explained_by_every_rule(tmp_path: Path) -> None:
    base = rulebook().example_case
    records = [
        {**base, "case": {"case_id": case_id, **base["case"]}, "lost": lost}
        for case_id, lost in (("C1", {"home_visits": 1}), ("C2", {"home_visits": 2, "sentence_plans": 1}))
    ]
    for each in records:
        del each["staff"], each["as_at"]
    write_export(tmp_path, records)
    outcomes = {rule.id: Judged("unknown") for rule in rulebook().case_rules}

    overview, *others = explain_case(read_judgement(tmp_path, "C2", outcomes))

    assert overview.case_id == "C2"
    assert {each.rule for each in others} == set(outcomes)
    told = {each.rule: each.text for each in others}
    visits = told["high-roh-home-visit-on-time"]
    assert "2 rows of this case were rejected" in visits
    assert "counts       row 3: occurred on: 14 September 2006; purposeful: yes." in visits
    assert "yes           tier is 2 or more (the case: 2)" in told["contact-frequency"]
