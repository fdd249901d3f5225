"""Help that begins with examples, and commands that are looked for under their nearest name."""

from collections.abc import Sequence
from typing import Any

import click

from omi_rules.problems import nearest

Examples = Sequence[tuple[str, str]]


class _WithExamples(click.Command):
    def __init__(self, *args: Any, examples: Examples = (), **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.examples = examples

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, then what click writes."""
        formatter.write("Examples:\n")
        for command, meaning in self.examples:
            formatter.write(f"  {command}\n      {meaning}\n")
        formatter.write("\n")
        super().format_help(ctx, formatter)


class ExampleCommand(_WithExamples):
    """A command whose help begins with examples."""


class ExampleGroup(_WithExamples, click.Group):
    """A group whose help begins with examples, and that names the nearest command to an unknown one."""

    command_class = ExampleCommand

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            ctx.fail(f"there is no command {name}{nearest(name, self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)
