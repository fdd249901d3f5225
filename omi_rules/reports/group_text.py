"""Traffic lights of one dimension on the page of a terminal: a table a criterion, and what differs beyond chance."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from omi_rules.reports.columns import align
from omi_rules.reports.terminal import Paint, paint_plain
from omi_rules.reports.words import count, folded, whole

Score = Mapping[str, Any]
Group = Mapping[str, Any]

#: What the dimensions are called.
_NAMES = {
    "division": "division",
    "team": "team",
    "officer": "officer",
    "gender": "gender",
    "ethnicity": "ethnicity",
    "age": "age of the order",
    "tier": "tier",
    "order": "type of order",
    "ppo": "PPO",
    "roh": "Risk of Harm level",
}
_HIDDEN = "hidden"
_LEGEND = (
    "Green: good. Amber: a priority for improvement. Red: an urgent priority for improvement. Score: the average of "
    "the questions that are decided and shown. 95%: as far as chance may move it. Questions: how many those are, of "
    "the criterion's. No light: fewer than half of those that were asked and have a case in the group.",
    "Hidden: what is about fewer than 5 cases is not shown, and so much else with it that no sum of what is shown "
    "gives it. Which groups are hidden can still say something: publish few tables, and large groups.",
)
_ASSUMED = "The bands behind the lights are assumed."
_CHANCE = (
    "A group differs only where the 95% interval of the difference from the rest around it supports it. Many are "
    "compared: where nothing differs, about one in twenty is flagged by chance."
)


def show_groups(score: Score, dimension: str, *, paint: Paint = paint_plain) -> list[str]:
    """The lines of one dimension of score.json's `groups`, at most 80 columns."""
    entry = next(entry for entry in score["groups"] if entry["dimension"] == dimension)
    groups: Sequence[Group] = entry["groups"]
    lines = [paint("heading", f"By {_NAMES[dimension]}")]
    if not groups:
        return [*lines, *folded("Hidden: there are no more cases than groups, and to list them would count them.")]
    assumed = any((criterion["bands"] or {}).get("assumed") for criterion in score["criteria"])
    for sentence in (*_LEGEND, *([_ASSUMED] if assumed else [])):
        lines += folded(sentence)
    lines += _not_asked(score, groups)
    for criterion in score["criteria"]:
        rows = list(_criterion_rows(groups, criterion["id"]))
        if rows:
            lines += ["", *folded(f"{criterion['id']} {criterion['title']}", "    ", "")]
            lines += _table(["", "Cases", "Score", "95%", "Light", "Questions"], groups, rows, right=(1, 2, 3, 5))
    return [*lines, "", paint("heading", "What differs"), *_differences(score, groups)]


def _not_asked(score: Score, groups: Sequence[Group]) -> list[str]:
    """That the lights are of a part of the questions, where nobody was asked the others."""
    asked = {question["id"] for question in groups[0]["questions"]}
    others = [question for question in score["questions"] if question["id"] not in asked]
    if not others:
        return []
    return folded(
        f"Nothing was found on {count(len(others), 'question')} in any group, and these lights leave them out: a light "
        "on a part of the questions is no conclusion about the criterion. The scores of the area say what is withheld."
    )


def _criterion_rows(groups: Sequence[Group], id_: str) -> Iterator[list[str]]:
    """The cells beside each group's name; none for a criterion of which nothing was asked."""
    found = [next(one for one in group["criteria"] if one["id"] == id_) for group in groups]
    if any(one["of"] for one in found):
        for group, one in zip(groups, found, strict=True):
            score = "-" if one["rounded"] is None else f"{one['rounded']}%"
            span = "" if one["interval_low"] is None else f"{one['interval_low']:.0f}-{one['interval_high']:.0f}"
            yield [_cases(group), score, span, one["light"] or "no light", f"{one['decided']} of {one['questions']}"]


def _cases(group: Group) -> str:
    return _HIDDEN if group["suppressed"] else f"{group['cases']:,}"


def _table(
    header: Sequence[str], groups: Sequence[Group], rows: Sequence[Sequence[str]], right: Sequence[int]
) -> Iterator[str]:
    """A row a group, under a line that says what the groups are inside of."""
    named = [[_name(group), *row] for group, row in zip(groups, rows, strict=True)]
    first, *lines = align(header, named, right=right)
    yield first
    around: list[str | None] = []
    for group, line in zip(groups, lines, strict=True):
        if group["path"][:-1] != around:
            around = group["path"][:-1]
            yield from folded(f"In {_path(around)}:", "  ", "")
        yield line


def _name(group: Group) -> str:
    return _word(group["path"][-1])


def _path(path: Sequence[str | None]) -> str:
    return ", ".join(map(_word, path))


def _word(name: str | None) -> str:
    return "not recorded" if name is None else name.replace("_", " ")


def _differences(score: Score, groups: Sequence[Group]) -> list[str]:
    asks = {question["id"]: question["asks"] for question in score["questions"]}
    flagged: dict[str, list[str]] = {}
    for group in groups:
        for question in group["questions"]:
            if question["difference"]:
                flagged.setdefault(question["id"], []).append(_difference(group, question))
    lines = folded(_CHANCE)
    if not flagged:
        return [*lines, "Nothing."]
    for id_ in sorted(flagged):
        lines += folded(f"{id_} {asks[id_]}", "    ", "")
        lines += [line for told in flagged[id_] for line in folded(told, "    ", "  - ")]
    return lines


def _difference(group: Group, question: Mapping[str, Any]) -> str:
    around = group["path"][:-1]
    rest = f"the rest of {_path(around)}" if around else "the rest"
    found = f"{question['sufficient']:,}/{question['relevant']:,}, {whole(question['percent'])}"
    span = f"{question['interval_low']:.0f}-{question['interval_high']:.0f}"
    return f"{_name(group)}: {found} ({span}), {question['difference']} than {rest}"
