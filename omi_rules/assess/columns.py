"""What workbooks are made of: the columns of a case's sheet, the answers, and the marks by which they are read again.

Whoever reads a workbook goes by the names of columns and by the key in each row, never by a place.
"""

from dataclasses import dataclass

#: The answers as an assessor sees them, and as answers.csv has them.
ANSWERS = {
    "excellent": "excellent",
    "sufficient": "sufficient",
    "insufficient": "insufficient",
    "poor": "poor",
    "not applicable": "not_applicable",
    "not evidenced": "not_evidenced",
}


@dataclass(frozen=True)
class Column:
    """A column of a case's sheet: its heading, and its width in letters."""

    heading: str
    width: float


NUMBER = Column("No.", 7)
QUESTION = Column("Question", 48)
OUTCOME = Column("By the records", 13)
EVIDENCE = Column("Evidence, or which cases it is about", 34)
DUE = Column("Due", 11.5)
DONE = Column("Done", 11.5)
ANSWER = Column("Answer", 14)
CORRECTION = Column("Correction", 14)
COMMENT = Column("Comment, or reason for a correction", 38)
KEY = Column("Key", 12)
COLUMNS = (NUMBER, QUESTION, OUTCOME, EVIDENCE, DUE, DONE, ANSWER, CORRECTION, COMMENT, KEY)

#: The hidden sheet that says what a workbook is; its columns, by the headings in its first row.
MARKS_SHEET = "omi-rules"
MARKS = ("setting", "value", "case", "rating", "question", "version", "decider", "asked")

#: The layout of a workbook; a reader refuses any other.
LAYOUT = "1"


def case_sheet(number: int) -> str:
    """The name of a case's sheet, which does not give the case's reference away."""
    return f"Case {number}"


def row_key(number: int, question: str) -> str:
    """The key of a row: the case's number in the sample, and the question."""
    return f"{number}:{question}"
