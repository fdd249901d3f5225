"""YAML read strictly: nothing is guessed, nothing is silently lost, and every place keeps its line.

What is read: mappings, lists, text, `true` and `false`, whole numbers in plain decimal digits, and `null`,
`~` or nothing. Everything else stays text as written: `2006-12-20`, `yes`, `off`, `012`, `1:30`, `0x10`.
Refused, each with its line: a key given twice, anchors and aliases, tags, several documents, deep nesting,
large files, anything but UTF-8.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from omi_rules.problems import Problem


class PurePythonParser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
    """PyYAML's own parser, for where it was built without libyaml: the same events, slowly."""

    def __init__(self, stream: str) -> None:
        yaml.reader.Reader.__init__(self, stream)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)


def _choose_parser() -> Callable[[str], Any]:
    try:
        from yaml._yaml import CParser
    except ImportError:
        return PurePythonParser
    return CParser


_Parser = _choose_parser()

#: A rule file is a page or two; the largest allowed is far beyond any that a person would read.
LARGEST_BYTES = 1024 * 1024
DEEPEST = 24

Path = tuple[str | int, ...]

_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")

#: What the parser says, and what an author can do about it.
_REMEDIES = (
    ("cannot start any token", "a character stands here that cannot start a value: put the text in quotes"),
    (
        "mapping values are not allowed",
        "a colon stands where none can: put a text that contains a colon in quotes",
    ),
    (
        "did not find expected ',' or",
        "a list or mapping in brackets is not closed: look for a missing comma or bracket",
    ),
    ("could not find expected ':'", "a key has no colon after it: write `key: value`"),
    ("unexpected end of stream", "a quotation mark is opened and not closed"),
    ("unexpected document indicator", "a quotation mark is opened and not closed"),
    ("did not find expected key", "the line is indented differently from its neighbours"),
    ("did not find expected '-'", "the line is indented differently from its neighbours"),
    (
        "did not find expected alphabetic",
        "& and * name YAML anchors, which rule files do not use: put the text in quotes",
    ),
    ("exceeded maximum nesting depth", f"brackets or indents are nested more than {DEEPEST} deep"),
    ("undefined alias", "* names a YAML alias, which rule files do not use: put the text in quotes"),
)


@dataclass
class Document:
    """One file as read: its value, and the line of every place in it."""

    file: str
    value: Any = None
    #: id of a mapping or list -> lines of its keys or items; the value keeps the ids alive
    spots: dict[int, Any] = field(default_factory=dict, repr=False)
    #: whether the file was read to its end
    whole: bool = False

    def line(self, path: Iterable[str | int]) -> int:
        """The line of a place, or of the nearest place around it that the file has."""
        here, line = self.value, 1
        for step in path:
            lines = self.spots.get(id(here))
            try:
                line = lines[step]  # type: ignore[index]
                here = here[step]
            except (KeyError, IndexError, TypeError):
                return line
        return line

    def problem(self, path: Path, sentence: str) -> Problem:
        """A problem at a place of this file."""
        return Problem(self.file, self.line(path), write_path(path), sentence)


