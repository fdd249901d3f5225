"""What a cell holds of a text."""

import pytest

from omi_rules.reports.workbook.text import LONGEST, cell_text


def places(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("letter", ["n", "é", "𝄞"])
@pytest.mark.parametrize("length", [LONGEST - 1, LONGEST, LONGEST + 1, 3 * LONGEST])
def test_a_text_is_cut_where_a_cell_is_full_and_says_so(letter: str, length: int) -> None:
    text = letter * length
    shown = cell_text(text)

    assert places(shown) <= LONGEST
    if places(text) <= LONGEST:
        assert shown == text
    else:
        assert shown == letter * (len(shown) - 1) + "…"
        assert places(shown) >= LONGEST - 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x00\x08\x1b\x7f\x9f", "?????"),
        ("a\x0bb\x1fc\x85d", "a b c d"),
        ("\u202ename\u202c", "?name?"),
        ("\u200fname", "?name"),
        ("\ud800", "?"),
        ("\ufffe\uffff", "??"),
        ("a\r\nb\tc\u2028d", "a b c d"),
        ("=1+1", "=1+1"),
        ("<r><t>bold</t></r>", "<r><t>bold</t></r> "),
        ("Bootle, north", "Bootle, north"),
    ],
)
def test_what_neither_xml_nor_a_reader_can_take_is_shown_as_a_question_mark(text: str, shown: str) -> None:
    assert cell_text(text) == shown
