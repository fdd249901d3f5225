"""The sample has the report's make-up: the counts here are those of the report, with where it prints them."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml

from omi_rules.demo.merseyside import make_up
from omi_rules.demo.merseyside.make_up import load_make_up
from tests.merseyside.samples import CRITERIA, Made

ORDERS = ("community_order", "suspended_sentence_order")
ENTRIES = yaml.safe_load((Path(make_up.__file__).with_name("make-up.yaml")).read_text(encoding="utf-8"))


def columns(made: Made, **wanted: str) -> int:
    return sum(wanted.items() <= row.items() for row in made.rows("cases"))


def cases_with(made: Made, table: str, **wanted: str) -> set[str]:
    return {row["case_id"] for row in made.rows(table) if wanted.items() <= row.items()}


def high(made: Made) -> list[dict[str, str]]:
    return [row for row in made.rows("cases") if row["roh_level"] in ("high", "very_high")]


def test_sample_has_148_cases_of_which_89_are_orders(made: Made) -> None:
    """Criterion 1.1 (a); 148 follows from criterion 3.2 (a)."""
    types = Counter(row["order_type"] for row in made.rows("cases"))
    assert (sum(types[order] for order in ORDERS), types["licence"]) == (89, 59)


def test_sample_has_22_high_cases_of_which_11_are_orders_and_10_are_in_mappa(made: Made) -> None:
    """Criterion 1.2, areas for improvement (c) and (e)."""
    found = high(made)
    in_mappa = [row for row in found if row["mappa_level"]]
    assert (len(found), sum(row["order_type"] in ORDERS for row in found), len(in_mappa)) == (22, 11, 10)
    assert sum(bool(row["mappa_level"]) for row in made.rows("cases")) == 10


def test_sample_has_12_ppos_of_whom_8_are_on_licence_for_drugs_and_2_had_reports(made: Made) -> None:
    """Criteria 1.3 (c), 2.6 (d) and 1.1 (d)."""
    assert columns(made, ppo="true") == 12
    assert columns(made, ppo="true", order_type="licence", drug_related_offending="true") == 8
    ppo = {row["case_id"] for row in made.rows("cases") if row["ppo"] == "true"}
    assert len(ppo & cases_with(made, "court_reports")) == 2


@pytest.mark.parametrize(
    ("column", "number"),
    [("statutory_victim_contact", 21), ("disability", 15), ("literacy_need", 49)],
    ids=["criterion 2.3 (a)", "criterion 2.7 (c)", "criterion 2.7 (a)"],
)
def test_sample_has_as_many_cases_of_a_sort_as_the_report_counts(made: Made, column: str, number: int) -> None:
    assert columns(made, **{column: "true"}) == number


@pytest.mark.parametrize(
    ("table", "wanted", "number"),
    [
        ("transfers", {"direction": "in"}, 7),
        ("requirements", {"kind": "drug_rehabilitation"}, 9),
        ("requirements", {"kind": "accredited_programme"}, 38),
        ("requirements", {"kind": "residence"}, 4),
        ("requirements", {"singleton_placement": "true"}, 6),
        ("roh_assessments", {"kind": "full_analysis"}, 64),
        ("significant_changes", {}, 43),
        ("skills_for_life", {"need_indicated": "true"}, 30),
        ("skills_for_life", {"kind": "screening", "need_indicated": "true"}, 21),
        ("sentence_plans", {}, 136),
        ("court_reports", {}, 73),
    ],
)
def test_sample_has_as_many_cases_with_such_a_record(
    made: Made, table: str, wanted: dict[str, str], number: int
) -> None:
    """Criteria 2.1 (e), 2.5, 2.6, 2.7, 1.2, 2.2, 1.4; 81 plans of orders and 55 of licences; criterion 1.1 (a)."""
    assert len(cases_with(made, table, **wanted)) == number


def test_one_of_the_seven_transferred_in_is_high(made: Made) -> None:
    """Criterion 2.1 (e)."""
    assert len(cases_with(made, "transfers") & {row["case_id"] for row in high(made)}) == 1


def test_forty_offenders_had_three_or_more_managers(made: Made) -> None:
    """Criterion 3.2 (a)."""
    held: dict[str, set[str]] = {}
    for row in made.rows("allocations"):
        held.setdefault(row["case_id"], set()).add(row["offender_manager"])
    assert sum(len(officers) > 2 for officers in held.values()) == 40


def test_every_case_has_been_supervised_for_about_six_months(made: Made) -> None:
    """Appendix 2: between 26 and 30 weeks here."""
    starts = [date.fromisoformat(row["release_date"] or row["sentence_date"]) for row in made.rows("cases")]
    ages = [(date(2006, 11, 30) - start).days for start in starts]
    assert 180 <= min(ages) <= max(ages) <= 210


@pytest.mark.parametrize("name", ENTRIES)
def test_every_number_says_whether_it_is_printed_implied_or_chosen(name: str) -> None:
    entry = ENTRIES[name]
    grounds = set(entry) & {"of", "sufficient", "insufficient", "printed", "implied", "chosen"}
    assert len(grounds) == 1
    assert set(entry) - grounds == (set() if grounds & {"of", "sufficient", "insufficient"} else {"number"})


def test_number_of_a_figure_is_read_from_the_criteria() -> None:
    found = load_make_up(CRITERIA)
    assert (found["ppo"], found["changes_answered"], found["analysis_not_done"]) == (12, 22, 17)


def test_figure_without_the_number_asked_for_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "make-up.yaml"
    file.write_text('cases: {of: "1.2.01"}\n', encoding="utf-8")
    monkeypatch.setattr(make_up, "_FILE", file)
    with pytest.raises(ValueError, match=r"question 1\.2\.01 has no number for of"):
        load_make_up(CRITERIA)
