"""The catalogue of the rules in Markdown: a page a rule, and an index. The same rulebook makes the same pages."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from omi_rules.authoring.by_hand import steps
from omi_rules.authoring.rule_words import describe, expected_words, heading
from omi_rules.authoring.timeline import example_to_show, stated_in_words, timeline
from omi_rules.problems import OutputError
from omi_rules.reports.words import count
from omi_rules.rulebook.model import Deadline, PerEvent, Rule, Rulebook
from omi_rules.rulebook.usage import selections_read, values_used

INDEX = "README.md"
#: The first line of every page; a page without it was written by somebody, and is left alone.
_MADE = "<!-- Made by `omi-rules rules doc`. Change the rule, and make the pages again. -->"


def write_pages(book: Rulebook, folder: Path) -> int:
    """Writes a page a rule and the index, takes away pages of rules that are gone, and gives the number of rules."""
    pages = {f"{rule.id}.md": rule_page(rule, book) for rule in book.rules.values()}
    pages[INDEX] = index_page(book)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages.items():
            (folder / name).write_text(text, encoding="utf-8")
        for page in folder.glob("*.md"):
            if page.name not in pages and page.read_text(encoding="utf-8").startswith(_MADE):
                page.unlink()
    except OSError as error:
        raise OutputError(f"the pages cannot be written to {folder}: {error.strerror}.") from None
    return len(book.rules)


def rule_page(rule: Rule, book: Rulebook) -> str:
    """Everything about one rule."""
    _, stands = heading(rule)
    sections = [(name, paragraphs) for name, paragraphs in describe(rule, book) if name not in ("Asks", "Examples")]
    lines = [_MADE, "", f"# {rule.title}", "", stands, "", f"**{rule.asks}**", ""]
    for name, (first, *others) in sections:
        lines.append(f"- **{name}:** {_text(first)}")
        lines += [f"  - {_text(other)}" for other in others]
    lines += ["", "## How an inspector would check it by hand", ""]
    lines += [f"{number}. {_text(step)}" for number, step in enumerate(steps(rule, book), 1)]
    lines += ["", "## One example, day by day", "", *_example_lines(rule, book)]
    lines += ["", "## Examples", "", *_examples_table(rule)]
    return "\n".join(lines) + "\n"


def _example_lines(rule: Rule, book: Rulebook) -> Iterator[str]:
    example = example_to_show(rule)
    stated = stated_in_words(rule, example, book)
    yield _text(". ".join(f"{part[:1].upper()}{part[1:]}" for part in (example.name, stated) if part) + ".")
    yield ""
    yield from ("| day | what happened |", "|---|---|")
    for happening in timeline(rule, example, book):
        yield f"| {happening.day or 'no date'} | {_text(happening.text)} |"


def _examples_table(rule: Rule) -> Iterator[str]:
    yield from ("| example | expects | a careless reading |", "|---|---|---|")
    for example in rule.examples:
        yield f"| {_text(example.name)} | {expected_words(example.expect)} | {_text(example.careless)} |"


def index_page(book: Rulebook) -> str:
    """The rules by criterion, by recommendation and by table read."""
    rules = list(book.rules.values())
    lines = [_MADE, "", f"# The rules of {book.name} {book.version}", "", f"{count(len(rules), 'rule')}.", ""]
    lines += ["## By criterion", "", "| criterion | rule | severity |", "|---|---|---|"]
    for rule in sorted(rules, key=lambda rule: (rule.criterion, rule.id)):
        shadow = ", in shadow" if rule.shadow else ""
        lines.append(f"| {rule.criterion} | {_link(rule)}: {_text(rule.title)} | {rule.severity}{shadow} |")
    lines += ["", "## By recommendation", ""]
    lines += _listing(_group(rules, lambda rule: [f"Recommendation {number}" for number in rule.recommendations]))
    lines += ["", "## By table read", "", "Every rule about cases also reads the table `cases`.", ""]
    lines += _listing(_group(rules, lambda rule: [f"`{table}`" for table in _tables(rule, book)]))
    return "\n".join(lines) + "\n"


def _group(rules: Iterable[Rule], names: Callable[[Rule], Iterable[str]]) -> Mapping[str, list[Rule]]:
    groups: dict[str, list[Rule]] = {}
    for rule in rules:
        for name in names(rule):
            groups.setdefault(name, []).append(rule)
    return dict(sorted(groups.items()))


def _listing(groups: Mapping[str, list[Rule]]) -> Iterator[str]:
    for name, rules in groups.items():
        yield f"- {name}: {', '.join(map(_link, rules))}"


def _tables(rule: Rule, book: Rulebook) -> Iterable[str]:
    """The tables that a rule asks for, those of its triggers and values among them."""
    tables = {selection.table for selection in selections_read(rule)}
    require = rule.require
    if isinstance(require, PerEvent) and isinstance(require.event, str):
        tables |= {"appointments", "breaches"}
    arms = [arm for name in values_used(rule) for arm in book.values[name].arms]
    tables |= {rows.table for arm in arms for rows in arm.any_row}
    if any(arm.high_roh_at_start for arm in arms) or (
        isinstance(require, Deadline) and require.trigger == "high-roh-trigger"
    ):
        tables.add("roh_assessments")
    if rule.about_staff:
        tables.add("staff")
    return sorted(tables)


def _link(rule: Rule) -> str:
    return f"[{rule.id}]({rule.id}.md)"


def _text(text: str) -> str:
    """Plain text that Markdown takes for nothing else."""
    return text.replace("<", "&lt;").replace("|", "\\|")
