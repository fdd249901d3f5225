"""The pages on the rules: those of the repository are up to date, and they say what the rules say."""

import re
import shutil
from pathlib import Path

import pytest

from omi_rules.authoring.pages import INDEX, index_page, rule_page, write_pages
from omi_rules.problems import OutputError
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.usage import values_used
from tests.cli.running import TOP, run

BOOK = load_rulebook()
PAGES = TOP / "docs" / "rules"


def test_pages_of_the_repository_are_those_that_the_command_writes(tmp_path: Path) -> None:
    shown = run("rules", "doc", "--output", tmp_path / "pages")

    assert (shown.code, shown.out) == (0, "")
    written = {page.name: page.read_text("utf-8") for page in (tmp_path / "pages").iterdir()}
    kept = {page.name: page.read_text("utf-8") for page in PAGES.iterdir()}
    assert written.keys() == kept.keys(), "run omi-rules rules doc"
    assert [name for name in written if written[name] != kept[name]] == [], "run omi-rules rules doc"


@pytest.mark.parametrize("rule", BOOK.rules)
def test_page_says_everything_about_the_rule(rule: str) -> None:
    spec = BOOK.rules[rule]

    page = rule_page(spec, BOOK)

    assert page.count("\n# ") == 1
    for part in (spec.title, spec.asks, spec.to_do, spec.severity, spec.source.place, *spec.answers):
        assert part in page
    for name in values_used(spec):
        if name not in BOOK.triggers:
            assert BOOK.values[name].title in page
            assert all(arm.because.rstrip(".") in page for arm in BOOK.values[name].arms)
    rows = page.partition("## Examples")[2].splitlines()[4:]
    assert len(rows) == len(spec.examples)
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4}
    assert max(map(len, page.partition("## Examples")[0].splitlines())) < 1500


def test_index_leads_to_every_rule_three_ways() -> None:
    criterion, recommendation, table = index_page(BOOK).split("\n## ")[1:]

    for rule in BOOK.rules.values():
        link = f"[{rule.id}]({rule.id}.md)"
        assert f"| {rule.criterion} | {link}" in criterion
        lines = [line for line in recommendation.splitlines() if link in line]
        assert [line[len("- Recommendation ")] for line in lines] == [str(one) for one in sorted(rule.recommendations)]
    assert "- `home_visits`: [high-roh-home-visit-made](high-roh-home-visit-made.md), " in table
    (assessments,) = [line for line in table.splitlines() if line.startswith("- `roh_assessments`")]
    assert "[high-roh-home-visit-on-time]" in assessments  # its clock starts there
    (breaches,) = [line for line in table.splitlines() if line.startswith("- `breaches`")]
    assert "[breach-instigated-on-time]" in breaches  # the event is worked out from there


def test_page_of_a_rule_that_is_gone_is_taken_away_and_no_other(tmp_path: Path) -> None:
    write_pages(BOOK, tmp_path)
    gone = tmp_path / "a-rule-of-old.md"
    shutil.copy(tmp_path / "contact-frequency.md", gone)
    (tmp_path / "notes.md").write_text("My own.\n", encoding="utf-8")

    assert write_pages(BOOK, tmp_path) == len(BOOK.rules)

    assert not gone.exists()
    assert {page.name for page in tmp_path.iterdir()} == {INDEX, "notes.md", *(f"{rule}.md" for rule in BOOK.rules)}


def test_pages_that_cannot_be_written_are_a_fault_of_the_output(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(OutputError, match="cannot be written"):
        write_pages(BOOK, tmp_path / "file")
