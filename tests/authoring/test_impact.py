"""The impact of another rulebook is what two checks of the same export, one by each, find otherwise."""

import csv
import io
import json
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from omi_rules.authoring.differences import find_differences
from omi_rules.authoring.impact import Impact, measure_impact
from omi_rules.data.means import Means
from omi_rules.demo.area import write_area
from omi_rules.resources import rules_folder
from omi_rules.rulebook.load import load_rulebook
from omi_rules.rulebook.model import INSUFFICIENT
from tests.cli.running import run
from tests.judging import Judged, judge_folder

AS_AT = date(2006, 11, 30)
CHANGED, REMOVED, TRIED = "breach-instigated-on-time", "attendance-recorded", "tried-plan"
PRESENT = load_rulebook()


@pytest.fixture(scope="module")
def area(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("area")
    write_area(folder, 150, threads=1)
    return folder


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rulebook with a value halved, a rule less, one more in shadow, and a conclusion in other words."""
    copy = Path(shutil.copytree(rules_folder(), tmp_path_factory.mktemp("other") / "rules"))
    put(copy / "values" / "breach-limit.yaml", "amount: 10", "amount: 5")
    (copy / "checks" / "2.4" / f"{REMOVED}.yaml").unlink()
    plan = copy / "checks" / "1.2" / "risk-management-plan-on-time.yaml"
    shutil.copy(plan, plan.with_name(f"{TRIED}.yaml"))
    put(plan.with_name(f"{TRIED}.yaml"), "\nseverity:", "\nshadow: true\nseverity:")
    put(copy / "conclusions" / "unseen-home.yaml", "title: ", "title: Truly ")
    return copy


def put(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def measured(area: Path, other: Path) -> Impact:
    return measure_impact(area, PRESENT, load_rulebook(other), AS_AT, Means(), lambda _: None)


@pytest.fixture(scope="module")
def was(area: Path) -> Judged:
    """What the program's own rulebook says of the area."""
    return judge_folder(area, as_at=AS_AT, rulebook=PRESENT)


@pytest.fixture(scope="module")
def now(area: Path, other: Path) -> Judged:
    """What the other rulebook says of it."""
    return judge_folder(area, as_at=AS_AT, rulebook=load_rulebook(other))


def test_differences_name_rules_values_and_conclusions(measured: Impact) -> None:
    found = {changed.id: (changed.status, changed.values, changed.shadow) for changed in measured.differences.rules}

    assert found == {
        CHANGED: ("changed", ("breach-limit",), False),
        REMOVED: ("removed", (), False),
        TRIED: ("added", (), True),
    }
    assert [value.name for value in measured.differences.values] == ["breach-limit"]
    assert measured.differences.conclusions == {"unseen-home": "changed"}


def test_moves_are_those_between_two_checks(measured: Impact, was: Judged, now: Judged) -> None:
    cases = {case for case, rule in was if rule == CHANGED}  # not members of staff

    expected: Counter[tuple[str, str | None, str | None]] = Counter()
    for case in cases:
        for rule, with_, without in ((CHANGED, now[case, CHANGED], None), (REMOVED, None, "gone")):
            before = was[case, rule]
            if without:
                expected[rule, before[0], None] += 1
            elif with_ is not None and before[:3] != with_[:3]:
                expected[rule, before[0], with_[0]] += 1

    moves = {(move.rule, move.before, move.after): move.cases for move in measured.moves if move.rule != TRIED}
    assert moves == dict(expected)
    assert {(CHANGED, "met", "late"), (CHANGED, "met", "met")} <= set(moves)


def test_rule_in_shadow_is_counted_as_one_that_would_be_added(measured: Impact, was: Judged) -> None:
    # it asks what the rule asks of which it is a copy
    expected = Counter(got[0] for (_, rule), got in was.items() if rule == "risk-management-plan-on-time")

    moves = measured.moves_of(TRIED)

    assert {move.before for move in moves} == {None}
    assert {move.after: move.cases for move in moves} == dict(expected)


def test_officers_findings_are_those_of_their_cases(measured: Impact, area: Path, was: Judged, now: Judged) -> None:
    with (area / "cases.csv").open(encoding="utf-8", newline="") as file:
        held_by = {row["case_id"]: row["offender_manager"] or None for row in csv.DictReader(file)}
    appear: Counter[str | None] = Counter()
    vanish: Counter[str | None] = Counter()
    for case, officer in held_by.items():
        if (case, CHANGED) not in was:
            continue
        tried = was[case, "risk-management-plan-on-time"][0] in INSUFFICIENT
        before, after = (side[case, CHANGED][0] in INSUFFICIENT for side in (was, now))
        appear[officer] += tried + (after and not before)
        vanish[officer] += (was[case, REMOVED][0] in INSUFFICIENT) + (before and not after)

    assert {change.officer: change.appear for change in measured.officers if change.appear} == dict(+appear)
    assert {change.officer: change.vanish for change in measured.officers if change.vanish} == dict(+vanish)
    for change in measured.officers:
        assert {held_by[case] for case in (*change.appear_in, *change.vanish_in)} == {change.officer}


def test_same_rulebook_has_no_impact(area: Path) -> None:
    impact = measure_impact(area, PRESENT, PRESENT, AS_AT, Means(), lambda _: None)

    assert (impact.differences.rules, impact.moves, impact.officers) == ((), (), ())


def test_rule_moved_into_shadow_is_removed_and_one_moved_out_is_added() -> None:
    tried = replace(PRESENT.rules[CHANGED], shadow=True)
    shadowed = replace(PRESENT, rules={**PRESENT.rules, CHANGED: tried})

    into = find_differences(PRESENT, shadowed).rules
    out = find_differences(shadowed, PRESENT).rules

    assert [(changed.id, changed.status, changed.shadow) for changed in into] == [(CHANGED, "removed", False)]
    assert [(changed.id, changed.status, changed.shadow) for changed in out] == [(CHANGED, "added", False)]


def test_examples_of_a_rule_are_no_difference(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(rules_folder(), tmp_path / "rules"))
    put(copy / "checks" / "2.4" / f"{CHANGED}.yaml", "name: the tenth", "name: truly the tenth")

    found = find_differences(PRESENT, load_rulebook(copy))

    assert (found.rules, found.values, dict(found.conclusions)) == ((), (), {})


def test_page_fits_80_columns_and_counts_what_differs(area: Path, other: Path) -> None:
    shown = run("rules", "impact", area, "--against", other)

    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    assert f"{CHANGED}: changed in the value breach-limit." in shown.out
    assert f"{TRIED}: in shadow; if it counted, it would be added." in shown.out
    assert "Conclusions that differ, not counted here: unseen-home (changed)." in shown.out
    assert shown.out.splitlines()[-1].startswith("3 rules differ: ")


def test_without_another_rulebook_the_shadows_are_counted(area: Path, other: Path) -> None:
    record = json.loads(run("rules", "impact", area, "--rules", other, "--format", "json").out)

    assert [(rule["rule"], rule["shadow"]) for rule in record["rules"]] == [(TRIED, True)]
    assert "No rule differs." in run("rules", "impact", area).out


def test_every_form_says_the_same(area: Path, other: Path, measured: Impact) -> None:
    shown = {form: run("rules", "impact", area, "--against", other, "--format", form).out for form in ("json", "csv")}

    rows = list(csv.DictReader(io.StringIO(shown["csv"])))
    from_csv = {
        (row["rule"], row["before"], row["after"]): int(row["cases"]) for row in rows if row["part"] == "outcomes"
    }
    record = json.loads(shown["json"])
    from_json = {
        (rule["rule"], move["before"] or "", move["after"] or ""): move["cases"]
        for rule in record["rules"]
        for move in rule["outcomes"]
    }
    assert from_csv == from_json
    assert len(from_csv) == len(measured.moves)
    assert sum(int(row["cases"]) for row in rows if row["part"] == "findings appear") == sum(
        officer["appear"] for officer in record["officers"]
    )
    lines = run("rules", "impact", area, "--against", other, "--format", "jsonl").out.splitlines()
    assert len(lines) == len(rows)


def test_cell_of_the_export_is_no_formula_in_csv(area: Path, other: Path, tmp_path: Path) -> None:
    export = Path(shutil.copytree(area, tmp_path / "export"))
    cases = (export / "cases.csv").read_text("utf-8").splitlines()
    officer = cases[0].split(",").index("offender_manager")
    spoilt = [
        ",".join(["=1+1" if n == officer else cell for n, cell in enumerate(row.split(","))]) for row in cases[1:]
    ]
    (export / "cases.csv").write_text("\n".join([cases[0], *spoilt, ""]), encoding="utf-8")

    rows = list(csv.DictReader(io.StringIO(run("rules", "impact", export, "--against", other, "--format", "csv").out)))

    assert {row["officer"] for row in rows if row["part"].startswith("findings")} == {"'=1+1"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["area", "--against", "nowhere"], 2, "--against: there is no folder nowhere"),
        (["nowhere"], 3, "nowhere"),
        (["area", "--against", "broken"], 4, "the rulebook in"),
    ],
)
def test_exit_codes_are_those_of_the_contract(
    arguments: list[str], code: int, words: str, area: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken").mkdir()
    paths = {"area": area, "broken": tmp_path / "broken"}

    shown = run("rules", "impact", *(paths.get(word, word) for word in arguments))

    assert (shown.code, shown.out) == (code, "")
    assert words in shown.err
