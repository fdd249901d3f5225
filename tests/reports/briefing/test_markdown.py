"""A briefing for a mail: CommonMark, no HTML, and whatever names hold stays text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omi_rules.reports.audience import AUDIENCES
from omi_rules.reports.briefing.blocks import Heading, Item, Items, Paragraph, Title
from omi_rules.reports.briefing.content import tell
from omi_rules.reports.briefing.markdown import show_markdown
from omi_rules.reports.words import printable
from tests.reports.briefing.briefings import mail_of, overview_of, read_mail, tokens_of
from tests.reports.page.pages import HOSTILE
from tests.reports.runs import Kept

PLAIN = {"text", "softbreak"}
STRONG = {*PLAIN, "strong_open", "strong_close"}


def kinds(mail: str) -> set[str]:
    """The kinds of what stands inside the lines of a mail."""
    return {child.type for token in tokens_of(mail) for child in token.children or []}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_mail_holds_headings_lists_and_words_alone(area_run: Kept, hostile_run: Kept, audience: str) -> None:
    for run in (area_run, hostile_run):
        mail = mail_of(run.folder, audience)
        assert kinds(mail) <= STRONG
        parts = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens_of(mail)}
        assert parts <= {"heading", "paragraph", "inline", "bullet_list", "ordered_list", "list_item"}


def test_lines_of_a_mail_fit_the_page_and_names_are_shortened(area_run: Kept, hostile_run: Kept) -> None:
    assert max(len(line) for line in mail_of(area_run.folder, "manager").splitlines()[1:]) <= 80
    assert max(map(len, mail_of(hostile_run.folder, "manager").splitlines())) < 998


NASTY = [
    *(
        "<script>alert(1)</script>",
        "<b>",
        "&lt;b&gt;",
        "&#60;",
        "[x](http://a.example)",
        "![x](y)",
        "<http://a.example>",
    ),
    *("# one", "1. one", "1) one", "- one", "+ one", "* one", "> one", "=====", "---", "***", "___", "~~~", "```"),
    *("`code`", "*em*", "_em_", "**strong**", "~~gone~~", "| a | b |", "\\", "\\*", "a\\", "[a]: b", "x\n=", "\tx"),
    *("    code", "a  \nb", "=cmd|' /C calc'!A0", "\u202esesrever", "x\x00y", "\x1b[2J", "n" * 10_000, "*" * 10_000),
    *("a " * 40 + "- b", "a " * 38 + "1. b", "a " * 38 + "=====", "{{ 7 * 7 }}", "a@b.example", "www.a.example"),
]


def shown(text: str) -> str:
    """What a reader should see of it."""
    return " ".join(printable(text).split())


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_stays_text(text: str) -> None:
    mail = show_markdown([Title(text), Heading(text), Paragraph(text), Items([Item(text, text)]), Items([Item(text)])])

    assert kinds(mail) <= STRONG
    words = shown(text)
    assert read_mail(mail) == " ".join([words] * 6)


@given(st.lists(st.text("<>&*_`[]()#+-.!|~=\\/:@ ab1\n", max_size=90), min_size=1, max_size=3))
def test_any_text_stays_text(texts: list[str]) -> None:
    items = [Item(f"case {text}", f"because {text}") for text in texts]
    mail = show_markdown([Paragraph(f"said {text}") for text in texts] + [Items(items, numbered=True)])

    assert kinds(mail) <= STRONG
    said = [shown(f"said {text}") for text in texts]
    assert read_mail(mail) == " ".join([*said, *(shown(f"case {text} because {text}") for text in texts)])


def test_addresses_are_written_so_that_no_reader_makes_links_of_them() -> None:
    mail = show_markdown([Paragraph("see http://a.example and www.a.example or a@b.example")])

    assert mail == "see http:\\//a.example and www\\.a.example or a\\@b.example\n"


def test_names_of_an_alert_stay_text(hostile_run: Kept) -> None:
    overview = overview_of(hostile_run.folder, "manager")
    alert = {"name": HOSTILE["case_id"], "team": HOSTILE["team"], "officer": HOSTILE["offender_manager"], "because": []}
    mail = show_markdown(tell({**overview, "alerts": {"count": 1, "listed": [alert], "divisions": []}}))

    assert not re.search(r"(?<!\\)<", mail)
    assert f"{HOSTILE['case_id']}, held by =cmd|' /C calc'!A0 ?sesrever, O'<b>nnn" in read_mail(mail)
