"""The traffic lights of a dimension on the page: in words, in order, and without what is hidden."""

from typing import Any

from omi_rules.reports.group_text import show_groups


def figure(id_: str = "1.1.01", **changes: Any) -> dict[str, Any]:
    shown = {"sufficient": 12, "relevant": 40, "percent": 30.0, "interval_low": 18.0551, "interval_high": 45.4304}
    return {"id": id_, **shown, "suppressed": False, "mostly_undecided": False, "difference": None, **changes}


def group(*path: str | None, **changes: Any) -> dict[str, Any]:
    criterion = {
        "id": "1.1",
        "score": 61.5,
        "interval_low": 50.2,
        "interval_high": 70.7,
        "rounded": 62,
        "light": "amber",
        "decided": 3,
        "of": 4,
        "questions": 9,
    }
    whole = {"cases": 1040, "suppressed": False, "questions": [figure()], "criteria": [criterion]}
    criteria = [criterion | changes.pop("criterion", {})]
    return {"path": list(path), **whole, "criteria": criteria, **changes}


def score(dimension: str, *groups: dict[str, Any], assumed: bool = True) -> dict[str, Any]:
    return {
        "groups": [{"dimension": dimension, "levels": [dimension], "groups": list(groups)}],
        "criteria": [{"id": "1.1", "title": "Preparing for sentence", "bands": {"assumed": assumed}}],
        "questions": [{"id": "1.1.01", "asks": "Was it done?"}],
    }


def page(dimension: str, *groups: dict[str, Any], assumed: bool = True) -> list[str]:
    return show_groups(score(dimension, *groups, assumed=assumed), dimension)


NO_LIGHT = {
    "score": None,
    "interval_low": None,
    "interval_high": None,
    "rounded": None,
    "light": None,
    "decided": 0,
    "of": 4,
}


def test_table_gives_lights_in_words_and_what_is_hidden() -> None:
    hidden = group(None, cases=None, suppressed=True, criterion=NO_LIGHT)

    lines = page("roh", group("very_high"), hidden)

    assert lines[0] == "By Risk of Harm level"
    start = lines.index("1.1 Preparing for sentence")
    assert lines[start + 1 : start + 4] == [
        "               Cases  Score    95%  Light     Questions",
        "very high      1,040    62%  50-71  amber        3 of 9",
        "not recorded  hidden      -         no light     0 of 9",
    ]
    assert max(map(len, lines)) <= 80


def test_teams_stand_under_their_division() -> None:
    lines = page("team", group("North", "a"), group("North", None), group(None, "a"))

    table = lines[lines.index("1.1 Preparing for sentence") + 2 :]
    assert [line.split("  ")[0] for line in table[:5]] == ["In North:", "a", "not recorded", "In not recorded:", "a"]


def test_legend_says_what_is_hidden_what_is_assumed_and_what_chance_does() -> None:
    told = " ".join(page("gender", group("F")))

    assert "what is about fewer than 5 cases is not shown" in told
    assert "The bands behind the lights are assumed." in told
    assert "about one in twenty is flagged by chance" in told
    assert "assumed" not in " ".join(page("gender", group("F"), assumed=False))


def test_lights_that_leave_questions_out_say_so() -> None:
    partly = score("gender", group("F"))
    partly["questions"] += [{"id": "1.1.02", "asks": "Was it good?"}]
    told = " ".join(" ".join(show_groups(partly, "gender")).split())

    assert "Nothing was found on 1 question in any group, and these lights leave them out" in told
    assert "leave them out" not in " ".join(page("gender", group("F")))


def test_differences_are_listed_with_their_counts_or_nothing_is() -> None:
    flagged = group("North", "a", questions=[figure(difference="lower")])

    assert page("team", flagged, group("North", "b"))[-2:] == [
        "1.1.01 Was it done?",
        "  - a: 12/40, 30% (18-45), lower than the rest of North",
    ]
    assert page("gender", group("F"))[-1] == "Nothing."


def test_criterion_of_which_nothing_was_asked_has_no_table() -> None:
    told = page("gender", group("F", criterion={**NO_LIGHT, "of": 0}))

    assert "1.1 Preparing for sentence" not in told


def test_dimension_whose_groups_are_not_listed_says_why() -> None:
    assert page("officer") == [
        "By officer",
        "Hidden: there are no more cases than groups, and to list them would count them.",
    ]


def test_long_names_and_control_characters_keep_to_the_page() -> None:
    lines = page("officer", group("d" * 99, "t" * 99, "o\x1b[31m" * 30))

    assert max(map(len, lines)) <= 80
    assert "\x1b" not in "".join(lines)
