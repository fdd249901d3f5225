"""`omi-rules report`: a run as people want to read it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from omi_rules.cli.helping import ExampleCommand
from omi_rules.cli.options import (
    answers_option,
    config_options,
    figures_option,
    format_option,
    log_option,
    loudness_options,
    read_options,
    store_option,
)
from omi_rules.cli.streams import Progress, has_colour, say, write_bytes
from omi_rules.problems import UsageError

if TYPE_CHECKING:
    from omi_rules.reports.gathering import ReportSettings

#: How much of a report goes to stdout at a time, in bytes.
_PIECE = 1 << 16
#: The names of omi_rules/reports/audience.py, which is not read for the help.
_AUDIENCES = ("board", "manager", "officer", "inspector")
#: The endings by which a file is known to be of a format.
_ENDINGS = {".html": "html", ".htm": "html", ".xlsx": "xlsx", ".md": "md"}


@dataclass(frozen=True)
class Asked:
    """What a report is made of, for whom, and how it is shown."""

    run: Path
    audience: str | None
    answers: Path | None
    figures: Path | None
    previous: Path | None
    rules: Path | None
    pseudonyms: Path | None
    store: str | None
    is_store_named: bool
    whole: bool
    colour: bool

    def settings(self, default: str) -> "ReportSettings":
        """The settings of the report; its readers are the default ones, unless others are asked for."""
        from omi_rules.reports.audience import AUDIENCES
        from omi_rules.reports.gathering import ReportSettings
        from omi_rules.reports.pseudonyms import read_key

        return ReportSettings(
            audience=AUDIENCES[self.audience or default],
            answers=self.answers,
            figures=self.figures,
            previous=self.previous,
            rules=self.rules,
            key=read_key(self.pseudonyms) if self.pseudonyms else None,
        )

    def history(self) -> "Sequence[Mapping[str, Any]]":
        """The runs of the store before this one; a store that only the settings name need not be there yet."""
        if self.store is None:
            return ()
        from omi_rules.history.database import read_store
        from omi_rules.history.place import find_place
        from omi_rules.history.runs import read_history
        from omi_rules.reports.trends import MOST_DAYS
        from omi_rules.scoring.run_folder import read_run

        place = find_place(self.store)
        if place.path is not None and not place.path.is_file() and not self.is_store_named:
            return ()
        with read_store(place) as connection:
            return read_history(connection, read_run(self.run).as_at, MOST_DAYS)


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules report run", "the board's summary"),
        ("omi-rules report run --previous last", "with what has changed since another run"),
        ("omi-rules report run --format md --output mail.md", "the same for a mail"),
        ("omi-rules report run --format html --output area.html", "one page, for managers"),
        ("omi-rules report run --format html --output a.html --audience board", "without cases and officers"),
        ("omi-rules report run --format xlsx --output area.xlsx", "a workbook: work list, findings, officers, scores"),
        ("omi-rules report run --format html --output a.html --store omi-rules.db", "with the trends of the store"),
        ("omi-rules report run --format xlsx --output a.xlsx --pseudonyms key", "cases under pseudonyms"),
        ("omi-rules report run --format oscal --output area.json", "for other programs, as OSCAL assessment results"),
    ),
)
@click.argument("run", type=click.Path(path_type=Path))
@format_option("table", "md", "html", "xlsx", "oscal")
@click.option(
    "--audience",
    type=click.Choice(_AUDIENCES),
    help="Whom it is for: the board sees no case and no officer, an officer no score, an inspector no officer.  "
    "[default: board for table and md, else manager]",
)
@answers_option("Assessors' answers for the scores: a folder with answers.csv.")
@figures_option()
@click.option(
    "--previous",
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="An earlier run of the same area, to say what has changed.",
)
@click.option(
    "--pseudonyms",
    type=click.Path(path_type=Path),
    metavar="KEYFILE",
    help="Pseudonyms in place of case references, the same for the same key: a file of 32 bytes or more, yours alone.",
)
@store_option("With html: a store of runs, for the trends up to this one.")
@config_options()
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it to a file, readable by you; html and xlsx need one.",
)
@log_option()
@loudness_options()
def report(
    run: Path,
    audience: str | None,
    answers: Path | None,
    figures: Path | None,
    previous: Path | None,
    pseudonyms: Path | None,
    output: Path | None,
    **given: Any,
) -> int:
    """Makes a report of RUN for people.

    RUN is a folder that `omi-rules check --output` wrote. Without --format it is a summary in words, and md is the
    same for a mail; html is one page that asks nothing of any network; xlsx is a workbook to sort, filter and print;
    oscal is NIST OSCAL assessment results in JSON, for other programs.
    """
    from omi_rules.reports.kept_file import keep_file
    from omi_rules.temporary import temporary_file

    options = read_options(given)
    _check_output(options.format, output)
    colour = output is None and has_colour()
    asked = Asked(
        run=run,
        audience=audience,
        answers=answers,
        figures=figures,
        previous=previous,
        rules=options.rules,
        pseudonyms=pseudonyms,
        store=options.store,
        is_store_named=given["store"] is not None,
        whole=options.verbose,
        colour=colour,
    )
    # what is made waits in a file without a name, so that a large workbook is never in memory whole
    with temporary_file() as made:
        with Progress(options.quiet) as progress:
            progress("making the report")
            _MADE_BY[options.format](asked, made)
        made.seek(0)
        if output is None:
            write_bytes(iter(partial(made.read, _PIECE), b""))
            return 0
        keep_file(output, made)
    if not options.quiet:
        say(f"Written: {output}")
    return 0


def _check_output(format_: str, output: Path | None) -> None:
    """What is no text has to go to a file, and a file whose name says what is in it should hold that."""
    if output is None:
        if format_ in ("html", "xlsx"):
            raise UsageError(f"--format {format_} has to be written to a file: add --output FILE.")
        return
    named = _ENDINGS.get(output.suffix.lower(), format_)
    if named != format_:
        raise UsageError(f"--output {output} would not hold what its name says: add --format {named}.")


def _make_text(asked: Asked, file: IO[bytes]) -> None:
    from omi_rules.reports.briefing.build import brief
    from omi_rules.reports.briefing.plain import show_plain
    from omi_rules.reports.terminal import paint_colour, paint_plain

    blocks = brief(asked.run, asked.settings("board"), whole=asked.whole)
    lines = show_plain(blocks, paint=paint_colour if asked.colour else paint_plain)
    file.write("".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace"))


def _make_mail(asked: Asked, file: IO[bytes]) -> None:
    from omi_rules.reports.briefing.build import brief
    from omi_rules.reports.briefing.markdown import show_markdown

    blocks = brief(asked.run, asked.settings("board"), whole=asked.whole)
    file.write(show_markdown(blocks).encode("utf-8", "backslashreplace"))


def _make_page(asked: Asked, file: IO[bytes]) -> None:
    from omi_rules.reports.page.build import build_page

    file.write(build_page(asked.run, replace(asked.settings("manager"), history=asked.history())))


def _make_workbook(asked: Asked, file: IO[bytes]) -> None:
    from omi_rules.reports.workbook.build import build_workbook

    build_workbook(asked.run, asked.settings("manager"), file)


def _make_oscal(asked: Asked, file: IO[bytes]) -> None:
    from omi_rules.reports.oscal.build import build_oscal

    build_oscal(asked.run, asked.settings("manager"), file)


#: What makes each format, and writes it to a file.
_MADE_BY: Mapping[str, Callable[[Asked, IO[bytes]], None]] = {
    "table": _make_text,
    "md": _make_mail,
    "html": _make_page,
    "xlsx": _make_workbook,
    "oscal": _make_oscal,
}
