"""A briefing on a terminal: 80 columns, in words, with and without colour."""

from datetime import date
from pathlib import Path

import pytest

from omi_rules.reports.audience import AUDIENCES
from omi_rules.reports.briefing.blocks import Bar, Heading, Item, Items, Paragraph, Title
from omi_rules.reports.briefing.build import brief
from omi_rules.reports.briefing.content import tell
from omi_rules.reports.briefing.plain import draw, show_plain
from omi_rules.reports.briefing.scores import tell_scores
from omi_rules.reports.terminal import paint_colour
from tests.reports.briefing.briefings import blocks_of, lines_of, overview_of, settings_for, words_of
from tests.reports.page.pages import HOSTILE
from tests.reports.runs import Kept, keep


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_line_fits_eighty_columns(area_run: Kept, hostile_run: Kept, audience: str) -> None:
    for run in (area_run, hostile_run):
        assert max(map(len, lines_of(run.folder, audience, whole=True))) <= 80


def test_briefing_is_the_same_every_time(area_run: Kept) -> None:
    assert brief(area_run.folder, settings_for()) == blocks_of(area_run.folder)


def test_first_lines_state_area_day_rulebook_and_readers(area_run: Kept) -> None:
    words = words_of(area_run.folder)

    area = area_run.summary["area"]
    assert words.startswith(f"{area}: standards of offender management as at 30 November 2006 Rulebook omi-merseyside")
    assert "Made for the board." in words


def test_colour_marks_headings_and_alarms_and_changes_no_word() -> None:
    blocks = [Title("Of it"), Heading("Quiet"), Heading("Loud", alarm=True), Paragraph("Said.")]

    plain, coloured = show_plain(blocks), show_plain(blocks, paint=paint_colour)
    assert plain == ["Of it", "", "Quiet", "", "Loud", "Said."]
    assert coloured == ["\x1b[1mOf it\x1b[0m", "", "\x1b[1mQuiet\x1b[0m", "", "\x1b[1;31mLoud\x1b[0m", "Said."]


@pytest.mark.parametrize(
    ("percent", "shown"),
    [
        (0.0, "               |     "),
        (74.99, "============== |     "),
        (75.0, "===============|     "),
        (79.99, "===============|     "),
        (80.0, "===============|=    "),
        (100.0, "===============|====="),
    ],
)
def test_bar_reaches_the_line_when_the_score_does(percent: float, shown: str) -> None:
    assert draw(Bar(percent, 75)) == shown


def test_a_score_that_is_rounded_up_to_the_line_reaches_it(area_run: Kept) -> None:
    overview = overview_of(area_run.folder)
    score = overview["score"]
    rounded_up = {"score": 74.6, "rounded": 75, "conclusion": "good", "interval_low": 60.0, "interval_high": 80.0}
    sections = [{**section, "criteria": [{**section["criteria"][0], **rounded_up}]} for section in overview["sections"]]
    lines = show_plain(tell_scores({**score, "line": {**score["line"], "percent": 75}}, sections))

    assert f"  {'75% (60 to 80), good':57}===============|" in lines


def test_bar_stands_after_the_words_at_the_right_end_or_on_a_line_of_its_own() -> None:
    short, long = Item("1.1 It:", "80%", Bar(80, 75)), Item("1.2 Other:", "w" * 60, Bar(10, 75))

    assert show_plain([Items([short, long])]) == [
        "- 1.1 It:",
        f"  80%{'':54}===============|=",
        "- 1.2 Other:",
        f"  {'w' * 60}",
        f"{'':59}==             |",
    ]


def test_what_is_left_out_is_said(area_run: Kept) -> None:
    causes = len(overview_of(area_run.folder)["causes"])

    assert causes > 8
    assert f"and {causes - 8} more" in " ".join(lines_of(area_run.folder)).replace(" causes more", " more")
    assert "more, which the page" not in words_of(area_run.folder)


def test_names_cannot_steer_a_terminal(hostile_run: Kept) -> None:
    overview = overview_of(hostile_run.folder, "manager")
    alert = {
        "name": "\x1b[2J\r1",
        "division": "d",
        "team": HOSTILE["team"],
        "officer": "\x9b" + "o" * 500,
        "because": [],
    }
    alerts = {"count": 1, "listed": [alert], "divisions": []}

    shown = "\n".join(show_plain(tell({**overview, "alerts": alerts})))
    assert all(letter == "\n" or letter.isprintable() for letter in shown)
    assert "?[2J?1, held by =cmd|' /C calc'!A0 ?sesrever, ?ooo" in " ".join(shown.split())
    assert "…" in shown


@pytest.fixture(scope="module")
def empty_run(area: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return keep(area, tmp_path_factory.mktemp("empty") / "run", as_at=date(1999, 1, 1))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_run_without_cases_says_so(empty_run: Kept, audience: str) -> None:
    words = words_of(empty_run.folder, audience)

    assert " rules on 0 cases" in words
    assert "200 cases sentenced after the day." in words
    assert "No public-protection alert follows from the records." in words
    assert "Nothing follows from the findings taken together." in words


def test_a_rulebook_without_scores_gives_a_briefing_without_them(small_run: Kept, rules: Path) -> None:
    words = words_of(small_run.folder, "manager", rules=rules)

    assert "Scores of sections" not in words
    assert "National targets" not in words
