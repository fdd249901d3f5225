"""Reads a rulebook in every way there is: loaded, linted, held to the engine's limits and to the schemas."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from omi_rules.cli.filters import check_known
from omi_rules.problems import Problem, RulebookError
from omi_rules.reports.words import count, listed
from omi_rules.resources import rules_folder, schemas_folder

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

Loaded = TypeVar("Loaded")


def find_problems(folder: Path | None, ids: Collection[str] = ()) -> tuple[list[Problem], str]:
    """Everything wrong with a rulebook, or with the files of these ids, in order of place; and the line to say where
    nothing is."""
    from omi_rules.rulebook.files import read_folder

    problems, told = _find_all(folder)
    if not ids:
        return problems, told
    known = [_id_of(file.file) for file in read_folder(folder or rules_folder()).files]
    check_known(ids, known, "rule or other file")
    return [problem for problem in problems if _id_of(problem.file) in ids], f"Nothing is wrong with {listed(ids)}."


def _id_of(file: str) -> str:
    return file.rpartition("/")[2].removesuffix(".yaml")


def _find_all(folder: Path | None) -> tuple[list[Problem], str]:
    from omi_rules.conclusions.limits import check_limits
    from omi_rules.rulebook.criteria import load_criteria
    from omi_rules.rulebook.criteria_lint import lint_criteria
    from omi_rules.rulebook.lint import lint
    from omi_rules.rulebook.load import load_rulebook
    from omi_rules.rulebook.samples import lint_samples, load_samples

    root = folder or rules_folder()
    found: list[Problem] = []
    book = _try_to_load(load_rulebook, folder, found)
    criteria = _try_to_load(load_criteria, folder, found)
    samples = _try_to_load(load_samples, folder, found)
    if book is None or criteria is None or samples is None:
        return sorted({*found, *_only_new(read_by_schema(root), found)}), ""
    problems = {
        *lint(book),
        *lint_criteria(criteria, book),
        *lint_samples(samples, root),
        *check_limits(book.conclusions.values()),
    }
    numbers = (
        (len(book.rules), "rule", "rules"),
        (len(book.values), "value", "values"),
        (len(book.clues), "clue", "clues"),
        (len(book.conclusions), "conclusion", "conclusions"),
        (len(criteria.questions), "question", "questions"),
        (sum(len(file.targets) for file in criteria.targets.values()), "target", "targets"),
        (len(samples), "sample", "samples"),
    )
    counted = listed(count(*number) for number in numbers)
    return sorted({*problems, *read_by_schema(root)}), (
        f"{book.name} {book.version}: nothing is wrong with its {counted}."
    )


def _try_to_load(load: Callable[[Path | None], Loaded], folder: Path | None, found: list[Problem]) -> Loaded | None:
    """What `load` gives; or None, with its problems added to those found."""
    try:
        return load(folder)
    except RulebookError as error:
        if not error.problems:
            raise
        found += error.problems
        return None


def _only_new(second: Iterator[Problem], first: Iterable[Problem]) -> Iterator[Problem]:
    """What the schemas find in files in which the loader found nothing, so that nothing is said twice."""
    found = {problem.file for problem in first}
    return (problem for problem in second if problem.file not in found)


def read_by_schema(root: Path) -> Iterator[Problem]:
    """What the `jsonschema` package finds in any file: a second reading beside the loader's own."""
    from omi_rules.rulebook.files import read_folder
    from omi_rules.rulebook.strict_yaml import read_yaml

    validators: dict[str, Draft202012Validator] = {}
    for file in read_folder(root).files:
        document, problems = read_yaml(file.content, file.file)
        if problems or not document.whole:
            continue
        if file.kind not in validators:
            validators[file.kind] = _make_validator(file.kind)
        for error in validators[file.kind].iter_errors(document.value):
            place = tuple(error.absolute_path)
            yield document.problem(place, _sentence(error))


def _sentence(error: "ValidationError") -> str:
    schema = error.schema
    says = schema.get("x-says") if isinstance(schema, dict) else None
    return f"{says or error.message} (JSON Schema, {error.validator})"


def _make_validator(kind: str) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator

    return Draft202012Validator(
        _read_schema(f"{kind}.schema.json"),
        registry=_register_schemas(),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


@cache
def _register_schemas() -> Any:
    """Every schema by the name of its file: one that is fetched when it is met would be fetched at each meeting."""
    from referencing import Registry, Resource

    files = [file.name for file in schemas_folder().glob("*.schema.json")]
    return Registry().with_resources((file, Resource.from_contents(_read_schema(file))) for file in files).crawl()


def _read_schema(file: str) -> Any:
    return json.loads((schemas_folder() / file).read_text(encoding="utf-8"))
