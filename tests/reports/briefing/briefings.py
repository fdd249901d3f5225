"""Briefings for tests: the blocks of a run, and what each form makes of them."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from omi_rules.data.store import open_store
from omi_rules.reports.audience import AUDIENCES
from omi_rules.reports.briefing.blocks import Block
from omi_rules.reports.briefing.content import tell
from omi_rules.reports.briefing.markdown import show_markdown
from omi_rules.reports.briefing.plain import show_plain
from omi_rules.reports.gathering import ReportSettings, gather_overview
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.scoring.run_folder import read_run


def settings_for(audience: str = "board", **settings: Any) -> ReportSettings:
    return ReportSettings(audience=AUDIENCES[audience], **settings)


@cache
def _overview(folder: Path, settings: ReportSettings) -> dict[str, Any]:
    with open_store() as store:
        return gather_overview(store, read_run(folder), load_criteria(settings.rules), settings)


def overview_of(folder: Path, audience: str = "board", **settings: Any) -> dict[str, Any]:
    """What the blocks are made from: the same for all who ask, and each may change their own."""
    return dict(_overview(folder, settings_for(audience, **settings)))


def blocks_of(folder: Path, audience: str = "board", *, whole: bool = False, **settings: Any) -> Sequence[Block]:
    """The blocks, as `brief` makes them."""
    return list(tell(overview_of(folder, audience, **settings), whole=whole))


def lines_of(folder: Path, audience: str = "board", *, whole: bool = False, **settings: Any) -> list[str]:
    """The lines on a terminal."""
    return show_plain(blocks_of(folder, audience, whole=whole, **settings))


def words_of(folder: Path, audience: str = "board", **settings: Any) -> str:
    """All that a terminal says, with single spaces."""
    return " ".join(" ".join(lines_of(folder, audience, whole=True, **settings)).split())


def mail_of(folder: Path, audience: str = "board", *, whole: bool = False, **settings: Any) -> str:
    """The same for a mail."""
    return show_markdown(blocks_of(folder, audience, whole=whole, **settings))


def tokens_of(mail: str) -> list[Token]:
    """What a reader of CommonMark finds in a mail."""
    return MarkdownIt("commonmark").parse(mail)


def read_mail(mail: str) -> str:
    """The words that are left when a mail has been set, with single spaces."""
    inline = [token.children or [] for token in tokens_of(mail) if token.type == "inline"]
    words = ["".join(" " if child.type == "softbreak" else child.content for child in children) for children in inline]
    return " ".join(" ".join(words).split())
