"""Groups have the figures of their cases, lights by the criterion's bands, and nothing small or doubtful in them."""

import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from omi_rules.resources import schemas_folder
from omi_rules.scoring.dimensions import DIMENSIONS, grouped_cases_sql
from omi_rules.scoring.intervals import wilson
from tests.scoring.group_runs import RECORDED, SCREENED, cases, grouped, judged, light, only, question, stored


def test_group_has_the_figures_of_its_cases(rules: Path) -> None:
    listed = [*judged(8, 6, gender="F"), *judged(10, 10, gender="M"), *cases(2, {"screened": "due"}, gender="F")]

    found = only(listed, rules, "gender")

    assert [group["cases"] for group in found.values()] == [10, 10]
    assert question(found["F",]) == {
        "id": SCREENED,
        "sufficient": 6,
        "relevant": 8,
        "percent": 75.0,
        "interval_low": 40.9275,
        "interval_high": 92.8521,
        "suppressed": False,
        "mostly_undecided": False,
        "difference": None,
    }


def test_levels_stand_inside_one_another_and_what_is_not_recorded_is_a_group_of_its_own(rules: Path) -> None:
    north, south = {"division": "B", "team": "T"}, {"division": "A", "team": "T"}
    listed = [
        *judged(6, 3, **north, offender_manager="X"),
        *judged(7, 3, **north),
        *judged(8, 3, **south, offender_manager="X"),
        *judged(9, 3, division="A"),
        *judged(5, 3),
    ]

    division, team, officer = grouped(listed, rules, "division", "team", "officer")

    assert [(group["path"], group["cases"]) for group in division["groups"]] == [(["A"], 17), (["B"], 13), ([None], 5)]
    assert [group["path"] for group in team["groups"]] == [["A", "T"], ["A", None], ["B", "T"], [None, None]]
    assert [group["path"] for group in officer["groups"]][:3] == [["A", "T", "X"], ["A", None, None], ["B", "T", "X"]]
    assert officer["levels"] == ["division", "team", "officer"]


@pytest.mark.parametrize(
    ("started", "age"),
    [
        ("2006-12-01", "under 16 weeks"),
        ("2006-11-30", "under 16 weeks"),
        ("2006-08-11", "under 16 weeks"),
        ("2006-08-10", "16 weeks to 6 months"),
        ("2006-06-01", "16 weeks to 6 months"),
        ("2006-05-30", "6 to 12 months"),
        ("2005-12-01", "6 to 12 months"),
        ("2005-11-30", "over a year"),
        (None, None),
    ],
)
def test_age_of_an_order_begins_on_the_day_itself(started: str | None, age: str | None, rules: Path) -> None:
    assert list(only(judged(6, 3, start_date=started), rules, "age")) == [(age,)]


def test_six_months_after_the_last_of_august_end_with_february(rules: Path) -> None:
    with stored(judged(1, 1, start_date="2005-08-31")) as store:
        ages = [
            store.execute(f"SELECT age FROM ({grouped_cases_sql(day)})").fetchall()
            for day in (date(2006, 2, 27), date(2006, 2, 28))
        ]

    assert ages == [[("16 weeks to 6 months",)], [("6 to 12 months",)]]


def test_codes_stand_in_the_order_of_their_scale(rules: Path) -> None:
    listed = [case for level in ("very_high", "low", None, "high") for case in judged(6, 3, roh_level=level)]
    listed += [case for tier in (4, 2) for case in judged(6, 3, tier=tier, ppo=tier == 2)]

    assert list(only(listed, rules, "roh")) == [("low",), ("high",), ("very_high",), (None,)]
    assert list(only(listed, rules, "tier")) == [("2",), ("4",), (None,)]
    assert list(only(listed, rules, "ppo")) == [("yes",), ("no",), (None,)]


@pytest.mark.parametrize(
    ("sufficient", "colour"), [(15, "green"), (14, "amber"), (12, "amber"), (11, "red"), (20, "green"), (0, "red")]
)
def test_light_follows_the_bands_of_the_criterion(sufficient: int, colour: str, rules: Path) -> None:
    found = only([*judged(20, sufficient, team="T"), *judged(9, 5, team="S")], rules, "team")

    assert light(found[None, "T"]) == {
        "id": "1.2",
        "score": 5.0 * sufficient,
        "interval_low": round(100 * wilson(sufficient, 20)[0], 4),
        "interval_high": round(100 * wilson(sufficient, 20)[1], 4),
        "rounded": 5 * sufficient,
        "light": colour,
        "decided": 1,
        "of": 1,
        "questions": 3,
    }


