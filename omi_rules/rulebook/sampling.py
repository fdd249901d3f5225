"""What the files of samples say, as plain values: how many cases, which ones, and at least how many of some kinds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from omi_rules.problems import nearest
from omi_rules.rulebook.build import build_population
from omi_rules.rulebook.columns import Contract
from omi_rules.rulebook.example_build import line_of
from omi_rules.rulebook.model import Population, Source, Test
from omi_rules.rulebook.references import Names, Report, check_source

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Authority:
    """Where a value comes from: a source, or an assumption with its reason."""

    source: Source | None
    because: str

    @property
    def assumed(self) -> bool:
        """Whether no source gives the value."""
        return self.source is None


@dataclass(frozen=True)
class Quota:
    """A kind of case, and how many of it the sample has at least."""

    id: str
    title: str
    population: Population
    at_least: int
    authority: Authority
    #: of the codes of ethnicity that count, where these make the kind
    codes_authority: Authority | None


@dataclass(frozen=True)
class SampleDesign:
    """How a sample is drawn. Its cases have been under supervision for `from_months` to `to_months`."""

    id: str
    title: str
    size: int
    size_authority: Authority
    from_months: int
    to_months: int
    window_authority: Authority
    order_types: tuple[str, ...]
    order_types_authority: Authority
    quotas: tuple[Quota, ...]
    random_replacements: int
    replacements_for_each_quota: int
    replacements_authority: Authority
    file: str


def build_design(content: Content, id_: str, file: str) -> SampleDesign:
    """The design of a sample file whose structure and names are right."""
    window, spare = content["under_supervision"], content["replacements"]
    return SampleDesign(
        id=id_,
        title=line_of(content["title"]),
        size=content["size"]["amount"],
        size_authority=_authority(content["size"]),
        from_months=window["from_months"],
        to_months=window["to_months"],
        window_authority=_authority(window),
        order_types=tuple(content["order_types"]["codes"]),
        order_types_authority=_authority(content["order_types"]),
        quotas=tuple(_quota(quota) for quota in content["quotas"]),
        random_replacements=spare["random"],
        replacements_for_each_quota=spare["for_each_quota"],
        replacements_authority=_authority(spare),
        file=file,
    )


def _authority(given: Content) -> Authority:
    source = given.get("source")
    return Authority(
        Source(source["document"], line_of(source["place"])) if source else None, line_of(given.get("because", ""))
    )


def _quota(quota: Content) -> Quota:
    ethnicity = quota.get("ethnicity")
    codes = Population((Test("ethnicity", "in", values=tuple(ethnicity["codes"])),)) if ethnicity else None
    return Quota(
        id=quota["id"],
        title=line_of(quota["title"]),
        population=codes or build_population(quota["population"]),
        at_least=quota["at_least"]["amount"],
        authority=_authority(quota["at_least"]),
        codes_authority=_authority(ethnicity) if ethnicity else None,
    )


def check_design(content: Content, names: Names, report: Report) -> None:
    """Everything that a sample file names, and whether its numbers agree."""
    contract = Contract(names.tables, report)
    for word in ("size", "under_supervision", "order_types", "replacements"):
        _check_authority(content[word], (word,), names, report)
    window = content["under_supervision"]
    if window["from_months"] > window["to_months"]:
        report(("under_supervision", "to_months"), "the most is less than the least: correct one of them")
    _check_order_types(content["order_types"]["codes"], names, report)
    seen: dict[str, int] = {}
    for number, quota in enumerate(content["quotas"]):
        path = ("quotas", number)
        first = seen.setdefault(quota["id"], number)
        if first != number:
            report((*path, "id"), f"{quota['id']} is given twice: number {first + 1} of the list has it too")
        check_source(quota["source"], (*path, "source"), names, report)
        _check_authority(quota["at_least"], (*path, "at_least"), names, report)
        _check_authority(quota.get("ethnicity", {}), (*path, "ethnicity"), names, report)
        population = dict(quota.get("population", {}))
        if "any_row" in population:
            contract.check_selections(population.pop("any_row"), (*path, "population", "any_row"))
        contract.check_subject_tests(population, (*path, "population"))


def _check_authority(given: Content, path: tuple[str | int, ...], names: Names, report: Report) -> None:
    if "source" in given:
        check_source(given["source"], (*path, "source"), names, report)


def _check_order_types(codes: list[str], names: Names, report: Report) -> None:
    known = names.tables["cases"].column("order_type").codes
    for number, code in enumerate(codes):
        if code not in known:
            hint = nearest(code, known) or f"; it has {', '.join(known)}"
            report(("order_types", "codes", number), f"order_type has no code {code}{hint}")
