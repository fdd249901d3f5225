"""What the samples of a rulebook assume: beside the named values in `rules values --assumed`."""

from collections.abc import Iterator, Mapping
from typing import Any

from omi_rules.reports.terminal import paint_colour, paint_plain
from omi_rules.reports.words import folded
from omi_rules.rulebook.sampling import SampleDesign


def describe_assumed_of_samples(samples: Mapping[str, SampleDesign]) -> list[dict[str, Any]]:
    """Every value of a sample that no source gives, with the reason."""
    return [
        {"kind": "sample", "sample": design.id, "value": value, "amount": amount, "because": because}
        for design in samples.values()
        for value, amount, because in _assumed(design)
    ]


def show_assumed_of_samples(samples: Mapping[str, SampleDesign], colour: bool) -> Iterator[str]:
    """The same for the page of a terminal."""
    paint = paint_colour if colour else paint_plain
    for design in samples.values():
        assumed = list(_assumed(design))
        if assumed:
            yield paint("heading", f"Sample samples/{design.id}.yaml.")
        for value, amount, because in assumed:
            yield from folded(f"{value}: {amount} (assumed: {because.rstrip('.')}).", "    ", "  ")
        if assumed:
            yield ""


def _assumed(design: SampleDesign) -> Iterator[tuple[str, str, str]]:
    """What the value is called, how much it is, and why."""
    if design.size_authority.assumed:
        yield "Size", f"{design.size} cases", design.size_authority.because
    if design.window_authority.assumed:
        window = f"{design.from_months} to {design.to_months} months"
        yield "Under supervision", window, design.window_authority.because
    if design.order_types_authority.assumed:
        yield "Types of order", ", ".join(design.order_types), design.order_types_authority.because
    for quota in design.quotas:
        if quota.authority.assumed:
            yield quota.title, f"at least {quota.at_least}", quota.authority.because
        if quota.codes_authority and quota.codes_authority.assumed:
            codes = quota.population.tests[0].values
            yield f"{quota.title}, codes", ", ".join(codes), quota.codes_authority.because
    if design.replacements_authority.assumed:
        spare = f"{design.random_replacements}, and {design.replacements_for_each_quota} for each quota"
        yield "Replacements", spare, design.replacements_authority.because