def test_questions_for_assessors_count_once_anybody_has_answered_them(rules: Path) -> None:
    listed = [*judged(20, 15, team="T"), *judged(20, 15, team="S")]
    answers = [(f"C{number}", "1.2.02", "sufficient" if number > 10 else "poor") for number in range(1, 21)]
    answers += [(f"C{number}", "1.2.S", "poor") for number in range(1, 21)]

    found = only(listed, rules, "team", answers=answers)

    answered = question(found[None, "T"], "1.2.02")
    assert (answered["sufficient"], answered["relevant"], answered["mostly_undecided"]) == (10, 20, False)
    # four fifths of (75 + 50) / 2, and a fifth of nothing
    assert (light(found[None, "T"])["score"], light(found[None, "T"])["light"]) == (50.0, "red")
    assert question(found[None, "S"], "1.2.02")["mostly_undecided"]
    assert (light(found[None, "S"])["decided"], light(found[None, "S"])["of"]) == (1, 2)


def test_question_is_answered_where_as_many_cases_are_outside_it_as_are_decided(rules: Path) -> None:
    answers = [(f"C{number}", "1.2.02", "sufficient" if number > 10 else "not_applicable") for number in range(1, 21)]

    group = only(judged(20, 9, team="T"), rules, "team", answers=answers)[None, "T"]

    assert question(group, "1.2.02")["relevant"] == 10


def test_light_is_withheld_where_more_is_undecided_or_hidden_than_decided(rules: Path) -> None:
    undecided = [*judged(5, 5, team="T"), *cases(6, {"screened": "unknown"}, team="T")]
    found = only([*undecided, *judged(20, 15, team="S")], rules, "team")

    assert question(found[None, "T"])["percent"] == 100.0
    assert light(found[None, "T"])["light"] is None
    assert light(found[None, "S"])["light"] == "green"


@pytest.mark.parametrize(
    ("hidden", "told"), [(["1.2.02"], ("green", 1, 2)), (["1.2.02", "1.2.03"], (None, 1, 3))], ids=["as many", "more"]
)
def test_a_hidden_question_is_not_decided_to_the_light_of_its_criterion(
    hidden: list[str], told: tuple[str | None, int, int], rules: Path
) -> None:
    listed = [*judged(20, 15, team="T"), *judged(20, 15, team="S")]
    # three relevant cases in team T: too few to be shown
    found = ["sufficient"] * 3 + ["not_applicable"] * 17 + ["sufficient", "poor"] * 10
    answers = [(f"C{number}", id_, answer) for id_ in hidden for number, answer in enumerate(found, 1)]

    group = only(listed, rules, "team", answers=answers)[None, "T"]

    assert all(question(group, id_)["suppressed"] for id_ in hidden)
    assert (light(group)["light"], light(group)["decided"], light(group)["of"]) == told


def test_small_figures_are_not_shown_nor_is_anything_that_gives_them_away(rules: Path) -> None:
    listed = [
        *judged(4, 1, team="small", gender="F"),
        *cases(9, {"screened": "not_applicable", "report-on-time": "met"}, team="small", gender="M"),
        *judged(12, 4, team="middle", gender="M"),
        *judged(40, 20, team="large", gender="M"),
    ]
    found = only(listed, rules, "team")

    for team in ("small", "middle"):
        entry = question(found[None, team])
        assert entry.pop("suppressed")
        assert entry.pop("id") == SCREENED
        assert set(entry.values()) == {None}
        assert light(found[None, team])["light"] is None
        assert light(found[None, team])["score"] is None
    assert question(found[None, "large"])["relevant"] == 40
    assert question(found[None, "small"], RECORDED)["relevant"] == 9
    assert light(found[None, "small"], "1.1")["light"] == "green"
    by_gender = only(listed, rules, "gender")
    assert [(group["cases"], group["suppressed"]) for group in by_gender.values()] == [(None, True), (None, True)]


def test_figure_of_no_relevant_case_is_none_and_not_hidden(rules: Path) -> None:
    listed = [*judged(20, 15, ppo=True), *cases(20, {"screened": "not_applicable"}, ppo=False)]

    entry = question(only(listed, rules, "ppo")["no",])

    assert (entry["relevant"], entry["percent"], entry["suppressed"]) == (0, None, False)


def test_what_is_hidden_of_a_level_does_not_depend_on_the_levels_asked_for(rules: Path) -> None:
    held = {"division": "D", "team": "T"}
    listed = [*judged(3, 1, **held, offender_manager="X"), *judged(9, 5, **held), *judged(30, 9, division="E")]

    whole = grouped(listed, rules)
    for dimension in ("division", "team", "officer"):
        assert grouped(listed, rules, dimension) == [entry for entry in whole if entry["dimension"] == dimension]


def test_groups_of_one_case_each_are_not_listed(rules: Path) -> None:
    (entry,) = grouped([*judged(1, 1, team="S"), *judged(1, 1, team="T")], rules, "officer")

    assert entry["groups"] == []


