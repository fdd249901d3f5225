"""What the workbook of section 4 is made of: the columns of a criterion's sheet, and the marks by which it is read."""

from omi_rules.assess.columns import Column

NUMBER = Column("No.", 9)
POINT = Column("Point", 56)
RECORDS = Column("By the records", 32)
FINDING = Column("Finding", 21)
EVIDENCE = Column("Evidence", 60)
KEY = Column("Key", 10)
COLUMNS = (NUMBER, POINT, RECORDS, FINDING, EVIDENCE, KEY)

#: The hidden sheet's columns, and the layout that tells this workbook from those of cases.
MARKS = ("setting", "value", "point", "version")
LAYOUT = "leadership 1"


def level_key(criterion: str) -> str:
    """The key of the row with a criterion's level; those of points are their ids."""
    return f"{criterion}.level"
