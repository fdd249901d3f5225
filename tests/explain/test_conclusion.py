"""Explanations of conclusions: whether one follows, from which facts, and what to do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from omi_rules.explain.layout import Explanation
from omi_rules.explain.narrative import explain_case
from omi_rules.pipeline import Settings, judge_case
from omi_rules.problems import UsageError
from omi_rules.rulebook.model import ClueState, Conclusion, ConclusionExample
from tests.explain import judgements
from tests.explain.judgements import CaseJudgement, Judged, judgement_of, rulebook
from tests.judging import write_export

AS_AT = date(2007, 1, 31)
PLAN, MAPPA = "risk-management-plan-on-time", "high-roh-managed-in-mappa"
UNMANAGED = rulebook().conclusions["unmanaged-high-risk"]
RECORD = {"case": {**rulebook().example_case["case"], "case_id": "C1"}}


def rests_on_conclusions(conclusion: Conclusion) -> bool:
    return any(fact.kind == "flag" for way in conclusion.ways for fact in way)


#: Those about cases. What follows through other conclusions, only the engine draws.
EXAMPLES = [
    (one, example)
    for one in rulebook().conclusions.values()
    if one.flag != "appraisal-lapsed"
    for example in one.examples
    if not rests_on_conclusions(one) or any(fact.kind == "flag" for fact in example.facts)
]
HIGH: Mapping[str, ClueState] = {"hvh": "true"}


def case_with(
    outcomes: Mapping[str, str],
    clues: Mapping[str, ClueState] = {},
    drawn: tuple[str, ...] = (),
) -> CaseJudgement:
    """A case of these outcomes and clues; every other rule is not about it, and every other clue does not hold.

    What was drawn rests on all outcomes."""
    every = {rule.id: Judged(outcomes.get(rule.id, "not_applicable")) for rule in rulebook().case_rules}
    derived = tuple((rulebook().conclusions[flag], tuple(outcomes.items())) for flag in drawn)
    return judgement_of(
        RECORD, AS_AT, every, derived=derived, clues=dict.fromkeys(rulebook().clues, "false") | dict(clues)
    )


def section(explanation: Explanation, heading: str) -> str:
    """A section in one line."""
    return " ".join(judgements.section(explanation, heading).split())


def explained(judgement: CaseJudgement, flag: str) -> Explanation:
    (explanation,) = explain_case(judgement, [flag])
    assert max(map(len, explanation.text.splitlines())) <= 80
    return explanation


def test_one_that_follows_is_explained_by_its_facts() -> None:
    judgement = case_with({PLAN: "missing", MAPPA: "missing"}, HIGH, (UNMANAGED.flag,))

    told = explained(judgement, UNMANAGED.flag)

    assert told.title == "unmanaged-high-risk, case C1 as at 31 January 2007"
    assert "Severity: critical. Recommendations: 2, 3." in section(told, "Conclusion")
    assert section(told, "Answer") == f"It follows for this case. Cause: {UNMANAGED.cause}"
    assert section(told, "Facts").startswith("All of these must hold: yes High or very high Risk of Harm now. yes")
    assert f"yes Risk management plan within five working days ({PLAN}): missing." in section(told, "Facts")
    assert f"missing {PLAN}: So it is." in section(told, "Rules it rests on")
    assert section(told, "What to do now") == UNMANAGED.action


def test_one_that_does_not_follow_names_the_fact_that_is_otherwise() -> None:
    told = explained(case_with({PLAN: "late", MAPPA: "missing"}, HIGH), UNMANAGED.flag)

    assert section(told, "Answer") == "It does not follow for this case."
    assert f"no Risk management plan within five working days ({PLAN}): missing. It is late." in section(told, "Facts")
    assert f"yes High Risk of Harm case managed within MAPPA ({MAPPA}): missing." in section(told, "Facts")
    assert f"late {PLAN}: So it is." in section(told, "Rules it asks")
    assert section(told, "What to do now") == "Nothing: the conclusion does not follow for this case."


@pytest.mark.parametrize("outcome", ["unknown", "error"])
def test_one_that_an_undecided_rule_could_bring_about_is_unknown_and_no_pass(outcome: str) -> None:
    told = explained(case_with({PLAN: outcome, MAPPA: "missing"}, HIGH), UNMANAGED.flag)

    assert section(told, "Answer").startswith("Whether it follows is unknown")
    assert f"unknown Risk management plan within five working days ({PLAN}): missing." in section(told, "Facts")


def test_an_undecided_rule_leaves_nothing_open_where_another_fact_fails() -> None:
    told = explained(case_with({PLAN: "unknown", MAPPA: "met"}, HIGH), UNMANAGED.flag)
    assert section(told, "Answer") == "It does not follow for this case."


def test_rule_that_could_not_be_run_is_to_be_reported() -> None:
    told = explained(case_with({PLAN: "error", MAPPA: "missing"}, HIGH), UNMANAGED.flag)
    assert section(told, "What to do now") == "Report this: a rule could not be run on this case."


def test_clue_that_does_not_hold_is_told_as_that() -> None:
    told = explained(case_with({PLAN: "missing", MAPPA: "missing"}), UNMANAGED.flag)
    assert "no High or very high Risk of Harm now. " in section(told, "Facts") + " "
    assert section(told, "What to do now").startswith("Nothing: ")


def test_clue_that_is_asked_not_to_hold_and_does_is_told_as_so() -> None:
    told = explained(case_with({}, {"full-analysis-made": "true"}), "exemption-hides-gap")
    title = rulebook().clues["full-analysis-made"].title
    assert f"no Not so: {title}. But it is so." in section(told, "Facts")


def test_clue_that_no_case_surely_lacks_is_told_as_not_shown_and_the_records_as_perhaps_not_whole() -> None:
    late = {"roh-first-review-on-time": "late"}
    clue: Mapping[str, ClueState] = {"first-roh-review-within-16-weeks-of-assessment": "not shown"}

    told = explained(case_with(late, clue), "clock-started-at-assessment")

    assert section(told, "Answer") == "It does not follow from what is recorded."
    assert "not shown First Risk of Harm review within 16 weeks" in section(told, "Facts")
    assert "The records do not show it." in section(told, "Facts")
    assert section(told, "What to do now").startswith("Nothing, if the records are complete")


def test_action_for_a_case_that_has_ended_says_that_it_has() -> None:
    judgement = case_with({PLAN: "missing", MAPPA: "missing"}, HIGH, (UNMANAGED.flag,))
    ended = replace(judgement, case={**judgement.case, "end_date": AS_AT})

    told = section(explained(ended, UNMANAGED.flag), "What to do now")

    assert told.startswith("Supervision ended on 31 January 2007: ")
    assert told.endswith(f"For a case that is open: {UNMANAGED.action}")


def test_clue_that_is_not_recorded_leaves_the_conclusion_open() -> None:
    told = explained(case_with({PLAN: "missing", MAPPA: "missing"}, {"hvh": "open"}), UNMANAGED.flag)

    assert "Cause: " not in section(told, "Answer")
    assert section(told, "Answer").startswith("Whether it follows is unknown")
    assert (
        "unknown High or very high Risk of Harm now. The records leave it open: it goes by Risk of Harm level of the "
        "case (cases.roh_level)." in section(told, "Facts")
    )
    assert section(told, "What to do now").startswith("Record what is unknown above")


def test_clue_of_a_rule_that_is_unknown_names_the_rule() -> None:
    reviewed, clue = "plan-review-with-risk-review", "plan-reviewed-without-risk-review"

    told = explained(case_with({reviewed: "unknown"}, {clue: "open"}), "change-planned-not-assessed")

    assert f"{rulebook().clues[clue].title}. The rule {reviewed} is unknown." in section(told, "Facts")


def test_of_several_combinations_only_those_that_hold_are_shown() -> None:
    judgement = case_with(
        {PLAN: "missing", MAPPA: "missing"}, HIGH, (UNMANAGED.flag, "unseen-home", "public-protection-alert")
    )

    told = explained(judgement, "public-protection-alert")

    assert "victim-offer-on-time" not in section(told, "Rules it rests on")
    assert PLAN in section(told, "Rules it rests on")
    facts = section(told, "Facts")

    assert facts.startswith("Any one of 6 combinations is enough. Those that hold: Combination 4: yes")
    assert facts.count("Combination") == 1
    assert "(unmanaged-high-risk)" in facts
    assert "(unseen-home)" in facts


def test_unknown_of_one_conclusion_leaves_the_one_above_it_open() -> None:
    judgement = case_with({PLAN: "unknown", MAPPA: "missing"}, HIGH, ("unseen-home",))

    told = explained(judgement, "public-protection-alert")

    assert section(told, "Answer").startswith("Whether it follows is unknown")
    assert section(told, "Facts").count("Combination") == 6
    assert PLAN in section(told, "Rules it asks")


@pytest.mark.parametrize(("conclusion", "example"), EXAMPLES, ids=lambda each: getattr(each, "flag", None))
def test_facts_of_every_example_are_told_as_it_expects(conclusion: Conclusion, example: ConclusionExample) -> None:
    """Without the engine's word: where all facts of a combination hold, none of them is told as no."""
    facts = {(fact.kind, fact.name): fact.values[0] for fact in example.facts}
    outcomes = {name: value for (kind, name), value in facts.items() if kind == "rule"}
    clues = {name: value for (kind, name), value in facts.items() if kind == "clue"}
    flags = tuple(name for kind, name in facts if kind == "flag")

    told = section(explained(case_with(outcomes, clues, flags), conclusion.flag), "Answer")

    assert not told.startswith("It follows")
    if "unknown" not in outcomes.values():
        assert told.startswith("It does not follow") is not example.expect