def test_group_whose_size_is_hidden_does_not_tell_what_is_unknown_in_it(rules: Path) -> None:
    small = cases(2, {"screened": "unknown"}, gender="F")
    other = cases(2, {"screened": "not_applicable"}, gender="F")
    rest = [*cases(9, {"screened": "not_applicable"}, gender="M"), *judged(30, 20, gender="X")]

    assert only([*small, *rest], rules, "gender")["F",] == only([*other, *rest], rules, "gender")["F",]


def test_as_many_unknown_as_decided_still_count(rules: Path) -> None:
    listed = [*judged(6, 6, gender="F"), *cases(6, {"screened": "unknown"}, gender="F"), *judged(9, 9, gender="M")]
    found = only(listed, rules, "gender")

    assert question(found["F",])["mostly_undecided"] is False
    assert light(found["F",])["light"] == "green"


def test_difference_is_from_the_rest_and_not_from_the_whole(rules: Path) -> None:
    # 30 of 60 beside 41 of 60: different from those, not from the 71 of 120 that both are
    found = only([*judged(60, 30, gender="F"), *judged(60, 41, gender="M")], rules, "gender")

    assert question(found["F",])["difference"] == "lower"
    assert question(found["M",])["difference"] == "higher"


@pytest.mark.parametrize(
    ("of_twenty", "difference"), [(4, "lower"), (8, None), (15, None), (18, "higher"), (20, "higher")]
)
def test_difference_is_flagged_only_where_the_interval_excludes_none(
    of_twenty: int, difference: str | None, rules: Path
) -> None:
    found = only([*judged(20, of_twenty, gender="F"), *judged(100, 60, gender="M")], rules, "gender")

    assert question(found["F",])["difference"] == difference


def test_team_is_set_against_the_rest_of_its_own_division(rules: Path) -> None:
    bad, good = {"division": "bad"}, {"division": "good"}
    listed = [
        *judged(40, 10, **bad, team="a"),
        *judged(40, 10, **bad, team="b"),
        *judged(40, 40, **good, team="c"),
    ]
    found = only(listed, rules, "team")

    assert [question(group)["difference"] for group in found.values()] == [None, None, None]
    assert question(only(listed, rules, "division")["bad",])["difference"] == "lower"


def test_officer_of_a_hidden_team_is_set_against_nobody(rules: Path) -> None:
    north, rest = {"division": "N"}, {"screened": "not_applicable"}
    listed = [
        *judged(3, 1, **north, team="s", offender_manager="a"),
        *cases(17, rest, **north, team="s", offender_manager="a"),
        *judged(12, 4, **north, team="t", offender_manager="b"),
        *cases(18, rest, **north, team="t", offender_manager="b"),
        *judged(12, 4, **north, team="t", offender_manager="c"),
        *cases(23, rest, **north, team="t", offender_manager="c"),
        *judged(20, 3, division="S", team="t", offender_manager="d"),
    ]

    officer = question(only(listed, rules, "officer")["N", "t", "c"])

    assert (officer["relevant"], officer["difference"]) == (12, None)
    assert question(only(listed, rules, "team")["N", "t"])["suppressed"]


def test_light_is_of_the_questions_of_its_own_criterion(rules: Path) -> None:
    both = [({"team": "T"}, {"report-on-time": "met", "screened": "late"})] * 20
    group = only([*both, *judged(20, 9, team="S")], rules, "team")[None, "T"]

    assert [(one["id"], one["score"], one["of"]) for one in group["criteria"]][:2] == [
        ("1.1", 100.0, 1),
        ("1.2", 0.0, 1),
    ]


def test_group_of_everyone_differs_from_nobody(rules: Path) -> None:
    assert question(only(judged(20, 3, gender="F"), rules, "gender")["F",])["difference"] is None


def test_whole_of_each_dimension_is_the_same(rules: Path) -> None:
    listed = [*judged(20, 9, gender="F", tier=1), *judged(30, 12, tier=3), *judged(25, 9, gender="M", tier=1)]

    for entry in grouped(listed, rules):
        assert sum(group["cases"] for group in entry["groups"]) == 75
        assert sum(question(group)["relevant"] for group in entry["groups"]) == 75
        assert sum(question(group)["sufficient"] for group in entry["groups"]) == 30


def test_groups_are_as_the_schema_says(rules: Path) -> None:
    listed = [*judged(20, 9, gender="F", tier=1), *judged(3, 1, tier=3), *judged(25, 9, gender="M", team="T")]
    schema = json.loads((schemas_folder() / "score.schema.json").read_text("utf-8"))
    entry = Draft202012Validator({"$ref": "#/$defs/by_dimension", "$defs": schema["$defs"]})

    found = grouped(listed, rules)

    assert [problem.message for one in found for problem in entry.iter_errors(one)] == []
    assert [one["dimension"] for one in found] == list(DIMENSIONS)
