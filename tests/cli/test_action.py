"""`omi-rules action` as a user runs it."""

import json
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest

from omi_rules.history.place import find_place
from omi_rules.history.writer import hold_store
from tests.cli.running import Ran, run
from tests.scoring.kept_runs import conclusion, finding, write_run

SECRET = "Mr Smith of Wirral"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Where the store is to be."""
    return tmp_path / "omi-rules.db"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A run that breaches recommendations 1 and 4, with a cause too long for a line."""
    findings = [finding("plan-review-with-risk-review", f"C{number}") for number in range(30)]
    return write_run(tmp_path / "run", [*findings, conclusion("role misunderstood " * 12, "C1", [1])], cases=12000)


@pytest.fixture
def planned(store: Path, kept: Path) -> Path:
    """A store with a plan."""
    assert run("action", "plan", kept, "--published", "2007-02-14", "--store", store).code == 0
    return store


def action(store: Path, *arguments: str | Path) -> Ran:
    return run("action", *arguments, "--store", store)


def test_every_listing_says_when_the_plan_is_due_within_80_columns(planned: Path, kept: Path) -> None:
    for arguments in (
        ["plan", kept],
        ["list"],
        ["list", "-v", "--recommendation", "4"],
        ["overdue", "--as-at", "2008-01-01"],
        ["progress", kept],
    ):
        shown = action(planned, *arguments)
        assert (shown.code, shown.err) == (0, "")
        assert "due on 14 March 2007" in shown.out
        assert max(map(len, shown.out.splitlines())) <= 80
        told = action(planned, *arguments, "--format", "json")
        assert json.loads(told.out)["plan_due_on"] == "2007-03-14"


def test_an_item_goes_from_suggested_to_assigned_to_overdue_to_closed(planned: Path) -> None:
    assert "no owner yet; no due date yet." in action(planned, "list").out
    assert action(planned, "assign", "1", "--owner", "ACO", "--due", "2007-04-02").err == "Changed: item 1.\n"
    assert "No item is overdue" in action(planned, "overdue", "--as-at", "2007-04-02").out
    assert "1 item overdue" in action(planned, "overdue", "--as-at", "2007-04-03").out
    assert action(planned, "close", "1", "--note", "done", "--on", "2007-04-03").err == "Closed: item 1.\n"
    assert "No item is overdue" in action(planned, "overdue", "--as-at", "2007-04-03").out
    shown = action(planned, "list").out
    assert "closed on 3 April 2007: done." in shown
    assert "Recommendation 1: still breached, and no item is open." in shown


def test_an_item_is_added_and_only_its_recommendation_listed(planned: Path) -> None:
    added = ("add", "--recommendation", "3", "--action", "Weekly panel", "--owner", "ACO", "--due", "2007-03-30")
    assert action(planned, *added).err == "Added: item 3.\n"

    items = json.loads(action(planned, "list", "--recommendation", "3", "--format", "json").out)["items"]
    assert [(item["item"], item["action"], item["owner"], item["due_on"]) for item in items] == [
        (3, "Weekly panel", "ACO", "2007-03-30")
    ]


def test_progress_says_that_it_is_no_proof(planned: Path, tmp_path: Path) -> None:
    now = write_run(tmp_path / "now", [finding("plan-review-with-risk-review", "C1")], as_at="2007-04-03", cases=12000)
    shown = action(planned, "progress", now)

    assert "Fewer findings are no proof that an action worked" in shown.out
    row = next(line.split() for line in shown.out.splitlines() if line.startswith("1 "))
    assert row == ["1", "30", "1", "-29", "30", "1", "1", "0", "0"]


def test_the_store_and_what_is_written_are_the_owners_alone(planned: Path, kept: Path, tmp_path: Path) -> None:
    for arguments, file in (
        (["list", "--format", "xlsx"], "plan.xlsx"),
        (["list", "--format", "csv"], "plan.csv"),
        (["overdue"], "overdue.txt"),
        (["progress", kept], "progress.txt"),
    ):
        shown = action(planned, *arguments, "--output", tmp_path / file)
        assert (shown.code, shown.out, shown.err) == (0, "", f"Written: {tmp_path / file}\n")
        assert stat.S_IMODE((tmp_path / file).stat().st_mode) == 0o600
    assert stat.S_IMODE(planned.stat().st_mode) == 0o600


