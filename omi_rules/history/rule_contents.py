"""What decides the findings of a rule or conclusion: so a finding that goes because the rule changed is told apart.

A digest covers what the outcomes rest on: population, requirement, exclusion, severity and the values used; for a
conclusion also the rules, clues and flags that it rests on. Titles, sentences, sources and examples leave it alone.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from omi_rules.rulebook.model import SEVERITIES, Conclusion, Rulebook
from omi_rules.rulebook.strict_yaml import read_yaml
from omi_rules.rulebook.usage import tables_read, values_used

_DECISIVE = ("population", "excluded", "require", "severity")
_WORDS = ("title", "source", "status", "because", "says", "recommendations", "cause", "action", "examples")


@dataclass(frozen=True)
class Judge:
    """A rule or a conclusion as history knows it; `rests_on` are the rules of a conclusion, through others too."""

    part: str
    name: str
    about: str
    severity: int
    recommendations: tuple[int, ...]
    tables: frozenset[str]
    rests_on: frozenset[str]


def judges_of(rulebook: Rulebook) -> list[Judge]:
    """Every rule that counts, and every conclusion."""
    found = [
        Judge(
            "rule",
            rule.id,
            "staff" if rule.about_staff else "case",
            SEVERITIES.index(rule.severity),
            rule.recommendations,
            tables_read(rule, rulebook),
            frozenset({rule.id}),
        )
        for rule in (*rulebook.case_rules, *rulebook.staff_rules)
    ]
    by_name = {judge.name: judge for judge in found}
    for conclusion in rulebook.conclusions.values():
        rules, clues = _rests_on(conclusion, rulebook)
        known = [by_name[name] for name in rules if name in by_name]
        tables = {table for judge in known for table in judge.tables}
        for name in clues:
            clue = rulebook.clues[name]
            tables |= {selection.table for selection in (clue.any_row, clue.latest) if selection}
            if clue.first_review_within:
                tables |= {clue.first_review_within.reviews.table, clue.first_review_within.of.table}
            if clue.first_review_after:
                tables.add(clue.first_review_after.reviews.table)
        about = "staff" if any(judge.about == "staff" for judge in known) else "case"
        severity = SEVERITIES.index(conclusion.severity)
        found.append(
            Judge(
                "conclusion",
                conclusion.flag,
                about,
                severity,
                conclusion.recommendations,
                frozenset(tables),
                frozenset(judge.name for judge in known),
            )
        )
    return found


def _rests_on(conclusion: Conclusion, rulebook: Rulebook) -> tuple[set[str], set[str]]:
    """The rules and the clues that a conclusion rests on, through flags and clues too."""
    rules: set[str] = set()
    clues: set[str] = set()
    for fact in {fact for way in conclusion.ways for fact in way}:
        if fact.kind == "rule":
            rules.add(fact.name)
        elif fact.kind == "clue":
            clues.add(fact.name)
            if about := rulebook.clues[fact.name].rule:
                rules.add(about[0])
        else:
            more_rules, more_clues = _rests_on(rulebook.conclusions[fact.name], rulebook)
            rules |= more_rules
            clues |= more_clues
    return rules, clues


def digests_of(rulebook: Rulebook) -> Mapping[tuple[str, str], str]:
    """The digest of every rule that counts and every conclusion, by part and name."""
    files = _Files(rulebook)
    rules = {rule.id: files.rule(rule.id) for rule in (*rulebook.case_rules, *rulebook.staff_rules)}
    found = {("rule", name): digest for name, digest in rules.items()}
    for conclusion in rulebook.conclusions.values():
        used, clues = _rests_on(conclusion, rulebook)
        content = [files.conclusion(flag) for flag in sorted({conclusion.flag, *_flags_below(conclusion, rulebook)})]
        content += [rules.get(name, "") for name in sorted(used)]
        content += [files.clue(name) for name in sorted(clues)]
        found["conclusion", conclusion.flag] = _digest(content)
    return found


def _flags_below(conclusion: Conclusion, rulebook: Rulebook) -> set[str]:
    flags = {fact.name for way in conclusion.ways for fact in way if fact.kind == "flag"}
    return flags.union(*(_flags_below(rulebook.conclusions[flag], rulebook) for flag in flags))


@dataclass(frozen=True)
class _Files:
    """The files of a rulebook, as they are written."""

    rulebook: Rulebook

    @cached_property
    def _folder(self) -> Path:
        return Path(self.rulebook.folder)

    def _read(self, file: str) -> Any:
        return read_yaml((self._folder / file).read_bytes(), file)[0].value

    def rule(self, name: str) -> str:
        """The digest of a rule and the values that it uses."""
        rule = self.rulebook.rules[name]
        content = self._read(rule.file)
        values = [_decisive(self._read(self.rulebook.values[used].file)) for used in values_used(rule)]
        return _digest([{key: content.get(key) for key in _DECISIVE}, values])

    def conclusion(self, flag: str) -> Any:
        """What a conclusion follows from, and how severe it is."""
        return _decisive(self._read(self.rulebook.conclusions[flag].file))

    def clue(self, name: str) -> Any:
        """What a clue asks."""
        return _decisive(self._read(self.rulebook.clues[name].file))


def _decisive(content: Any) -> Any:
    """The content without what is only said of it."""
    if isinstance(content, dict):
        return {key: _decisive(value) for key, value in content.items() if key not in _WORDS}
    return [_decisive(value) for value in content] if isinstance(content, list) else content


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
