"""The summary that a manager reads."""

from pathlib import Path
from typing import Any

import pytest

from omi_rules.reports.terminal import paint_colour, summarise
from tests.reports.summaries import OUTCOMES, finding, rule, summary


def text(summary_: dict[str, Any], *findings: dict[str, Any], **options: Any) -> str:
    return "\n".join(summarise(summary_, findings, options.pop("folder", None), **options))


def test_first_line_states_area_and_day() -> None:
    assert text(summary()).splitlines()[0] == "Merseyside, as at 30 November 2006."


def test_without_an_area_the_first_line_states_the_day() -> None:
    assert text(summary(area="")).splitlines()[0] == "As at 30 November 2006."


def test_last_line_states_the_exit_code_and_why() -> None:
    last = text(summary(exit_code=1, exit_because="2 critical findings")).splitlines()[-1]

    assert last == "Exit code 1: 2 critical findings."


def test_warnings_come_before_the_results() -> None:
    shown = text(summary(warnings=["the newest record is 40 days older"]))

    assert shown.index("- the newest record") < shown.index("Outcomes of each rule")


WHOLE = {"table": "transfers", "file": "y", "rows_in": 4, "used": 4, "left_out": 0, "rejected": 0}


def test_rows_are_accounted_for_in_total_and_wherever_some_were_not_used() -> None:
    lines = text(summary(tables=[*summary()["tables"], WHOLE])).splitlines()

    assert "cases              10     8         2         0" in lines
    assert "appointments       50    47         0         3" in lines
    assert "all tables         64    59         2         3" in lines
    assert not any(line.startswith("transfers ") for line in lines)


def test_verbose_accounts_for_every_table() -> None:
    shown = text(summary(tables=[WHOLE]), verbose=True)

    assert any(line.startswith("transfers ") for line in shown.splitlines())


def test_missing_table_says_what_it_costs() -> None:
    told = " ".join(text(summary()).split())

    (rule_,) = summary()["missing_costs"]["home_visits"]
    assert f"The table home_visits is not in the export; 1 rule could not be decided without it: {rule_}." in told


def test_rule_shows_both_counts_share_and_range() -> None:
    (line,) = [line for line in text(summary()).splitlines() if line.startswith("contact-frequency  ")]

    assert line.split() == ["contact-frequency", "3/4", "75%", "0", "4", "38-88%"]


def test_rules_stand_under_their_criterion() -> None:
    rules = [rule("c", criterion="targets"), rule("b", criterion="1.2"), rule("a", criterion="1.2")]
    lines = [line.partition("  ")[0] for line in text(summary(rules=rules)).splitlines()]

    begin = lines.index("Rule")
    assert lines[begin + 1 : begin + 6] == ["Criterion 1.2", "a", "b", "Targets", "c"]


def test_rule_without_unknown_cases_has_no_range() -> None:
    counts = dict.fromkeys(OUTCOMES, 0) | {"met": 3, "late": 1}
    shown = text(summary(rules=[rule(outcomes=counts, rate_low=0.75, rate_high=0.75)]))

    assert "75%    0        0\n" in shown


def test_rule_that_decided_nothing_has_no_share() -> None:
    counts = dict.fromkeys(OUTCOMES, 0)
    shown = text(summary(rules=[rule(outcomes=counts, rate=None, rate_low=None, rate_high=None)]))

    assert "0/0      -" in shown


def test_rule_that_failed_is_named_first_of_all_warnings() -> None:
    counts = dict.fromkeys(OUTCOMES, 0) | {"error": 8}
    shown = text(summary(rules=[rule(outcomes=counts, rate=None)], warnings=["another"]))

    assert "- 1 rule could not run: contact-frequency.\n- another" in shown


def test_findings_say_how_many_more_there_are() -> None:
    shown = text(summary(), finding())

    assert "1 of 1,200 findings" in shown
    assert "critical: C1 (Wirral, OM1): roh-screening-at-start missing\n     There is no screening." in shown
    assert "To do" not in shown


def test_verbose_findings_say_what_to_do() -> None:
    assert "To do: Complete the screening today." in text(summary(), finding(), verbose=True)


