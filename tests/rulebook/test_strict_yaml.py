"""Strict YAML guesses nothing, loses nothing, and says where."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omi_rules.problems import Problem
from omi_rules.rulebook.strict_yaml import LARGEST_BYTES, read_yaml, write_path


def value_of(text: str) -> Any:
    document, problems = read_yaml(text.encode(), "f.yaml")
    assert problems == []
    assert document.whole
    return document.value


def sentence_of(content: bytes) -> str:
    _, problems = read_yaml(content, "f.yaml")
    assert len(problems) == 1, problems
    return str(problems[0])


PLAIN_WORDS = (
    "yes",
    "no",
    "on",
    "off",
    "Yes",
    "NO",
    "True",
    "FALSE",
    "Null",
    "012",
    "0x10",
    "0o17",
    "0b1",
    "1_000",
    "1:30",
    "1e3",
    "1.5",
    ".inf",
    ".nan",
    "+1",
    "=",
    "<<",
    "1.2.20",
    "2006-12-20",
    "2006-12-20 10:00:00",
)


@pytest.mark.parametrize("word", PLAIN_WORDS)
def test_plain_word_stays_text(word: str) -> None:
    assert value_of(f"a: {word}\nb: [{word}]") == {"a": word, "b": [word]}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("42", 42),
        ("-7", -7),
    ],
)
def test_plain_word_with_a_type_has_it(written: str, meant: object) -> None:
    value = value_of(f"a: {written}")["a"]
    assert value == meant
    assert type(value) is type(meant)


@pytest.mark.parametrize("word", ["true", "null", "~", "42", ""])
def test_quoted_word_stays_text(word: str) -> None:
    assert value_of(f"a: '{word}'\nb: \"{word}\"") == {"a": word, "b": word}


def test_number_too_long_for_a_number_stays_text() -> None:
    assert value_of("a: 9999999999999999999") == {"a": "9999999999999999999"}


def test_key_is_always_text() -> None:
    assert value_of("1: a\ntrue: b\nnull: c") == {"1": "a", "true": "b", "null": "c"}


def test_block_text_is_text() -> None:
    assert value_of("a: |\n  42\nb: >-\n  two\n  lines") == {"a": "42\n", "b": "two lines"}


def test_every_place_has_its_line() -> None:
    document, _ = read_yaml(b"a: 1\nb:\n  - c: 1\n    d:\n      - x\n      - y\n  - {e: 1,\n     f: 2}\n", "f.yaml")
    assert document.line(()) == 1
    assert document.line(("b",)) == 2
    assert document.line(("b", 0, "d", 1)) == 6
    assert document.line(("b", 1, "f")) == 8
    assert document.line(("b", 1, "missing", "deeper")) == 7
    assert document.line(("b", 9)) == 2


def test_path_counts_items_from_one() -> None:
    assert write_path(("examples", 2, "case", "tier")) == "examples[3].case.tier"
    assert write_path(()) == ""


def test_key_given_twice_names_both_lines() -> None:
    said = sentence_of(b"a: 1\nb: 2\na: 3\n")
    assert "f.yaml:3" in said
    assert "line 1" in said


def test_two_keys_given_twice_are_both_named() -> None:
    _, problems = read_yaml(b"a: 1\na: 2\nb: {c: 1, c: 2}\n", "f.yaml")
    assert [problem.line for problem in problems] == [2, 3]


def test_anchor_is_refused() -> None:
    assert "&x" in sentence_of(b"a: &x 1\n")


def test_billion_laughs_are_refused_at_the_first_alias() -> None:
    laughs = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    document, problems = read_yaml(laughs.encode(), "f.yaml")
    assert not document.whole
    assert len(problems) == 3


def test_list_that_holds_itself_is_refused() -> None:
    document, problems = read_yaml(b"a: &a [*a]", "f.yaml")
    assert not document.whole
    assert problems


@pytest.mark.parametrize("content", [b"a: !!int 3", b"a: !!python/object:os.system x", b"a: !mine {b: 1}", b"!x a: 1"])
def test_tag_is_refused(content: bytes) -> None:
    assert "tag" in sentence_of(content)


def test_several_documents_are_refused() -> None:
    assert "several documents" in sentence_of(b"a: 1\n---\nb: 2\n")


def test_one_document_mark_is_allowed() -> None:
    assert value_of("---\na: 1\n...\n") == {"a": 1}


@pytest.mark.parametrize("content", [b"", b"   \n", b"# only a comment\n", b"---\n", b"~"])
def test_empty_file_says_so(content: bytes) -> None:
    assert "the file is empty" in sentence_of(content)


def test_byte_order_mark_is_passed_over() -> None:
    document, problems = read_yaml(b"\xef\xbb\xbfa: 1", "f.yaml")
    assert (document.value, problems) == ({"a": 1}, [])


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-32"])
def test_other_encodings_are_refused(encoding: str) -> None:
    said = sentence_of("a: 1\nb: café".encode(encoding))
    assert "UTF-8" in said or "control character" in said


def test_latin_1_names_the_line() -> None:
    assert "f.yaml:2" in sentence_of("a: 1\nb: café".encode("latin-1"))


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\ufffe"])
def test_control_character_is_refused(character: str) -> None:
    assert "control character" in sentence_of(f"a: x{character}y".encode())


def test_tab_names_its_line() -> None:
    said = sentence_of(b"a:\n\tb: 1")
    assert "f.yaml:2" in said
    assert "tab" in said


@pytest.mark.parametrize("deep", ["[" * 100_000, "{a: " * 30_000, "- " * 5_000, "? " * 5_000])
def test_deep_nesting_is_refused(deep: str) -> None:
    said = sentence_of(deep.encode())
    assert "nested" in said or "a key must be a word" in said


def test_deep_indents_are_refused() -> None:
    assert "nested" in sentence_of("".join(f"{' ' * n}a:\n" for n in range(500)).encode())


def test_large_file_is_refused_unread() -> None:
    assert "1 MiB" in sentence_of(b"[" * (LARGEST_BYTES + 1))


@pytest.mark.parametrize("content", [b"? [a, b]\n: 1", b"{{a: 1}: 2}", b"? {a: 1}\n: 2"])
def test_key_that_is_no_word_is_refused(content: bytes) -> None:
    assert "a key must be a word" in sentence_of(content)


def test_empty_key_is_refused() -> None:
    assert "a key is empty" in sentence_of(b"'': 1")


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
@example(b"a: [\n")
@example(b"%YAML 9.9\n---\na")
@example(b"*a")
@example(b"a: '\\")
@example(b'"\\x')
def test_reading_never_crashes(content: bytes) -> None:
    document, problems = read_yaml(content, "f.yaml")
    assert all(isinstance(problem, Problem) and problem.sentence for problem in problems)
    assert problems or document.whole


@given(st.text(alphabet="ab:{}[],- \n'\"&*!#|>?%@\t1", max_size=60))
def test_reading_text_made_of_marks_never_crashes(text: str) -> None:
    _, problems = read_yaml(text.encode(), "f.yaml")
    assert all(problem.file == "f.yaml" for problem in problems)


def test_slow_parser_reads_the_same(good_files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    from omi_rules.rulebook import strict_yaml

    fast = [read_yaml(file.read_bytes(), file.name)[0] for file in good_files]
    monkeypatch.setattr(strict_yaml, "_Parser", strict_yaml.PurePythonParser)
    slow = [read_yaml(file.read_bytes(), file.name)[0] for file in good_files]
    assert [document.value for document in slow] == [document.value for document in fast]
    assert all(document.whole for document in slow)
