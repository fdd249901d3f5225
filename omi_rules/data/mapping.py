"""The mapping file: how an area's own tables, columns, codes, dates and encoding are read as the
contract's."""

import codecs
import re
from collections.abc import Collection, Iterable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from omi_rules.data.sources import HOLDS_TIMES
from omi_rules.problems import Problem, UsageError, nearest
from omi_rules.rulebook.strict_yaml import Document, read_yaml, write_path
from omi_rules.rulebook.structure import load_shapes
from omi_rules.shapes import Column, Table, load_tables

_DIRECTIVE = re.compile(r"%-?(.)")
_DAYS, _MONTHS, _YEARS = "d", "mbB", "Y"


@dataclass(frozen=True)
class TableMapping:
    """How one local table is read. `columns` gives the local name of a contract column; `codes` the
    contract's code of a local one, a column; in `empty_means_no` an empty cell is a no."""

    local_name: str | None = None
    columns: MappingOf[str, str] = field(default_factory=dict)
    codes: MappingOf[str, MappingOf[str, str]] = field(default_factory=dict)
    empty_means_no: frozenset[str] = frozenset()

    def local_of(self, column: str) -> str | None:
        """The local name of a contract column; None where the column of its own name is read as another one."""
        if column in self.columns:
            return self.columns[column]
        return None if column in self.columns.values() else column

    def codes_of(self, column: str) -> MappingOf[str, str]:
        """The contract's codes by local code, of a column."""
        return self.codes.get(column, {})


@dataclass(frozen=True)
class Mapping:
    """How an export is read; without a file, as the contract says."""

    file: str = ""
    encoding: str = "utf-8"
    date_format: str | None = None
    tables: MappingOf[str, TableMapping] = field(default_factory=dict)

    def of(self, table: str) -> TableMapping:
        """How a contract table is read."""
        return self.tables.get(table, TableMapping())

    def local_name(self, table: str) -> str:
        """The name that a table is looked for under."""
        return self.of(table).local_name or table

    def contract_names(self) -> dict[str, str]:
        """The contract's table by local name in lower case; a renamed table is not looked for under its own
        name."""
        return {self.local_name(table).lower(): table for table in load_tables()}

    def remedy_of(self, reason: str) -> str:
        """What to do where all cases are rejected for a reason."""
        if "is not a date written" in reason and HOLDS_TIMES not in reason and self.date_format is None:
            return "correct the export, or say how its dates are written with `date_format` in a mapping file (--map)"
        return "correct the export"

    def warn_of_absent(self, present: MappingOf[str, Collection[str]], unread: Collection[str]) -> tuple[str, ...]:
        """A sentence on each table that is given a local name, and each column whose empty cells mean no, that is not
        in the export, whatever else lies there; `present` are its tables, and the columns of each."""
        return (*self._warn_of_tables(present, unread), *self._warn_of_empty_columns(present, unread))

    def _warn_of_tables(self, present: Collection[str], unread: Iterable[str]) -> tuple[str, ...]:
        # visits.csv of a folder is cases.visits of records
        others = {part for name in unread for part in name.split(".")}
        return tuple(
            f"the mapping file reads {table} from {name}, and the export has no such table{nearest(name, others)}"
            for table, name in sorted((table, self.of(table).local_name) for table in self.tables)
            if name and table not in present
        )

    def _warn_of_empty_columns(self, present: MappingOf[str, Collection[str]], unread: Iterable[str]) -> Iterator[str]:
        for table in sorted(self.tables.keys() & present.keys()):
            others = [name.removeprefix(f"{table}.") for name in unread if name.startswith(f"{table}.")]
            for column in sorted(self.of(table).empty_means_no - set(present[table])):
                hint = nearest(self.of(table).local_of(column) or column, others)
                yield (
                    f"the mapping file says that an empty cell of {table}.{column} means no, and the export has no "
                    f"such column: each row of {table} counts as a no{hint}"
                )


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file; UsageError names every place that is wrong."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"the mapping file {path} cannot be read: {error.strerror}") from None
    document, problems = read_yaml(content, str(path))
    if not problems:
        problems = _check_shape(document) or _check_meaning(document)
    if problems:
        listed = "; ".join(" ".join(str(problem).split()) for problem in problems)
        raise UsageError(f"the mapping file is wrong: {listed}")
    return _build(document.value or {}, Path(path).name)


def _check_shape(document: Document) -> list[Problem]:
    problems: list[Problem] = []

    def report(place: tuple[str | int, ...], sentence: str) -> None:
        problems.append(_problem(document, place, sentence))

    load_shapes().check("mapping.schema.json")(document.value or {}, (), report)
    return problems


def _problem(document: Document, place: tuple[str | int, ...], sentence: str) -> Problem:
    return Problem(document.file, document.line(place), write_path(place), sentence)


