"""Damage to the bytes of a file, drawn at random and told in a few words, so that what was found can be kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

#: What breaks readers: signs of structure, numbers and dates at their ends, bytes that are no text.
TOKENS = (
    *(b",", b'"', b'""', b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc3", b"\t", b" "),
    *(b"{", b"}", b"[", b"]", b":", b"- ", b"&a ", b"*a", b"<<: ", b"!!python/object:os.system ", b"|", b"#", b"%"),
    *(b"null", b"true", b"NaN", b"Infinity", b"-0", b"1e999", b"9" * 30, b"0x10", b"4.0", b"24.0000001", b"-1"),
    *(b"2006-02-29", b"2004-02-29", b"0000-00-00", b"9999-12-31", b"1950-01-01", b"2099-12-31", b"2006-11-30T00:00"),
    *(b"case_id", b"sentence_date", b"cases", b"staff", b"=cmd|' /C calc'!A0", b"../../etc/passwd", b"$(id)", b"'"),
    *("é\u202e\u2028".encode(), "Ａ".encode(), b"A" * 5000, b"<!ENTITY a '&b;'>", b"&a;", b"]]>", b"\x1b[2J"),
)


@dataclass(frozen=True)
class Damage:
    """One change: what is done, where as a share of the file, how many bytes it takes, and the token it puts there."""

    kind: str
    place: float
    length: int
    token: int


def _insert(content: bytes, at: int, damage: Damage) -> bytes:
    return content[:at] + TOKENS[damage.token] + content[at:]


def _replace(content: bytes, at: int, damage: Damage) -> bytes:
    return content[:at] + TOKENS[damage.token] + content[at + damage.length :]


def _delete(content: bytes, at: int, damage: Damage) -> bytes:
    return content[:at] + content[at + damage.length :]


def _repeat(content: bytes, at: int, damage: Damage) -> bytes:
    return content[:at] + content[at : at + damage.length] * 3 + content[at + damage.length :]


def _flip(content: bytes, at: int, damage: Damage) -> bytes:
    return content[:at] + bytes(byte ^ (1 << damage.length % 8) for byte in content[at : at + 1]) + content[at + 1 :]


def _cut(content: bytes, at: int, damage: Damage) -> bytes:
    return content[:at]


def _drop_line(content: bytes, at: int, damage: Damage) -> bytes:
    lines = content.splitlines(keepends=True)
    number = min(len(lines), content.count(b"\n", 0, at))
    return b"".join(lines[:number] + lines[number + 1 :])


def _repeat_line(content: bytes, at: int, damage: Damage) -> bytes:
    lines = content.splitlines(keepends=True)
    number = min(len(lines), content.count(b"\n", 0, at))
    return b"".join(lines[: number + 1] + lines[number:])


_KINDS: Mapping[str, Callable[[bytes, int, Damage], bytes]] = {
    "insert": _insert,
    "replace": _replace,
    "delete": _delete,
    "repeat": _repeat,
    "flip": _flip,
    "cut": _cut,
    "drop line": _drop_line,
    "repeat line": _repeat_line,
}

#: One to four changes of a file.
DAMAGES = st.lists(
    st.builds(
        Damage,
        st.sampled_from(sorted(_KINDS)),
        st.floats(0, 1),
        st.integers(0, 20),
        st.integers(0, len(TOKENS) - 1),
    ),
    min_size=1,
    max_size=4,
)


def spoil(content: bytes, damages: Sequence[Damage]) -> bytes:
    """The content after each change in turn."""
    for damage in damages:
        content = _KINDS[damage.kind](content, int(damage.place * len(content)), damage)
    return content