def test_programs_are_given_the_name_of_the_conclusion() -> None:
    told = explained(case_with({}), UNMANAGED.flag).as_dict()
    assert (told["rule"], told["conclusion"], told["outcome"]) == (None, UNMANAGED.flag, None)
    assert told["reason"] == "It does not follow for this case."


def test_case_judged_by_the_engine_has_the_facts_of_its_conclusions(tmp_path: Path) -> None:
    """High Risk of Harm for a year, without plan or MAPPA."""
    case = {**RECORD["case"], "roh_level": "high", "sentence_date": date(2006, 1, 30), "mappa_level": None}
    write_export(tmp_path, [{"case": case}])
    judgement = judge_case(tmp_path, "C1", Settings(as_at=AS_AT))
    drawn = {conclusion.flag for conclusion, _ in judgement.derived}
    assert UNMANAGED.flag in drawn

    for flag in rulebook().conclusions.keys() - {"appraisal-lapsed"}:
        told = explained(judgement, flag)
        assert section(told, "Answer").startswith("It follows") == (flag in drawn)
        assert ("yes " in section(told, "Facts")) >= (flag in drawn)
        assert (" no " in section(told, "Facts")) <= (flag not in drawn)


@pytest.mark.parametrize(
    ("level", "holds", "answer"),
    [("high", "true", "It follows"), ("low", "false", "It does not follow"), (None, "open", "Whether it follows is")],
)
def test_clue_of_a_case_judged_by_the_engine_is_known_or_open(
    tmp_path: Path, level: str | None, holds: ClueState, answer: str
) -> None:
    """Neither plan nor MAPPA since September."""
    write_export(tmp_path, [{"case": {**RECORD["case"], "roh_level": level}}])

    judgement = judge_case(tmp_path, "C1", Settings(as_at=AS_AT))

    assert judgement.clues["hvh"] == holds
    assert judgement.clues["roh-rose-after-start"] == "not shown"
    assert section(explained(judgement, UNMANAGED.flag), "Answer").startswith(answer)


def test_conclusion_about_staff_is_refused() -> None:
    with pytest.raises(UsageError, match="appraisal-lapsed is about members of staff, not cases"):
        explain_case(case_with({}), ["appraisal-lapsed"])


def test_name_that_is_neither_rule_nor_conclusion_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="no rule or conclusion unmanaged-risk; did you mean unmanaged-high-risk"):
        explain_case(case_with({}), ["unmanaged-risk"])
    with pytest.raises(UsageError, match="`omi-rules rules list` names the rules"):
        explain_case(case_with({}), ["zzz"])
