"""The sheet of data problems: what could not be read, what is not recorded, and what that costs."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from omi_rules.data.cells import bare
from omi_rules.problems import UsageError
from omi_rules.reports.audience import Audience
from omi_rules.reports.words import count
from omi_rules.reports.workbook.table import Book, Column, Content, Value

PROBLEMS = "Data problems"
Summary = Mapping[str, Any]


def write_problems(book: Book, folder: Path, summary: Summary, audience: Audience) -> None:
    """What is wrong with the data; rejected rows one by one, for readers who may see cases."""
    columns = [
        Column("Problem", 26),
        Column("Table", 26),
        Column("Column", 30),
        Column("How many", 12, "number"),
        Column("What it is, and what it costs", 70),
        Column("File", 26, "name"),
        Column("Row", 9, "number"),
    ]
    says = (
        "What was rejected has no part in any answer, and what is not recorded counts for nobody and against nobody. "
        "Rows are counted from 1 below the header of their file. Where the records of a case disagree, "
        "`omi-rules register` says."
    )
    table = book.add_table(
        Content(PROBLEMS, "what was rejected, and what is not recorded"), says, columns, ("line", "lines")
    )
    for values in (*_faults(summary), *_not_recorded(summary), *_tables(summary), *_files(summary)):
        table.add([*values, None, None])
    if audience.cases:
        for values in _rejects(folder):
            table.add(values)
    table.close()


def _faults(summary: Summary) -> Iterator[list[Value]]:
    for sentence in summary["warnings"]:
        yield ["Warning", None, None, None, sentence]
    for rule in summary["rules"]:
        if rule["outcomes"].get("error"):
            yield ["Rule could not run", None, None, None, f"{rule['title']}: it has no answer for any case."]


def _not_recorded(summary: Summary) -> Iterator[list[Value]]:
    """The columns that would decide what is unknown, those that would decide most first."""
    answers: dict[str, int] = {}
    rules: dict[str, int] = {}
    for rule in summary["rules"]:
        for entry in rule.get("undecided_by") or ():
            answers[entry["column"]] = answers.get(entry["column"], 0) + entry["cases"]
            rules[entry["column"]] = rules.get(entry["column"], 0) + 1
    for place in sorted(answers, key=lambda place: (-answers[place], place)):
        told = f"{count(rules[place], 'rule')} cannot decide so many answers without it."
        yield ["Not recorded, or not usable", *_parted(place, summary), answers[place], told]


def _parted(place: str, summary: Summary) -> tuple[str | None, str | None]:
    """Table and column of what would decide something: it may be a whole table, or something else in words."""
    table, _, column = place.rpartition(".")
    tables = {account["table"] for account in summary["tables"]} | set(summary["missing_tables"])
    if place in tables:
        return place, None
    return (None, place) if " " in place else (table or "cases", column)


def _tables(summary: Summary) -> Iterator[list[Value]]:
    for table in summary["missing_tables"]:
        costs = len(summary.get("missing_costs", {}).get(table, ()))
        told = f"{count(costs, 'rule')} could not be decided without it." if costs else "No rule of the run needed it."
        yield ["Table not in the export", table, None, None, told]
    for table in summary["tables"]:
        if table["rejected"]:
            told = f"of {count(table['rows_in'], 'row')} read."
            yield ["Rows rejected", table["table"], None, table["rejected"], told]
    for table, rows in sorted(summary.get("identical", {}).items()):
        yield ["Identical rows", table, None, rows, "Each counts as a fact of its own: look whether it is."]


def _files(summary: Summary) -> Iterator[list[Value]]:
    for name in summary.get("unread", ()):
        yield ["Never read", None, None, None, f"{name}: no column or file of the export that is known."]


def _rejects(folder: Path) -> Iterator[list[Value]]:
    """The rejected rows without what is in them, in the order of the file."""
    path = folder / "rejects.csv"
    if not path.is_file():
        return
    # what was in a row may be as long as the file
    csv.field_size_limit(2**31 - 1)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                number = int(row["row"]) if row["row"] else None
                yield ["Row rejected", row["table"], row["column"], None, row["reason"], bare(row["file"]), number]
    except (ValueError, TypeError, KeyError, AttributeError, csv.Error):
        raise UsageError(f"{path} is damaged: check the export again, with --output {folder}.") from None
