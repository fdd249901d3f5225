"""Texts that people give for good: a reason, a name, a note."""

from collections.abc import Callable

import click

from omi_rules.cli.options import Command, take_utf8

#: The longest text that one person gives; a cell of a workbook shows no more than some thirty lines.
_MOST_LETTERS = 1000


def text_option(name: str, what: str, *, required: bool) -> Callable[[Command], Command]:
    """An option whose text says something, on one line."""
    return click.option(name, callback=_take_text, required=required, metavar="TEXT", help=what)


def _take_text(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """A text that says something, on one line; a message never holds it."""
    if value is None:
        return None
    text = " ".join(value.split())
    if not text:
        raise click.UsageError(f"{param.opts[0]} should say something.", ctx)
    if len(text) > _MOST_LETTERS:
        raise click.UsageError(f"{param.opts[0]} should have at most {_MOST_LETTERS:,} letters.", ctx)
    return take_utf8(ctx, param, text)
