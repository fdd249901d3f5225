"""The rulebook listed, shown, linted and tested."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from omi_rules.resources import rules_folder
from omi_rules.rulebook.criteria import load_criteria
from omi_rules.rulebook.criteria_lint import lint_criteria
from omi_rules.rulebook.load import load_rulebook
from tests.cli.running import run

RULEBOOK = load_rulebook()
RULES, CONCLUSIONS = RULEBOOK.rules, RULEBOOK.conclusions
RULE = "risk-management-plan-on-time"
FILE = f"checks/1.2/{RULE}.yaml"
GOOD = Path(__file__).resolve().parent.parent / "bad_rules" / "good"
#: A file of that one.
SCREENING = "checks/1.2/screening-on-time.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the rulebook, to be spoilt."""
    return Path(shutil.copytree(rules_folder(), tmp_path / "rules"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of a rulebook of eight rules: to lint the whole one takes ten times as long, and finds no more."""
    return Path(shutil.copytree(GOOD, tmp_path / "small"))


def spoil(folder: Path, before: str, after: str, file: str = FILE) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_list_names_every_rule_within_80_columns() -> None:
    shown = run("rules", "list")

    lines = shown.out.splitlines()
    assert shown.code == 0
    assert {line.split()[0] for line in lines[1:]} == set(RULES)
    assert max(map(len, lines)) <= 80


def test_list_can_be_filtered_by_several_of_a_sort() -> None:
    shown = run("rules", "list", "--criterion", "1.2", "--criterion", "1.5", "--format", "jsonl")

    listed = [json.loads(line) for line in shown.out.splitlines()]
    assert {record["criterion"] for record in listed} == {"1.2", "1.5"}


def test_list_can_be_filtered_by_recommendation() -> None:
    shown = json.loads(run("rules", "list", "--recommendation", "2", "--format", "json").out)

    assert shown
    assert all(2 in record["recommendations"] for record in shown)


def test_list_as_csv_has_whole_titles() -> None:
    shown = csv.DictReader(io.StringIO(run("rules", "list", "--format", "csv").out))

    assert {record["rule"]: record["title"] for record in shown} == {rule.id: rule.title for rule in RULES.values()}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["list", "--rule", "contact-frequence"],
            "there is no rule contact-frequence; did you mean contact-freq",
        ),
        (
            ["list", "--rule", "unseen-home"],
            "unseen-home is a conclusion: name a rule that it rests on, high-roh-home-visit-made",
        ),
        (["list", "--criterion", "1.22"], "there is no criterion 1.22; did you mean 1.2?"),
        (["list", "--recommendation", "9"], "recommendation"),
        (["list", "--criterion", "2.4", "--recommendation", "1"], "no rule is left"),
        (["show", "contact-frequence"], "did you mean contact-frequency?"),
        (["show", "unseen-hom"], "there is no rule, conclusion or value unseen-hom; did you mean unseen-home?"),
        (["show", "zzz"], "there is no rule, conclusion or value zzz; `omi-rules rules list` names the rules"),
        (["show", "1.2.99"], "there is no question 1.2.99; did you mean 1.2."),
        (["show", "5.2"], "there is no criterion 5.2; did you mean"),
        (["test", "unseen-hom"], "did you mean unseen-home?"),
        (["list", "--rules", "no-such-folder"], "there is no folder no-such-folder"),
    ],
)
def test_unknown_name_is_a_wrong_use_with_the_nearest(arguments: list[str], sentence: str) -> None:
    shown = run("rules", *arguments)

    assert (shown.code, shown.out) == (2, "")
    assert sentence in shown.err


@pytest.mark.parametrize("flag", CONCLUSIONS)
def test_show_of_a_conclusion_says_what_it_follows_from(flag: str) -> None:
    shown = run("rules", "show", flag)

    assert (shown.code, shown.err) == (0, "")
    assert max(map(len, shown.out.splitlines())) <= 80
    conclusion, text = CONCLUSIONS[flag], " ".join(shown.out.split())
    assert f"{conclusion.title}. {flag}, a conclusion, {conclusion.severity}, " in text
    for part in (
        conclusion.cause,
        conclusion.action,
        conclusion.source.place,
        *(one.name for one in conclusion.examples),
    ):
        assert " ".join(part.split()) in text
    follows = text[text.index("Follows from") : text.index(" Cause ")]
    assert follows.count("; and ") == (sum(len(way) - 1 for way in conclusion.ways) if len(conclusion.ways) > 1 else 0)
    for fact in {fact for way in conclusion.ways for fact in way}:
        assert (RULEBOOK.clues[fact.name].title if fact.kind == "clue" else f"({fact.name})") in follows


@pytest.mark.parametrize(
    ("flag", "sentence"),
    [
        ("change-unanswered", "(roh-reviewed-after-change): late or missing."),
        ("public-protection-alert", "a conclusion, critical, no recommendation."),
        ("change-unanswered", "a conclusion, critical, recommendation 1."),
        ("unmanaged-high-risk", "a conclusion, critical, recommendations 2 and 3."),
        ("unmanaged-high-risk", "a plan that was late is a plan: it does not follow."),
    ],
)
def test_show_of_a_conclusion_says_outcomes_recommendations_and_what_examples_expect(flag: str, sentence: str) -> None:
    assert sentence in " ".join(run("rules", "show", flag).out.split())


def test_show_of_a_conclusion_for_programs_has_every_part() -> None:
    shown = json.loads(run("rules", "show", "exemption-hides-gap", "--format", "json").out)
    assert (shown["flag"], shown["severity"]) == ("exemption-hides-gap", CONCLUSIONS["exemption-hides-gap"].severity)
    assert {"kind": "clue", "name": "full-analysis-made", "values": ["false"]} in shown["ways"][0]


def test_show_of_a_conclusion_says_where_a_clue_must_not_hold() -> None:
    assert "- Not so: " in run("rules", "show", "exemption-hides-gap").out


@pytest.mark.parametrize("rule", RULES)
def test_show_says_everything_within_80_columns(rule: str) -> None:
    shown = run("rules", "show", rule)

    assert shown.code == 0
    assert max(map(len, shown.out.splitlines())) <= 80
    text = " ".join(shown.out.split())
    for part in (RULES[rule].title, RULES[rule].asks, RULES[rule].to_do, RULES[rule].examples[0].name):
        assert " ".join(part.split()) in text


def test_show_says_population_clock_limit_and_source() -> None:
    text = " ".join(run("rules", "show", RULE).out.split())

    assert "order type is community order or suspended sentence order" in text
    assert "Clock The clock starts on the day when the case was first assessed" in text
    assert "5 working days (merseyside-omi-2007, criterion 1.2" in text
    assert "late, due on 29 December 2006, done on 2 January 2007, 4 days late" in text


def test_show_says_what_is_assumed() -> None:
    assert "where tier is 4 or more: 32 appointments (assumed: " in " ".join(
        run("rules", "show", "contact-frequency").out.split()
    )


def test_show_as_json_has_every_part() -> None:
    shown = json.loads(run("rules", "show", RULE, "--format", "json").out)

    assert shown["id"] == RULE
    assert shown["require"]["limit"] == "rmp-limit"


#: What the criteria say of rules that they name and that are not written yet.
MISSING = [str(problem) for problem in lint_criteria(load_criteria(), load_rulebook())]


def counted(problems: int) -> str:
    """What lint says of a number of problems on stderr."""
    return f"omi-rules: {problems} problem{'' if problems == 1 else 's'}.\n" if problems else ""


def test_lint_finds_nothing_wrong_with_the_own_rulebook_but_rules_not_written_yet() -> None:
    shown = run("rules", "lint")

    assert all("there is no rule" in line for line in MISSING)
    assert (shown.code, shown.err) == (4 if MISSING else 0, counted(len(MISSING)))
    assert len(shown.out.splitlines()) == max(len(MISSING), 1)


def test_lint_finds_nothing_wrong_with_a_good_rulebook(tmp_path: Path) -> None:
    shown = run("rules", "lint", "--rules", GOOD)

    assert (shown.code, shown.err) == (0, "")
    assert "8 rules, 6 values, 3 clues, 2 conclusions, 14 questions, 3 targets and 1 sample." in shown.out


def test_lint_lists_problems_of_rules_and_of_criteria_together(small: Path) -> None:
    spoil(small, "to_do: Complete", "todo: Complete", SCREENING)
    spoil(small, "summary: 20", "summary: 30", "criteria/1.2.yaml")

    shown = run("rules", "lint", "--rules", small)

    assert shown.code == 4
    assert f"{SCREENING}:" in shown.out
    assert "criteria/1.2.yaml:7  weights: the weights add up to 110" in shown.out


def test_lint_lists_problems_with_file_and_line(small: Path) -> None:
    spoil(small, "to_do: Complete", "todo: Complete", SCREENING)
    spoil(small, "within: first-limit", "within: first-limits", SCREENING)

    shown = run("rules", "lint", "--rules", small)

    assert shown.code == 4
    assert f"{SCREENING}:" in shown.out
    assert "did you mean to_do?" in shown.out
    assert "problem" in shown.err


def test_lint_says_what_loading_does_not_ask(copy: Path) -> None:
    spoil(copy, "have it countersigned.", "have it countersigned")

    shown = run("rules", "lint", "--rules", copy)

    assert shown.code == 4
    assert "a sentence ends with a full stop" in shown.out
    assert shown.err == counted(len(MISSING) + 1)


def test_rulebook_at_fault_shows_every_problem_and_their_number(copy: Path) -> None:
    spoil(copy, "severity: critical", "severity: criticl")
    spoil(copy, "title: ", "titel: ", "checks/2.4/contact-frequency.yaml")

    shown = run("rules", "list", "--rules", copy)

    assert (shown.code, shown.out) == (4, "")
    assert FILE in shown.err
    assert "checks/2.4/contact-frequency.yaml" in shown.err
    assert "problems" in shown.err.splitlines()[-1]


def test_examples_of_one_rule_pass() -> None:
    shown = run("rules", "test", RULE)

    assert (shown.code, shown.err) == (0, "")
    assert f"{len(RULES[RULE].examples)} examples of 1 rule and 0 conclusions" in shown.out


def test_examples_of_one_conclusion_pass() -> None:
    shown = run("rules", "test", "unseen-home")

    assert shown.code == 0
    assert "of 0 rules and 1 conclusion: all come out as they say." in shown.out


def test_failing_example_shows_expected_and_got(copy: Path) -> None:
    spoil(copy, "days_late: 4}", "days_late: 5}")

    shown = run("rules", "test", RULE, "--rules", copy)

    assert shown.code == 4
    assert f"{FILE}:" in shown.out
    assert "expected late, due_on 2006-12-29, done_on 2007-01-02, days_late 5" in shown.out
    assert "got      late" in shown.out
    assert f"{len(RULES[RULE].examples)} examples of 1 rule and 0 conclusions: 1 failure." in shown.out


def test_failing_conclusion_is_named(copy: Path) -> None:
    file = "conclusions/public-protection-alert.yaml"
    spoil(
        copy,
        "facts: [{flag: mappa-gap}, {flag: unseen-home}], expect: false",
        "facts: [{flag: mappa-gap}, {flag: unseen-home}], expect: true",
        file,
    )

    shown = run("rules", "test", "public-protection-alert", "--rules", copy)

    assert shown.code == 4
    assert file in shown.out


def test_lint_of_one_file_leaves_the_others_out(small: Path) -> None:
    spoil(small, "Complete it now.\n", "Complete it now\n", SCREENING)
    spoil(small, "title: Enough", "titel: Enough", "checks/2.4/contact-enough.yaml")

    spoilt = run("rules", "lint", "contact-enough", "--rules", small)
    sound = run("rules", "lint", "first-limit", "--rules", small)
    unknown = run("rules", "lint", "first-limits", "--rules", small)

    assert spoilt.code == 4
    assert {line.partition(":")[0] for line in spoilt.out.splitlines()} == {"checks/2.4/contact-enough.yaml"}
    assert (sound.code, sound.out) == (0, "Nothing is wrong with first-limit.\n")
    assert unknown.code == 2
    assert "did you mean first-limit?" in unknown.err


def test_show_says_how_to_check_by_hand_and_tells_one_example_day_by_day() -> None:
    lines = run("rules", "show", RULE).out.splitlines()

    by_hand = lines.index("How an inspector would check it by hand")
    assert lines[by_hand + 1].startswith("  1. Open the order or licence. Go on only if order type is community order")
    days = lines.index("One example, day by day")
    assert days < lines.index("Examples")
    assert "  2006-12-20  start (sentence)" in lines[days:]
    assert "  2007-01-02  risk management plans: done, 4 days late" in lines[days:]


def test_show_tells_programs_the_same() -> None:
    record = json.loads(run("rules", "show", RULE, "--format", "json").out)

    assert record["by_hand"][0].startswith("Open the order or licence.")
    assert {"day": "2006-12-20", "happened": "start (sentence)"} in record["timeline"]["days"]


def test_new_rule_is_not_put_into_the_rulebook_that_checks_are_judged_by() -> None:
    shown = run("rules", "new", "tier-held", "--kind", "matches", "--criterion", "1.5")

    assert shown.code == 2
    assert "say with --rules in which rulebook" in shown.err
    assert not list(rules_folder().rglob("tier-held.yaml"))


@pytest.mark.parametrize("command", [[], ["rules"], ["history"]], ids=" ".join)
def test_command_of_others_by_itself_gives_its_help_and_names_no_fault(command: list[str]) -> None:
    shown = run(*command)

    assert shown.code == 2
    assert (shown.out + shown.err).startswith("Examples:\n")
    assert "Try '" not in shown.err
