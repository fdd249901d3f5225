"""What a briefing is made of, before anybody has said whether a terminal or a mail shows it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Title:
    """What all of it is about."""

    text: str


@dataclass(frozen=True)
class Heading:
    """What a part is about, or a part of one; an alarm where somebody has to act."""

    text: str
    alarm: bool = False
    inner: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Sentences."""

    text: str


@dataclass(frozen=True)
class Legend:
    """What the bars mean, where there are any."""

    text: str


@dataclass(frozen=True)
class Bar:
    """A share in per cent, as long as it is, and the place of a line beside it; a score as it is rounded in words.

    It shows again what the words say: where there is no room for it, or nobody to see it, nothing is lost.
    """

    percent: float
    line: float | None = None
    partial: bool = False


@dataclass(frozen=True)
class Item:
    """One of a list: what it is, what is to be said of it, and what shows it again."""

    lead: str
    text: str = ""
    bar: Bar | None = None


@dataclass(frozen=True)
class Items:
    """A list; numbered where its order is a rank."""

    entries: Sequence[Item]
    numbered: bool = False


Block = Title | Heading | Paragraph | Legend | Items
