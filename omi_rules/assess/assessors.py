"""The people who assess, as a file in YAML names them."""

from dataclasses import dataclass
from pathlib import Path

from omi_rules.problems import Problem, UsageError
from omi_rules.rulebook.strict_yaml import LARGEST_BYTES, Document, read_yaml
from omi_rules.rulebook.structure import load_shapes


@dataclass(frozen=True)
class Assessor:
    """One person; `local` if of the area's own staff. `offender_manager` is the reference they hold cases under."""

    name: str
    local: bool
    offender_manager: str | None

    def may_assess(self, offender_manager: str | None) -> bool:
        """Whether a case of this offender manager is surely not their own."""
        return self.offender_manager is None or (
            offender_manager is not None and offender_manager.strip() != self.offender_manager
        )


def read_assessors(path: Path) -> list[Assessor]:
    """The assessors of a file, in its order; UsageError with everything that is wrong with it."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"--assessors: {path} cannot be read: {error.strerror}.") from None
    document, problems = read_yaml(content, path.name)
    if document.whole and not problems:
        shape = load_shapes().check("assessors.schema.json")
        shape(document.value, (), lambda place, sentence: problems.append(document.problem(place, sentence)))
    if not problems:
        problems += _names_given_twice(document)
    if problems:
        raise UsageError(f"--assessors: {' '.join(' '.join(str(problem).split()) for problem in problems)}.")
    return [
        Assessor(given["name"], given["local"], given.get("offender_manager", "").strip() or None)
        for given in document.value["assessors"]
    ]


def _names_given_twice(document: Document) -> list[Problem]:
    first: dict[str, int] = {}
    found = []
    for number, assessor in enumerate(document.value["assessors"]):
        name = assessor["name"].casefold()
        if first.setdefault(name, number) != number:
            place = ("assessors", number, "name")
            found.append(document.problem(place, f"number {first[name] + 1} of the list has this name too"))
    return found
