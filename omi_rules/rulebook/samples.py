"""Loads the samples of a rulebook, apart from its rules: a check of an export does without them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from omi_rules.problems import Problem
from omi_rules.resources import rules_folder
from omi_rules.rulebook.criteria import cited_documents
from omi_rules.rulebook.example_lint import Finding, lint_sentence
from omi_rules.rulebook.lint import Places, lint_title
from omi_rules.rulebook.load import open_folder, read_file, stop_at_problems
from omi_rules.rulebook.references import Names
from omi_rules.rulebook.sampling import Authority, SampleDesign, build_design, check_design
from omi_rules.shapes import load_tables


def load_samples(folder: Path | None = None) -> Mapping[str, SampleDesign]:
    """The samples in a folder by their names, or the program's own; RulebookError with every problem of their files."""
    root = folder or rules_folder()
    found = open_folder(root)
    samples = [read_file(file) for file in found.files if file.kind == "sample"]
    names = Names(tables=load_tables(), documents=cited_documents(found))
    for item in samples:
        if item.sound:
            check_design(item.content, names, item.report)
    misplaced = (problem for problem in found.problems if problem.file.startswith("samples/"))
    stop_at_problems(root, (*misplaced, *(problem for item in samples for problem in item.problems)))
    return {item.id: build_design(item.content, item.id, item.source.file) for item in samples}


def lint_samples(samples: Mapping[str, SampleDesign], root: Path) -> list[Problem]:
    """What is wrong with the words of samples: a title is no sentence, and a reason is one."""
    places = Places(root)
    return sorted(places.problem(design.file, *finding) for design in samples.values() for finding in _lint(design))


def _lint(design: SampleDesign) -> Iterator[Finding]:
    yield from lint_title(design.title)
    for word, authority in (
        ("size", design.size_authority),
        ("under_supervision", design.window_authority),
        ("order_types", design.order_types_authority),
        ("replacements", design.replacements_authority),
    ):
        yield from _lint_reason(authority, (word, "because"))
    for number, quota in enumerate(design.quotas):
        for place, sentence in lint_title(quota.title):
            yield ("quotas", number, *place), sentence
        yield from _lint_reason(quota.authority, ("quotas", number, "at_least", "because"))
        if quota.codes_authority:
            yield from _lint_reason(quota.codes_authority, ("quotas", number, "ethnicity", "because"))


def _lint_reason(authority: Authority, place: tuple[str | int, ...]) -> Iterator[Finding]:
    if authority.assumed:
        yield from lint_sentence(authority.because, place)
