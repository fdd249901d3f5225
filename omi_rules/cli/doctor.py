"""`omi-rules doctor`: whether this machine is fit for a check, and what to do where it is not."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from omi_rules.calendar.today import today
from omi_rules.cli.helping import ExampleCommand
from omi_rules.cli.options import Options, config_options, find_config, format_option, read_options, store_option
from omi_rules.cli.settings import read_toml
from omi_rules.cli.streams import write_lines, write_text

if TYPE_CHECKING:
    from omi_rules.operation.diagnosis import Diagnosis


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules doctor", "look at the installation, and at the settings of this folder"),
        ("omi-rules doctor --config /srv/omi/omi-rules.toml", "at those that the nightly job has"),
        ("omi-rules doctor --format json", "for programs"),
    ),
)
@config_options()
@click.option("--output", type=click.Path(path_type=Path), metavar="DIR", help="Where the results are kept.")
@store_option()
@format_option("table", "json")
def doctor(**given: Any) -> int:
    """Looks at what a check needs, and says what to do.

    Each line is ok, or wants attention, or is broken. The exit code is 0 if nothing is broken, else the one that a
    check would end with: 2 for the installation or the settings, 4 for the rulebook, 6 for the store or the output.
    Nothing is changed.
    """
    found = _look(given)
    broken = [line for line in found if line.state == "broken"]
    if given["format"] == "json":
        write_text(json.dumps([asdict(line) for line in found], ensure_ascii=False, indent=2) + "\n")
    else:
        write_lines(_table(found))
    return broken[0].exit_code if broken else 0


def _look(given: Any) -> "Sequence[Diagnosis]":
    from omi_rules.operation import clock, installation, last_night, places
    from omi_rules.operation.diagnosis import examine

    found = [*examine("Python", installation.look_at_python), *examine("Packages", installation.look_at_packages)]
    found += examine("Conclusions", installation.look_at_conclusions)
    options, lines = _settle(given)
    found += lines
    rules, mapping, output, store = options.rules, options.map, options.output, options.store
    found += examine("Rulebook", lambda: installation.look_at_rulebook(rules))
    if mapping:
        found += examine("Mapping", lambda: installation.look_at_mapping(mapping))
    day = today()
    found += examine("Calendar", lambda: clock.look_at_calendar(day))
    found += examine("Time zone", lambda: clock.look_at_time_zone(day.year))
    if output:
        found += examine("Output", lambda: places.look_at_output(output))
    if store:
        found += examine("Store", lambda: last_night.look_at_store(store))
    config = find_config(given)
    if config and lines[0].state != "broken" and "notify" in read_toml(config):
        found += examine("Messages", lambda: last_night.look_at_messages(config, store))
    kept = [Path(store)] if store and "://" not in store else []
    return [*found, *examine("Disk", lambda: places.look_at_disk([*([output] if output else []), *kept]))]


def _settle(given: Any) -> "tuple[Options, Sequence[Diagnosis]]":
    """The settings, and what is to be said of them; where they are wrong, those that the options alone give."""
    from omi_rules.operation.diagnosis import Diagnosis, examine
    from omi_rules.operation.places import look_at_config
    from omi_rules.problems import UsageError

    config = find_config(given)
    try:
        options = read_options(given)
    except UsageError as error:
        said = f"{error} The store and the output that it may name are not looked at."
        return Options(store=given["store"], output=given["output"]), [Diagnosis.broken("Configuration", said, "")]
    if config:
        found = examine("Configuration", lambda: look_at_config(config))
    else:
        found = [Diagnosis.fine("Configuration", "no file, so options and the environment alone")]
    if options.output is None:
        found.append(Diagnosis.attention("Output", "no folder is named, so that results are not kept", _name("output")))
    if options.store is None:
        found.append(Diagnosis.attention("Store", "none is named, so that no run is kept", _name("store")))
    return options, found


def _name(setting: str) -> str:
    from omi_rules.cli.settings import SETTINGS

    return f'write {setting} = "{SETTINGS[setting].example}" into omi-rules.toml, or add --{setting}'


def _table(found: "Sequence[Diagnosis]") -> list[str]:
    from omi_rules.reports.words import count, folded

    subjects, states = (max(len(getattr(line, name)) for line in found) for name in ("subject", "state"))
    indent = " " * (states + subjects + 4)
    lines = []
    for line in found:
        lines += folded(line.words, indent, f"{line.state:<{states}}  {line.subject:<{subjects}}  ")
        if line.remedy:
            lines += folded(f"What to do: {line.remedy}", indent, indent)
    numbers = {state: sum(line.state == state for line in found) for state in ("broken", "attention", "ok")}
    ended = f"{numbers['broken']} broken, {numbers['attention']} for attention, {numbers['ok']} ok"
    return [*lines, "", f"{count(len(found), 'line')}: {ended}."]
