"""A store looked at on an earlier day is the store of an export read at that day."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from omi_rules.data.export import read_export
from omi_rules.data.rewind import put_by
from omi_rules.data.store import Store, open_store
from omi_rules.shapes import load_tables
from tests.judging import write_export
from tests.random_exports import random_export
from tests.sizes import sized

TABLES = [table for table in load_tables().values() if table.key == "case_id"]


def contents(store: Store) -> dict[str, list[str]]:
    """Every table's rows by case_id: the numbers of the cases may differ."""
    found = {}
    for name in [*(table.name for table in TABLES if not table.unique), "lost"]:
        found[name] = store.execute(
            f"SELECT case_id, t.* EXCLUDE (case_no) FROM {name} t JOIN cases USING (case_no)"
        ).fetchall()
    found["cases"] = store.execute("SELECT * EXCLUDE (case_no) FROM cases").fetchall()
    return {name: sorted(map(repr, rows)) for name, rows in found.items()}


@pytest.mark.parametrize("seed", range(sized(2, 3)))
@pytest.mark.parametrize("before", [0, 120, 400])
def test_earlier_day_is_as_if_read_on_it(seed: int, before: int, tmp_path: Path) -> None:
    drawn = random_export(seed, cases=60, staff=0)
    day = drawn.as_at - timedelta(before)
    write_export(tmp_path, drawn.records, drawn.missing_tables)

    with open_store() as read, open_store() as store:
        expected = read_export(read, tmp_path, as_at=day)
        whole = read_export(store, tmp_path, as_at=drawn.as_at)
        ids = [name for (name,) in store.execute("SELECT case_id FROM cases").fetchall()]
        rewinding = put_by(store, whole, dict.fromkeys(ids, day))
        export = rewinding.lay_out(day, [table.name for table in TABLES])

        assert contents(store) == contents(read)
    assert export.as_at == day
    assert export.missing == expected.missing
    assert export.nulls == {null for null in expected.nulls if load_tables()[null[0]].key == "case_id"}


def test_each_day_has_its_own_cases(tmp_path: Path) -> None:
    write_export(tmp_path, random_export(1, cases=4, staff=0).records)
    days = [date(2009, 1, 1), date(2009, 6, 1)]

    with open_store() as store:
        whole = read_export(store, tmp_path, as_at=days[1])
        ids = [name for (name,) in store.execute("SELECT case_id FROM cases ORDER BY 1").fetchall()]
        rewinding = put_by(store, whole, {name: days[number % 2] for number, name in enumerate(ids)})
        seen = []
        for day in days:
            rewinding.lay_out(day, ["breaches"])
            seen.append([name for (name,) in store.execute("SELECT case_id FROM cases ORDER BY 1").fetchall()])

    assert seen == [ids[::2], ids[1::2]]
