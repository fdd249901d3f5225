"""Following, filtering, sorting and saving the findings, and the view of a case."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import Look
from tests.reports.page.pages import HOSTILE
from tests.reports.runs import Kept

Findings = Sequence[Mapping[str, Any]]


@pytest.fixture(scope="module")
def findings(area_run: Kept) -> Findings:
    return area_run.lines("findings")


def told(found: Findings, cases: int = 300) -> str:
    """What the page says of so many findings."""
    with_findings = len({each["case_id"] for each in found})
    finding, case = ("" if len(found) == 1 else "s"), ("" if with_findings == 1 else "s")
    return f"{len(found):,} finding{finding} in {with_findings:,} case{case}, of {cases:,} cases."


def column(page: Page, name: str) -> list[str]:
    """The cells of a column of the table."""
    find = "(cells, name) => cells.findIndex((cell) => cell.dataset.name === name)"
    place = page.locator("#view thead th").evaluate_all(find, name)
    return page.locator(f"#view tbody tr > :nth-child({place + 1})").all_inner_texts()


def test_area_is_followed_down_to_a_finding_and_back(look: Look, findings: Findings) -> None:
    page = look.open("manager", "#/cases")
    one = max(findings, key=lambda finding: finding["days_late"] or 0)

    for level in ("division", "team", "offender_manager"):
        page.locator("#view").get_by_role("link", name=one[level], exact=True).click()
        expect(page.locator("#crumbs [aria-current]")).to_have_text(one[level])
    inside = [each for each in findings if each["offender_manager"] == one["offender_manager"]]
    assert page.get_by_role("status").inner_text().startswith(f"{len(inside):,} finding")
    page.locator("#view").get_by_role("link", name=one["case_id"], exact=True).click()
    expect(page.get_by_role("heading", name=f"Case {one['case_id']}")).to_be_focused()
    expect(page.get_by_text(one["reason"]).first).to_be_visible()
    page.get_by_role("link", name="Back to cases and findings").click()
    expect(page.locator("#crumbs [aria-current]")).to_have_text(one["offender_manager"])
    page.go_back()
    page.go_back()
    page.go_back()
    expect(page.locator("#crumbs [aria-current]")).to_have_text(one["team"])


def test_each_filter_leaves_what_it_asks_for(look: Look, findings: Findings) -> None:
    page = look.open("manager", "#/cases?show=findings")
    tests = {
        "rule": ("skills-screening-at-start", lambda each: each["rule"] == "skills-screening-at-start"),
        "rec": ("4", lambda each: 4 in each["recommendations"]),
        "criterion": ("2.1", lambda each: each["criterion"] == "2.1"),
        "severity": ("high", lambda each: each["severity"] == "high"),
        "outcome": ("late", lambda each: each["outcome"] == "late"),
    }

    for name, (value, holds) in tests.items():
        page.locator(f"#filter-{name}").select_option(value)
        expect(page.get_by_role("status")).to_have_text(told([each for each in findings if holds(each)]))
        page.get_by_role("button", name="Clear filters").click()
        expect(page.get_by_role("status")).to_have_text(told(findings))
    page.get_by_label("Case reference").fill("m000001")
    inside = [each for each in findings if "M000001" in each["case_id"]]
    expect(page.get_by_role("status")).to_have_text(told(inside, 10))


def test_filters_narrow_together_and_the_address_shows_the_same_again(look: Look, findings: Findings) -> None:
    page = look.open("manager", "#/cases?show=findings")
    page.get_by_label("Severity").select_option("high")
    page.get_by_label("Outcome").select_option("missing")
    page.locator("th[data-name=due] button").click()
    wanted = [each for each in findings if (each["severity"], each["outcome"]) == ("high", "missing")]
    expect(page.get_by_role("status")).to_have_text(told(wanted))
    address = page.evaluate("location.hash")
    rows = page.locator("#view tbody").inner_text()

    again = look.open("manager", address)
    expect(again.get_by_role("status")).to_have_text(told(wanted))
    assert again.locator("#view tbody").inner_text() == rows
    expect(again.get_by_label("Outcome")).to_have_value("missing")


def test_groups_count_their_cases_and_findings(look: Look, findings: Findings) -> None:
    page = look.open("manager", "#/cases?sort=name")
    critical = Counter(each["division"] for each in findings if each["severity"] == "critical")
    divisions = sorted({each["division"] for each in findings})

    assert column(page, "name") == divisions
    assert column(page, "critical") == [f"{critical[division]:,}" for division in divisions]


def test_numbers_sort_both_ways(look: Look) -> None:
    page = look.open("manager", "#/cases?show=cases")

    page.locator("th[data-name=findings] button").click()
    falling = [int(cell) for cell in column(page, "findings")]
    page.locator("th[data-name=findings] button").click()
    rising = [int(cell) for cell in column(page, "findings")]

    assert falling == sorted(falling, reverse=True)
    assert rising == sorted(rising)
    assert falling[0] > rising[0]


def test_only_one_page_of_rows_is_shown_at_a_time(look: Look, findings: Findings) -> None:
    page = look.open("manager", "#/cases?show=findings")

    expect(page.locator("#view tbody tr")).to_have_count(50)
    expect(page.locator("#place")).to_have_text(f"Rows 1 to 50 of {len(findings):,}")
    expect(page.get_by_role("button", name="Previous page")).to_be_disabled()
    page.get_by_role("button", name="Next page").click()
    expect(page.locator("#place")).to_have_text(f"Rows 51 to 100 of {len(findings):,}")


def saved(page: Page) -> list[dict[str, str]]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save this view as CSV").click()
    text = waiting.value.path().read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_saved_view_holds_every_row_of_it(look: Look, findings: Findings) -> None:
    rows = saved(look.open("manager", "#/cases?show=findings&outcome=late"))
    wanted = [each for each in findings if each["outcome"] == "late"]

    assert sorted(
        (row["case"], row["rule"], row["due"], row["done_on"], row["late"], row["reason"]) for row in rows
    ) == (sorted((each["case_id"], each["rule"], *dates(each), each["reason"]) for each in wanted))


def dates(finding: Mapping[str, Any]) -> tuple[str, str, str]:
    return finding["due_on"] or "", finding["done_on"] or "", str(finding["days_late"] or 0)


def test_saved_view_runs_nothing_in_a_spreadsheet(look: Look) -> None:
    rows = saved(look.open("hostile", "#/cases?show=findings"))

    assert {row["team"] for row in rows} == {"Bootle", f"'{HOSTILE['team']}"}
    assert {row["officer"] for row in rows} == {"OM1", HOSTILE["offender_manager"]}
    assert HOSTILE["case_id"] in {row["case"] for row in rows}


def test_hostile_names_are_shown_as_text(look: Look) -> None:
    page = look.open("hostile", "#/cases")

    assert sorted(column(page, "name")) == sorted([HOSTILE["division"], "Sefton"])
    page.get_by_role("link", name=HOSTILE["division"], exact=True).click()
    page.locator("#view tbody a").first.click()
    page.locator("#view tbody a").first.click()
    page.locator("#view tbody a").first.click()
    expect(page.get_by_role("heading", name=f"Case {HOSTILE['case_id']}")).to_be_focused()
    assert page.locator("#case img, #case script, #case b").count() == 0
    assert page.evaluate("document.scripts.length") == 2


def test_a_case_tells_its_findings_causes_and_what_to_do(look: Look, findings: Findings) -> None:
    one = next(each for each in findings if each["causes"] and each["outcome"] == "missing")
    page = look.open("manager", f"#/case/{one['case_id']}")
    words = " ".join(page.locator("#case").inner_text().split())

    for each in findings:
        if each["case_id"] == one["case_id"]:
            assert each["action"] in words
            assert all(cause in words for cause in each["causes"])
            assert each["reason"].rstrip(".") in words


def test_timeline_has_every_dated_duty_and_the_bank_holidays(look: Look, area_run: Kept, findings: Findings) -> None:
    one = next(each for each in findings if each["outcome"] == "late")
    page = look.open("manager", f"#/case/{one['case_id']}")
    of_case = [row for row in area_run.outcomes() if row["case_id"] == one["case_id"]]
    dated = [row for row in of_case if row["due_on"] or row["done_on"]]

    assert page.locator(".timeline tbody tr").count() == len(dated)
    late = page.locator(".timeline tbody tr", has_text="Late").filter(has=page.locator("svg .behind"))
    assert f"{one['days_late']:,}" in late.locator("td:last-child").all_inner_texts()
    page.get_by_text("in this time").click()
    expect(page.get_by_text("28 August 2006: Late Summer Bank Holiday")).to_be_visible()


def test_board_ends_at_the_team(look: Look, findings: Findings) -> None:
    page = look.open("board", "#/cases")
    page.locator("#view tbody a").first.click()
    page.locator("#view tbody a").first.click()

    assert page.locator("#views button").all_inner_texts() == ["By rule"]
    assert page.get_by_label("Case reference").count() == 0
    assert page.locator("#view a[href^='#/case/']").count() == 0


@pytest.mark.parametrize("show", ["groups", "rules"])
def test_board_reads_the_same_counts_as_managers(look: Look, findings: Findings, show: str) -> None:
    division = f"&division={findings[0]['division'].replace(' ', '+')}"
    for query in ("", "&rule=skills-screening-at-start", division, "&severity=high&outcome=late"):
        board, manager = (look.open(name, f"#/cases?show={show}{query}") for name in ("board", "manager"))
        heads, rows = table(manager)
        if show == "groups" and "severity" in query:
            place = heads.index("with")
            heads, rows = heads[:place] + heads[place + 1 :], [row[:place] + row[place + 1 :] for row in rows]

        assert rows
        assert table(board) == (heads, rows)


def table(page: Page) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the cells of each row."""
    heads = page.locator("#view thead th").evaluate_all("cells => cells.map((cell) => cell.dataset.name)")
    cells = "rows => rows.map((row) => [...row.children].map((cell) => cell.innerText))"
    return heads, page.locator("#view tbody tr").evaluate_all(cells)


