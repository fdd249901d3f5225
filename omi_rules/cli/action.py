"""`omi-rules action`: the improvement plan, by recommendation, kept in the store of runs."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from omi_rules.calendar.today import today
from omi_rules.cli.given_text import text_option
from omi_rules.cli.helping import ExampleCommand, ExampleGroup
from omi_rules.cli.options import (
    Command,
    config_option,
    format_option,
    loudness_options,
    read_options,
    recommendation_filter,
    store_option,
    take_day,
)
from omi_rules.cli.streams import has_colour, say, write_bytes
from omi_rules.cli.whole_number import WholeNumber
from omi_rules.problems import UsageError

if TYPE_CHECKING:
    from omi_rules.history.action_plan import Plan
    from omi_rules.history.place import Place
    from omi_rules.reports.terminal import Paint

_OUTPUT = click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file, readable by you."
)
_QUIET = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")


def _day_option(name: str, what: str, *, required: bool = False) -> Callable[[Command], Command]:
    return click.option(name, callback=take_day, required=required, metavar="YYYY-MM-DD", help=what)


@click.group(
    cls=ExampleGroup,
    examples=(
        ("omi-rules action plan run --published 2007-02-14", "draw up the plan from a run"),
        ("omi-rules action list", "what is breached, what is to be done, and why"),
        ("omi-rules action overdue", "what should have been done by now"),
        ("omi-rules action progress run", "then and now, by recommendation"),
    ),
)
def action() -> None:
    """Keeps the improvement plan: who does what, and by when.

    The plan is due four weeks after the report was published, and every listing says when that is.
    """


@action.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules action plan run --published 2007-02-14", "an item for each recommendation breached"),
        ("omi-rules action plan later-run", "new breaches and new counts; the rest stays"),
    ),
)
@click.argument("run", type=click.Path(path_type=Path))
@_day_option("--published", "The day the report was published. A plan that has one keeps it.")
@store_option()
@config_option()
@format_option("table", "json", "csv")
@loudness_options()
def plan(run: Path, published: date | None, **given: Any) -> None:
    """Draws up the plan from RUN, or brings it up to date.

    RUN is a folder that `omi-rules check --output` wrote. Owners, actions, dates and closed items stay as they are.
    """
    place = _place(given)
    from omi_rules.history.action_plan import change_plan, draw_up, load_plan
    from omi_rules.scoring.breaches import read_breaches

    found = read_breaches(run)
    with change_plan(place, new=True) as connection:
        drawn = draw_up(connection, found, published)
        kept = load_plan(connection)
    if drawn.was_due_on:
        say(f"omi-rules: the plan was due on {drawn.was_due_on}; it is due on {kept.due_on} now.")
    if kept.unattended() and given["format"] != "table":
        numbers = ", ".join(map(str, kept.unattended()))
        say(f"omi-rules: still breached, and no item is open: {numbers}.")
    _print(kept, given, ())


@action.command(
    cls=ExampleCommand,
    examples=(
        (
            'omi-rules action add --recommendation 3 --action "Weekly panel" --owner ACO \\\n      --due 2007-03-30',
            "one more thing to do",
        ),
    ),
)
@click.option("--recommendation", type=WholeNumber(1, 8), required=True, metavar="N", help="What it is for, 1 to 8.")
@text_option("--action", "What is to be done.", required=True)
@text_option("--owner", "Who does it.", required=True)
@_day_option("--due", "The last day to do it.", required=True)
@store_option()
@config_option()
@_QUIET
def add(recommendation: int, due: date, **given: Any) -> None:
    """Adds an item to the plan."""
    place = _place(given)
    from omi_rules.history.action_plan import add_item, change_plan

    with change_plan(place) as connection:
        number = add_item(connection, recommendation, given["action"], given["owner"], due)
    _say_done(given, f"Added: item {number}.")


@action.command(
    cls=ExampleCommand,
    examples=(
        ('omi-rules action assign 1 --owner "Head of Wirral" --due 2007-03-30', "who does it, and by when"),
        ('omi-rules action assign 1 --action "Train every reviewer"', "something else than was suggested"),
    ),
)
@click.argument("item", type=WholeNumber(1))
@text_option("--action", "What is to be done.", required=False)
@text_option("--owner", "Who does it.", required=False)
@_day_option("--due", "The last day to do it.")
@store_option()
@config_option()
@_QUIET
def assign(item: int, due: date | None, **given: Any) -> None:
    """Gives ITEM an owner, a due date or another action."""
    cells = {name: cell for name, cell in (("owner", given["owner"]), ("due_on", due)) if cell is not None}
    if given["action"] is not None:
        cells["action"] = given["action"]
    if not cells:
        raise UsageError("say what to change: --owner, --due or --action.")
    place = _place(given)
    from omi_rules.history.action_plan import assign_item, change_plan

    with change_plan(place) as connection:
        assign_item(connection, item, **cells)
    _say_done(given, f"Changed: item {item}.")


@action.command(
    cls=ExampleCommand,
    examples=(('omi-rules action close 3 --note "Panel sits every Monday" --on 2007-03-12', "done, and since when"),),
)
@click.argument("item", type=WholeNumber(1))
@text_option("--note", "What was done.", required=True)
@_day_option("--on", "The day it was done.  [default: today]")
@store_option()
@config_option()
@_QUIET
def close(item: int, on: date | None, **given: Any) -> None:
    """Closes ITEM for good."""
    if on and on > today():
        raise UsageError("--on is a day to come: close the item when it is done.")
    place = _place(given)
    from omi_rules.history.action_plan import change_plan, close_item

    with change_plan(place) as connection:
        close_item(connection, item, given["note"], on or today())
    _say_done(given, f"Closed: item {item}.")


@action.command(
    "list",
    cls=ExampleCommand,
    examples=(
        ("omi-rules action list --recommendation 1 -v", "one recommendation, with every cause"),
        ("omi-rules action list --format xlsx --output plan.xlsx", "the plan as a workbook"),
    ),
)
@recommendation_filter()
@store_option()
@config_option()
@format_option("table", "json", "csv", "xlsx")
@_OUTPUT
@loudness_options()
def list_(**given: Any) -> None:
    """Lists the items of the plan, open and closed, and the causes."""
    if given["format"] == "xlsx" and given["output"] is None:
        raise UsageError("a workbook is not for the terminal: add --output FILE.xlsx.")
    _print(_load(given), given, given["recommendation"])


@action.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules action overdue", "open items whose due date is over"),
        ("omi-rules action overdue --as-at 2007-04-01 --format csv", "on a day, for a spreadsheet"),
    ),
)
@_day_option("--as-at", "Overdue on this day: due on a day before it.  [default: today]")
@store_option()
@config_option()
@format_option("table", "json", "csv")
@_OUTPUT
@loudness_options()
def overdue(as_at: date | None, **given: Any) -> None:
    """Lists the open items that are overdue, the longest first."""
    day = as_at or today()
    kept = _load(given)
    late = sorted((item for item in kept.items if item.is_overdue(day)), key=lambda item: (item.due_on, item.id))
    from omi_rules.cli.action_text import show_overdue
    from omi_rules.history.plan_files import items_csv, plan_json

    if given["format"] == "csv":
        text = items_csv(kept, late)
    elif given["format"] == "json":
        text = plan_json(kept, late, ())
    else:
        text = _joined(show_overdue(kept, late, day))
    _write(text.encode(), given)


@action.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules action progress run", "findings when planned and in this run, and the items"),
        ("omi-rules action progress run --format csv --output progress.csv", "for a spreadsheet"),
    ),
)
@click.argument("run", type=click.Path(path_type=Path))
@store_option()
@config_option()
@format_option("table", "json", "csv")
@_OUTPUT
@loudness_options()
def progress(run: Path, **given: Any) -> None:
    """Sets RUN beside the findings that the plan began with.

    Items are overdue as at the day of RUN. Fewer findings are no proof that an action worked.
    """
    kept = _load(given)
    from omi_rules.cli.action_text import show_progress
    from omi_rules.history.plan_files import progress_csv, progress_json
    from omi_rules.history.plan_progress import measure_progress
    from omi_rules.scoring.breaches import read_breaches

    found = read_breaches(run)
    steps = measure_progress(kept, found)
    if given["format"] == "csv":
        text = progress_csv(kept, steps)
    elif given["format"] == "json":
        text = progress_json(kept, steps, found.as_at)
    else:
        text = _joined(show_progress(kept, steps, found.as_at, paint=_paint(given)))
    _write(text.encode(), given)


def _place(given: Mapping[str, Any]) -> "Place":
    from omi_rules.history.place import find_place

    options = read_options(given)
    if options.store is None:
        raise UsageError('name the store: --store FILE, or store = "FILE" in omi-rules.toml.')
    return find_place(options.store)


def _load(given: Mapping[str, Any]) -> "Plan":
    place = _place(given)
    from omi_rules.history.action_plan import load_plan
    from omi_rules.history.database import read_store

    with read_store(place) as connection:
        return load_plan(connection)


def _print(kept: "Plan", given: Mapping[str, Any], numbers: tuple[int, ...]) -> None:
    """The plan, or what it has on these recommendations."""
    from omi_rules.cli.action_text import show_plan
    from omi_rules.history import plan_files

    items = [item for item in kept.items if not numbers or item.recommendation in numbers]
    causes = [cause for cause in kept.causes if not numbers or cause.recommendation in numbers]
    form = given["format"]
    if form == "xlsx":
        content = plan_files.plan_workbook(kept, items, causes)
    elif form == "csv":
        content = plan_files.items_csv(kept, items).encode()
    elif form == "json":
        content = plan_files.plan_json(kept, items, causes).encode()
    else:
        content = _joined(show_plan(kept, items, causes, verbose=given["verbose"], paint=_paint(given))).encode()
    _write(content, given)


def _paint(given: Mapping[str, Any]) -> "Paint":
    from omi_rules.reports.terminal import paint_colour, paint_plain

    return paint_colour if has_colour() and given.get("output") is None else paint_plain


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _write(content: bytes, given: Mapping[str, Any]) -> None:
    if given.get("output") is None:
        write_bytes([content])
        return
    from omi_rules.reports.kept_file import keep_file

    keep_file(given["output"], content)
    if not given["quiet"]:
        say(f"Written: {given['output']}")


def _say_done(given: Mapping[str, Any], sentence: str) -> None:
    if not given["quiet"]:
        say(sentence)
