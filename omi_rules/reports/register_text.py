"""The registers on the page of a terminal."""

from collections.abc import Sequence

from omi_rules.registers.find import REGISTERS, Registers
from omi_rules.reports.columns import align
from omi_rules.reports.terminal import Paint, paint_plain
from omi_rules.reports.words import count, english_date, folded, listed

NAMES = {"risk": "high Risk of Harm", "ppo": "PPO", "mappa": "MAPPA"}
_MARKS = {"risk": "RoH", "ppo": "PPO", "mappa": "MAPPA"}
#: How many lines of each part are shown; -v shows all.
_MOST = 20


def show_registers(found: Registers, *, verbose: bool = False, paint: Paint = paint_plain) -> list[str]:
    """The lines of the registers, at most 80 columns."""
    area = f"{found.area}, as" if found.area else "As"
    counted = listed(f"{NAMES[name]} {sum(name in entry.registers for entry in found.entries):,}" for name in REGISTERS)
    lines = [
        *folded(f"{area} at {english_date(found.as_at)}. On the registers: {counted}.", "  ", ""),
        *(line for sentence in (*_open(found), *found.warnings) for line in folded(sentence, "  ", "- ")),
        "",
        paint("heading", "Cases"),
        *_entries(found, verbose),
    ]
    if found.since is not None:
        lines += ["", paint("heading", f"Joined and left since {english_date(found.since)}"), *_moves(found, verbose)]
    return [*lines, "", paint("heading", "What disagrees in the records"), *_disagreements(found, verbose)]


def _open(found: Registers) -> list[str]:
    return [
        f"{count(number, 'case')} may belong on the {NAMES[name]} register: it is not recorded."
        for name, number in found.open.items()
        if number
    ]


def _entries(found: Registers, verbose: bool) -> list[str]:
    rows = [
        [
            entry.case_id,
            " ".join(_MARKS[name] for name in entry.registers),
            (entry.roh_level or "-").replace("_", " "),
            str(entry.mappa_level or "-"),
            str(entry.tier or "-"),
            entry.officer or "-",
            entry.team or "-",
        ]
        for entry in found.entries
    ]
    if not rows:
        return ["No case is on a register."]
    return _table(["Case", "Registers", "Level", "MAPPA", "Tier", "Officer", "Team"], rows, verbose, giving=6)


def _moves(found: Registers, verbose: bool) -> list[str]:
    rows = [
        ["joined" if move.joined else "left", NAMES[move.register], move.case_id, move.officer or "-", move.why]
        for move in found.moves
    ]
    if not rows:
        return ["Nobody joined or left."]
    return _table(["", "Register", "Case", "Officer", "Why"], rows, verbose, giving=4)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], verbose: bool, giving: int) -> list[str]:
    shown = rows if verbose else rows[:_MOST]
    more = [f"and {len(rows) - len(shown):,} more: -v lists all."] if len(shown) < len(rows) else []
    return [*align(header, shown, giving=giving), *more]


def _disagreements(found: Registers, verbose: bool) -> list[str]:
    cases: dict[tuple[str, str], list[str]] = {}
    for one in found.disagreements:
        cases.setdefault((one.says, one.to_do), []).append(one.case_id)
    lines: list[str] = []
    for (says, to_do), ids in cases.items():
        named = ids if verbose else ids[:_MOST]
        more = f" and {len(ids) - len(named):,} more" if len(named) < len(ids) else ""
        lines += folded(f"{says} {count(len(ids), 'case')}: {', '.join(named)}{more}. {to_do}", "  ", "- ")
    lines += [line for sentence in found.not_compared for line in folded(sentence, "  ", "- ")]
    return lines or ["Nothing."]
