"""The numbers on the page are those of the run and of its scores."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from omi_rules.problems import UsageError
from omi_rules.reports.audience import AUDIENCES
from omi_rules.reports.words import whole
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.scoring.score import Wanted, score_run
from tests.reports.page.pages import Page, page_of
from tests.reports.runs import INSUFFICIENT, Kept, keep


def day(number: int) -> str | None:
    """A day of the records, as the run's files have it."""
    return (date(1950, 1, 1) + timedelta(number - 1)).isoformat() if number else None


def told(page: Page, number: int) -> str:
    """The reason of a finding, put together as the script does it."""
    columns, header = page.columns, page.header

    def english(days: int) -> str:
        return f"{date.fromisoformat(day(days) or '').strftime('%-d %B %Y')}" if days else ""

    late = columns["findingLate"][number] - 1
    words: str = header["reasons"][columns["findingReason"][number]]
    words = words.replace("\ue000", english(columns["findingDue"][number]))
    words = words.replace("\ue001", english(columns["findingDone"][number]))
    return words.replace("\ue002", f"{late} {'day' if late == 1 else 'days'}")


def test_every_finding_of_the_run_is_on_the_page_and_no_other(page: Page, area_run: Kept) -> None:
    columns, header = page.columns, page.header
    found = []
    number = 0
    for case, count in enumerate(columns["findingsOfCase"]):
        for _ in range(count):
            rule = header["rules"][columns["findingRule"][number]]
            outcome = header["outcomes"][columns["findingOutcome"][number]]
            late = columns["findingLate"][number]
            found.append(
                {
                    "case_id": header["cases"][case],
                    "rule": rule["id"],
                    "outcome": None if outcome == "conclusion" else outcome,
                    "due_on": day(columns["findingDue"][number]),
                    "done_on": day(columns["findingDone"][number]),
                    "days_late": late - 1 if late else None,
                    "severity": header["severities"][rule["severity"]],
                    "recommendations": rule["recommendations"],
                    "causes": header["causes"][columns["findingCauses"][number]],
                    "reason": told(page, number),
                    "action": rule["action"],
                }
            )
            number += 1
    kept = area_run.lines("findings")

    def ordered(rows: list[dict[str, object]]) -> list[str]:
        return sorted(json.dumps(row, sort_keys=True) for row in rows)

    assert ordered(found) == ordered([{name: row[name] for name in found[0]} for row in kept])
    assert len(found) == area_run.summary["findings"]


def test_reasons_are_kept_as_few_words_with_places_for_dates(page: Page) -> None:
    assert len(page.header["reasons"]) < len(page.columns["findingRule"]) / 4


def test_every_decided_open_and_unknown_outcome_is_on_the_page(page: Page, area_run: Kept) -> None:
    columns, header = page.columns, page.header
    found = Counter(
        (header["rules"][rule]["id"], header["outcomes"][outcome])
        for rule, outcome in zip(columns["checkRule"], columns["checkOutcome"], strict=True)
    )
    wanted = Counter(
        (row["rule"], row["outcome"]) for row in area_run.outcomes() if row["outcome"] in ("met", "due", "unknown")
    )

    assert found == wanted


def test_each_case_is_under_its_division_team_and_officer(page: Page, area_run: Kept) -> None:
    from pyarrow import parquet

    header = page.header
    held = {row["case_id"]: row for row in parquet.read_table(area_run.folder / "cases.parquet").to_pylist()}

    assert len(held) == header["caseCount"] == area_run.summary["cases"]
    for case, place in zip(header["cases"], page.columns["casePlace"], strict=True):
        officer, in_team = header["officers"][place]
        team, in_division = header["teams"][in_team]
        division = header["divisions"][in_division][0]
        row = held[case]
        assert (division, team, officer) == (row["division"], row["team"], row["offender_manager"])


def test_summary_tells_the_counts_of_the_run(page: Page, area_run: Kept) -> None:
    summary = area_run.summary
    outcomes = [rule["outcomes"] for rule in summary["rules"]]
    met = sum(each["met"] for each in outcomes)
    decided = met + sum(each[word] for each in outcomes for word in INSUFFICIENT)
    words = page.part("summary")

    assert f"{summary['findings']:,} findings about cases" in words
    assert f"{decided:,} answers decided, {met:,} of them sufficient" in words
    assert f"{sum(table['rejected'] for table in summary['tables']):,} rows rejected" in words
    assert f"{sum(each['unknown'] for each in outcomes):,} answers could not be given" in words


def test_recommendations_tell_words_findings_and_what_rules_can_see(page: Page, area_run: Kept) -> None:
    words = page.part("recommendations")
    criteria = load_criteria()
    assert criteria.recommendations is not None

    for entry, says in zip(area_run.summary["recommendations"][:7], criteria.recommendations.words, strict=False):
        number = entry["recommendation"]
        asked = [question for question in criteria.questions.values() if number in question.recommendations]
        points = [point for criterion in criteria.criteria.values() for point in criterion.points]
        decided = [question.rule for question in asked]
        decided += [point.rule for point in points if number in point.recommendations]
        row = words.partition(f" {number} {says[0].upper()}{says[1:]}")[2]
        assert row.split()[:2] == [f"{entry['breaches']:,}", f"{entry['cases']:,}"]
        assert row.split("%", 1)[1].split()[:3] == [str(sum(map(bool, decided))), "of", str(len(decided))]
    assert "Change" not in words