def test_conclusion_among_the_findings_needs_no_dates() -> None:
    alert = finding(rule="public-protection-alert", outcome=None, days_late=None, team=None, officer=None)

    assert "critical: C1: public-protection-alert\n" in text(summary(), alert)


def test_undecided_names_the_column_that_would_decide() -> None:
    assert "cases.tier             4      1" in text(summary())


def test_assumed_values_are_named_with_their_rules() -> None:
    assert "- contact-minimum: contact-frequency" in text(summary())


def test_folder_is_named_on_one_line(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 90)

    assert f"Results: {folder}" in text(summary(), folder=folder).splitlines()


def test_letters_that_steer_a_terminal_are_not_printed() -> None:
    shown = text(summary(area="\x1b[31mRed", warnings=["a\x07b"]), finding(case_id="C\x1b1", team="\x9b"))

    assert not {"\x1b", "\x07", "\x9b"} & set(shown)


def test_column_that_seems_misspelt_is_told_with_what_it_may_mean() -> None:
    columns = [{"column": column, "cases": 9} for column in ("appointments.scheduled_on", "roh_level", "ppo")]
    unread = ["appointments.sheduled_on", "cases.roh_levle", "breaches.sheduled_on", "cases.surname"]

    shown = " ".join(text(summary(rules=[rule(undecided_by=columns)], unread=unread)).split())

    assert "appointments.sheduled_on is no column that is known; did you mean scheduled_on? If so, rename it" in shown
    assert "cases.roh_levle is no column that is known; did you mean roh_level?" in shown
    assert shown.count("did you mean") == 2


@pytest.mark.parametrize("verbose", [False, True])
def test_summary_fits_80_columns(verbose: bool) -> None:
    long = "a-rule-with-a-name-that-is-longer-than-anybody-would-like-to-read-on-a-narrow-terminal"
    counts = dict.fromkeys(OUTCOMES, 1_000_000)
    columns = [{"column": f"a_table_with_a_long_name.and_column_{'x' * 60}{n}", "cases": n} for n in range(20)]
    big = summary(
        rules=[rule(long, outcomes=counts, undecided_by=columns)],
        unread=[f"cases.column_{n}" for n in range(40)],
        missing_costs={"home_visits": [long] * 5},
        assumed=[{"value": long, "title": "t", "rules": [long] * 3}],
        warnings=["word " * 60],
        exit_because="word " * 40,
        filters={"teams": ["Wirral"] * 20},
    )

    lines = text(big, finding(case_id="C" * 200, reason="word " * 60), verbose=verbose).splitlines()

    assert max(map(len, lines)) <= 80


def test_colour_changes_nothing_but_colour() -> None:
    coloured = text(summary(), finding(), paint=paint_colour)

    assert "\x1b[1mThe worst findings\x1b[0m" in coloured
    assert coloured.replace("\x1b[1m", "").replace("\x1b[0m", "") == text(summary(), finding())


def test_longest_id_is_whole_at_the_size_of_an_area() -> None:
    counts = dict.fromkeys(OUTCOMES, 0) | {"met": 10_000, "late": 30_000, "due": 3_000, "unknown": 1_000}

    assert "roh-full-analysis-when-indicated  10,000/40,000    25%  3,000    1,000" in text(
        summary(rules=[rule("roh-full-analysis-when-indicated", outcomes=counts, rate=0.25)])
    )


def test_rejected_rows_are_told_with_the_place_of_their_reasons(tmp_path: Path) -> None:
    kept = "\n".join(summarise(summary(), [], tmp_path / "run"))
    shown = "\n".join(summarise(summary(), [], None))
    clean = summary()
    clean["tables"] = [{**table, "rejected": 0} for table in clean["tables"]]

    assert "rejects.csv" in kept.replace("\n  ", "")
    assert "rejects.csv of a run that is kept (--output)" in " ".join(shown.split())
    assert "or to correct their rejected rows:" in " ".join(shown.split())
    assert "rejected rows" not in "\n".join(summarise(clean, [], None))
