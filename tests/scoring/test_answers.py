"""Assessors' answers as a file: every mistake is told at once, by row and column, without the cell's value."""

from pathlib import Path

import pytest

from omi_rules.data.store import open_store
from omi_rules.problems import UsageError
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.scoring.answers import Answer, read_answers, store_answers
from tests.scoring.runs import write_answers


def read(folder: Path, rules: Path) -> list[Answer]:
    return read_answers(folder, load_criteria(rules).questions, {"C001", "C002"})


def refusal(folder: Path, rules: Path) -> str:
    with pytest.raises(UsageError) as raised:
        read(folder, rules)
    return str(raised.value)


def test_answers_come_in_order_of_case_and_question(tmp_path: Path, rules: Path) -> None:
    write_answers(tmp_path, [("C002", "1.1.02", "poor"), (" C001 ", "1.2.02", ""), ("C001", "1.1.02", "excellent")])

    assert [(answer.case_id, answer.question, answer.answer, answer.row) for answer in read(tmp_path, rules)] == [
        ("C001", "1.1.02", "excellent", 3),
        ("C001", "1.2.02", "", 2),
        ("C002", "1.1.02", "poor", 1),
    ]


def test_columns_may_come_in_any_order_and_reason_with_others(tmp_path: Path, rules: Path) -> None:
    text = "\ufeffreason,answer,question,case_id,assessor\n,poor,1.1.02,C001,A1\n\n"
    (tmp_path / "answers.csv").write_text(text, encoding="utf-8")

    assert read(tmp_path, rules) == [Answer("C001", "1.1.02", "poor", "", 1)]


def test_every_mistake_is_told_by_row_and_column_and_no_value_is(tmp_path: Path, rules: Path) -> None:
    write_answers(
        tmp_path,
        [
            ("Secret-1", "1.1.02", "poor"),
            ("C001", "Secret-2", "poor"),
            ("C001", "1.1.02", "Secret-3"),
            ("C001", "1.1.02", "poor"),
            ("C002", "1.1.01", "sufficient", ""),
        ],
    )

    told = refusal(tmp_path, rules)

    assert [line.strip() for line in told.splitlines()[1:]] == [
        "row 1: case_id: the run has no such case. Correct it, or check the export with this case.",
        "row 2: question: the rulebook has no such question. Write its number, as in 1.2.20.",
        "row 3: answer: should be one of excellent, sufficient, insufficient, poor, not_evidenced, not_applicable, "
        "or empty.",
        "row 4: question: row 3 answers it for the same case. Keep one of them.",
        "row 5: reason: this corrects what a rule found. Say why.",
    ]
    assert "Secret" not in told


def test_many_mistakes_are_counted(tmp_path: Path, rules: Path) -> None:
    write_answers(tmp_path, [(f"X{number}", "1.1.02", "poor") for number in range(23)])

    assert refusal(tmp_path, rules).endswith("and 3 more")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"case_id,question,answer\n", "has no column reason: its header is case_id,question,answer,reason"),
        (b"", "has no column case_id"),
        (b"case_id,question,answer,reason\n\xff\n", "no CSV in UTF-8: save it so"),
        (b'case_id,question,answer,reason\n"C001\n', "no CSV in UTF-8: save it so"),
    ],
)
def test_what_is_no_table_of_answers_is_refused(tmp_path: Path, rules: Path, content: bytes, words: str) -> None:
    (tmp_path / "answers.csv").write_bytes(content)

    assert words in refusal(tmp_path, rules)


def test_answers_that_are_not_there_are_refused(tmp_path: Path, rules: Path) -> None:
    assert "cannot be read: No such file or directory" in refusal(tmp_path / "none", rules)


def test_a_case_whose_reference_a_spreadsheet_would_run_is_known_with_and_without_the_mark(
    tmp_path: Path, rules: Path
) -> None:
    write_answers(tmp_path, [("'=0003", "1.1.02", "poor"), ("-4", "1.1.02", "poor")])

    found = read_answers(tmp_path, load_criteria(rules).questions, {"=0003", "-4"})

    assert [answer.case_id for answer in found] == ["-4", "=0003"]


def test_a_file_without_a_row_is_refused(tmp_path: Path, rules: Path) -> None:
    write_answers(tmp_path, [])

    assert "has no row: it is about no case" in refusal(tmp_path, rules)


@pytest.mark.parametrize(
    ("answer", "outside", "sufficient"),
    [
        ("excellent", False, True),
        ("sufficient", False, True),
        ("insufficient", False, False),
        ("poor", False, False),
        ("not_evidenced", False, False),
        ("not_applicable", True, None),
    ],
)
def test_each_answer_says_whether_the_work_was_sufficient_or_is_outside(
    rules: Path, answer: str, outside: bool, sufficient: bool | None
) -> None:
    with open_store() as store:
        store_answers(store, [Answer("C001", "1.1.01", answer, "seen", 1)], load_criteria(rules).questions)
        stored = store.execute("FROM answered").fetchall()

    assert stored == [("C001", "1.1.01", "report-on-time", outside, sufficient)]
