"""One folder a mistake under tests/bad_exports: what is refused, what is rejected, and in which words.

`expected.yaml` holds `refused: [words of the message]`, or `counts` (rows in, used, left out, rejected),
`rejected` (each row with its column and words of its reason), `lost` and `unread`. The export is the folder
`export` beside it, or what `make(folder)` of `make.py` returns.
"""

import importlib.util
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from omi_rules.data.export import Limits, read_export
from omi_rules.problems import ExportError

FOLDER = Path(__file__).parents[1] / "bad_exports"
MISTAKES = sorted(path.name for path in FOLDER.iterdir() if (path / "expected.yaml").is_file())


def make_export(mistake: Path, scratch: Path) -> Path:
    script = mistake / "make.py"
    if not script.exists():
        return mistake / "export"
    spec = importlib.util.spec_from_file_location(f"make_{mistake.name.replace('-', '_')}", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    path: Path = module.make(scratch)
    return path


def read_expected(mistake: Path) -> dict[str, Any]:
    expected: dict[str, Any] = yaml.safe_load((mistake / "expected.yaml").read_text(encoding="utf-8"))
    assert set(expected) <= {"title", "as_at", "limits", "refused", "counts", "rejected", "lost", "unread"}
    return expected


@pytest.mark.parametrize("name", MISTAKES)
def test_bad_export_gives_what_its_folder_expects(name: str, tmp_path: Path) -> None:
    expected = read_expected(FOLDER / name)
    path = make_export(FOLDER / name, tmp_path)
    store = duckdb.connect()
    options = {
        "as_at": expected.get("as_at", date(2006, 11, 30)),
        "limits": Limits(**expected.get("limits", {})),
    }
    if "refused" in expected:
        with pytest.raises(ExportError) as caught:
            read_export(store, path, **options)
        sentence = str(caught.value)
        assert [word for word in expected["refused"] if word not in sentence] == [], sentence
        assert "\n" not in sentence
        return
    export = read_export(store, path, **options)
    counts = {c.table: [c.rows_in, c.used, c.left_out, c.rejected] for c in export.accounting}
    assert counts == expected["counts"]
    assert list(export.unread) == expected.get("unread", [])
    rejects = store.execute('SELECT table_name, file, "row", "column", reason, record FROM rejects').fetchall()
    found = {(table, row): (column, reason) for table, _, row, column, reason, _ in rejects}
    wanted = {(one["table"], one["row"]): one for one in expected["rejected"]}
    assert set(found) == set(wanted)
    for place, one in wanted.items():
        column, reason = found[place]
        assert column == one["column"]
        assert [word for word in one["words"] if word not in reason] == [], reason
    assert all(json.loads(record) for *_, record in rejects)
    lost = dict(store.execute("SELECT table_name, sum(rows)::INTEGER FROM lost GROUP BY 1").fetchall())
    assert lost == {table: rows for table, rows in expected.get("lost", {}).items() if rows}


def test_bad_exports_cover_the_contract() -> None:
    assert len(MISTAKES) >= 35
