"""The export and the answers as files: clean, whole, the same every time, and their owner's alone."""

import stat
from collections import Counter
from pathlib import Path

import pytest

from omi_rules.demo.merseyside import export
from omi_rules.demo.merseyside.export import write_sample
from omi_rules.problems import OutputError
from omi_rules.shapes import load_tables
from tests.merseyside.samples import Made


def files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_same_sample_every_time(made: Made, tmp_path: Path) -> None:
    write_sample(tmp_path / "export", tmp_path / "answers")
    kept = {name: content for name, content in files(made.folder).items() if not name.startswith("run")}
    assert files(tmp_path) == kept


def test_sample_written_again_replaces_the_tables(tmp_path: Path) -> None:
    write_sample(tmp_path / "export", tmp_path / "answers")
    first = files(tmp_path)
    (tmp_path / "export" / "cases.csv").write_text("case_id\n", encoding="utf-8")
    write_sample(tmp_path / "export", tmp_path / "answers")
    assert files(tmp_path) == first


def test_every_table_has_its_columns_and_rows(made: Made) -> None:
    assert {file.stem for file in made.export.glob("*.csv")} == set(load_tables())
    for name, table in load_tables().items():
        rows = made.rows(name)
        assert rows, name
        assert list(rows[0]) == [column.name for column in table.columns]


def test_cases_are_numbered_and_name_nobody(made: Made) -> None:
    assert [row["case_id"] for row in made.rows("cases")] == [f"M{number:03d}" for number in range(1, 149)]
    assert {row["area"] for row in made.rows("cases")} == {"Merseyside (synthetic sample)"}


def test_check_rejects_nothing_and_warns_of_nothing(made: Made) -> None:
    assert (made.summary["warnings"], made.summary["notes"], made.summary["exit_code"]) == ([], [], 0)
    assert sum(table["rejected"] + table["left_out"] for table in made.summary["tables"]) == 0
    assert made.summary["identical"] == {}
    assert made.summary["as_at"] == "2006-11-30"


def test_nothing_is_unknown_or_at_fault(made: Made) -> None:
    found = {rule: Counter(outcomes.values()) for rule, outcomes in made.outcomes.items()}
    assert {rule for rule, counts in found.items() if counts["unknown"] or counts["error"]} == set()
    assert {rule for rule, counts in found.items() if counts["due"]} == {"roh-reviewed-every-16-weeks"}


def test_files_are_their_owners_alone(made: Made) -> None:
    written = [path for name in ("export", "answers") for path in [made.folder / name, *(made.folder / name).iterdir()]]
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in written}
    assert modes == {(True, 0o700), (False, 0o600)}


def test_folder_that_cannot_be_made_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="could not be made"):
        write_sample(tmp_path / "file" / "export", tmp_path / "file" / "answers")


def test_file_that_cannot_be_put_in_place_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "export" / "export.yaml").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"export.yaml could not be written"):
        write_sample(tmp_path / "export", tmp_path / "answers")


def test_sample_is_made_from_the_criteria_alone(made: Made) -> None:
    sample = export.make_sample(export.load_criteria())
    assert [case.id for case in sample.cases] == [row["case_id"] for row in made.rows("cases")]
