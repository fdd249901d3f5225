"""From a sample to a workbook an assessor, in one direction: read, judge, route, assign, write."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from omi_rules import __version__
from omi_rules.assess.assessors import Assessor, read_assessors
from omi_rules.assess.assignment import Duty, assign
from omi_rules.assess.casework import Casework, gather_casework
from omi_rules.assess.sample_file import Sample, read_sample
from omi_rules.assess.sampling import Reading
from omi_rules.assess.workbook import Contents, write_workbook
from omi_rules.problems import ExportError
from omi_rules.reports.folder import Kind, check_target, new_folder
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.load import load_to_judge
from omi_rules.rulebook.model import Rulebook
from omi_rules.rulebook.questions import Criteria

_ASSIGNMENT = "assignment.json"
#: Workbooks may be filled in already, so a folder of them is never replaced.
_HANDED_OUT = Kind("set of workbooks", _ASSIGNMENT, frozenset(), replaceable=False)


def hand_out(
    sample_file: Path,
    export: Path,
    assessors_file: Path,
    output: Path,
    *,
    double: int,
    seed: int,
    reading: Reading,
    progress: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Write a workbook an assessor and the assignment into a new folder, and give the assignment."""
    check_target(output, _HANDED_OUT)  # before the work, not after it
    sample = read_sample(sample_file)
    assessors = read_assessors(assessors_file)
    duties = assign(sample.cases, assessors, double, seed)
    rulebook, criteria = load_to_judge(reading.rules), load_criteria(reading.rules)
    casework = _gather(sample, export, rulebook, criteria, reading, progress)
    progress("writing the workbooks")
    assignment = _describe(sample, rulebook, assessors, duties, double, seed)
    with _owner_only(), new_folder(output, _HANDED_OUT) as scratch:
        names = {one["name"]: one["workbook"] for one in assignment["assessors"]}
        for name, own in groupby(duties, key=lambda duty: duty.assessor.name):
            write_workbook(scratch / names[name], Contents(sample, rulebook.hash, criteria, tuple(own), casework))
        text = json.dumps(assignment, ensure_ascii=False, indent=2) + "\n"
        (scratch / _ASSIGNMENT).write_text(text, encoding="utf-8")
    return assignment


def _gather(
    sample: Sample,
    export: Path,
    rulebook: Rulebook,
    criteria: Criteria,
    reading: Reading,
    progress: Callable[[str], None],
) -> Mapping[int, Casework]:
    with reading.means.open_store() as store:
        progress("reading the export")
        read = reading.means.read_export(store, export, sample.as_at)
        if read.fingerprint != sample.fingerprint:
            raise ExportError(
                f"{export} is not the export that the sample was drawn from, or was changed since. Give that one, or "
                "draw a new sample."
            )
        progress("applying the rules")
        casework = gather_casework(store, read, rulebook, criteria, sample)
    return {work.case.number: work for work in casework}


def _describe(
    sample: Sample,
    rulebook: Rulebook,
    assessors: Sequence[Assessor],
    duties: Sequence[Duty],
    double: int,
    seed: int,
) -> dict[str, Any]:
    described = []
    for number, one in enumerate(assessors, 1):
        own = [duty for duty in duties if duty.assessor == one]
        cases = [{"number": duty.case.number, "case_id": duty.case.case_id, "rating": duty.rating} for duty in own]
        workbook = f"assessor-{number:02}.xlsx" if own else None
        described.append({"name": one.name, "local": one.local, "workbook": workbook, "cases": cases})
    return {
        "program": {"name": "omi-rules", "version": __version__, "file": "assignment"},
        "sample_id": sample.id,
        "rulebook": {"hash": rulebook.hash, "as_sampled": rulebook.hash == sample.rulebook_hash},
        "seed": seed,
        "double_percent": double,
        "assessors": described,
    }


@contextmanager
def _owner_only() -> Iterator[None]:
    """Whatever is created meanwhile is its owner's alone from the first byte."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
