"""Chance without a generator: every draw is a function of the seed, the case and what is being decided.

The arithmetic is spelled out here, and is not the database's own hash, so that neither its version nor the
number of threads can change a draw. A query that draws has a column `base`, the case's own 32 bits.
"""

import csv
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_SHARES = Path(__file__).with_name("shares.csv")


@dataclass(frozen=True)
class Share:
    """The share of a rule's cases that is to be sufficient, and the late part of the rest, both 0 to 1."""

    rule: str
    question: str
    sufficient: float
    late: float
    source: str
    note: str


@cache
def load_shares() -> Mapping[str, Share]:
    """The share of every rule of the rulebook, by rule id."""
    with _SHARES.open(encoding="utf-8", newline="") as table:
        shares = [
            Share(
                row["rule"],
                row["question"],
                int(row["share"]) / 100,
                int(row["late"]) / 100,
                row["source"],
                row["note"],
            )
            for row in csv.DictReader(table)
        ]
    return {share.rule: share for share in shares}


def chance_macros_sql() -> str:
    """Macros: `draw` makes a number in [0, 1), of which `fate` makes a plan and `pick` a choice."""
    # The number to scramble is bound by a lambda: a macro would write it out four times, each time as long as it
    # is, and a plan over so many copies takes longer than the work itself.
    return """
        CREATE OR REPLACE MACRO churn(x, shift, factor) AS ((xor(x, x >> shift) * factor) &
            4294967295::UBIGINT);
        CREATE OR REPLACE MACRO scramble(x) AS list_transform([x], lambda number:
            churn(churn(number, 16, 2146121005::UBIGINT), 15, 2221713035::UBIGINT))[1];
        CREATE OR REPLACE MACRO draw(x, purpose) AS
            scramble(xor(scramble(xor(x, purpose)), purpose * 40503 & 4294967295::UBIGINT)) / 4294967296.0;
        CREATE OR REPLACE MACRO case_base(seed, number) AS
            md5_number_lower(seed || ':' || number) & 4294967295::UBIGINT;
        CREATE OR REPLACE MACRO row_base(base, number) AS
            scramble((base + number::UBIGINT * 2654435769::UBIGINT) & 4294967295::UBIGINT);
        CREATE OR REPLACE MACRO fate(u, sufficient, late) AS
            CASE WHEN u < sufficient THEN 'met'
                 WHEN u < sufficient + (1 - sufficient) * late THEN 'late' ELSE 'missing' END;
        CREATE OR REPLACE MACRO pick(u, choices) AS choices[1 + floor(u * len(choices))::INTEGER];
        CREATE OR REPLACE MACRO whole(u, n) AS floor(u * n)::INTEGER;
    """


def draw(purpose: str, base: str = "base") -> str:
    """SQL of a number in [0, 1) that belongs to this purpose and this case (or row)."""
    return f"draw({base}, {zlib.crc32(purpose.encode())}::UBIGINT)"


def meets(rule: str) -> str:
    """SQL: whether the case is drawn to meet the rule."""
    return f"{draw(rule)} < {load_shares()[rule].sufficient}"


def fate(rule: str, sufficient: str | None = None) -> str:
    """SQL of what is drawn: `met`, `late` or `missing`; `sufficient` stands in for the rule's share."""
    share = load_shares()[rule]
    return f"fate({draw(rule)}, {sufficient or share.sufficient}, {share.late})"


def topped_up(rule: str, source: str, among: str, met: str, free: str) -> str:
    """SQL of the share for the free cases that brings all cases that the rule judges to the rule's share.

    `among` says which rows of `source` it judges, `met` which of them other rules have already made
    sufficient, `free` which are still to be drawn; the rest have been made insufficient.
    """
    wanted = load_shares()[rule].sufficient
    return (
        f"(SELECT greatest(0, least(1, ({wanted} * count(*) FILTER ({among})"
        f" - count(*) FILTER (({among}) AND ({met})))"
        f" / greatest(1, count(*) FILTER (({among}) AND ({free}))))) FROM {source})"
    )
