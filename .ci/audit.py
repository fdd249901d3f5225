"""What omi-rules needs at run time, under which licences, and whether a flaw of it is known.

    python .ci/audit.py            print the licences, and have pip-audit ask about the installed versions
    python .ci/audit.py --write    write docs/licences.md, and ask nobody
    python .ci/audit.py --check    say what differs from docs/licences.md, as the gate does

pip-audit asks over the network, so the gate leaves it out. It is called strictly: a package about which it got no
answer fails the audit, and is not passed over.
"""

import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).resolve().parent.parent
PAGE = TOP / "docs" / "licences.md"

#: The lists are of one place, whatever machine makes them: the oldest Python that is served, on Linux.
PLACE = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": "3.11.0",
    "python_version": "3.11",
    "sys_platform": "linux",
}
Needs = dict[str, set[str]]


def run_time_sets() -> dict[str, list[str]]:
    """What pyproject.toml names: under "" what every user installs, and what each extra for users adds."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {name: needs for name, needs in project["optional-dependencies"].items() if name != "test"}
    return {"": project["dependencies"], **extras}


def closure(requirements: Sequence[str]) -> Needs:
    """Every package that requirements bring, each with what needs it; "omi-rules" stands for pyproject.toml.

    A package that is not installed is named, but nobody knows what it needs.
    """
    found: Needs = {}
    waiting = [("omi-rules", requirement) for requirement in applicable(requirements, "")]
    seen = set()
    while waiting:
        needed_by, requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        found.setdefault(name, set()).add(needed_by)
        for extra in ("", *sorted(requirement.extras)):
            if (name, extra) not in seen:
                seen.add((name, extra))
                waiting += [(name, further) for further in applicable(needs_of(name), extra)]
    return found


def applicable(requirements: Sequence[str], extra: str) -> Iterator[Requirement]:
    """The requirements that hold in PLACE: without an extra, or those that an extra adds."""
    for requirement in map(Requirement, requirements):
        marker = requirement.marker
        if marker is None:
            if not extra:
                yield requirement
        elif marker.evaluate({**PLACE, "extra": extra}):
            yield requirement


def needs_of(name: str) -> list[str]:
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def licence(name: str) -> str:
    """The licence that a package states: as an expression, as a classifier, or in its own words."""
    try:
        stated = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "not installed"
    if expression := stated.get("License-Expression"):
        return expression
    classifiers = [line for line in stated.get_all("Classifier", []) if line.startswith("License ::")]
    if classifiers:
        return ", ".join(line.split(" :: ")[-1] for line in classifiers)
    return (stated.get("License") or "not stated").splitlines()[0]


def page() -> str:
    """The lists as a Markdown page."""
    sets = run_time_sets()
    basic = closure(sets.pop(""))
    lines = [
        "# What is installed with omi-rules, and under which licence",
        "",
        "`python .ci/audit.py --write` makes this page from what the packages themselves state. The lists are for",
        "Python 3.11 on Linux, with the versions of `.ci/constraints.txt`; from 3.13 on durable-rules is left out.",
        "What only tests need is not installed with the program, and not listed. omi-rules itself is under the MIT",
        "licence, and so is all that its pages carry.",
        "",
        "## Always",
        "",
        *table(basic),
    ]
    for extra, needs in sets.items():
        added = {name: by for name, by in closure(needs).items() if name not in basic}
        lines += ["", f"## With `omi-rules[{extra}]` besides", "", *table(added)]
    return "\n".join(lines) + "\n"


def table(needs: Needs) -> list[str]:
    rows = [f"| {name} | {licence(name)} | {', '.join(sorted(by))} |" for name, by in sorted(needs.items())]
    return ["| package | licence | needed by |", "|---|---|---|", *rows]


def out_of_date(kept: str) -> list[str]:
    """The lines in which a page that was kept differs from what is installed here."""
    differing = sorted(set(kept.splitlines()) ^ set(page().splitlines()))
    return [line for line in differing if not (line.startswith("| ") and not is_installed(line.split()[1]))]


def check() -> int:
    if lines := out_of_date(PAGE.read_text("utf-8")):
        print(
            *lines, "Run `python .ci/audit.py --write`, and read the licences that are new.", sep="\n", file=sys.stderr
        )
        return 1
    return 0


def audit() -> int:
    """Have pip-audit ask about every package of the page as it is installed here; 0 if no flaw is known."""
    program = shutil.which("pip-audit")
    if program is None:
        print("pip-audit is not installed: `pipx install pip-audit`, and run this again.", file=sys.stderr)
        return 2
    names = sorted({name for needs in run_time_sets().values() for name in closure(needs)})
    if absent := [name for name in names if not is_installed(name)]:
        print(f"Not installed here, and so not asked about: {', '.join(absent)}.", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        pins = Path(folder) / "run-time-set.txt"
        pins.write_text("".join(f"{name}=={metadata.version(name)}\n" for name in names if is_installed(name)), "utf-8")
        asked = [program, "--strict", "--requirement", str(pins), "--no-deps", "--disable-pip"]
        return subprocess.run(asked).returncode


def is_installed(name: str) -> bool:
    return licence(name) != "not installed"


def main(arguments: Sequence[str]) -> int:
    if arguments == ["--write"]:
        PAGE.write_text(page(), "utf-8")
        return 0
    if arguments == ["--check"]:
        return check()
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    print(page(), flush=True)
    return audit()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
