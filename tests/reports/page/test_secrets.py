"""Whatever readers shall not see is in their page in no form; and nothing in it is ever run, whatever names hold."""

import json
import re
import shutil
from base64 import b64encode
from collections import Counter
from collections.abc import Collection
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from omi_rules.pipeline import Filters
from omi_rules.reports.audience import AUDIENCES
from omi_rules.reports.pseudonyms import pseudonym
from tests.reports.page.pages import HOSTILE, Page, page_of
from tests.reports.runs import Kept, keep


def references(run: Kept) -> list[str]:
    return [row["case_id"] for row in parquet.read_table(run.folder / "cases.parquet").to_pylist()]


def officers(run: Kept) -> set[str]:
    """Offender managers and every other member of staff."""
    cases = parquet.read_table(run.folder / "cases.parquet").to_pylist()
    return {row["offender_manager"] for row in cases} | {row["staff_id"] for row in run.outcomes("staff_outcomes")}


def found_in(page: Page, names: Collection[str]) -> list[str]:
    return [name for name in names if name.encode() in page.every_byte]


def test_managers_and_officers_see_cases_and_officers(area_run: Kept) -> None:
    for audience in ("manager", "officer"):
        page = page_of(area_run.folder, audience)
        assert found_in(page, references(area_run)) == references(area_run)
        assert found_in(page, {row["offender_manager"] for row in area_run.lines("findings")})


def test_board_has_no_case_and_no_officer_in_any_byte(area_run: Kept) -> None:
    page = page_of(area_run.folder, "board")

    assert found_in(page, references(area_run)) == []
    assert found_in(page, officers(area_run)) == []
    assert page.header["levels"] == ["division", "team"]
    assert {re.sub("[A-Z].*", "", name) for name in page.columns} == {"place", "count"}


def test_board_has_every_finding_as_a_count(area_run: Kept) -> None:
    page = page_of(area_run.folder, "board")
    columns, header = page.columns, page.header
    teams = [name for name, _ in header["teams"]]
    rows = zip(
        *(columns[name] for name in ("countPlace", "countRule", "countOutcome", "countFindings")),
        strict=True,
    )
    counted = {
        (teams[place], header["rules"][rule]["id"], header["outcomes"][outcome]): findings
        for place, rule, outcome, findings in rows
    }
    findings = area_run.lines("findings")
    with_findings = {(each["team"], each["case_id"]) for each in findings}

    assert len(teams) == len(set(teams)) > 1
    assert counted == Counter((each["team"], each["rule"], each["outcome"] or "conclusion") for each in findings)
    assert len(counted) == len(columns["countPlace"])
    assert sum(columns["countFindings"]) == area_run.summary["findings"]
    assert sum(columns["placeCases"]) == area_run.summary["cases"]
    assert dict(zip(teams, columns["placeWithFindings"], strict=True)) == Counter(team for team, _ in with_findings)


def test_no_two_findings_of_the_board_are_linked_by_their_case(area_run: Kept, tmp_path: Path) -> None:
    other = tmp_path / "run"
    shutil.copytree(area_run.folder, other)
    findings = area_run.lines("findings")
    assert exchange(findings) > 50
    (other / "findings.jsonl").write_text("".join(json.dumps(each) + "\n" for each in findings), "utf-8")

    assert page_of(other).unpacked != page_of(area_run.folder).unpacked
    assert page_of(other, "board").unpacked == page_of(area_run.folder, "board").unpacked


def exchange(findings: list[dict[str, Any]]) -> int:
    """Let cases of a team exchange a finding for another that they do not have, and say how often they did."""
    rules = {(each["case_id"], each["rule"]) for each in findings}
    exchanged = 0
    for one, other in pairwise(sorted(findings, key=lambda each: (each["team"], each["rule"], each["case_id"]))):
        taken = {(one["case_id"], other["rule"]), (other["case_id"], one["rule"])}
        if one["team"] == other["team"] and one["case_id"] != other["case_id"] and not taken & rules:
            rules = rules - {(each["case_id"], each["rule"]) for each in (one, other)} | taken
            one["case_id"], other["case_id"] = other["case_id"], one["case_id"]
            exchanged += 1
    return exchanged


def test_inspector_has_no_officer_in_any_byte(area_run: Kept) -> None:
    page = page_of(area_run.folder, "inspector")

    assert found_in(page, officers(area_run)) == []
    assert found_in(page, references(area_run)) == references(area_run)
    assert page.header["levels"] == ["division", "team", "case"]


def test_officers_have_neither_scores_nor_staff_findings(area_run: Kept) -> None:
    page = page_of(area_run.folder, "officer")

    assert 'id="scores"' not in page.text
    assert 'id="targets"' not in page.text
    assert 'id="staff"' not in page.text
    assert 'id="staff"' in page_of(area_run.folder, "manager").text


@pytest.mark.parametrize("audience", AUDIENCES)
def test_pseudonyms_leave_no_reference_in_any_byte(area_run: Kept, audience: str, key: bytes) -> None:
    page = page_of(area_run.folder, audience, key=key)

    assert found_in(page, references(area_run)) == []


def test_cases_under_pseudonyms_are_in_the_order_of_their_pseudonyms(area_run: Kept, key: bytes) -> None:
    cases = page_of(area_run.folder, key=key).header["cases"]

    assert cases == sorted(pseudonym(key, case) for case in references(area_run))


def test_a_case_keeps_its_findings_under_its_pseudonym(area_run: Kept, key: bytes, page: Page) -> None:
    def findings(of: Page) -> dict[str, int]:
        return dict(zip(of.header["cases"], of.columns["findingsOfCase"], strict=True))

    hidden = findings(page_of(area_run.folder, key=key))
    assert hidden == {pseudonym(key, case): count for case, count in findings(page).items()}


def test_filters_name_neither_cases_nor_officers(area_run: Kept, area: Path, tmp_path: Path) -> None:
    case = area_run.lines("findings")[0]
    chosen = Filters(cases=(case["case_id"],), officers=(case["offender_manager"],), teams=(case["team"],))
    page = page_of(keep(area, tmp_path / "run", filters=chosen).folder, "board")

    assert found_in(page, [case["case_id"], case["offender_manager"]]) == []
    assert f"narrowed to teams: {case['team']}; officers: 1; cases: 1" in page.part("summary")


def test_names_that_hold_markup_stay_text(hostile_run: Kept) -> None:
    page = page_of(hostile_run.folder)

    assert "<img" not in page.text
    assert "alert(1)" not in page.text.replace("&lt;script&gt;alert(1)", "")
    assert len(re.findall(r"<script", page.text)) == 2
    assert HOSTILE["case_id"] in page.header["cases"]
    assert [HOSTILE["team"], 0] in page.header["teams"]
    assert HOSTILE["offender_manager"] in [name for name, _ in page.header["officers"]]
    assert "49" not in page.part("summary")


def test_policy_lets_in_the_page_s_own_style_and_script_and_nothing_else(page: Page) -> None:
    def hashed(text: str) -> str:
        return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

    style = page.text.partition("<style>")[2].partition("</style>")[0]
    script = page.text.rpartition("<script>")[2].partition("</script>")[0]

    assert page.policy == {
        "default-src": "'none'",
        "script-src": hashed(script),
        "style-src": hashed(style),
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def test_page_asks_for_nothing_from_anywhere(page: Page) -> None:
    without_names = page.text.replace("http://www.w3.org/2000/svg", "")

    assert not re.search(
        r"https?://|//[a-z]+\.|@import|url\(|<link|<iframe|<img|\ssrc=|\sstyle=|\son[a-z]+=", without_names
    )