def test_board_is_told_of_cases_only_where_no_finding_is_linked_to_another(look: Look, findings: Findings) -> None:
    page = look.open("board", "#/cases")
    expect(page.get_by_role("status")).to_have_text(told(findings))
    page.get_by_label("Rule or conclusion").select_option("skills-screening-at-start")
    expect(page.get_by_role("status")).to_have_text(
        told([each for each in findings if each["rule"] == "skills-screening-at-start"])
    )
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_label("Severity").select_option("critical")
    critical = [each for each in findings if each["severity"] == "critical"]
    expect(page.get_by_role("status")).to_have_text(f"{len(critical):,} findings, of 300 cases.")


def test_a_view_of_nothing_says_so(look: Look) -> None:
    page = look.open("manager", "#/cases?show=findings&q=nobody")

    expect(page.locator("#view caption")).to_have_text("Findings: none")
    expect(page.get_by_role("status")).to_have_text("0 findings in 0 cases, of 0 cases.")
    expect(page.locator("#pages")).to_be_hidden()


def test_a_case_that_is_not_there_is_told_of(look: Look) -> None:
    expect(look.open("manager", "#/case/nobody").get_by_role("heading", name="No such case")).to_be_focused()


def test_summary_leads_to_the_findings_behind_a_recommendation(look: Look, findings: Findings) -> None:
    page = look.open()
    page.locator("#recommendations a").first.click()

    expect(page.get_by_label("Recommendation", exact=True)).to_have_value("1")
    expect(page.get_by_role("status")).to_have_text(told([each for each in findings if 1 in each["recommendations"]]))
