"""The page can be read and used by everybody: axe finds nothing, a keyboard is enough, nothing needs a wide screen."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import Look, violations
from tests.reports.runs import Kept

VIEWS = ("", "#/cases", "#/cases?show=findings&severity=critical", "#/cases?show=cases", "#/cases?show=rules")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 400)])
def test_axe_finds_nothing_in_any_view(look: Look, area_run: Kept, scheme: str, width: int) -> None:
    case = max(area_run.lines("findings"), key=lambda finding: finding["days_late"] or 0)["case_id"]

    for view in (*VIEWS, f"#/case/{case}", "#/case/nobody"):
        page = look.open("manager", view, width, color_scheme=scheme, bypass_csp=True)
        assert (view, violations(page)) == (view, [])


@pytest.mark.parametrize("name", ["board", "officer", "inspector", "hostile"])
def test_axe_finds_nothing_for_other_readers(look: Look, name: str) -> None:
    for view in ("", "#/cases"):
        assert violations(look.open(name, view, bypass_csp=True)) == []


@pytest.mark.parametrize("name", ["manager", "hostile"])
def test_nothing_is_wider_than_a_narrow_screen_or_one_at_double_size(look: Look, name: str) -> None:
    # the page asks its styles alone how wide it is, so it need not be opened anew for each width
    for view in ("", "#/cases", "#/cases?show=findings"):
        page = look.open(name, view, 320)
        # 640 wide is what a screen of 1280 is at 200%
        for width in (320, 400, 640):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_skip_link_comes_first_and_leads_to_the_content(look: Look) -> None:
    page = look.open()

    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()


def test_following_a_link_by_keyboard_moves_to_the_heading_of_the_view(look: Look) -> None:
    page = look.open("manager", "#/cases")

    expect(page.get_by_role("heading", name="Cases and findings")).to_be_focused()
    page.locator("#view tbody a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#crumbs li")).to_have_count(2)
    expect(page.get_by_role("heading", name="Cases and findings")).to_be_focused()


def test_sorting_keeps_the_focus_and_says_the_order(look: Look) -> None:
    page = look.open("manager", "#/cases?show=cases")
    button = page.locator("th[data-name=findings] button")

    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_be_focused()
    assert page.locator("th[data-name=findings]").get_attribute("aria-sort") == "descending"
    page.keyboard.press("Enter")
    expect(button).to_be_focused()
    assert page.locator("th[data-name=findings]").get_attribute("aria-sort") == "ascending"


def test_what_a_filter_finds_is_said_in_a_live_region(look: Look, area_run: Kept) -> None:
    page = look.open("manager", "#/cases")
    critical = [finding for finding in area_run.lines("findings") if finding["severity"] == "critical"]

    page.get_by_label("Severity").select_option("critical")
    expect(page.get_by_role("status")).to_have_text(
        f"{len(critical):,} findings in {len({each['case_id'] for each in critical}):,} cases, of 300 cases."
    )
    expect(page.get_by_label("Severity")).to_have_value("critical")


def test_summary_reads_without_javascript(look: Look) -> None:
    page = look.open("manager", java_script_enabled=False)

    for heading in ("Summary", "The eight recommendations", "Scores of sections 1 to 3", "National targets", "Notes"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.locator("#explorer")).to_be_hidden()


def test_paper_has_the_report_without_controls(look: Look) -> None:
    page = look.open("manager", "#/cases?show=findings&severity=critical")
    page.emulate_media(media="print")

    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("nav.sections")).to_be_hidden()
    expect(page.get_by_text("Only Severity: Critical")).to_be_visible()
    expect(page.locator("#view tbody tr").first).to_be_visible()
