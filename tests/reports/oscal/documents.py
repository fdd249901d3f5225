"""OSCAL documents for tests, held to the official model."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

from trestle.oscal.assessment_results import Model

from omi_rules.reports.audience import AUDIENCES
from omi_rules.reports.gathering import ReportSettings
from omi_rules.reports.oscal.build import build_oscal
from omi_rules.reports.oscal.properties import NAMESPACE


@dataclass(frozen=True)
class Document:
    """The assessment results of a run, as bytes and read."""

    content: bytes

    @cached_property
    def results(self) -> Mapping[str, Any]:
        """What stands under `assessment-results`, once the official model has taken it."""
        Model.model_validate_json(self.content)
        document: Mapping[str, Any] = json.loads(self.content)["assessment-results"]
        return document

    @property
    def result(self) -> Mapping[str, Any]:
        (result,) = self.results["results"]
        assert isinstance(result, dict)
        return result

    @property
    def judged(self) -> Mapping[str, Mapping[str, Any]]:
        """The findings by rule."""
        return {finding["target"]["target-id"]: finding for finding in self.result.get("findings", [])}

    @property
    def of_cases(self) -> list[Mapping[str, Any]]:
        """The observations that are findings of cases."""
        return [each for each in self.result["observations"] if each["types"] == ["finding"]]

    @property
    def case_names(self) -> Mapping[str, str]:
        """What each case is called, by its identifier."""
        items = self.result.get("local-definitions", {}).get("inventory-items", [])
        return {item["uuid"]: props_of(item)["case"] for item in items}

    @property
    def identifiers(self) -> list[str]:
        """Every identifier that something in the document has."""
        return list(_identifiers(self.results))


def document_of(folder: Path, audience: str = "manager", **settings: Any) -> Document:
    file = BytesIO()
    build_oscal(folder, ReportSettings(audience=AUDIENCES[audience], **settings), file)
    return Document(file.getvalue())


def props_of(thing: Mapping[str, Any]) -> dict[str, str]:
    """The properties that have one value each, by name."""
    assert {prop["ns"] for prop in thing["props"]} == {NAMESPACE}
    return {prop["name"]: prop["value"] for prop in thing["props"] if "class" not in prop}


def _identifiers(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "uuid" in value:
            yield value["uuid"]
        for member in value.values():
            yield from _identifiers(member)
    elif isinstance(value, list):
        for item in value:
            yield from _identifiers(item)