def _check_meaning(document: Document) -> list[Problem]:
    """What a schema cannot say: that tables, columns, codes, encodings and date formats exist."""
    content: dict[str, Any] = document.value or {}
    found: list[tuple[tuple[str | int, ...], str]] = []
    if "encoding" in content and not _is_encoding(content["encoding"]):
        found.append((("encoding",), "Python knows no such text encoding: use utf-8, latin-1, cp1252 or utf-16"))
    if "date_format" in content and not _is_date_format(content["date_format"]):
        found.append(
            (
                ("date_format",),
                "it should hold %d, one of %m %b %B, and %Y, each once, and nothing else after a %",
            )
        )
    known = load_tables()
    for name, spec in content.get("tables", {}).items():
        if name not in known:
            found.append((("tables", name), f"the contract has no table {name}{nearest(name, known)}"))
            continue
        found += [(("tables", name, *place), sentence) for place, sentence in _check_table(known[name], spec)]
    found += _check_local_names(content)
    return [_problem(document, place, sentence) for place, sentence in found]


def _check_local_names(content: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    found: list[tuple[tuple[str | int, ...], str]] = []
    seen: dict[str, str] = {}
    for name, spec in content.get("tables", {}).items():
        local = spec.get("name", name).lower()
        if local in seen:
            found.append((("tables", name), f"it is read from the same local table as {seen[local]}"))
        seen[local] = name
    return found


def _check_table(table: Table, spec: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    found: list[tuple[tuple[str | int, ...], str]] = []
    names = [column.name for column in table.columns]
    for part in ("columns", "codes"):
        found += [
            ((part, name), f"{table.name} has no column {name}{nearest(name, names)}")
            for name in spec.get(part, {})
            if name not in names
        ]
    local = [name.strip() for name in spec.get("columns", {}).values()]
    if len(set(local)) < len(local):
        found.append((("columns",), "two columns are read from the same local column"))
    if table.key in local and table.key not in spec["columns"]:
        found.append((("columns",), f"{table.key} is read as another column: say which one holds the key, too"))
    for name, codes in spec.get("codes", {}).items():
        if name in names:
            found += [
                (("codes", name, *place), sentence) for place, sentence in _check_codes(table.column(name), codes)
            ]
    for place, name in enumerate(spec.get("empty_means_no", [])):
        if name not in names:
            found.append((("empty_means_no", place), f"{table.name} has no column {name}{nearest(name, names)}"))
        elif table.column(name).type != "boolean":
            found.append((("empty_means_no", place), f"{name} is no yes-or-no column, so empty cannot mean no"))
    return found


def _check_codes(column: Column, codes: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    if column.type not in ("code", "boolean", "integer"):
        return [((), f"{column.name} has no codes: only codes, yes-or-no columns and whole numbers can be mapped")]
    found: list[tuple[tuple[str | int, ...], str]] = []
    if len({local.strip().lower() for local in codes}) < len(codes):
        found.append(((), "the same local code stands here twice, codes being read in any case"))
    for local, code in codes.items():
        if column.type == "code" and code not in column.codes:
            hint = nearest(str(code), column.codes)
            found.append(((local,), f"{column.name} should be one of {', '.join(column.codes)}{hint}"))
        elif column.type == "boolean" and not isinstance(code, bool):
            found.append(((local,), f"{column.name} is true or false"))
        elif column.type == "integer" and (not isinstance(code, int) or isinstance(code, bool) or code < 0):
            found.append(((local,), f"{column.name} is a whole number"))
    return found


def _is_encoding(name: str) -> bool:
    try:
        return bool(codecs.lookup(name)._is_text_encoding)
    except LookupError:
        return False


def _is_date_format(text: str) -> bool:
    used = _DIRECTIVE.findall(text)
    kinds = ["day" if c in _DAYS else "month" if c in _MONTHS else "year" if c in _YEARS else "other" for c in used]
    return sorted(kinds) == ["day", "month", "year"] and text.count("%") == len(used)


def _build(content: dict[str, Any], file: str) -> Mapping:
    tables = {name: _build_table(spec) for name, spec in content.get("tables", {}).items()}
    encoding = codecs.lookup(content.get("encoding", "utf-8")).name.removesuffix("-sig")
    return Mapping(file, encoding, content.get("date_format"), tables)


def _build_table(spec: dict[str, Any]) -> TableMapping:
    codes = {
        column: {local.strip(): str(code).lower() for local, code in words.items()}
        for column, words in spec.get("codes", {}).items()
    }
    columns = {name: local.strip() for name, local in spec.get("columns", {}).items()}
    return TableMapping(spec.get("name"), columns, codes, frozenset(spec.get("empty_means_no", ())))
