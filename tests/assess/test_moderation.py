"""Moderation: what is listed, what is taken of an --agree file, and that what was said stays as it is."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from omi_rules.assess import answers
from omi_rules.assess.moderation import Moderation, moderate
from omi_rules.problems import OutputError, UsageError
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.scoring.answers import count_unmoderated, read_answers
from tests.assess.ratings import BY_RULE, JUDGED, OTHER, RISK, Row, keep_ratings, rate_twice
from tests.scoring.conftest import write_criteria

ROWS: list[Row] = [
    *rate_twice(OTHER, ("excellent", "sufficient"), ("poor", "poor")),
    *rate_twice(JUDGED, ("sufficient", "poor"), ("not_applicable", "poor")),
    ("C001", BY_RULE, "Ben", 2, "sufficient", "It was done."),
]


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_criteria(tmp_path_factory.mktemp("small") / "rules")


class Table:
    """A folder of answers, and those who sit over it."""

    def __init__(self, folder: Path, rules: Path, rows: Sequence[Row] = ROWS) -> None:
        self.place, self.rules = folder, rules
        self.answers = keep_ratings(folder / "answers", rules, rows)

    def look(self) -> Moderation:
        return moderate(self.answers, None, self.rules)

    def agree(self, *rows: str, header: str = "case_id,question,answer,reason,moderator") -> Moderation:
        file = self.place / "agree.csv"
        file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        return moderate(self.answers, file, self.rules)

    def counting(self, case: str, question: str) -> tuple[str, str] | None:
        """The answer that counts, with its reason."""
        found = read_answers(self.answers, load_criteria(self.rules).questions, {"C001", "C002"})
        return next(
            ((one.answer, one.reason) for one in found if (one.case_id, one.question) == (case, question)), None
        )

    def content(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in self.answers.iterdir()}


@pytest.fixture
def table(tmp_path: Path, rules: Path) -> Table:
    return Table(tmp_path, rules)


def test_disagreements_that_matter_to_the_scores_come_first(table: Table) -> None:
    listed = [(one.case_id, one.question.id, one.crosses) for one in table.look().disagreements]

    assert listed == [
        ("C001", BY_RULE, True),
        ("C001", JUDGED, True),
        ("C002", JUDGED, True),
        ("C001", OTHER, False),
    ]


def test_disagreement_says_who_said_what(table: Table) -> None:
    correction, judged, *_ = table.look().disagreements

    assert [(said.assessor, said.answer) for said in judged.said] == [("Ann", "sufficient"), ("Ben", "poor")]
    assert [(said.assessor, said.answer, said.comment) for said in correction.said] == [
        ("Ann", "", ""),
        ("Ben", "sufficient", "It was done."),
    ]


def test_until_it_is_moderated_the_first_rating_counts(table: Table) -> None:
    assert table.look().unmoderated == 4
    assert table.counting("C001", JUDGED) == ("sufficient", "")
    assert table.counting("C001", BY_RULE) is None


def test_agreed_answer_counts_and_both_ratings_stay(table: Table) -> None:
    before = table.content()

    moderation = table.agree(f"C001,{JUDGED},insufficient,Seen together.,Mo")

    assert (moderation.new, moderation.changed, moderation.unmoderated) == (1, 0, 3)
    assert table.counting("C001", JUDGED) == ("insufficient", "Seen together.")
    after = table.content()
    assert after["ratings.csv"] == before["ratings.csv"]
    with (table.answers / "moderated.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == [
            {"case_id": "C001", "question": JUDGED, "answer": "insufficient", "reason": "Seen together."}
            | {"moderator": "Mo", "ratings": "Ann: sufficient; Ben: poor"}
        ]


def test_agreeing_twice_changes_nothing(table: Table) -> None:
    row = f"C001,{JUDGED},insufficient,Seen together.,Mo"
    table.agree(row)
    before = table.content()

    again = table.agree(row)

    assert (again.new, again.changed) == (0, 0)
    assert table.content() == before


def test_another_agreed_answer_replaces_the_first(table: Table) -> None:
    table.agree(f"C001,{JUDGED},insufficient,Seen together.,Mo", f"C002,{JUDGED},poor,It was.,Mo")

    moderation = table.agree(f"C001,{JUDGED},poor,Seen again.,Mo")

    assert (moderation.new, moderation.changed) == (0, 1)
    assert table.counting("C001", JUDGED) == ("poor", "Seen again.")
    assert table.counting("C002", JUDGED) == ("poor", "It was.")


@pytest.mark.parametrize(
    ("answer", "counts"),
    [("as_recorded", None), ("poor", ("poor", "Looked up.")), ("excellent", ("excellent", "Looked up."))],
)
def test_correction_is_agreed_on_or_the_records_stand(
    table: Table, answer: str, counts: tuple[str, str] | None
) -> None:
    table.agree(f"C001,{BY_RULE},{answer},Looked up.,")

    assert table.counting("C001", BY_RULE) == counts


def test_correction_that_counted_is_taken_back(tmp_path: Path, rules: Path) -> None:
    rows: list[Row] = [*rate_twice(JUDGED, ("poor", "poor")), ("C001", BY_RULE, "Ann", 1, "sufficient", "Done.")]
    table = Table(tmp_path, rules, rows)
    assert table.counting("C001", BY_RULE) == ("sufficient", "Done.")

    table.agree(f"C001,{BY_RULE},as_recorded,It was not.,")

    assert table.counting("C001", BY_RULE) is None


def test_row_without_an_answer_is_left_for_later(table: Table) -> None:
    moderation = table.agree(f"C001,{JUDGED},,,", f"C002,{JUDGED},poor,It was.,")

    assert (moderation.new, moderation.empty) == (1, 1)
    assert table.counting("C001", JUDGED) == ("sufficient", "")


def test_other_columns_are_left_aside_and_the_moderator_may_be(table: Table) -> None:
    table.agree(f"poor,x,C001,{JUDGED},It was.", header="answer,asks,case_id,question,reason")

    assert table.counting("C001", JUDGED) == ("poor", "It was.")


BAD = {
    "case": (f"C009,{JUDGED},poor,It was.,", r"row 1: case_id: the sample has no such case"),
    "question": ("C001,9.9.99,poor,It was.,", r"row 1: question: the rulebook has no such question"),
    "agreement": (f"C002,{OTHER},poor,It was.,", r"row 1: question: no two assessors disagree"),
    "once": (f"C001,{RISK},poor,It was.,", r"row 1: question: no two assessors disagree"),
    "answer": (f"C001,{JUDGED},SECRET,It was.,", r"row 1: answer: should be one of excellent, .*not_applicable\."),
    "answer missing": (f"C001,{JUDGED},,SECRET,", r"row 1: answer: should be one of"),
    "records": (f"C001,{JUDGED},as_recorded,It was.,", r"row 1: answer: should be one of"),
    "reason": (f"C001,{JUDGED},poor,,", r"row 1: reason: say why"),
}


@pytest.mark.parametrize(("row", "told"), BAD.values(), ids=BAD)
def test_bad_row_is_told_without_its_value_and_nothing_is_taken(table: Table, row: str, told: str) -> None:
    before = table.content()

    with pytest.raises(UsageError, match=told) as raised:
        table.agree(row, f"C002,{JUDGED},poor,It was.,")

    assert "SECRET" not in str(raised.value)
    assert table.content() == before


def test_every_bad_row_is_told(table: Table) -> None:
    with pytest.raises(UsageError) as raised:
        table.agree(f"C001,{JUDGED},poor,,", "C009,9.9.99,,x,", f"C001,{JUDGED},poor,It was.,")

    said = str(raised.value)
    assert [
        part in said for part in ("row 1: reason", "row 2: case_id", "row 2: answer", "row 3: question: row 1")
    ] == [True] * 4


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"case_id,question\n", "has no column answer"), (b"\xff\xfe", "no CSV in UTF-8"), (b"", "has no column case_id")],
    ids=["columns", "bytes", "empty"],
)
def test_file_that_is_no_table_is_refused(table: Table, content: bytes, told: str) -> None:
    file = table.place / "agree.csv"
    file.write_bytes(content)

    with pytest.raises(UsageError, match=told):
        moderate(table.answers, file, table.rules)


def test_file_that_is_not_there_is_said(table: Table) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        moderate(table.answers, table.place / "away.csv", table.rules)


def rate_again(table: Table, question: str, assessor: str, answer: str) -> None:
    """What an import does with an answer that was changed."""
    gathered = answers.open_gathered(table.answers)
    before = gathered.ratings["C001", question, assessor]
    gathered.ratings["C001", question, assessor] = answers.Rating(before.rating, answer, "", before.version)
    answers.keep_gathered(table.answers, gathered, load_criteria(table.rules).questions)


def test_agreed_answer_is_kept_over_an_import_and_told_if_a_rating_was_replaced(table: Table) -> None:
    table.agree(f"C001,{JUDGED},insufficient,Seen together.,Mo")

    rate_again(table, JUDGED, "Ben", "not_evidenced")

    assert table.counting("C001", JUDGED) == ("insufficient", "Seen together.")
    assert [one.replaced for one in table.look().disagreements if one.agreed] == [True]


def test_agreed_answer_gives_way_where_both_say_the_same_now(table: Table) -> None:
    table.agree(f"C001,{JUDGED},insufficient,Seen together.,Mo")

    rate_again(table, JUDGED, "Ben", "sufficient")

    assert table.counting("C001", JUDGED) == ("sufficient", "")
    assert table.look().unmoderated == 3


def test_case_reference_that_looks_like_a_formula_is_known(tmp_path: Path, rules: Path) -> None:
    rows: list[Row] = [("=C1", JUDGED, "Ann", 1, "poor"), ("=C1", JUDGED, "Ben", 2, "excellent")]
    table = Table(tmp_path, rules, rows)

    assert table.agree(f"'=C1,{JUDGED},poor,It was.,").new == 1


def test_folder_stays_the_owners_alone(table: Table) -> None:
    table.agree(f"C001,{JUDGED},poor,It was.,")

    assert table.answers.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in table.answers.iterdir()} == {0o600}


@pytest.mark.parametrize(("before", "after"), [(",poor,", ",grand,"), ("C001", "C009"), ("reason", "why")])
def test_moderated_answers_that_were_changed_by_hand_are_refused(table: Table, before: str, after: str) -> None:
    table.agree(f"C001,{JUDGED},poor,It was.,")
    path = table.answers / "moderated.csv"
    path.write_text(path.read_text("utf-8").replace(before, after), encoding="utf-8")

    with pytest.raises(OutputError, match=r"moderated\.csv was changed, and cannot be read"):
        table.look()


def test_question_that_the_rulebook_has_no_more_is_nothing_to_agree_on(tmp_path: Path, rules: Path) -> None:
    table = Table(tmp_path, rules, [*ROWS, *rate_twice("9.9.99", ("poor", "excellent"))])

    assert len(table.look().disagreements) == 4


@pytest.mark.parametrize("names", [("Ann", "Ben"), ("Ben", "Ann")])
def test_of_two_first_ratings_the_one_of_the_first_name_counts(
    tmp_path: Path, rules: Path, names: tuple[str, str]
) -> None:
    said = {"Ann": "poor", "Ben": "excellent"}
    rows: list[Row] = [("C001", JUDGED, name, 1, said[name]) for name in names]

    assert Table(tmp_path, rules, rows).counting("C001", JUDGED) == ("poor", "")


def test_scoring_is_told_how_many_are_left(table: Table) -> None:
    before = count_unmoderated(table.answers)

    table.agree(f"C001,{JUDGED},insufficient,Seen together.,Mo")

    assert (before, count_unmoderated(table.answers)) == (4, 3)


def test_levels_of_section_4_stay_where_answers_are_agreed_on(table: Table) -> None:
    (table.answers / "leadership.csv").write_text("criterion,point,answer,evidence\n", encoding="utf-8")

    table.agree(f"C001,{JUDGED},insufficient,Seen together.,Mo")

    assert (table.answers / "leadership.csv").read_text("utf-8") == "criterion,point,answer,evidence\n"
