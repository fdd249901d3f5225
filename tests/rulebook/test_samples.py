"""The samples of a rulebook: as their files say, with what is assumed, and linted."""

from pathlib import Path

import pytest

from omi_rules.rulebook import model
from omi_rules.rulebook.model import Population, Selection
from omi_rules.rulebook.samples import lint_samples, load_samples

YEARLY = "samples/yearly.yaml"


def test_sample_holds_what_its_file_says(good: Path) -> None:
    design = load_samples(good)["yearly"]

    assert (design.size, design.from_months, design.to_months) == (10, 5, 7)
    assert design.order_types == ("community_order", "licence")
    assert [(quota.id, quota.at_least) for quota in design.quotas] == [("ppo", 2), ("residents", 1), ("minorities", 2)]
    assert (design.random_replacements, design.replacements_for_each_quota) == (2, 1)
    assert [quota.population for quota in design.quotas] == [
        Population((model.Test("ppo", "is", flag=True),)),
        Population((), (Selection("requirements", (model.Test("kind", "in", ("residence",)),)),)),
        Population((model.Test("ethnicity", "in", ("B1", "A1")),)),
    ]


def test_what_is_assumed_is_known(good: Path) -> None:
    design = load_samples(good)["yearly"]

    assert (design.size_authority.assumed, design.window_authority.assumed) == (False, True)
    assert [quota.authority.assumed for quota in design.quotas] == [True, False, True]
    assert [quota.codes_authority and quota.codes_authority.assumed for quota in design.quotas] == [None, None, True]


def test_inspection_sample_has_the_kinds_of_cases_of_the_report() -> None:
    design = load_samples()["inspection"]

    assert (design.size, design.size_authority.assumed) == (100, False)
    assert [quota.id for quota in design.quotas] == [
        "high-risk-of-harm",
        "ppo",
        "approved-premises",
        "statutory-victim-contact",
        "black-and-minority-ethnic",
    ]
    assert all(quota.authority.assumed for quota in design.quotas)


@pytest.mark.parametrize(
    ("before", "after", "place", "words"),
    [
        ("title: Sample of the year", "title: Sample of the year.", f"{YEARLY}:1", "a title is no sentence"),
        ("title: Residents", "title: Residents.", f"{YEARLY}:12", "a title is no sentence"),
        ("7, status: assumed, because: It fits.", "7, status: assumed, because: It fits", f"{YEARLY}:3", "full stop"),
        ("2, status: assumed, because: It fits.", "2, status: assumed, because: It fits", f"{YEARLY}:10", "full stop"),
        ("A1], status: assumed, because: It fits.", "A1], status: assumed, because: No", f"{YEARLY}:18", "full stop"),
        ("1, status: assumed, because: It fits.", "1, status: assumed, because: It fits", f"{YEARLY}:21", "full stop"),
    ],
)
def test_lint_finds_words_that_do_not_fit(rules: Path, before: str, after: str, place: str, words: str) -> None:
    path = rules / YEARLY
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")

    (told,) = map(str, lint_samples(load_samples(rules), rules))

    assert told.startswith(f"{place}  ")
    assert words in told


def test_rulebook_without_samples_has_none(rules: Path) -> None:
    (rules / YEARLY).unlink()

    assert load_samples(rules) == {}
