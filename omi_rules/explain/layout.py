"""How an explanation looks: headings, and lines of at most 80 columns."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

WIDTH = 80
_MARGIN = 2


@dataclass(frozen=True)
class Line:
    """One line before it is wrapped: a label in a column of its own, and text; `depth` steps to the right."""

    text: str
    label: str = ""
    label_width: int = 0
    depth: int = 0

    def wrapped(self) -> list[str]:
        """The line as it is shown; what runs over stands below the text."""
        margin = " " * (_MARGIN * (self.depth + 1))
        label = f"{self.label:<{self.label_width}}"
        if self.label and len(label) == len(self.label):
            label += " "
        return textwrap.wrap(
            self.text,
            WIDTH,
            initial_indent=margin + label,
            subsequent_indent=margin + " " * len(label),
            break_on_hyphens=False,
        ) or [f"{margin}{label}".rstrip()]

    def __str__(self) -> str:
        return f"{self.label}  {self.text}" if self.label else self.text


@dataclass(frozen=True)
class Section:
    """A heading and the lines below it."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Explanation:
    """Why one rule says what it says of one case, or one conclusion; without either, the overview of all of them."""

    case_id: str
    as_at: date
    rule: str
    title: str
    sections: tuple[Section, ...]
    outcome: str | None = None
    due_on: date | None = None
    done_on: date | None = None
    days_late: int | None = None
    reason: str | None = None
    conclusion: str = ""

    @property
    def text(self) -> str:
        """The whole explanation as text of at most 80 columns, without a line end at its end."""
        return "\n".join(self._shown())

    def _shown(self) -> Iterator[str]:
        yield from textwrap.wrap(self.title, WIDTH, break_on_hyphens=False)
        for section in self.sections:
            yield ""
            yield section.heading
            for line in section.lines:
                yield from line.wrapped()

    def as_dict(self) -> dict[str, Any]:
        """The explanation as values of JSON; dates are written 2006-12-31, lines are not wrapped."""
        return {
            "case_id": self.case_id,
            "as_at": self.as_at.isoformat(),
            "rule": self.rule or None,
            "conclusion": self.conclusion or None,
            "title": self.title,
            "outcome": self.outcome,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "done_on": self.done_on.isoformat() if self.done_on else None,
            "days_late": self.days_late,
            "reason": self.reason,
            "sections": [
                {"heading": section.heading, "lines": [str(line) for line in section.lines]}
                for section in self.sections
            ],
        }


def answered(answer: str, text: str, depth: int = 0) -> Line:
    """A line that begins with yes, no or not recorded."""
    return Line(text, answer, 14, depth)


def numbered(number: int, text: str, depth: int = 0) -> Line:
    """A line of a count."""
    return Line(text, f"{number:>2}", 4, depth)


def passed_over(text: str, depth: int = 0) -> Line:
    """A line among those of a count that is not counted."""
    return Line(text, " -", 4, depth)
