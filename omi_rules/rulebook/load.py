"""Loads a rulebook: reads every file, and gives the model or everything that is wrong with any of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omi_rules.problems import Problem, RulebookError, nearest
from omi_rules.resources import rules_folder
from omi_rules.rulebook import build, example_build, inferences, references
from omi_rules.rulebook.files import ASSESSMENT_KINDS, Folder, Kind, RuleFile, read_folder
from omi_rules.rulebook.model import Rulebook
from omi_rules.rulebook.own import READ_WHOLE
from omi_rules.rulebook.references import Names, RuleNames
from omi_rules.rulebook.strict_yaml import Document, read_yaml
from omi_rules.rulebook.structure import load_shapes
from omi_rules.shapes import load_tables


@dataclass
class LoadedFile:
    """One file on its way: as read, and what is wrong with it so far."""

    source: RuleFile
    document: Document
    problems: list[Problem]
    #: whether its structure is right, so that its content can be relied on
    sound: bool = False

    @property
    def kind(self) -> Kind:
        """What the file holds."""
        return self.source.kind

    @property
    def id(self) -> str:
        """The file's name without its ending."""
        return self.source.id

    @property
    def content(self) -> Any:
        """The file's value."""
        return self.document.value

    def report(self, path: tuple[str | int, ...], sentence: str) -> None:
        """Adds a problem at a place of the file."""
        self.problems.append(self.document.problem(path, sentence))


def load_rulebook(folder: Path | None = None) -> Rulebook:
    """The rulebook in a folder, or the program's own; RulebookError with every problem of every file.

    Its criteria and targets are loaded by `load_criteria`: a check of an export does without them.
    """
    root = folder or rules_folder()
    return _load_whole(root, open_folder(root))


def load_to_judge(folder: Path | None = None) -> Rulebook:
    """The same for whoever judges by the rulebook: rules may lack their examples, and nothing else.

    The examples are four fifths of what there is to read. They are left out of the program's own rulebook alone, byte
    for byte as it was when it was last read whole; of any other, every problem of every file has to be told.
    """
    root = folder or rules_folder()
    found = open_folder(root)
    if found.hash != READ_WHOLE:
        return _load_whole(root, found)
    files = [file for file in found.files if file.kind not in ASSESSMENT_KINDS]
    loaded = [LoadedFile(file, read_yaml(_before_examples(file), file.file)[0], [], sound=True) for file in files]
    return _build(loaded, str(root), found.hash)


def _before_examples(file: RuleFile) -> bytes:
    """A rule file up to its examples, which come last in every rule of the program's own."""
    return file.content.partition(b"\nexamples:\n")[0] if file.kind == "rule" else file.content


def _load_whole(root: Path, found: Folder) -> Rulebook:
    loaded = [read_file(file) for file in found.files if file.kind not in ASSESSMENT_KINDS]
    names = _collect_names(loaded)
    for item in loaded:
        if item.sound:
            _check_names(item, names)
    _check_cycles(loaded)
    stop_at_problems(root, (*found.problems, *(problem for item in loaded for problem in item.problems)))
    return _build(loaded, str(root), found.hash)


def open_folder(root: Path) -> Folder:
    """The files of a rulebook's folder; RulebookError if there is none, or it cannot be read."""
    if not root.is_dir():
        raise RulebookError(f"there is no folder {root} with a rulebook in it: name one with rulebook.yaml in it")
    try:
        return read_folder(root)
    except OSError as error:
        raise RulebookError(f"the rulebook in {root} cannot be read: {error.strerror}") from error


def stop_at_problems(root: Path, problems: Iterable[Problem]) -> None:
    """RulebookError with every problem, each once and in order, if there is one."""
    found = sorted(set(problems))
    if found:
        count = "1 problem" if len(found) == 1 else f"{len(found)} problems"
        raise RulebookError(f"the rulebook in {root} has {count}", found)


def read_file(file: RuleFile) -> LoadedFile:
    """A file read and held against its schema."""
    document, problems = read_yaml(file.content, file.file)
    item = LoadedFile(file, document, problems)
    if document.whole and document.value is not None:
        before = len(problems)
        load_shapes().check(f"{file.kind}.schema.json")(document.value, (), item.report)
        item.sound = len(problems) == before
    return item