def test_staff_findings_count_for_the_recommendation_about_staff(page: Page, area_run: Kept) -> None:
    staff = area_run.summary["staff"]["recommendations"][0]

    told = f"All staff receive an annual appraisal {staff['breaches']} {staff['members']} staff 100% 1 of 1"
    assert staff["recommendation"] == 8
    assert told in page.part("recommendations")


def test_change_is_told_against_an_earlier_run(area_run: Kept, earlier: Kept) -> None:
    words = page_of(area_run.folder, previous=earlier.folder).part("recommendations")

    assert "Change is against the run as at 31 August 2006." in words
    now, before = area_run.summary["recommendations"], earlier.summary["recommendations"]
    for new, old in zip(now, before, strict=True):
        if change := new["breaches"] - old["breaches"]:
            assert f"{'+' if change > 0 else '−'}{abs(change):,} {'more' if change > 0 else 'fewer'}" in words
    assert any(new["breaches"] != old["breaches"] for new, old in zip(now, before, strict=True))


def test_a_later_run_is_no_previous_one(area_run: Kept, earlier: Kept) -> None:
    with pytest.raises(UsageError, match="give an earlier run"):
        page_of(earlier.folder, previous=area_run.folder)


def test_a_run_of_another_area_is_no_previous_one(area_run: Kept, hostile_run: Kept) -> None:
    with pytest.raises(UsageError, match="areas must not be compared"):
        page_of(area_run.folder, previous=hostile_run.folder)


def test_scores_and_targets_are_those_of_the_score(area_run: Kept, answers: Path) -> None:
    page = page_of(area_run.folder, answers=answers)
    score = score_run(area_run.folder, Wanted(answers=answers))
    scores, targets = page.part("scores"), page.part("targets")

    assert [one["id"] for one in score["criteria"] if one["score"] is not None]
    for one in score["criteria"]:
        row = scores.partition(f"{one['id']} {one['title']}")[2]
        assert (row.split()[0] == whole(one["score"])) == (one["score"] is not None)
    for sentence in score["says"]:
        assert sentence in scores
    assert f"Risk of Harm thread {whole(score['thread']['score'])}" in scores
    lights = {"met": "Met", "near miss": "Near miss", "missed": "Missed", None: "Not told"}
    told = [target for target in score["targets"] if target["figure"] is not None]
    assert told
    for target in told:
        row = targets.partition(target["title"])[2]
        assert f"{target['figure']:.1f}" in row
        assert lights[target["result"]] in row


def test_withheld_scores_show_what_rules_decide_and_never_a_score(page: Page, area_run: Kept) -> None:
    score = score_run(area_run.folder, Wanted())
    scores = page.part("scores")
    withheld = [one for one in score["criteria"] if one["score"] is None and one["automatic"]["percent"] is not None]

    assert withheld
    for one in withheld:
        number = one["automatic"]["questions"]
        told = (
            f"{number} question{'s' * (number != 1)} decided by rules: {whole(one['automatic']['percent'])}. withheld"
        )
        assert told in scores


def test_causes_are_ranked_by_their_cases(page: Page, area_run: Kept) -> None:
    cases: dict[str, set[str]] = {}
    for line in area_run.lines("conclusions"):
        if line["flag"] != "public-protection-alert":
            cases.setdefault(line["causes"][0], set()).add(line["case_id"])
    words = page.part("causes")
    places = [words.index(cause) for cause in sorted(cases, key=lambda cause: -len(cases[cause]))]
    counts = sorted((len(each) for each in cases.values()), reverse=True)

    assert len(counts) > 5
    if len(set(counts)) == len(counts):
        assert places == sorted(places)
    for cause, held in cases.items():
        before = words[: words.index(cause)]
        assert before.rstrip().endswith(f"{len(held):,} {'case' if len(held) == 1 else 'cases'}")


def test_a_rulebook_without_scores_gives_a_page_without_them(small_run: Kept, rules: Path) -> None:
    page = page_of(small_run.folder, rules=rules)

    assert 'id="scores"' not in page.text
    assert 'href="#scores"' not in page.text
    assert page.part("summary")


def test_another_rulebook_than_that_of_the_run_is_told_of(area_run: Kept, tmp_path: Path) -> None:
    import shutil

    from omi_rules.resources import rules_folder

    other = tmp_path / "rules"
    shutil.copytree(rules_folder(), other)
    (other / "rulebook.yaml").write_text((other / "rulebook.yaml").read_text("utf-8") + "# changed\n", "utf-8")

    assert "judged with another rulebook" in page_of(area_run.folder, rules=other).part("scores")
    assert "judged with another rulebook" not in page_of(area_run.folder).part("scores")


def test_the_same_run_gives_the_same_bytes(page: Page, area_run: Kept) -> None:
    assert page_of(area_run.folder).content == page.content


def test_settings_are_for_managers_unless_said(area_run: Kept, page: Page) -> None:
    from omi_rules.reports.gathering import ReportSettings
    from omi_rules.reports.page.build import build_page

    assert build_page(area_run.folder, replace(ReportSettings(), previous=None)) == page.content


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_run_without_cases_has_a_page_that_says_so(area: Path, tmp_path: Path, audience: str) -> None:
    empty = keep(area, tmp_path / "empty", as_at=date(1999, 1, 1))
    page = page_of(empty.folder, audience)

    assert page.header["caseCount"] == 0
    assert page.columns["findingRule" if AUDIENCES[audience].cases else "countRule"] == []
    assert "0 findings about cases" in page.part("summary")
    assert "200 cases sentenced after the day." in page.part("summary")
