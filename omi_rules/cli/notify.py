"""`omi-rules notify`: tells teams what changed, by mail, webhook or files; nothing is sent unless this is asked for."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from omi_rules.cli.event_log import EventLog
from omi_rules.cli.helping import ExampleCommand
from omi_rules.cli.options import config_options, find_config, log_option, read_options, store_option
from omi_rules.cli.streams import Progress, say, write_lines
from omi_rules.problems import OutputError, UsageError, nearest

if TYPE_CHECKING:
    from omi_rules.history.news import News
    from omi_rules.history.outbox import Kept
    from omi_rules.history.place import Place
    from omi_rules.notify.delivery import Delivered
    from omi_rules.notify.documents import Document
    from omi_rules.notify.settings import NotifySettings, Way

_WAYS = ("mail", "webhook", "files")


@click.command(
    cls=ExampleCommand,
    examples=(
        ("omi-rules notify --dry-run", "print what would be sent, and send nothing"),
        ("omi-rules notify", "tell of the latest run; what was kept goes first"),
        ("omi-rules notify run --by files", "tell of the run in a folder, in files"),
        ("omi-rules notify --kept", "list what could not be sent, and why"),
    ),
)
@click.argument("run", required=False)
@click.option(
    "--by",
    type=click.Choice(_WAYS),
    multiple=True,
    help="Only this way; can be given several times.  [default: every way of [notify]]",
)
@click.option("--dry-run", is_flag=True, help="Print every message that would be sent, and send none.")
@click.option("--kept", is_flag=True, help="List the messages that could not be sent, and send none.")
@click.option("--again", is_flag=True, help="Send the messages of RUN once more that were sent before.")
@click.option("--forget", is_flag=True, help="Give up the messages that could not be sent, and send none.")
@click.option(
    "--pseudonyms",
    type=click.Path(path_type=Path),
    metavar="KEYFILE",
    help="Pseudonyms in place of case references: a file of 32 bytes or more, yours alone.",
)
@store_option()
@config_options()
@log_option()
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors and what was asked for.")
def notify(run: str | None, **given: Any) -> int:
    """Tells teams what RUN changed, by mail, webhook or files.

    Alerts of public protection go first, then a digest for each team, then the area's numbers; each goes once. RUN is
    @latest, a number or a date of the store, or the folder of a run that the store has. Each way sets it beside the run
    that it told of before; the first time it tells all alerts that stand, and nothing else. Cases are named by their
    reference only. What cannot be sent is kept, and goes first the next time.

    \b
    Settings, in omi-rules.toml; of the ways, only those that are wanted:
      [notify.mail]
      server = "smtp.example.org"         # also: port, user, password_file
      security = "starttls"               # or "tls" or "none"; also: ca_file
      from = "omi-rules@example.org"      # also: timeout, attempts
      alerts = "chief@example.org"        # public-protection alerts, first
      area = "area@example.org"           # and teams without an address
      [notify.mail.teams]
      "Wirral" = "wirral@example.org"
      [notify.webhook]
      url = "https://hooks.example.org/"  # also: token_file, allow_http
      [notify.files]
      folder = "messages"
    """
    options = read_options(given)
    if sum(given[name] for name in ("dry_run", "kept", "forget")) > 1:
        raise UsageError("--dry-run, --kept and --forget each do something else: give one of them.")
    if run and (given["kept"] or given["forget"]):
        raise UsageError("--kept and --forget are about the messages of every run: leave out RUN, or choose with --by.")
    if options.store is None:
        raise UsageError('name the store: --store FILE, or store = "FILE" in omi-rules.toml.')
    from omi_rules.history.place import find_place

    place, by = find_place(options.store), tuple(dict.fromkeys(given["by"]))
    if given["kept"]:
        return _list_kept(place, by)
    if given["forget"]:
        return _forget(place, by, quiet=options.quiet)
    return _notify(place, run or "@latest", options.rules, given)


def _list_kept(place: "Place", by: Sequence[str]) -> int:
    from omi_rules.history.database import read_store
    from omi_rules.history.outbox import count_forgotten, list_kept

    with read_store(place) as connection:
        kept, forgotten = list_kept(connection, by), count_forgotten(connection, by)
    from omi_rules.cli.notify_text import show_kept

    write_lines(show_kept(kept, forgotten, by))
    return 0


def _forget(place: "Place", by: Sequence[str], *, quiet: bool) -> int:
    from omi_rules.history.outbox import open_outbox
    from omi_rules.reports.words import count

    with open_outbox(place) as outbox:
        number = outbox.forget_kept(by)
    if not quiet:
        say(f"Given up: {count(number, 'message')}.")
    return 0


def _notify(place: "Place", run: str, rules: Path | None, given: Mapping[str, Any]) -> int:
    from omi_rules.notify.settings import read_settings
    from omi_rules.reports.pseudonyms import read_key

    settings = read_settings(find_config(given))
    ways = _chosen(settings, given["by"])
    key_file = given["pseudonyms"] or settings.pseudonyms
    key = read_key(key_file) if key_file else None
    from omi_rules.cli.notify_text import show_dry_run, show_sent

    if given["dry_run"]:
        write_lines(show_dry_run(_due(place, run, rules, ways, given), ways, key))
        return 0
    from omi_rules.history.outbox import open_outbox
    from omi_rules.notify.delivery import deliver

    with open_outbox(place) as outbox, Progress(given["quiet"]) as progress:
        told = _with_documents(outbox.read_news(run, list(ways)), rules, ways, given)
        for news, documents in told:
            outbox.keep(news, documents, again=given["again"])
        delivered = deliver(outbox, ways, key, progress)
        others = [message for message in outbox.list_kept() if message.way not in ways]
    if not given["quiet"]:
        write_lines(show_sent(told, delivered, others))
    return _end(delivered)


def _end(delivered: "Delivered") -> int:
    """The exit code; what is kept is said in any case."""
    from omi_rules.cli.notify_text import kept_sentences

    log = EventLog.current()
    log.tell("messages", sent=len(delivered.sent), kept=len(delivered.kept))
    if delivered.kept:
        log.because = "messages that could not be sent are kept for the next time"

    for sentence in kept_sentences(delivered):
        say(f"omi-rules: {sentence}")
    return OutputError.exit_code if delivered.kept else 0


def _chosen(settings: "NotifySettings", by: Sequence[str]) -> Mapping[str, "Way"]:
    for name in by:
        if name not in settings.ways:
            raise UsageError(f"--by {name}: omi-rules.toml has no [notify.{name}]. `omi-rules notify --help` shows it.")
    return {name: way for name, way in settings.ways.items() if not by or name in by}


def _due(
    place: "Place", run: str, rules: Path | None, ways: Mapping[str, "Way"], given: Mapping[str, Any]
) -> list["Kept"]:
    """What would be sent: what is kept already, and what there is to tell of the run, alerts first."""
    from omi_rules.history.database import read_store
    from omi_rules.history.news import read_news
    from omi_rules.history.outbox import FIRST, list_kept, plan_messages

    with read_store(place) as connection:
        planned = [
            message
            for news, documents in _with_documents(read_news(connection, run, list(ways)), rules, ways, given)
            for _, message in plan_messages(connection, documents, news.ways, again=given["again"])
        ]
        due = [*(message for message in list_kept(connection) if message.way in ways), *planned]
    return sorted(due, key=lambda message: message.kind != FIRST)


def _with_documents(
    found: Sequence["News"], rules: Path | None, ways: Mapping[str, "Way"], given: Mapping[str, Any]
) -> "list[tuple[News, list[Document]]]":
    """The news of a run with its messages; whatever the one who asked should know beside them is said."""
    from omi_rules.notify.documents import make_documents
    from omi_rules.rulebook.load import load_to_judge

    rulebook = load_to_judge(rules)
    told = [(news, make_documents(news, rulebook)) for news in found]
    if not given["quiet"] and any(documents and rulebook.hash != news.rulebook_hash for news, documents in told):
        say("omi-rules: the run was judged by another rulebook: what to do is said as in the one at hand.")
    for news, documents in told:
        for sentence in _about_addresses(news, documents, ways):
            say(f"omi-rules: {sentence}")
    return told


def _about_addresses(news: "News", documents: "Sequence[Document]", ways: Mapping[str, "Way"]) -> list[str]:
    """The teams whose digest goes to the area's address, and addresses of teams that the store does not know."""
    from omi_rules.notify.settings import Mail
    from omi_rules.notify.text import team_name

    mail = ways.get("mail")
    if not isinstance(mail, Mail) or "mail" not in news.ways:
        return []
    without = [one["team"] for one in documents if one["kind"] == "team" and one["team"] not in mail.teams]
    told = [
        f"{team_name(team)}: no address in [notify.mail.teams], so that the digest goes to that of the area."
        for team in without
    ]
    unknown = sorted(set(mail.teams) - news.teams)
    return told + [f"[notify.mail.teams]: the store has no team {name}{nearest(name, news.teams)}" for name in unknown]
