"""The SQL that turns the text of a cell into a value: the contract's spellings, and no others.

DuckDB evaluates the arms of a CASE only for the rows that reach them, so each conversion first takes the
plain spelling, for nothing, and goes on to spaces, capitals and local codes for the rows that are left.
(COALESCE and AND would do for the meaning, but not for the speed: what their parts share is computed for
every row.)
"""

import re
from collections.abc import Mapping

from omi_rules.data.sources import quote_name, quote_text
from omi_rules.shapes import Column, Table

#: Everything that counts as a space at the edge of a cell: what str.strip() takes off.
SPACES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())

FIRST_YEAR, LAST_YEAR = 1950, 2099

#: What an INTEGER holds at most.
_LARGEST = 2_147_483_647

_FIRST_DAY, _LAST_DAY = f"DATE '{FIRST_YEAR}-01-01'", f"DATE '{LAST_YEAR}-12-31'"

YES = ("true", "yes", "1", "y")
NO = ("false", "no", "0", "n")

_SPACES_SQL = quote_text(SPACES)
_ISO_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_NUMBER = r"[0-9]+(\.[0-9]+)?|\.[0-9]+"
#: Where two numbers of a date format stand side by side.
_DIGITS_MEET = re.compile("%-?[dmY]%-?[dmY]")
_PLAIN_TYPES = {
    "text": "VARCHAR",
    "date": "DATE",
    "boolean": "BOOLEAN",
    "integer": "INTEGER",
    "number": "DECIMAL(18,15)",
}


def enum_name(table: Table, column: Column) -> str:
    """The name of the ENUM type of a column of codes."""
    return f"{table.name}_{column.name}"


def sql_type(table: Table, column: Column) -> str:
    """The DuckDB type of a contract column."""
    return quote_name(enum_name(table, column)) if column.type == "code" else _PLAIN_TYPES[column.type]


def create_types_sql(table: Table) -> list[str]:
    """Statements that create the ENUM types of a table's codes."""
    return [
        f"CREATE TYPE {sql_type(table, column)} AS ENUM ({', '.join(map(quote_text, column.codes))})"
        for column in table.columns
        if column.type == "code"
    ]


def trimmed_sql(text: str) -> str:
    """The text without the spaces around it; NULL if nothing is left."""
    return (
        f"CASE WHEN {text} >= '!' AND {text} < '\x7f' AND substr({text}, -1) BETWEEN '!' AND '~' THEN {text} "
        f"WHEN {text} IS NOT NULL THEN nullif({_stripped_sql(text)}, '') END"
    )


def filled_sql(text: str) -> str:
    """Whether a text that is not NULL is more than spaces."""
    return f"{_stripped_sql(text)} <> ''"


def _stripped_sql(text: str) -> str:
    """As trimmed, for the few rows that a plain spelling leaves: shorter SQL, slower to run."""
    return f"trim({text}, {_SPACES_SQL})"


def translated_sql(text: str, codes: Mapping[str, str]) -> str:
    """The text with local codes, in any case, replaced by the contract's."""
    if not codes:
        return text
    arms = " ".join(f"WHEN {quote_text(local.lower())} THEN {quote_text(code)}" for local, code in codes.items())
    return f"CASE lower({_stripped_sql(text)}) {arms} ELSE {text} END"


def code_sql(text: str, quick: str, type_: str) -> str:
    """The code of a text, in any case; `quick` is the text cast as it stands."""
    word = f"lower({_stripped_sql(text)})"
    slow = f"try_cast({word} AS {type_})"
    return f"CASE WHEN {quick} IS NOT NULL THEN {quick} WHEN {text} IS NOT NULL THEN {slow} END"


def date_sql(text: str, quick: str, date_format: str | None) -> str:
    """The day of a text, if it lies in the years of the contract; `quick` is the text cast as it stands. The
    cast alone would also take 2006/1/5, so what it understood must read as what was written."""
    word = _stripped_sql(text)
    if date_format:
        # strptime takes the word epoch for a day, whatever the format; a day in digits has digits
        day = _in_years_sql(f"try_strptime({word}, {quote_text(date_format)})::DATE")
        return f"CASE WHEN {text} IS NOT NULL AND {_is_told_apart_sql(word, date_format)} THEN {day} END"
    return (
        f"CASE WHEN {quick}::VARCHAR = {text} AND {quick} BETWEEN {_FIRST_DAY} AND {_LAST_DAY} THEN {quick} "
        f"WHEN {text} IS NULL THEN NULL "
        f"WHEN regexp_full_match({word}, '{_ISO_DATE}') THEN {_in_years_sql(f'try_cast({word} AS DATE)')} END"
    )


