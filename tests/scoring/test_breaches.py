"""What a run says about each recommendation, held to run folders written by hand."""

import json
from pathlib import Path

import pytest

from omi_rules.problems import UsageError
from omi_rules.scoring.breaches import read_breaches
from tests.scoring.kept_runs import conclusion, finding, write_run


def test_findings_and_cases_are_counted_by_recommendation(tmp_path: Path) -> None:
    found = read_breaches(
        write_run(
            tmp_path / "run",
            [
                finding("roh-screening-at-start", "A"),
                finding("plan-review-with-risk-review", "A"),
                finding("plan-review-with-risk-review", "B"),
                finding("plan-review-with-risk-review", "C", severity="informational"),
            ],
            [finding("annual-appraisal", "", staff_id="OM1")],
        )
    )

    counts = {number: (breach.findings, breach.cases) for number, breach in found.of.items()}
    assert counts == {1: (3, 2), 2: (None, None), 3: (None, None), 4: (2, 2)} | dict.fromkeys(
        (5, 6, 7), (None, None)
    ) | {8: (1, 1)}
    assert [number for number, breach in found.of.items() if breach.is_breached] == [1, 4, 8]


def test_what_is_behind_most_cases_comes_first_and_causes_before_rules(tmp_path: Path) -> None:
    found = read_breaches(
        write_run(
            tmp_path / "run",
            [
                finding("plan-review-with-risk-review", "A", causes=["role"]),
                finding("plan-review-with-risk-review", "B"),
                finding("roh-screening-at-start", "A"),
                conclusion("role", "A", [1]),
                conclusion("of another recommendation", "A", [4]),
            ],
        )
    )

    ranked = [(cause.kind, cause.words, cause.findings, cause.cases) for cause in found.of[1].causes]
    assert ranked == [
        ("rule", "plan-review-with-risk-review", 2, 2),
        ("cause", "role", 1, 1),
        ("rule", "roh-screening-at-start", 1, 1),
    ]


def test_a_conclusion_alone_breaches_its_recommendation(tmp_path: Path) -> None:
    found = read_breaches(write_run(tmp_path / "run", [conclusion("role", "A", [4])]))

    assert (found.of[4].findings, found.of[4].cases, found.of[4].is_breached) == (0, 0, True)


def test_what_was_not_judged_is_not_told_as_none_found(tmp_path: Path) -> None:
    found = read_breaches(
        write_run(tmp_path / "run", [], None, failed=["roh-screening-at-start"], unknown={"roh-screening-at-start": 2})
    )

    assert (found.of[8].findings, found.of[8].is_breached) == (None, False)
    assert (found.of[1].findings, found.of[1].failed, found.of[1].undecided) == (0, ("roh-screening-at-start",), 2)


def test_a_run_of_a_part_is_refused(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", [], filters={"team": ["Secret Team"]})

    with pytest.raises(UsageError, match=r"shows only a part \(team\): check the whole") as refused:
        read_breaches(folder)
    assert "Secret" not in str(refused.value)


@pytest.mark.parametrize(("severity", "judged"), [("critical", 0), ("medium", 0), ("informational", None)])
def test_rules_of_every_severity_but_informational_judge(severity: str, judged: int | None, tmp_path: Path) -> None:
    rule = {"rule": "a-rule", "severity": severity, "recommendations": [1], "outcomes": {"error": 0, "unknown": 0}}

    assert read_breaches(write_run(tmp_path / "run", [], rules=[rule])).of[1].findings == judged


@pytest.mark.parametrize("cut", [slice(0, 1), slice(0, 0)])
def test_findings_that_lost_their_end_are_no_improvement(cut: slice, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", [finding("roh-screening-at-start", name) for name in "AB"])
    kept = (folder / "findings.jsonl").read_text("utf-8").splitlines(keepends=True)
    (folder / "findings.jsonl").write_text("".join(kept[cut]), "utf-8")

    with pytest.raises(UsageError, match="is damaged, or not of the same run"):
        read_breaches(folder)


def test_findings_that_run_json_does_not_tell_of_are_of_another_run(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", [finding("roh-screening-at-start", "A")], recommendations=[])

    with pytest.raises(UsageError, match="is damaged, or not of the same run"):
        read_breaches(folder)


def test_a_recommendation_that_run_json_does_not_list_has_no_findings(tmp_path: Path) -> None:
    assert read_breaches(write_run(tmp_path / "run", [], None, recommendations=[])).of[1].findings == 0


@pytest.mark.parametrize("file", ["findings.jsonl", "staff_findings.jsonl"])
def test_a_file_that_cannot_be_read_is_named(file: str, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", [finding("roh-screening-at-start", "A")])
    (folder / file).write_text("no JSON, about Mr Smith\n", "utf-8")

    with pytest.raises(UsageError, match=f"{file} is damaged") as refused:
        read_breaches(folder)
    assert "Smith" not in str(refused.value)


@pytest.mark.parametrize("staff", [(), None])
def test_missing_findings_are_no_clean_run(staff: tuple[()] | None, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", [], staff)
    (folder / "findings.jsonl").unlink()

    with pytest.raises(UsageError, match=r"findings\.jsonl is damaged"):
        read_breaches(folder)


def test_a_folder_with_an_apostrophe_is_read(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "King's run", [finding("roh-screening-at-start", "A")])

    assert read_breaches(folder).of[1].findings == 1
    assert json.loads((folder / "run.json").read_text("utf-8"))["recommendations"][0]["breaches"] == 1
