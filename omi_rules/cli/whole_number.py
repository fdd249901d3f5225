"""The type of options that take a whole number: what is wrong with another word is said in plain English."""

from typing import Any

import click


class WholeNumber(click.IntRange):
    """A whole number between two bounds, both included; without an upper one, of any size."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; UsageError if it is none, or out of bounds."""
        try:
            number: int = super().convert(value, param, ctx)
        except click.BadParameter:
            upper = f"from {self.min} to {self.max}" if self.max is not None else f"of {self.min} or more"
            self.fail(f"{value!r} is not a whole number {upper}.", param, ctx)
        return number