def _is_told_apart_sql(word: str, date_format: str) -> str:
    """Whether a word can be a date of this format and no other: where digits meet digits, all of them are written, or
    2006111 might be the 1st of November as well as the 11th of January."""
    if not _DIGITS_MEET.search(date_format):
        return f"regexp_matches({word}, '[0-9]')"
    whole = quote_text(date_format.replace("%-", "%"))
    return f"lower({word}) = lower(strftime(try_strptime({word}, {quote_text(date_format)}), {whole}))"


def _in_years_sql(day: str) -> str:
    return f"CASE WHEN {day} BETWEEN {_FIRST_DAY} AND {_LAST_DAY} THEN {day} END"


def boolean_sql(text: str) -> str:
    """The truth of a text."""
    yes, no = ("|".join(words) for words in (YES, NO))
    return (
        f"CASE WHEN {text} = 'true' THEN true WHEN {text} = 'false' THEN false WHEN {text} IS NULL THEN NULL "
        f"WHEN regexp_full_match({_stripped_sql(text)}, '{yes}', 'i') THEN true "
        f"WHEN regexp_full_match({_stripped_sql(text)}, '{no}', 'i') THEN false END"
    )


def digits_sql(text: str, column: Column) -> str:
    """The integer or the decimal number of a text."""
    word, pattern = _stripped_sql(text), "[0-9]+" if column.type == "integer" else _NUMBER
    type_ = _PLAIN_TYPES[column.type]
    return (
        f"CASE WHEN {text} IS NULL THEN NULL "
        f"WHEN regexp_full_match({text}, '{pattern}') THEN try_cast({text} AS {type_}) "
        f"WHEN regexp_full_match({word}, '{pattern}') THEN try_cast({word} AS {type_}) END"
    )


def bounded_sql(value: str, column: Column) -> str:
    """The value if it lies within the column's bounds, else NULL."""
    if column.type == "date":
        return _in_years_sql(value)
    bounds = [f"{value} >= {column.minimum}"] if column.minimum is not None else []
    bounds += [f"{value} <= {column.maximum}"] if column.maximum is not None else []
    return f"CASE WHEN {' AND '.join(bounds)} THEN {value} END" if bounds else value


def is_odd_sql(text: str, value: str, column: Column) -> str:
    """Whether a text that DuckDB cast to this value, strictly, has to be looked at again: the cast takes more
    spellings than the contract, and no bounds. NULL where the text is."""
    if column.type == "boolean":
        return f"{text} IN ('t', 'f', 'T', 'F')"
    if column.type == "date":
        return f"{value}::VARCHAR <> {text} OR {value} NOT BETWEEN {_FIRST_DAY} AND {_LAST_DAY}"
    plain = f"{value}::VARCHAR = {text}" if column.type == "integer" else f"regexp_full_match({text}, '{_NUMBER}')"
    bounds = [f"{value} < {column.minimum}"] if column.minimum is not None else []
    bounds += [f"{value} > {column.maximum}"] if column.maximum is not None else []
    return " OR ".join([f"NOT ({plain})", *bounds])


def wanted(column: Column, date_format: str | None) -> str:
    """What is wrong with a value that is none of this column's: a clause that follows its name."""
    if column.type == "code":
        return f"is not one of {', '.join(column.codes)}"
    if column.type == "date":
        return f"is not a date written {date_format or 'YYYY-MM-DD'} from {FIRST_YEAR} to {LAST_YEAR}"
    if column.type == "boolean":
        return "is not one of true, false, yes, no, 1, 0, y, n"
    if column.type == "number":
        return f"is not a number from {column.minimum} to {column.maximum}"
    if column.maximum is None:
        return f"is not a whole number from {column.minimum or 0} to {_LARGEST} in digits"
    return f"is not a whole number from {column.minimum} to {column.maximum} in digits"
