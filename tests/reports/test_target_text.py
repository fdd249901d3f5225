"""The table of targets on the page of a terminal."""

from fractions import Fraction

from omi_rules.reports.target_text import ASSUMED, EXPLAINED, show_targets
from omi_rules.reports.working_text import show_working
from omi_rules.rulebook.questions import Period
from omi_rules.scoring.figures import Figure, Figures
from tests.scoring.target_runs import AS_AT, YEAR, record, score


def targets(cases: int = 20_000) -> list[dict[str, object]]:
    """All targets, some with figures: met, a near miss, missed, not told, typed in, and one reported beside."""
    period = Period("2006/2007", YEAR, AS_AT)
    found = score(
        {
            "breach-instigated-on-time": [(cases, "met", AS_AT)],
            "high-roh-assessed-and-planned": [(89, "met", AS_AT), (11, "late", AS_AT)],
            "victim-offer-on-time": [(1, "met", AS_AT), (8, "late", AS_AT)],
            "court-report-on-time": [(1, "met", AS_AT), (2, "unknown", None)],
            "ethnicity-recorded": [(30, "met", None), (1, "unknown", None)],
        },
        figures=Figures(
            {"sickness-absence": Figure(Fraction("12.4"), period)},
            {"high-roh-assessed-and-planned": Figure(Fraction(97), period, source="Performance Report 21")},
        ),
    )
    return list(record(found).values())


def row(lines: list[str], target: str) -> str:
    """The line of the first table that begins with a target."""
    return " ".join(next(line for line in lines if line.startswith(f"{target} ")).split())


def test_table_says_figure_counts_target_and_light_in_words() -> None:
    lines = show_targets(targets())

    assert row(lines, "breach-instigated") == "breach-instigated 100.0% 20,000/20,000 100-100 0 90% green"
    assert row(lines, "high-roh-assessed-and-planned").endswith("planned 89.0% 89/100 81-94 0 90% amber")
    assert row(lines, "victims-offered-contact") == "victims-offered-contact 11.1% 1/9! 2-44 0 85% red"
    assert row(lines, "court-reports-on-time") == "court-reports-on-time 100.0% 1/1! 21-100 2 90% none"
    assert row(lines, "sickness-absence") == "sickness-absence 12.4 days 0 9 days red"


def test_figures_stand_under_the_period_that_they_cover() -> None:
    text = "\n".join(show_targets(targets()))

    year, as_at, typed = (
        text.index(heading)
        for heading in ("12 months to 30 November 2006:", "As at 30 November 2006:", "2006/2007, typed in:")
    )
    assert year < text.index("breach-instigated ") < text.index("ethnicity-data ")
    assert typed < text.index("sickness-absence ") < text.index("Published")
    assert as_at < text.index("ethnicity-data ")


def test_table_says_whose_definitions_they_are_and_what_is_assumed() -> None:
    told = " ".join(" ".join(show_targets(targets())).split())

    assert EXPLAINED in told
    assert ASSUMED in told
    assert "Not told, 2 are unknown, and 1 decided: court-reports-on-time." in told
    assert "Not told, no figure was typed in: compliance," in told
    assert "high-roh-assessed-and-planned: reported as 97%, 2006/2007, Performance Report 21." in told
    assert "! fewer than 10: read with care." in told


def test_without_a_tolerance_nothing_is_assumed() -> None:
    plain = [{**target, "tolerance": None, "tolerance_assumed": False} for target in targets()]

    assert ASSUMED not in " ".join(" ".join(show_targets(plain)).split())


def test_published_figures_stand_beside_with_their_asterisks() -> None:
    lines = show_targets(targets())
    published = lines[next(place for place, line in enumerate(lines) if line.startswith("Published")) :]

    assert row(published, "high-roh-assessed-and-planned") == "high-roh-assessed-and-planned 2005/2006 83%* 81%"
    assert row(published, "race-equality-employment") == "race-equality-employment 2005/2006 6.8%* -"
    assert row(published, "compliance") == "compliance 2005/2006 77% 81%"


def test_details_say_what_was_counted_and_why() -> None:
    told = " ".join(" ".join(show_targets(targets(), verbose=True)).split())

    assert "Counted: every case as it stands at the as-at date." in told
    assert "95%: 88.6 to 100.0%. If the 1 unknown had all failed, or none: 96.8 to 100.0%." in told
    assert "A near miss is within 8.1 percentage points (assumed) of the target." in told
    assert "Sickness of staff is not in the export." in told


def test_page_is_eighty_columns_wide() -> None:
    for verbose in (False, True):
        assert max(map(len, show_targets(targets(2_000_000), verbose=verbose))) <= 80


def test_no_targets_are_no_lines() -> None:
    assert show_targets([]) == []


def test_working_names_the_days_of_an_average_and_the_points_of_a_near_miss() -> None:
    found = record(
        score(
            {"high-roh-assessed-and-planned": [(89, "met", AS_AT), (11, "late", AS_AT)]},
            {"breach-resolution-average": [(AS_AT, 30.0), (AS_AT, 33.0)]},
            rules=["breach-resolved-on-time"],
        )
    )
    lines = working_of([found["high-roh-assessed-and-planned"], found["breach-resolution-average"]])

    assert "89 of 100 = 89.00, set at least 90: near miss, within 8.1 percentage points (assumed)" in lines
    assert "63 days over 2 = 31.50, set at most 35: met" in lines


def working_of(found: list[dict[str, object]]) -> str:
    """The working of targets alone, on one line."""
    empty = {"counted": [], "undecided": [], "left_out": [], "score": None, "withheld": "nothing"}
    score = {"questions": [], "criteria": [], "sections": [], "says": [], "thread": {"title": "Thread", **empty}}
    return " ".join(" ".join(show_working({**score, "targets": found})).split())