def _of(loaded: list[LoadedFile], kind: Kind) -> list[LoadedFile]:
    return [item for item in loaded if item.kind == kind]


def _collect_names(loaded: list[LoadedFile]) -> Names:
    rules: dict[str, RuleNames] = {}
    tables = load_tables()
    values = [item for item in _of(loaded, "value") if item.sound]
    for item in _of(loaded, "rule"):
        criterion = item.source.criterion
        sound = item.sound
        rules[item.id] = (
            references.rule_names(item.content, criterion) if sound else RuleNames(None, criterion == "staff")
        )
    sources = next((item for item in _of(loaded, "sources") if item.sound), None)
    return Names(
        tables=tables,
        units={item.id: item.content["unit"] if item.sound else None for item in _of(loaded, "value")},
        plain={item.id for item in _of(loaded, "value") if not item.sound or _is_plain(item.content)},
        by_case={item.id for item in values if any(_conditions(item.content))},
        by_what_may_be_open={
            item.id
            for item in values
            if any(references.may_be_open(condition, tables["cases"]) for condition in _conditions(item.content))
        },
        rules=rules,
        clues={item.id for item in _of(loaded, "clue")},
        flags={item.id for item in _of(loaded, "conclusion")},
        documents=set(sources.content) if sources else None,
    )


def _is_plain(value: Any) -> bool:
    return len(value["dated"]) == 1 and len(value["dated"][0]["choose"]) == 1


def _conditions(value: Any) -> Iterable[Any]:
    """What the arms of a value ask of the case."""
    return (arm["if"] for entry in value["dated"] for arm in entry["choose"] if "if" in arm)


def _check_names(item: LoadedFile, names: Names) -> None:
    content, report = item.content, item.report
    match item.kind:
        case "rule":
            references.check_rule(content, item.source.criterion, names, report)
        case "value":
            references.check_value(content, item.id, names, report)
        case "example-case":
            references.check_example_case(content, names, report)
        case "clue":
            inferences.check_clue(content, names, report)
        case "conclusion":
            inferences.check_conclusion(content, item.id, names, report)
        case "rulebook":
            for number, document in enumerate(content.get("follows", ())):
                if names.documents is not None and document not in names.documents:
                    hint = nearest(document, names.documents)
                    report(("follows", number), f"sources.yaml has no document {document}{hint}")


def _check_cycles(loaded: list[LoadedFile]) -> None:
    conclusions = {item.id: item for item in _of(loaded, "conclusion") if item.sound}
    used = {flag: inferences.flags_used(item.content) for flag, item in conclusions.items()}
    for ring in inferences.find_cycles({flag: [name for name, _ in uses] for flag, uses in used.items()}):
        following = ring[1] if len(ring) > 1 else ring[0]
        place = next(path for name, path in used[ring[0]] if name == following)
        chain = " rests on ".join([*ring, ring[0]])
        conclusions[ring[0]].report(place, f"a flag cannot rest on itself: {chain}")


def _build(loaded: list[LoadedFile], folder: str, digest: str) -> Rulebook:
    single: Mapping[Kind, Any] = {item.kind: item.content for item in loaded if item.kind in _SINGLE}

    def every(kind: Kind, make: Callable[[LoadedFile], Any]) -> dict[str, Any]:
        return {item.id: make(item) for item in sorted(_of(loaded, kind), key=lambda item: item.id)}

    return Rulebook(
        name=single["rulebook"]["name"],
        version=single["rulebook"]["version"],
        hash=digest,
        folder=folder,
        rules=every("rule", lambda item: build.build_rule(item.document, item.id, item.source.criterion)),
        values=every("value", lambda item: build.build_value(item.document, item.id)),
        triggers={name: dict(single["triggers"][name]) for name in sorted(single["triggers"])},
        clues=every("clue", lambda item: build.build_clue(item.document, item.id)),
        conclusions=every("conclusion", lambda item: build.build_conclusion(item.document)),
        sources=build.build_sources(single["sources"]),
        example_case=example_build.build_example_case(single["example-case"]),
    )


_SINGLE: tuple[Kind, ...] = ("rulebook", "sources", "example-case", "triggers")
