"""`omi-rules config`: what the settings are, and where each comes from."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from omi_rules.cli.helping import ExampleGroup
from omi_rules.cli.options import export_options, find_config, format_option, read_options, run_options, settle_options
from omi_rules.cli.settings import SETTINGS, TABLES, Origin, Settled, read_toml
from omi_rules.cli.streams import write_lines, write_text

#: What holds where nothing is said.
_DEFAULTS: Mapping[str, str] = {
    "as_at": "as_at of export.yaml, else today",
    "rules": "the rulebook of the program",
    "fail_on": "never",
    "memory": "DuckDB's: 80% of the machine's",
    "threads": "one for each processor",
    "unpack_limit": "8GiB",
    "output": "results are not kept",
    "store": "no store",
}


@click.group(
    cls=ExampleGroup,
    examples=(("omi-rules config show", "what the settings are, and where each comes from"),),
)
def config() -> None:
    """Shows the settings of the program."""


@config.command(
    examples=(
        ("omi-rules config show", "the settings of this folder"),
        ("omi-rules config show --config night.toml --max-age 3", "with a file, and an option over it"),
        ("omi-rules config show --format json", "for programs"),
    )
)
@export_options()
@run_options()
@format_option("table", "json")
def show(**given: Any) -> None:
    """Says what each setting is, and where it comes from.

    Options are over the variables of the environment, such as OMI_RULES_STORE, and those over the configuration
    file. No password is shown.
    """
    read_options(given)
    settled = settle_options(given)
    file = find_config(given)
    rows = [_row(name, settled.get(name)) for name in SETTINGS]
    tables = [name for name in TABLES if file and name in read_toml(file)]
    if given["format"] == "json":
        found = {"config": str(file) if file else None, "settings": rows, "tables": tables}
        write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    else:
        write_lines(_table(rows, file, tables))


def _row(name: str, settled: Settled | None) -> dict[str, str | int | None]:
    origin = settled.origin if settled else Origin("default")
    value = None if settled is None else _shown(name, settled.value)
    return {"setting": name, "value": value, "from": origin.kind, "name": origin.name or None}


def _shown(name: str, value: Any) -> str | int:
    """A value as people may see it: a store's URL without the user, the password and what else it holds."""
    if name == "store":
        from omi_rules.history.place import find_place

        return find_place(value).words
    return value if isinstance(value, int) else str(value)


def _table(rows: Sequence[Mapping[str, Any]], file: Path | None, tables: Sequence[str]) -> list[str]:
    from omi_rules.reports.words import folded

    lines = [*folded(f"Configuration file: {file or 'none'}"), ""]
    sources = {row["setting"]: Path(row["name"]).name if row["from"] == "file" else row["name"] for row in rows}
    width = max(len(source or "default") for source in sources.values())
    names = max(map(len, SETTINGS))
    lines.append(f"{'Setting':<{names}}  {'From':<{width}}  Value")
    for row in rows:
        name, value = row["setting"], row["value"]
        said = _DEFAULTS.get(name, "none") if row["from"] == "default" else str(value)
        start = f"{name:<{names}}  {sources[name] or 'default':<{width}}  "
        lines += folded(said, " " * len(start), start)
    lines += [f"The table [{name}] is read where it is needed." for name in tables]
    return lines
