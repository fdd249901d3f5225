"""Where an assessor corrects what a rule found: the correction stands, and the rule's figure is kept beside it."""

from pathlib import Path

from tests.scoring.runs import spread
from tests.scoring.scores import by_id, check_shape, score_of


def test_a_correction_stands_and_the_machine_s_figure_is_kept_beside_it(tmp_path: Path, rules: Path) -> None:
    corrected = [
        ("C003", "1.2.01", "sufficient", "done, but not recorded"),
        ("C004", "1.2.01", "not_applicable", "transferred out"),
        ("C005", "1.2.01", "", ""),
        ("C001", "1.2.02", "poor"),
        ("C002", "1.2.02", "poor"),
    ]

    cases = [*spread("screened", met=2, missing=2, unknown=1), *spread("report-on-time", met=5)]

    score = score_of(tmp_path, rules, cases, corrected)
    question = by_id(score["questions"])["1.2.01"]

    assert (question["sufficient"], question["insufficient"], question["unknown"], question["outside"]) == (3, 0, 1, 1)
    assert question["corrected"] == 2
    assert [by_id(score["questions"])[id_]["corrected"] for id_ in ("1.1.01", "1.2.02", "1.2.03")] == [0, 0, 0]
    assert "machine" not in by_id(score["questions"])["1.1.01"]
    assert question["machine"] == {"sufficient": 2, "insufficient": 2, "undecided": 1, "percent": 50.0}
    check_shape(score)


def test_who_confirms_what_the_rule_found_corrects_nothing(tmp_path: Path, rules: Path) -> None:
    confirmed = [("C001", "1.2.01", "excellent", "seen"), ("C002", "1.2.01", "poor", "seen")]

    question = by_id(score_of(tmp_path, rules, spread("screened", met=1, missing=1), confirmed)["questions"])["1.2.01"]

    assert (question["sufficient"], question["insufficient"], question["corrected"]) == (1, 1, 0)
    assert "machine" not in question
