"""A file of published figures is read whole, or every mistake in it is told by its line, and no cell is repeated."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from omi_rules.problems import UsageError
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.scoring.published import Published, load_published, read_cases

CRITERIA = load_criteria()
RULES = {"contact-frequency", "induction-on-time"}
GOOD = """figures:
  - of: {rule: contact-frequency}
    figure: {percent: 97.5}
    by: The area's own
      monitoring
    period: {printed: spring, from: 2006-04-01, to: 2006-06-30}
    definition: Appointments arranged.
    cases: mine.csv
"""


def load(folder: Path, text: str) -> list[Published]:
    (folder / "mine.csv").write_text("case_id,result\n", encoding="utf-8")
    (folder / "published.yaml").write_text(text, encoding="utf-8")
    return load_published(folder / "published.yaml", CRITERIA, RULES)


def test_figure_is_read_with_its_places_its_period_and_the_list_beside_it(tmp_path: Path) -> None:
    (figure,) = load(tmp_path, GOOD)

    assert (figure.kind, figure.id, figure.percent, figure.places) == ("rule", "contact-frequency", Fraction(195, 2), 1)
    assert figure.by == "The area's own monitoring"
    assert (figure.first, figure.last) == (date(2006, 4, 1), date(2006, 6, 30))
    assert figure.cases == tmp_path / "mine.csv"


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("rule: contact-frequency", "rule: contact-frequenzy", ":2  figures[1].of.rule: the rulebook has no rule"),
        ("rule: contact-frequency", "rule: contact-frequenzy", "did you mean contact-frequency?"),
        ("rule: contact-frequency", "question: 9.9.99", "the rulebook has no question 9.9.99"),
        ("rule: contact-frequency", "target: complience", "did you mean compliance?"),
        ("rule: contact-frequency", "target: sickness-absence", "is no share of cases: set it beside with --figures"),
        ("rule: contact-frequency", "target: programme-completions", "is no share of cases"),
        ("rule: contact-frequency", "criterion: 4.2", "the rulebook has no criterion 4.2"),
        ("rule: contact-frequency", "criterion: 1.2", ":8  figures[1].cases: a criterion is an average"),
        ("rule: contact-frequency", "rule: a, target: b", "give exactly one of question, rule, target or criterion"),
        ("{percent: 97.5}", "{percent: 100.1}", ":3  figures[1].figure.percent: a share is at most 100"),
        ("{percent: 97.5}", "{percent: 97%}", "should be a number"),
        ("{percent: 97.5}", "{sufficient: 3}", "should be {percent: 97}, or {sufficient: 29, of: 30}"),
        ("{percent: 97.5}", "{sufficient: 3, of: 2}", "this is more than all there are"),
        ("to: 2006-06-30", "to: 2006-03-31", ":6  figures[1].period.to: the period ends before it begins"),
        (", to: 2006-06-30", "", "from needs to beside it"),
        ("cases: mine.csv", "cases: other.csv", ":8  figures[1].cases: there is no such file beside this one"),
        ("cases: mine.csv", "cases: ../mine.csv", "without a folder"),
        ("cases: mine.csv", "cases: ..", "without a folder"),
        ("    definition: Appointments arranged.\n", "", "definition is missing"),
        ("definition: A", "defintion: A", "did you mean definition?"),
        ("figures:", "figures: []\nother:", "there is no key other here"),
    ],
)
def test_mistake_is_told_with_its_line_and_what_was_meant(right: str, wrong: str, said: str, tmp_path: Path) -> None:
    assert GOOD.count(right) == 1

    with pytest.raises(UsageError) as caught:
        load(tmp_path, GOOD.replace(right, wrong))

    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("figure", "percent"),
    [
        ("{percent: 99.5}", 99.5),
        ("{percent: 100}", 100),
        ("{sufficient: 3, of: 3}", 100),
        ("{sufficient: 0, of: 3}", 0),
    ],
)
def test_a_figure_may_be_all_there_are(figure: str, percent: float, tmp_path: Path) -> None:
    (read,) = load(tmp_path, GOOD.replace("{percent: 97.5}", figure))

    assert read.percent == percent


@pytest.mark.parametrize(
    ("figure", "share", "agrees"),
    [
        ("{percent: 97.5}", Fraction(97449, 100000), False),
        ("{percent: 97.5}", Fraction(9745, 10000), True),
        ("{percent: 97.5}", Fraction(97549, 100000), True),
        ("{percent: 97.5}", Fraction(9755, 10000), False),
        ("{percent: 97.25}", Fraction(97246, 100000), True),
        ("{percent: 97.25}", Fraction(97244, 100000), False),
        ("{percent: 97}", Fraction(965, 1000), True),
        ("{percent: 97}", Fraction(975, 1000), False),
        ("{percent: 0}", Fraction(4, 1000), True),
        ("{percent: 0}", Fraction(9, 1000), False),
    ],
)
def test_a_share_agrees_that_would_be_printed_so(figure: str, share: Fraction, agrees: bool, tmp_path: Path) -> None:
    (read,) = load(tmp_path, GOOD.replace("{percent: 97.5}", figure))

    assert read.agrees(share) is agrees


@pytest.mark.parametrize(
    ("counted", "agrees"), [((29, 30), True), ((28, 30), False), ((30, 30), False), ((58, 60), False)]
)
def test_counts_agree_that_are_the_same(counted: tuple[int, int], agrees: bool, tmp_path: Path) -> None:
    (read,) = load(tmp_path, GOOD.replace("{percent: 97.5}", "{sufficient: 29, of: 30}"))

    assert read.agrees(Fraction(29, 30), counted) is agrees
    assert read.agrees(Fraction(29, 30))  # an average has no counts


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path, GOOD.replace("percent: 97.5", "percent: 101").replace("contact-", "contakt-"))

    assert str(caught.value).count("published.yaml:") == 2


def test_file_that_is_not_there_is_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_published(tmp_path / "none.yaml", CRITERIA, RULES)


def write_list(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "list.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_list_is_read_in_any_order_of_columns_and_any_case(tmp_path: Path) -> None:
    path = write_list(tmp_path, "\ufeffresult,name,case_id\nSufficient,x, 007 \noutside,y,8\n\n")

    assert read_cases(path) == {"007": "sufficient", "8": "outside"}


def test_mistakes_of_a_list_are_told_by_row_without_the_cells(tmp_path: Path) -> None:
    path = write_list(tmp_path, "case_id,result\nSECRET1,sufficient\n,sufficient\nSECRET1,outside\nSECRET2,SECRET3\n")

    with pytest.raises(UsageError) as caught:
        read_cases(path)

    assert [line.strip() for line in str(caught.value).splitlines()[1:]] == [
        "row 2: case_id: it is empty. Write the case reference.",
        "row 3: case_id: row 1 lists the same case. Keep one of them.",
        "row 4: result: should be one of sufficient, insufficient, outside.",
    ]
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ("case_id,outcome\nA,sufficient\n", "utf-8", "has no column result"),
        ("", "utf-8", "has no column case_id"),
        ("case_id,result\nA,é\n", "latin-1", "is no CSV in UTF-8"),
        ('case_id,result\nA,"sufficient\n', "utf-8", "is no CSV in UTF-8"),
        ("case_id,result\nA\n", "utf-8", "row 1: result"),
    ],
)
def test_list_that_cannot_be_read_says_what_to_do(text: str, encoding: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=said):
        read_cases(write_list(tmp_path, text, encoding))


def test_many_mistakes_of_a_list_are_counted(tmp_path: Path) -> None:
    path = write_list(tmp_path, "case_id,result\n" + "".join(f"{number},x\n" for number in range(25)))

    with pytest.raises(UsageError, match="and 5 more"):
        read_cases(path)
