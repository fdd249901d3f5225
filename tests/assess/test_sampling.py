"""Which cases a sample is drawn from, how it is drawn, and that nothing but records, seed and settings matters."""

import random
from pathlib import Path
from typing import Any

import pytest

from omi_rules.assess.sampling import Reading, draw_sample
from omi_rules.problems import UsageError
from tests.assess.making import AS_AT, FIRST, LAST, draw_from, ids, make_case, make_cases
from tests.data.exports import write_csv, write_parquet, write_records

HIGH, PPO, PREMISES, VICTIM, ETHNIC = (
    *("high-risk-of-harm", "ppo", "approved-premises"),
    *("statutory-victim-contact", "black-and-minority-ethnic"),
)


def quota(record: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(quota for quota in record["quotas"] if quota["id"] == name)
    return found


@pytest.mark.parametrize(
    ("start", "drawn"),
    [("2006-04-29", False), (FIRST, True), ("2006-05-01", True), (LAST, True), ("2006-07-01", False)],
)
def test_supervision_began_five_to_seven_months_ago(tmp_path: Path, start: str, drawn: bool) -> None:
    record = draw_from(tmp_path, {"cases": [make_case("in"), make_case("edge", sentence_date=start)]})

    assert ("edge" in ids(record)) is drawn
    assert (record["frame"]["started_from"], record["frame"]["started_to"]) == (FIRST, LAST)


def test_licence_begins_with_its_release(tmp_path: Path) -> None:
    licence = {"order_type": "licence", "sentence_date": "2004-01-05"}
    cases = [make_case("in", **licence, release_date=LAST), make_case("out", **licence, release_date="2006-07-01")]

    assert ids(draw_from(tmp_path, {"cases": cases})) == ["in"]


@pytest.mark.parametrize(("end", "drawn"), [("2006-11-29", False), ("2006-11-30", True), ("2006-12-01", True)])
def test_supervision_lasts_to_the_day(tmp_path: Path, end: str, drawn: bool) -> None:
    record = draw_from(tmp_path, {"cases": [make_case("in"), make_case("edge", end_date=end)]})

    assert ("edge" in ids(record)) is drawn


def test_month_without_such_a_day_ends_earlier(tmp_path: Path) -> None:
    cases = [make_case("last", sentence_date="2006-02-28"), make_case("after", sentence_date="2006-03-01")]
    export = write_csv({"cases": cases}, tmp_path)

    record = draw_sample(export, "inspection", 1, None, Reading(as_at=AS_AT.replace(month=7, day=31)))

    assert (record["frame"]["started_from"], record["frame"]["started_to"]) == ("2005-12-31", "2006-02-28")
    assert ids(record) == ["last"]


def test_sample_has_its_size(tmp_path: Path) -> None:
    record = draw_from(tmp_path, {"cases": make_cases(300)})

    assert (len(record["cases"]), record["random_part"], record["topped_up"]) == (100, 100, 0)
    assert [case["number"] for case in record["cases"]] == list(range(1, 101))
    assert len(set(ids(record))) == 100


def test_other_size_is_asked_for(tmp_path: Path) -> None:
    record = draw_from(tmp_path, {"cases": make_cases(50)}, size=7)

    assert len(record["cases"]) == 7
    assert record["settings"]["size"] == {"amount": 7, "assumed": False, "asked_for": True}


def test_small_frame_is_taken_whole_and_said(tmp_path: Path) -> None:
    record = draw_from(tmp_path, {"cases": make_cases(3)})

    assert sorted(ids(record)) == ["C0001", "C0002", "C0003"]
    assert "The frame has 3 cases, and 100 were wanted: all are taken." in record["says"][0]


def test_quota_is_topped_up_within_the_size(tmp_path: Path) -> None:
    few = [make_case(f"P{place:03}", ppo=True) for place in range(12)]

    record = draw_from(tmp_path, {"cases": [*make_cases(600), *few]})

    told = quota(record, PPO)
    assert (told["in_frame"], told["in_sample"], told["filled"]) == (12, 10, True)
    assert len(record["cases"]) == 100
    assert told["in_random_part"] + told["topped_up"] == 10
    topped = [case for case in record["cases"] if case["part"] == "topped up"]
    assert {case["for"] for case in topped} == {PPO}
    assert record["cases"][-len(topped) :] == topped


def test_quota_that_chance_fills_needs_no_topping_up(tmp_path: Path) -> None:
    record = draw_from(tmp_path, {"cases": make_cases(200, ppo=True)})

    assert (quota(record, PPO)["topped_up"], record["random_part"]) == (0, 100)


def test_quota_that_cannot_be_filled_takes_all_and_says_so(tmp_path: Path) -> None:
    few = [make_case(f"P{place:03}", ppo=True) for place in range(3)]

    record = draw_from(tmp_path, {"cases": [*make_cases(300), *few]})

    assert (quota(record, PPO)["in_sample"], quota(record, PPO)["filled"]) == (3, False)
    assert {"P000", "P001", "P002"} <= set(ids(record))
    said = "Prolific or other priority offender (PPO): the frame has 3, and 10 are needed; all are taken."
    assert said in record["says"]


def test_each_kind_of_case_counts_in_its_quota(tmp_path: Path) -> None:
    cases = [
        make_case("1", roh_level="very_high"),
        make_case("2", ppo=True),
        make_case("3"),
        make_case("4", statutory_victim_contact=True),
        make_case("5", ethnicity="B1"),
        make_case("6"),
    ]
    requirements = [{"case_id": "3", "kind": "residence"}, {"case_id": "6", "kind": "curfew"}]

    record = draw_from(tmp_path, {"cases": cases, "requirements": requirements})

    assert {case["case_id"]: case["quotas"] for case in record["cases"]} == {
        "1": [HIGH],
        "2": [PPO],
        "3": [PREMISES],
        "4": [VICTIM],
        "5": [ETHNIC],
        "6": [],
    }


def test_what_is_not_recorded_counts_in_no_quota_and_is_said(tmp_path: Path) -> None:
    unknown = make_case("1", roh_level=None, ppo=None, statutory_victim_contact=None, ethnicity=None)

    record = draw_from(tmp_path, {"cases": [unknown], "requirements": [{"case_id": "1", "kind": None}]})

    assert record["cases"][0]["quotas"] == []
    assert [told["not_recorded"] for told in record["quotas"]] == [1, 1, 1, 1, 1]
    assert any(
        sentence.startswith("Cases of which it is not recorded whether they count") for sentence in record["says"]
    )


def test_table_that_is_missing_is_named(tmp_path: Path) -> None:
    record = draw_from(tmp_path, {"cases": make_cases(2)})

    assert "Resident of approved premises: requirements is not in the export, so no case can count." in record["says"]


def test_quotas_larger_than_the_size_leave_no_random_part(tmp_path: Path) -> None:
    record = draw_from(tmp_path, {"cases": make_cases(40, ppo=True, roh_level="high")}, size=5)

    assert (record["random_part"], len(record["cases"])) == (0, 20)
    assert "The quotas alone ask for 20 cases, more than 5: there is no random part." in record["says"]


def test_weights_of_cases_alike_add_up_to_the_frame(tmp_path: Path) -> None:
    cases = [*make_cases(400), *(make_case(f"P{place:03}", ppo=True) for place in range(30))]

    record = draw_from(tmp_path, {"cases": cases})

    weights: dict[tuple[str, ...], list[float]] = {}
    for case in record["cases"]:
        weights.setdefault(tuple(case["quotas"]), []).append(case["weight"])
    assert {quotas: round(sum(each)) for quotas, each in weights.items()} == {(): 400, (PPO,): 30}
    assert weights[(PPO,)] == [3.0] * 10
    assert record["weights"]["cases_unlike_any_drawn"] == 0


def test_weight_of_kinds_of_cases_that_nobody_drew_is_said(tmp_path: Path) -> None:
    cases = [*make_cases(400), make_case("both", ppo=True, statutory_victim_contact=True)]

    drawn = [draw_from(tmp_path / str(seed), {"cases": cases}, seed=seed, size=1) for seed in range(1, 4)]

    for record in drawn:
        unseen = 401 - round(sum(case["weight"] for case in record["cases"]))
        assert record["weights"]["cases_unlike_any_drawn"] == unseen


def test_replacements_stand_by_in_order_and_once(tmp_path: Path) -> None:
    cases = [*make_cases(400), *(make_case(f"P{place:03}", ppo=True) for place in range(30))]

    record = draw_from(tmp_path, {"cases": cases})

    spare = record["replacements"]
    assert [one["place"] for one in spare] == list(range(1, 26))
    assert [one["for"] for one in spare] == [None] * 20 + [PPO] * 5
    assert all(PPO in one["quotas"] for one in spare[20:])
    assert len({*ids(record), *ids(record, "replacements")}) == 125


def test_seed_alone_changes_the_draw(tmp_path: Path) -> None:
    tables = {"cases": make_cases(300)}

    first, again, other = (
        draw_from(tmp_path / name, tables, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )

    assert first == again
    assert ids(first) != ids(other)
    assert first["sample_id"] != other["sample_id"]


def test_order_of_rows_and_form_of_the_export_change_no_case(tmp_path: Path) -> None:
    cases = [*make_cases(150), *make_cases_of_quotas()]
    mixed = random.Random(3).sample(cases, len(cases))
    requirements = [{"case_id": "Q001", "kind": "residence"}, {"case_id": "Q002", "kind": "curfew"}]
    exports = [
        write_csv({"cases": cases, "requirements": requirements}, tmp_path / "csv"),
        write_csv({"cases": mixed, "requirements": requirements[::-1]}, tmp_path / "mixed"),
        write_parquet({"cases": mixed, "requirements": requirements}, tmp_path / "parquet"),
        write_records({"cases": cases, "requirements": requirements}, tmp_path / "json", "jsonl"),
    ]

    drawn = [draw_sample(export, "inspection", 5, 60, Reading(as_at=AS_AT)) for export in exports]

    for record in drawn[1:]:
        assert record["cases"] == drawn[0]["cases"]
        assert record["replacements"] == drawn[0]["replacements"]


def make_cases_of_quotas() -> list[dict[str, Any]]:
    return [make_case(f"Q{place:03}", ppo=place % 2 == 0, roh_level="high", ethnicity="A1") for place in range(40)]


def test_case_more_takes_no_place_but_its_own(tmp_path: Path) -> None:
    cases = make_cases(120)

    before = ids(draw_from(tmp_path / "before", {"cases": cases}))
    after = ids(draw_from(tmp_path / "after", {"cases": [*cases, make_case("X")]}))

    assert [case for case in after if case != "X"] == before[: len(after) - ("X" in after)]


def test_cases_that_were_rejected_and_an_old_export_are_said(tmp_path: Path) -> None:
    cases = [*make_cases(2), make_case("bad", tier=9)]

    record = draw_from(tmp_path, {"cases": cases})

    assert "1 rejected row of cases could not be drawn; `omi-rules check` says why." in record["says"]
    assert any("is this the right export, and the right date?" in sentence for sentence in record["says"])


def test_unknown_sample_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no samples/inspektion.yaml; did you mean inspection\?"):
        draw_from(tmp_path, {"cases": make_cases(1)}, sample="inspektion")
