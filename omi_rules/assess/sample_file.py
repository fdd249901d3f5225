"""The sample as a file: what was drawn, from what, by which settings. Held to schemas/sample-file.schema.json."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from omi_rules import __version__
from omi_rules.assess.drawing import HOW_WEIGHED, Drawn, Taken
from omi_rules.assess.frame import Frame
from omi_rules.data.export import Export
from omi_rules.problems import ExportError, OutputError
from omi_rules.reports.kept_file import keep_file
from omi_rules.reports.words import count, english_date, listed
from omi_rules.resources import schemas_folder
from omi_rules.rulebook.model import Rulebook
from omi_rules.rulebook.sampling import Authority, SampleDesign

Record = Mapping[str, Any]


@dataclass(frozen=True)
class SampledCase:
    """A case of the sample, known in workbooks by its number."""

    number: int
    case_id: str
    division: str | None
    team: str | None
    offender_manager: str | None
    order_type: str
    start_date: date
    tier: int | None
    roh_level: str | None


@dataclass(frozen=True)
class Sample:
    """What later steps need of a sample file."""

    id: str
    as_at: date
    area: str
    fingerprint: str
    rulebook_hash: str
    cases: Sequence[SampledCase]


def make_record(
    export: Export, rulebook: Rulebook, design: SampleDesign, frame: Frame, drawn: Drawn, *, seed: int, size: int
) -> dict[str, Any]:
    """The content of a sample file; its `sample_id` is a digest of all the rest."""
    random_part = sum(taken.quota is None for taken in drawn.cases)
    quotas = [_describe_quota(quota, frame, drawn) for quota in design.quotas]
    unseen = {quotas: cases for quotas, cases in frame.alike.items() if quotas not in drawn.weights}
    record = {
        "program": {"name": "omi-rules", "version": __version__, "file": "sample"},
        "seed": seed,
        "as_at": export.as_at.isoformat(),
        "area": export.area,
        "export": {"fingerprint": export.fingerprint, "cases": export.cases},
        "rulebook": {"name": rulebook.name, "version": rulebook.version, "hash": rulebook.hash},
        "settings": _describe_settings(design, size),
        "frame": {"cases": frame.cases, "started_from": frame.first.isoformat(), "started_to": frame.last.isoformat()},
        "random_part": random_part,
        "topped_up": len(drawn.cases) - random_part,
        "quotas": quotas,
        "weights": {"how": HOW_WEIGHED, "cases_unlike_any_drawn": sum(unseen.values())},
        "says": [*_say(design, size, frame, drawn, quotas, export.missing), *_say_of_export(export)],
        "cases": [
            {"number": number, **_describe(taken), "weight": drawn.weights[taken.candidate.quotas]}
            for number, taken in enumerate(drawn.cases, 1)
        ],
        "replacements": [{"place": place, **_describe(taken)} for place, taken in enumerate(drawn.replacements, 1)],
    }
    digest = hashlib.sha256(json.dumps(record, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return {"sample_id": digest[:16], **record}


def _describe(taken: Taken) -> dict[str, Any]:
    part = "random" if taken.quota is None else "topped up"
    return {**taken.candidate.case, "part": part, "for": taken.quota, "quotas": list(taken.candidate.quotas)}


def _describe_quota(quota: Any, frame: Frame, drawn: Drawn) -> dict[str, Any]:
    in_sample = drawn.count(quota.id)
    return {
        "id": quota.id,
        "title": quota.title,
        "at_least": quota.at_least,
        "assumed": quota.authority.assumed,
        "in_frame": frame.in_quota[quota.id],
        "not_recorded": frame.open[quota.id],
        "in_random_part": drawn.count(quota.id, "random"),
        "topped_up": drawn.count(quota.id, "topped up"),
        "in_sample": in_sample,
        "filled": in_sample >= quota.at_least,
    }


def _describe_settings(design: SampleDesign, size: int) -> dict[str, Any]:
    def told(authority: Authority, **values: Any) -> dict[str, Any]:
        return {**values, "assumed": authority.assumed}

    return {
        "sample": design.id,
        "title": design.title,
        "size": {"amount": size, "assumed": design.size_authority.assumed, "asked_for": size != design.size},
        "under_supervision": told(design.window_authority, from_months=design.from_months, to_months=design.to_months),
        "order_types": told(design.order_types_authority, codes=list(design.order_types)),
        "ethnicity": {
            quota.id: told(quota.codes_authority, codes=list(quota.population.tests[0].values))
            for quota in design.quotas
            if quota.codes_authority
        },
        "replacements": told(
            design.replacements_authority,
            random=design.random_replacements,
            for_each_quota=design.replacements_for_each_quota,
        ),
    }


def _say(
    design: SampleDesign,
    size: int,
    frame: Frame,
    drawn: Drawn,
    quotas: Sequence[Record],
    missing: frozenset[str],
) -> list[str]:
    """What whoever uses the sample has to know, in sentences."""
    says = []
    if frame.cases < size:
        says.append(
            f"The frame has {count(frame.cases, 'case')}, and {size} were wanted: all are taken. A wider window of "
            "start dates, in the rulebook's samples, makes a larger frame."
        )
    if len(drawn.cases) > size:
        says.append(f"The quotas alone ask for {len(drawn.cases)} cases, more than {size}: there is no random part.")
    for quota, record in zip(design.quotas, quotas, strict=True):
        if not record["filled"]:
            says.append(
                f"{quota.title}: the frame has {record['in_frame']}, and {quota.at_least} are needed; all are taken."
            )
        absent = sorted({rows.table for rows in quota.population.any_row} & missing)
        if absent:
            says.append(f"{quota.title}: {absent[0]} is not in the export, so no case can count.")
    unsure = [f"{record['not_recorded']} ({record['title']})" for record in quotas if record["not_recorded"]]
    if unsure:
        says.append(f"Cases of which it is not recorded whether they count in a quota, and do not: {listed(unsure)}.")
    return says


def _say_of_export(export: Export) -> list[str]:
    """What the export holds back from a sample."""
    rejected = sum(table.rejected for table in export.accounting if table.table == "cases")
    lost = f"{count(rejected, 'rejected row')} of cases could not be drawn; `omi-rules check` says why."
    newest = [f"{warning[:1].upper()}{warning[1:]}" for warning in export.warnings if warning.endswith("?")]
    return [*([lost] if rejected else []), *newest]


def write_sample(record: Record, path: Path) -> None:
    """Keep a sample; another one that stands there already, with which people may be at work, is never replaced."""
    content = (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()
    if path.exists():
        try:
            same = path.read_bytes() == content
        except OSError:
            same = False
        if not same:
            raise OutputError(f"{path} is there already, and is not this sample. Choose another --output.")
    keep_file(path, content)


def read_sample(path: Path) -> Sample:
    """A sample as `omi-rules sample` kept it; ExportError if the file is something else, or was changed."""
    try:
        record = json.loads(path.read_bytes())
    except OSError as error:
        raise ExportError(f"the sample {path} cannot be read: {error.strerror}.") from None
    except ValueError:
        record = None
    if not _is_sample(record):
        raise ExportError(f"{path} is no sample. Give the file that `omi-rules sample --output` wrote.")
    return Sample(
        id=record["sample_id"],
        as_at=date.fromisoformat(record["as_at"]),
        area=record["area"],
        fingerprint=record["export"]["fingerprint"],
        rulebook_hash=record["rulebook"]["hash"],
        cases=tuple(_read_case(case) for case in record["cases"]),
    )


def _is_sample(record: Any) -> bool:
    from jsonschema import Draft202012Validator

    schema = json.loads((schemas_folder() / "sample-file.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return bool(validator.is_valid(record))


def _read_case(case: Record) -> SampledCase:
    return SampledCase(
        number=case["number"],
        case_id=case["case_id"],
        division=case["division"],
        team=case["team"],
        offender_manager=case["offender_manager"],
        order_type=case["order_type"],
        start_date=date.fromisoformat(case["start_date"]),
        tier=case["tier"],
        roh_level=case["roh_level"],
    )


def sample_title(record: Record) -> str:
    """What was drawn, in one line."""
    return f"Sample of {count(len(record['cases']), 'case')} as at {english_date(record['as_at'])}"
