"""Figures typed in: what they say, and that every mistake is told with its line."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from omi_rules.problems import UsageError
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.questions import Target
from omi_rules.scoring.figures import Figures, load_figures

PERIOD = "period: {printed: 2006/2007, from: 2006-04-01, to: 2007-03-31}\n"


@pytest.fixture(scope="module")
def targets() -> list[Target]:
    return [target for table in load_criteria().targets.values() for target in table.targets]


def load(tmp_path: Path, targets: list[Target], text: str) -> Figures:
    file = tmp_path / "figures.yaml"
    file.write_text(text, encoding="utf-8")
    return load_figures(file, targets)


def mistakes(tmp_path: Path, targets: list[Target], text: str) -> str:
    with pytest.raises(UsageError) as raised:
        load(tmp_path, targets, text)
    return str(raised.value).replace(str(tmp_path), "")


def test_figures_are_exact_in_the_unit_of_their_target(tmp_path: Path, targets: list[Target]) -> None:
    figures = load(
        tmp_path,
        targets,
        PERIOD
        + """figures:
  sickness-absence: {figure: "10.4", source: the staff office}
  programme-completions: {count: {numerator: 99, denominator: 90}}
  compliance:
    count: {numerator: 2, denominator: 3}
    period: {printed: a quarter, from: 2006-04-01, to: 2006-06-30}
  high-roh-assessed-and-planned: {reported: 97, source: Performance Report 21}
""",
    )

    sickness, programmes = figures.typed["sickness-absence"], figures.typed["programme-completions"]
    assert (sickness.figure, sickness.numerator, sickness.source) == (Fraction(52, 5), None, "the staff office")
    assert sickness.period.last == date(2007, 3, 31)
    assert (programmes.figure, programmes.numerator, programmes.denominator) == (Fraction(110), 99, 90)
    assert figures.typed["compliance"].figure == Fraction(200, 3)
    assert figures.typed["compliance"].period.printed == "a quarter"
    assert figures.typed.keys() == {"sickness-absence", "programme-completions", "compliance"}
    assert figures.reported["high-roh-assessed-and-planned"].figure == 97


@pytest.mark.parametrize(
    ("figure", "says"),
    [
        (
            "sickness-absense: {figure: 9}",
            "3  figures.sickness-absense: the rulebook has no target sickness-absense; did",
        ),
        ("ethnicity-data: {figure: 97}", "the rule ethnicity-recorded gives this figure: write `reported:`"),
        ("breach-resolution-average: {figure: 40}", "the measure breach-resolution-average gives this figure"),
        ("sickness-absence: {reported: 9}", "nothing else gives this figure: write `figure:`"),
        ("compliance: {count: {numerator: 4, denominator: 3}}", "the numerator is more than all there are"),
        ("compliance: {count: {numerator: 4, denominator: 0}}", "figures.compliance.count.denominator"),
        ("compliance: {figure: 77, reported: 77}", "should be one of figure, count and reported"),
        ("compliance: {source: x}", "should be one of figure, count and reported"),
        ('compliance: {figure: "77,5"}', "with a decimal point in quotes"),
        ("compliance: {figur: 77}", "did you mean figure?"),
        (
            "compliance: {figure: 77, period: {printed: x, from: 2006-04-02, to: 2006-04-01}}",
            "figures.compliance.period.to: the period ends before it begins",
        ),
    ],
)
def test_mistake_is_told_with_its_line(tmp_path: Path, targets: list[Target], figure: str, says: str) -> None:
    told = mistakes(tmp_path, targets, f"{PERIOD}figures:\n  {figure}\n")

    assert "figures.yaml:3" in told
    assert says in told


def test_a_numerator_may_be_all_there_are_and_days_may_be_more_than_the_staff(
    tmp_path: Path, targets: list[Target]
) -> None:
    figures = load(
        tmp_path,
        targets,
        PERIOD
        + """figures:
  compliance: {count: {numerator: 3, denominator: 3}}
  sickness-absence: {count: {numerator: 98, denominator: 10}}
""",
    )

    assert figures.typed["compliance"].figure == 100
    assert figures.typed["sickness-absence"].figure == Fraction(98, 10)


def test_every_mistake_is_told_at_once(tmp_path: Path, targets: list[Target]) -> None:
    told = mistakes(tmp_path, targets, PERIOD + "figures:\n  nothing: {figure: 1}\n  ethnicity-data: {figure: 1}\n")

    assert ("figures.yaml:3" in told, "figures.yaml:4" in told) == (True, True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("figures: {}\n", "period"),
        (PERIOD, "figures"),
        ("", "figures.yaml"),
        (PERIOD + "figures: {a: {figure: 1}, a: {figure: 2}}\n", "figures.yaml:2"),
        (PERIOD.replace("2007-03-31", "2006-03-31") + "figures: {}\n", "period.to: the period ends before it begins"),
    ],
)
def test_file_without_its_parts_is_refused(tmp_path: Path, targets: list[Target], text: str, says: str) -> None:
    assert says in mistakes(tmp_path, targets, text)


def test_file_that_is_not_there_is_one_sentence(tmp_path: Path, targets: list[Target]) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        load_figures(tmp_path / "nowhere.yaml", targets)
