"""Puts the amounts of named values into the tests that ask how long ago a day is, so that they can be told."""

from dataclasses import replace

from omi_rules.rulebook.model import Matches, Presence, Rule, Rulebook, Selection, Test, Weekly


def with_amounts(rule: Rule, rulebook: Rulebook) -> Rule:
    """The rule with each such test's number of working days."""

    def told(test: Test) -> Test:
        if test.operator != "longer_ago_than":
            return test
        return replace(test, number=rulebook.values[test.value].arms[0].amount)

    def selected(selection: Selection) -> Selection:
        return replace(selection, tests=tuple(map(told, selection.tests)))

    match rule.require:
        case Matches(rows=Selection() as rows) as matches:
            return replace(rule, require=replace(matches, rows=selected(rows)))
        case Presence() as presence:
            return replace(rule, require=replace(presence, selections=tuple(map(selected, presence.selections))))
        case Weekly() as weekly:
            return replace(rule, require=replace(weekly, each=selected(weekly.each), rows=selected(weekly.rows)))
        case _:
            return rule
