"""Messages as text: 78 columns, one line of subject, and nothing of an export that could be a line of its own."""

import copy
from typing import Any

import pytest

from omi_rules.notify.documents import Document
from omi_rules.notify.text import subject_of, text_of
from tests.notify.telling import HOSTILE


@pytest.fixture(scope="session")
def wirral(documents: list[Document]) -> Document:
    return next(one for one in documents if one["team"] == "Wirral")


def many(document: Document, number: int) -> dict[str, Any]:
    """The message with one of its changes in so many cases."""
    made = copy.deepcopy(dict(document))
    one = next(change for change in made["changes"] if change["due_on"] == "2006-01-16")
    made["changes"] = [{**one, "case": f"C{place:03}"} for place in range(number)]
    return made


def test_every_line_fits_78_columns_and_no_subject_has_a_line_break(documents: list[Document]) -> None:
    for one in documents:
        assert max(map(len, text_of(one).splitlines())) <= 78
        assert len(subject_of(one).splitlines()) == 1
        assert len(subject_of(one)) < 160


def test_digest_says_what_is_new_what_to_do_and_what_was_put_right(wirral: Document) -> None:
    text = text_of(wirral)

    assert subject_of(wirral) == "Wirral: 7 new, 2 put right, 1 done late, data alarm, as at 1 December 2006"
    assert "\nRun 2 beside run 1, as at 30 November 2006; rulebook 2006.1, omi-rules " in text
    assert (
        "\nNew: insufficient now, and was not before\n"
        "  Critical: Risk management plan within five working days\n"
        "    To do: Complete the plan now, under the required headings, and have it\n"
        "    countersigned.\n"
        "    W9: missing, due 16 January 2006\n"
    ) in text
    assert (
        "\nPut right: the standard is met now\n"
        "  High: The plan falls short\n"
        "    W2\n"
        "  Medium: Risk management plan under the standard headings\n"
        "    W2\n"
    ) in text
    assert (
        "\nDone at last, after its day: late instead of missing\n"
        "  Critical: Risk management plan within five working days\n"
        "    W3: due 16 January 2006\n"
    ) in text


def test_record_that_vanished_is_no_failure_of_the_officer(wirral: Document) -> None:
    text = text_of(wirral)

    assert "Ask who keeps the records, not the officer." in text
    alarm = text.partition("Data alarm: found because a record vanished")[2].partition("\n\n")[0]
    assert "W1: missing, due 16 January 2006" in alarm
    assert "To do" not in alarm, "nobody is told to make a plan that was made"


def test_alert_says_what_to_do_and_where(documents: list[Document]) -> None:
    text = text_of(documents[0])

    assert subject_of(documents[0]) == "Public protection: 2 cases to act on today, as at 1 December 2006"
    assert "  Critical: Somebody has to be told\n    To do: Tell them.\n    W4, Wirral\n    W9, Wirral\n" in text


def test_area_gets_a_line_for_each_team(documents: list[Document]) -> None:
    text = text_of(documents[-1])

    lines = {line.split("  ")[0]: line.split()[-7:] for line in text.splitlines() if line[:1].isalpha()}
    assert lines["Wirral"] == ["7", "0", "2", "2", "1", "0", "1"]
    assert lines["Sefton"] == ["0", "0", "0", "0", "0", "3", "0"]
    assert lines["All teams"] == ["13", "0", "2", "2", "1", "3", "1"]
    assert "W9" not in text, "the area's numbers name no case"


@pytest.mark.parametrize(("length", "is_apart"), [(30, False), (31, True), (60, True)])
def test_long_names_of_teams_stay_whole_beside_their_numbers(
    documents: list[Document], length: int, is_apart: bool
) -> None:
    names = [f"{'Knowsley and St Helens '.ljust(length - 1, '-')}{number}" for number in (1, 2)]
    rows = [{"team": name, "records_vanished": 10_000, "counts": {"new": 9_999}} for name in names]
    text = text_of({**documents[-1], "teams": rows})

    assert max(map(len, text.splitlines())) <= 78
    for name in names:
        assert (f"\n{name}\n" in text) == is_apart
        assert f"\n{name}" in text


def test_name_of_a_team_cannot_become_a_line_or_a_mark(documents: list[Document]) -> None:
    hostile = next(one for one in documents if one["team"] == HOSTILE)

    for text in (subject_of(hostile), text_of(hostile), text_of(documents[-1])):
        assert "\u202e" not in text
        assert not any(line.startswith("Bcc:") for line in text.splitlines())
        assert "x" * 100 not in text


@pytest.mark.parametrize(("cases", "is_cut"), [(30, False), (31, True)])
def test_long_list_of_a_rule_is_cut_and_says_so(wirral: Document, cases: int, is_cut: bool) -> None:
    text = text_of(many(wirral, cases))

    assert text.count("due 16 January 2006") == 30
    assert ("and 1 more case: `omi-rules history diff 1 2 -v` lists them." in text) == is_cut


def test_longest_overdue_stands_first(wirral: Document) -> None:
    made = many(wirral, 2)
    made["changes"][1]["due_on"] = "2005-12-31"

    assert text_of(made).index("C001") < text_of(made).index("C000")


def test_reference_that_never_ends_is_cut(wirral: Document) -> None:
    made = many(wirral, 1)
    made["changes"][0]["case"] = "C\r\n" + "9" * 10_000

    assert max(map(len, text_of(made).splitlines())) <= 78
    assert "9" * 50 not in text_of(made)


def test_what_is_as_before_is_counted_beside_what_changed(wirral: Document) -> None:
    made = {**wirral, "counts": {**wirral["counts"], "changed": 2, "undecided": 1}}

    assert (
        "Besides: 2 findings otherwise recorded, and insufficient as before and 1\n"
        "finding no longer decidable, and kept open."
    ) in text_of(made)