def write_path(path: Path) -> str:
    """A place in words: `examples[3].case.tier`, items counted from one."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step + 1}]"
        else:
            text += f".{step}" if text else step
    return text


class _Stop(Exception):
    """The rest of the file is not worth reading."""


class _Builder:
    """Builds values and lines from events; goes on after a problem where the rest still makes sense."""

    def __init__(self, document: Document, problems: list[Problem]) -> None:
        self.document = document
        self.problems = problems
        self.path: list[str | int] = []
        self.open: list[tuple[Any, Any, str | None]] = []
        self.here: Any = None
        self.lines: Any = None
        self.key: str | None = None
        self.documents = 0

    def report(self, line: int, sentence: str, path: str = "") -> None:
        self.problems.append(Problem(self.document.file, line, path, sentence))

    def read(self, parser: Any) -> None:
        next_event = parser.get_event
        scalar, begin_map, begin_list = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
        ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        while True:
            event = next_event()
            kind = type(event)
            if kind is scalar:
                line = event.start_mark.line + 1
                if event.anchor is not None or event.tag is not None:
                    self.refuse_marks(event, line)
                if type(self.here) is dict and self.key is None:
                    self.take_key(event.value, line)
                else:
                    self.add(event.value if event.style else _plain(event.value), line)
            elif kind is begin_map or kind is begin_list:
                self.begin({} if kind is begin_map else [], event)
            elif kind in ends:
                self.here, self.lines, self.key = self.open.pop()
            elif kind is yaml.AliasEvent:
                line = event.start_mark.line + 1
                self.report(line, f"*{event.anchor} repeats another part of the file: write it out")
                raise _Stop
            elif kind is yaml.DocumentStartEvent:
                self.count_document(event)
            elif kind is yaml.StreamEndEvent:
                return

    def count_document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self.report(
                event.start_mark.line + 1,
                "the file holds several documents: remove the line `---`, or split the file",
            )
            raise _Stop

    def refuse_marks(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            self.report(
                line,
                f"&{event.anchor} names a part of the file for repeating: rule files write everything out",
            )
        if event.tag is not None:
            self.report(
                line,
                f"the tag {event.tag} asks for a type: rule files use plain text, numbers, true and false",
            )

    def take_key(self, key: str, line: int) -> None:
        if key in self.here:
            first = self.lines[key]
            self.report(line, f"the key {key} is given twice: it is also on line {first}; keep one", key)
        elif not key.strip():
            self.report(line, "a key is empty: name it")
        self.key = key
        self.lines[key] = line

    def add(self, value: Any, line: int) -> None:
        here = self.here
        if type(here) is dict:
            here[self.key] = value
            self.key = None
        elif here is None:
            self.document.value = value
        else:
            here.append(value)
            self.lines.append(line)

    def begin(self, container: Any, event: Any) -> None:
        line = event.start_mark.line + 1
        if event.anchor is not None or event.tag is not None:
            self.refuse_marks(event, line)
        if type(self.here) is dict and self.key is None:
            self.report(line, "a key must be a word, not a list or a mapping")
            raise _Stop
        if len(self.open) >= DEEPEST:
            self.report(line, f"brackets or indents are nested more than {DEEPEST} deep")
            raise _Stop
        self.add(container, line)
        self.open.append((self.here, self.lines, self.key))
        self.here = container
        self.lines = {} if type(container) is dict else []
        self.key = None
        self.document.spots[id(container)] = self.lines


def _plain(text: str) -> Any:
    """What an unquoted scalar means: only true, false, null and plain integers are more than text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return text


def _explain(error: yaml.YAMLError, text: str) -> tuple[int, str]:
    """The line and a sentence for what the parser could not read."""
    if isinstance(error, yaml.MarkedYAMLError):
        problem = error.problem or ""
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        if "cannot start any token" in problem and _stands_on_tab(text, mark):
            return line, "a tab stands where the line is indented: indent with spaces"
        for words, remedy in _REMEDIES:
            if words in problem:
                return line, remedy
        return line, f"this is not YAML: {problem or error.context}"
    return 0, "the file holds a control character: rule files are plain text"


def _stands_on_tab(text: str, mark: Any) -> bool:
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    return line[mark.column : mark.column + 1] == "\t"


def read_yaml(content: bytes, file: str) -> tuple[Document, list[Problem]]:
    """The document that a file's bytes hold, and what is wrong with it; `whole` says whether all was read."""
    document = Document(file)
    problems: list[Problem] = []
    if len(content) > LARGEST_BYTES:
        problems.append(Problem(file, 0, "", "the file is larger than 1 MiB: rule files are small, split it"))
        return document, problems
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.append(Problem(file, line, "", "the file is not UTF-8: save it as UTF-8"))
        return document, problems
    try:
        _Builder(document, problems).read(_Parser(text))
        document.whole = True
    except yaml.YAMLError as error:
        line, sentence = _explain(error, text)
        problems.append(Problem(file, line, "", sentence))
    except _Stop:
        pass
    if document.value is None and not problems:
        problems.append(Problem(file, 1, "", "the file is empty"))
    return document, problems
