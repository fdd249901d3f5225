"""Published and computed figures on the page: both, their difference, and the cases as many as a page bears."""

from typing import Any

from omi_rules.reports.reconcile_text import show_reconciled


def entry(**changes: Any) -> dict[str, Any]:
    published = {
        "percent": 97.0,
        "sufficient": None,
        "relevant": None,
        "by": "the area",
        "period": "spring",
        "definition": "In time.",
    }
    computed = {
        "percent": 82.6087,
        "sufficient": 19,
        "relevant": 23,
        "interval_low": 62.8624,
        "interval_high": 93.0213,
        "undecided": 4,
        "definition": "Met of decided.",
        "without": None,
    }
    return {
        "of": "rule",
        "id": "induction-on-time",
        "title": "Induction",
        "difference": -14.3913,
        "agrees": False,
        "outcomes": {"met": 19, "not_met": 4},
        "readings": [],
        "list": None,
        "published": published,
        "computed": computed,
    } | changes


def case(case_id: str = "C1", **changes: Any) -> dict[str, Any]:
    return {"case_id": case_id, "theirs": None, "ours": "not_met", "reason": None} | changes


def reading(**changes: Any) -> dict[str, Any]:
    counts = {"sufficient": 23, "relevant": 23, "percent": 100.0, "agrees": False, "cases": []}
    return {"reading": "what is unknown counted as met", **counts, **changes}


def listed(**changes: Any) -> dict[str, Any]:
    table = [{"theirs": "sufficient", "ours": "met", "cases": 1200}, {"theirs": None, "ours": None, "cases": 1}]
    counts = {"sufficient": 28, "relevant": 29, "percent": 96.5517, "agrees": True}
    return {**counts, "table": table, "differing": [], **changes}


def page(*entries: dict[str, Any]) -> list[str]:
    lines = show_reconciled(entries)
    assert max(map(len, lines)) <= 80
    return lines


def test_both_figures_stand_one_below_the_other_with_what_they_count() -> None:
    assert page(entry())[:7] == [
        "rule induction-on-time: Induction",
        "  Published: 97%, by the area, spring.",
        "    Counted: In time.",
        "  Computed: 82.6%, 19/23 (95%: 63-93); 4 undecided.",
        "    Counted: Met of decided.",
        "  The computed figure is 14.4 points lower.",
        "  Outcomes: met 19, not met 4.",
    ]


def test_higher_and_equal_figures_say_so() -> None:
    assert "  The computed figure is 3.0 points higher." in page(entry(difference=3.0))
    assert "  The two agree as far as the published figure was printed." in page(entry(agrees=True))


def test_figure_that_is_missing_says_why() -> None:
    computed = entry()["computed"] | {"percent": None, "without": "no case is decided"}

    lines = page(entry(computed=computed, difference=None, outcomes=None))

    assert "  Computed: nothing, no case is decided." in lines
    assert not any("points" in line for line in lines)


def test_readings_are_a_table_and_cases_are_named_where_one_gives_the_figure() -> None:
    giving = reading(agrees=True, cases=[case(f"C{number:02}") for number in range(23)])

    lines = page(entry(readings=[reading(reading="what is due"), giving]))

    assert "what is due                     23/23   100%  no" in lines
    assert "what is unknown counted as met  23/23   100%  yes" in lines
    assert "  What is unknown counted as met: 23 cases." in lines
    assert sum(line.startswith("    C") for line in lines) - 2 == 20
    assert "    and 3 cases more: --format json names them all." in lines


def test_where_no_reading_gives_the_figure_the_page_says_so() -> None:
    assert "  None of these readings gives the published figure." in page(entry(readings=[reading()]))


def test_without_readings_the_page_does_not_speak_of_them() -> None:
    text = " ".join(page(entry()))

    assert "reading" not in text
    assert "A list of the cases behind the figure" in text


def test_list_of_cases_is_not_asked_for_where_there_can_be_none() -> None:
    text = " ".join(page(entry(outcomes=None, readings=[reading(agrees=True)])))

    assert "no proof of it" in text
    assert "A list of the cases" not in text


def test_list_is_set_against_ours_case_by_case() -> None:
    differing = [case(theirs="sufficient", reason="It is late.")]

    lines = page(entry(list=listed(differing=differing)))

    assert "  The list of cases gives 96.6%, 28/29, as published." in lines
    assert "sufficient   met             1,200" in lines
    assert "not listed   not in the run      1" in lines
    assert "  1 case judged differently:" in lines
    assert lines[-1] == "    C1: theirs sufficient, ours not met. It is late."


def test_list_that_agrees_says_that_no_case_differs() -> None:
    lines = page(entry(list=listed(agrees=False)))

    assert "  No case is judged differently." in lines
    assert "which is not what was published" in " ".join(lines)


def test_case_reference_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in "".join(page(entry(list=listed(differing=[case("\x1b[31mC1")]))))
