"""The terminal, the mail and the page say the same of a run."""

import json
import re
import shutil
from pathlib import Path

import pytest

from omi_rules.reports.audience import AUDIENCES
from tests.reports.briefing.briefings import mail_of, overview_of, read_mail, words_of
from tests.reports.page.pages import Page, page_of
from tests.reports.runs import Kept
from tests.reports.workbook.books import book_of
from tests.reports.workbook.books import words_of as sheet_words


@pytest.fixture(scope="module")
def board_page(area_run: Kept, answers: Path, earlier: Kept) -> Page:
    return page_of(area_run.folder, "board", answers=answers, previous=earlier.folder)


@pytest.fixture(scope="module")
def words(area_run: Kept, answers: Path, earlier: Kept) -> str:
    return words_of(area_run.folder, answers=answers, previous=earlier.folder)


@pytest.fixture(scope="module")
def mail(area_run: Kept, answers: Path, earlier: Kept) -> str:
    return read_mail(mail_of(area_run.folder, whole=True, answers=answers, previous=earlier.folder))


@pytest.fixture(scope="module")
def both(words: str, mail: str) -> tuple[str, str]:
    return words, mail


def test_page_and_briefing_count_the_same(board_page: Page, both: tuple[str, str]) -> None:
    summary = board_page.part("summary")
    for pattern in (
        r"[\d,]+ rules on [\d,]+ cases and [\d,]+ members of staff",
        r"[\d,]+ answers decided, [\d,]+ of them sufficient",
        r"[\d,]+ duties not done yet and still in time",
        r"[\d,]+ rows read: [\d,]+ used, [\d,]+ after the day and left out, [\d,]+ rejected",
        r"[\d,]+ findings about cases",
    ):
        (told,) = set(re.findall(pattern, summary))
        assert all(told in text for text in both)


def test_page_and_briefing_say_the_same_of_what_was_not_checked(
    board_page: Page, both: tuple[str, str], area_run: Kept
) -> None:
    gaps = overview_of(area_run.folder)["gaps"]

    assert [heading for heading, _ in gaps][1:] == ["2 rows rejected", "19 limits assumed"]
    for heading, sentence in gaps:
        for text in (board_page.part("summary"), *both):
            assert f"{heading}. {sentence}" in text


def test_page_and_briefing_say_the_same_of_each_recommendation(
    board_page: Page, both: tuple[str, str], area_run: Kept
) -> None:
    rows = board_page.part("recommendations")
    says = [row["says"] for row in overview_of(area_run.folder)["recommendations"]]
    shown = r" ([\d,]+) ([\d,]+)( staff)? (?:([+−])([\d,]+) (more|fewer)|none) (\d+%) (\d+) of (\d+)"
    on_page = [re.search(re.escape(each) + shown, rows) for each in says]

    assert len(on_page) == 8
    for each, found in zip(says, on_page, strict=True):
        assert found is not None
        breaches, about, staff, _, change, way, seen, by_rule, asked = found.groups()
        finding = "1 finding" if breaches == "1" else f"{breaches} findings"
        one = about == "1"
        who = ("member of staff" if one else "members of staff") if staff else "case" if one else "cases"
        changed = f"{change} {way}" if change else "no change"
        questions = "question" if asked == "1" else "questions"
        told = f"{each}. {finding}, {about} {who}, {changed}; rules see {seen}, {by_rule} of {asked} {questions}."
        assert all(told in text for text in both)
    assert all("Change is against the run as at 31 August 2006." in text for text in both)


def test_page_and_briefing_say_the_same_of_each_criterion(board_page: Page, both: tuple[str, str]) -> None:
    rows = board_page.part("scores")
    scored = re.findall(r"(\d\.\d) ([A-Z][^%]*?) (\d+%) (\d+)–(\d+) (Good|Priority|Urgent)", rows)
    conclusions = {
        "Good": "good",
        "Priority": "priority for improvement",
        "Urgent": "urgent priority for improvement",
    }

    assert len(scored) > 5
    for id_, title, figure, low, high, word in scored:
        mail_says = f"{id_} {title}: {figure} ({low} to {high}), {conclusions[word]}"
        assert mail_says in both[1]
        assert mail_says in both[0]
    thread = re.search(r"Risk of Harm thread (\d+%) .* 95% interval (\d+)–(\d+)\.", rows)
    assert thread is not None
    assert all(f"{thread[1]} ({thread[2]} to {thread[3]}), the average of" in text for text in both)


def test_page_and_briefing_say_the_same_of_each_target(board_page: Page, both: tuple[str, str]) -> None:
    rows = board_page.part("targets")
    shown = re.findall(r"(\d+\.\d(?:%| days)) (at most )?(\d+(?:%| days)) (Met|Near miss|Missed) ", rows)

    assert len(shown) > 5
    for figure, at_most, aim, light in shown:
        for text in both:
            assert re.search(rf"{light}: {re.escape(figure)}[^;]*; target {at_most}{aim};", text)


def test_page_and_briefing_rank_the_same_causes(board_page: Page, both: tuple[str, str], area_run: Kept) -> None:
    causes = [cause["cause"] for cause in overview_of(area_run.folder)["causes"]]

    assert len(causes) > 5
    for text in (board_page.part("causes"), *both):
        places = [text.rindex(cause) for cause in causes]
        assert places == sorted(places)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_terminal_and_mail_say_the_same_words(area_run: Kept, audience: str) -> None:
    def bare(text: str) -> list[str]:
        """Words without numbers of lists, bars, and what explains the bars."""
        legend = r"A bar of = is .* and \| the line\."
        return [word for word in re.sub(legend, "", text).split() if not re.fullmatch(r"-|\d+\.|[-=|]+", word)]

    assert bare(words_of(area_run.folder, audience)) == bare(read_mail(mail_of(area_run.folder, audience, whole=True)))


def test_every_form_tells_of_waivers(area_run: Kept, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(area_run.folder, folder)
    counts = {"in_force": 2, "undecided": 0, "expired": 1, "lapsed": 0, "unused": 0, "critical": 0}
    summary = area_run.summary | {"waivers": {**counts, "chain": "", "listed": []}}
    (folder / "run.json").write_text(json.dumps(summary), encoding="utf-8")
    overview = overview_of(folder)
    forms = [page_of(folder, "board").part("summary"), words_of(folder), read_mail(mail_of(folder))]

    assert [heading for heading, _ in overview["waivers"]] == ["Waived", "Waivers that are over"]
    for text in (*forms, front_of(folder)):
        assert "2 findings are waived for a time, and counted here all the same." in text
        assert "1 waiver covers nothing any more, and has to be ended." in text


def front_of(folder: Path) -> str:
    return sheet_words(book_of(folder, "board")["Summary"])