def test_a_terminal_is_not_steered_by_what_people_wrote(planned: Path) -> None:
    action(planned, "assign", "1", "--owner", "\x1b[2Jowner\u202e", "--action", "two\nlines\x07")

    shown = action(planned, "list").out
    assert "owner ?[2Jowner?" in shown
    assert "Item 1: two lines?" in shown


def test_the_store_of_the_settings_is_used(planned: Path, tmp_path: Path) -> None:
    settings = tmp_path / "other.toml"
    settings.write_text(f'store = "{planned.name}"\n', "utf-8")

    assert run("action", "list", "--config", settings).out == action(planned, "list").out


def test_without_a_store_or_a_plan_it_says_what_to_do(store: Path, tmp_path: Path) -> None:
    settings = tmp_path / "empty.toml"
    settings.write_text("", "utf-8")
    unnamed = run("action", "list", "--config", settings)
    assert (unnamed.code, "name the store: --store FILE" in unnamed.err) == (2, True)
    for arguments in (["list"], ["close", "1", "--note", SECRET], ["assign", "1", "--owner", SECRET]):
        refused = action(store, *arguments)
        assert (refused.code, refused.out) == (2, "")
        assert "omi-rules" in refused.err
        assert SECRET not in refused.err
    assert not store.exists()


def test_a_second_writer_gets_exit_7(planned: Path) -> None:
    with hold_store(find_place(str(planned))):
        held = action(planned, "close", "1", "--note", SECRET)
        assert action(planned, "list").code == 0

    assert (held.code, SECRET in held.err) == (7, False)
    assert "is held by process" in held.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["close", "1", "--note", " \n"], "--note should say something."),
        (["close", "1", "--note", "x" * 1001], "--note should have at most 1,000 letters."),
        (["close", "9", "--note", SECRET], "the plan has no item 9: its items are 1 to 2."),
        (["close", "9" * 23, "--note", SECRET], f"the plan has no item {'9' * 23}: its items are 1 to 2."),
        (["assign", "9" * 23, "--owner", SECRET], f"the plan has no item {'9' * 23}: its items are 1 to 2."),
        (["close", "1", "--note", SECRET, "--on", str(date.today() + timedelta(2))], "--on is a day to come"),
        (["assign", "1"], "say what to change: --owner, --due or --action."),
        (["assign", "1", "--owner", f"{SECRET}\udcff"], "--owner should be text in UTF-8."),
        (
            ["add", "--recommendation", "9", "--action", SECRET, "--owner", SECRET, "--due", "2007-04-02"],
            "a whole number from 1 to 8",
        ),
        (["add", "--recommendation", "1", "--action", SECRET, "--owner", SECRET, "--due", "2/4/07"], "YYYY-MM-DD"),
        (["list", "--format", "xlsx"], "add --output FILE.xlsx"),
        (["plan", "nowhere"], "nowhere is no run"),
    ],
)
def test_a_wrong_use_is_said_without_what_was_written(arguments: list[str], says: str, planned: Path) -> None:
    before = action(planned, "list", "--format", "json").out
    refused = action(planned, *arguments)

    assert (refused.code, refused.out) == (2, "")
    assert says in refused.err
    assert SECRET not in refused.err
    assert action(planned, "list", "--format", "json").out == before


def test_another_day_of_publication_is_said(planned: Path, kept: Path) -> None:
    moved = action(planned, "plan", kept, "--published", "2007-02-15")

    assert moved.err == "omi-rules: the plan was due on 2007-03-14; it is due on 2007-03-15 now.\n"
    assert "due on 15 March 2007" in moved.out


def test_a_plan_of_nothing_says_so(store: Path, tmp_path: Path) -> None:
    clean = write_run(tmp_path / "clean", [])
    shown = action(store, "plan", clean, "--published", "2007-02-14")

    assert shown.out.splitlines()[-1] == "There is no item."


def test_counts_of_a_checked_export_are_those_of_its_summary(checked: tuple[Ran, Path], store: Path) -> None:
    _, folder = checked
    summary = json.loads((folder / "run.json").read_text("utf-8"))

    told = json.loads(action(store, "plan", folder, "--published", "2007-02-14", "--format", "json").out)

    breached = {one["recommendation"]: one for one in summary["recommendations"] if one["breaches"]}
    assert breached
    planned = {item["recommendation"]: (item["findings"], item["cases"]) for item in told["items"]}
    assert {number: planned[number] for number in breached} == {
        number: (one["breaches"], one["cases"]) for number, one in breached.items()
    }
