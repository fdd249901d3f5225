"""The numbers and rows of the workbook are those of the run, of its scores, and of the page."""

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from omi_rules.reports.words import whole
from omi_rules.rulebook.load import load_rulebook
from omi_rules.scoring.score import Wanted, score_run
from tests.reports.page.pages import page_of
from tests.reports.runs import Kept, keep
from tests.reports.workbook.books import book_of, rows_of, words_of

AS_AT = date(2006, 11, 30)


def day(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def cases_of(run: Kept) -> dict[str, dict[str, Any]]:
    return {row["case_id"]: row for row in parquet.read_table(run.folder / "cases.parquet").to_pylist()}


def is_open(case: dict[str, Any]) -> bool:
    return case["end_date"] is None or case["end_date"] > AS_AT


def test_sheets_stand_in_the_order_of_what_matters(area_run: Kept) -> None:
    assert book_of(area_run.folder).sheetnames == [
        *("Summary", "Overdue and due", "Findings by case", "By officer", "Scores", "Questions", "Targets"),
        *("Causes", "Staff", "Data problems", "Notes"),
    ]


def test_every_finding_of_the_run_is_in_the_workbook_and_no_other(area_run: Kept) -> None:
    rows = rows_of(book_of(area_run.folder)["Findings by case"])
    found = [
        (
            row["Case"],
            row["Severity"],
            None if row["Outcome"] == "conclusion" else row["Outcome"].replace(" ", "_"),
            row["Finding"],
            row["What to do"],
            row["Due on"],
            row["Done on"],
            row["Days late"],
            row["Recommendations"],
            row["Criterion"],
            (row["Division"], row["Team"], row["Officer"]),
        )
        for row in rows
    ]
    wanted = [
        (
            line["case_id"],
            line["severity"],
            line["outcome"],
            line["reason"] if line["outcome"] else " ".join([line["reason"], *line["causes"]]),
            line["action"],
            day(line["due_on"]),
            day(line["done_on"]),
            line["days_late"],
            ", ".join(map(str, line["recommendations"])) or None,
            line["criterion"],
            (line["division"], line["team"], line["offender_manager"]),
        )
        for line in area_run.lines("findings")
    ]

    assert len(found) == area_run.summary["findings"]
    assert sorted(map(repr, found)) == sorted(map(repr, wanted))


def test_findings_stand_case_by_case_the_gravest_first(area_run: Kept) -> None:
    rows = rows_of(book_of(area_run.folder)["Findings by case"])
    gravity = {"critical": 0, "high": 1, "medium": 2}
    order = [(row["Case"], gravity[row["Severity"]]) for row in rows]

    assert order == sorted(order)


def test_work_list_is_what_is_missing_or_due_in_cases_that_go_on(area_run: Kept) -> None:
    rows = rows_of(book_of(area_run.folder)["Overdue and due"])
    held = cases_of(area_run)
    titles = {rule["rule"]: rule["title"] for rule in area_run.summary["rules"]}
    grave = {rule["rule"]: rule["severity"] for rule in area_run.summary["rules"]}
    states = {"missing": "overdue", "due": "due"}
    wanted = [
        (
            states[row["outcome"]],
            grave[row["rule"]],
            row["case_id"],
            titles[row["rule"]],
            row["due_on"],
            (AS_AT - row["due_on"]).days if row["outcome"] == "missing" and row["due_on"] else None,
        )
        for row in area_run.outcomes()
        if row["outcome"] in states and grave[row["rule"]] != "informational" and is_open(held[row["case_id"]])
    ]
    found = [
        (
            row["State"],
            row["Severity"],
            row["Case"],
            row["Duty"],
            row["Due on"].date() if row["Due on"] else None,
            row["Days overdue"],
        )
        for row in rows
    ]

    assert len(found) > 100
    assert sorted(map(repr, found)) == sorted(map(repr, wanted))


def test_work_list_says_what_to_do_and_begins_with_the_gravest(area_run: Kept) -> None:
    rows = rows_of(book_of(area_run.folder)["Overdue and due"])
    remedies = {rule.title: rule.to_do for rule in load_rulebook().rules.values()}
    gravity = {"critical": 0, "high": 1, "medium": 2}
    order = [(gravity[row["Severity"]], row["Due on"] or datetime.max) for row in rows]

    assert all(row["What to do"] == remedies[row["Duty"]] for row in rows)
    assert order == sorted(order)


def test_a_duty_of_a_case_that_ended_on_the_day_is_left_out_and_counted(area_run: Kept) -> None:
    held = cases_of(area_run)
    grave = {rule["rule"]: rule["severity"] for rule in area_run.summary["rules"]}
    ended = sum(
        row["outcome"] == "missing" and not is_open(held[row["case_id"]]) and grave[row["rule"]] != "informational"
        for row in area_run.outcomes()
    )

    assert ended > 1
    told = f"{ended:,} duties of cases that have ended can no longer be done, and are left out."
    assert told in words_of(book_of(area_run.folder)["Overdue and due"])


def test_officers_counts_are_those_of_their_cases(area_run: Kept) -> None:
    rows = rows_of(book_of(area_run.folder)["By officer"])
    cases = Counter(case["offender_manager"] for case in cases_of(area_run).values())
    findings = Counter(line["offender_manager"] for line in area_run.lines("findings"))
    critical = Counter(
        line["offender_manager"] for line in area_run.lines("findings") if line["severity"] == "critical"
    )
    work = Counter((row["Officer"], row["State"]) for row in rows_of(book_of(area_run.folder)["Overdue and due"]))

    assert sum(row["Cases"] for row in rows) == area_run.summary["cases"]
    for row in rows:
        officer = row["Officer"]
        assert (row["Cases"], row["Findings"], row["Critical"]) == (
            cases[officer],
            findings[officer],
            critical[officer],
        )
        assert (row["Overdue"], row["Due"]) == (work[officer, "overdue"], work[officer, "due"])
        assert row["Findings"] == row["Critical"] + row["High"] + row["Medium"]


def test_front_sheet_says_what_the_page_says(area_run: Kept, earlier: Kept) -> None:
    words = words_of(book_of(area_run.folder, previous=earlier.folder)["Summary"])
    page = page_of(area_run.folder, previous=earlier.folder)
    summary = area_run.summary
    work = rows_of(book_of(area_run.folder)["Overdue and due"])
    states = Counter(row["State"] for row in work)

    assert f"{states['overdue']:,} {states['due']:,} {summary['findings']:,} " in words
    assert (
        "duties overdue in open cases duties due in open cases findings about cases of 200 cases with a finding"
        in words
    )
    for entry in summary["recommendations"][:7]:
        assert f" {entry['breaches']} {entry['cases']} " in words.partition(f" {entry['recommendation']}. ")[2][:260]
    assert "Change is against the run as at 31 August 2006." in words
    for heading in ("2 rows rejected", "19 limits assumed"):
        assert heading in page.part("summary")
        assert heading in words


def test_front_sheet_leads_to_every_other(area_run: Kept) -> None:
    book = book_of(area_run.folder)
    targets = {link.location for row in book["Summary"].iter_rows() for cell in row if (link := cell.hyperlink)}

    assert targets == {f"'{name}'!A1" for name in book.sheetnames[1:]}
    assert all(book[name].cell(3, 1).hyperlink.location == "'Summary'!A1" for name in book.sheetnames[1:])
    findings = area_run.summary["findings"]
    assert f"Findings by case {findings:,} findings What is not sufficient" in words_of(book["Summary"])


def test_scores_are_those_of_the_score(area_run: Kept, answers: Path) -> None:
    book = book_of(area_run.folder, answers=answers)
    score = score_run(area_run.folder, Wanted(answers=answers))
    rows = {row["Section or criterion"]: row for row in rows_of(book["Scores"])}

    assert sum(one["score"] is not None for one in score["criteria"]) > 5
    for one in (*score["criteria"], *score["sections"], score["thread"]):
        row = rows[one["title"]]
        assert row["Score"] == one["score"]
        if one["score"] is not None:
            assert (row["95% from"], row["95% to"]) == (one["interval_low"], one["interval_high"])
        assert (row["Conclusion"] or "withheld") == (one.get("conclusion") or "withheld")
        assert row["Why withheld"] == one["withheld"]
    words = words_of(book["Summary"])
    for one in score["criteria"]:
        if one["score"] is not None:
            interval = f"{round(one['interval_low'])} to {round(one['interval_high'])}"
            figures = f"{whole(one['score'])} {interval} {one['conclusion'].capitalize()}"
            assert f"{one['id']} {one['title']} {figures}" in words
    asked = rows_of(book["Questions"])
    assert [row["Question"] for row in asked] == [question["id"] for question in score["questions"]]
    assert [row["Share"] for row in asked] == [question["percent"] for question in score["questions"]]


def test_a_withheld_score_has_no_figure(area_run: Kept) -> None:
    score = score_run(area_run.folder, Wanted())
    rows = {row["Section or criterion"]: row for row in rows_of(book_of(area_run.folder)["Scores"])}
    withheld = [one for one in score["criteria"] if one["score"] is None]

    assert withheld
    for one in withheld:
        row = rows[one["title"]]
        assert (row["Score"], row["95% from"], row["95% to"], row["If unknown insufficient"]) == (None,) * 4
        assert row["Average by rules alone"] == one["automatic"]["percent"]


def test_targets_have_their_lights_in_words(area_run: Kept) -> None:
    score = score_run(area_run.folder, Wanted())
    rows = {row["Target"]: row for row in rows_of(book_of(area_run.folder)["Targets"])}

    assert len(rows) == len(score["targets"])
    for target in score["targets"]:
        row = rows[target["title"]]
        assert row["Figure"] == target["figure"]
        assert row["Set"] == target["target"]
        assert row["Result"] == (target["result"] or "not told").capitalize()
        assert row["Published, area"] == target["published"]["area"]


def test_data_problems_name_the_rejected_rows_and_not_what_is_in_them(area_run: Kept) -> None:
    rows = rows_of(book_of(area_run.folder)["Data problems"])
    places = [(row["Problem"], row["Table"], row["Column"], row["File"], row["Row"]) for row in rows]
    rejected = [place[1:] for place in places if place[0] == "Row rejected"]
    unknown = {(row["Table"], row["Column"]): row["How many"] for row in rows if row["Problem"].startswith("Not rec")}

    assert rejected == [
        (line["table"], line["column"], line["file"], int(line["row"])) for line in area_run.table("rejects")
    ]
    assert "2006-02-30" not in words_of(book_of(area_run.folder)["Data problems"])
    answers: Counter[str] = Counter()
    for rule in area_run.summary["rules"]:
        for entry in rule["undecided_by"]:
            answers[entry["column"]] += entry["cases"]
    assert unknown[("cases", "ppo")] == answers["ppo"]
    assert sum(unknown.values()) == sum(answers.values())


def test_staff_findings_are_for_managers_alone(area_run: Kept) -> None:
    staff = [line for line in area_run.lines("staff_findings") if line["outcome"]]
    rows = rows_of(book_of(area_run.folder)["Staff"])

    assert [(row["Staff"], row["Due on"], row["Finding"]) for row in rows] == [
        (line["staff_id"], day(line["due_on"]), line["reason"]) for line in staff
    ]
    for audience in ("board", "officer", "inspector"):
        assert "Staff" not in book_of(area_run.folder, audience).sheetnames


@pytest.fixture(scope="module")
def empty_run(area: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return keep(area, tmp_path_factory.mktemp("empty") / "run", as_at=date(1999, 1, 1))


@pytest.mark.parametrize("audience", ["board", "manager", "officer", "inspector"])
def test_a_run_without_cases_has_a_workbook_that_says_so(empty_run: Kept, audience: str) -> None:
    book = book_of(empty_run.folder, audience)

    assert "200 cases sentenced after the day" in words_of(book["Summary"])
    if audience != "board":
        assert words_of(book["Findings by case"]).endswith("None.")


def test_a_rulebook_without_scores_gives_a_workbook_without_them(small_run: Kept, rules: Path) -> None:
    names = book_of(small_run.folder, rules=rules).sheetnames

    assert "Findings by case" in names
    assert not {"Scores", "Questions", "Targets"} & set(names)
