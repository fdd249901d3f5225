"""`omi-rules notify` on the command line: what is sent, what is kept, what is said, and the exit code."""

import json
from pathlib import Path

import pytest

from tests.cli.logs import read
from tests.cli.running import Ran, run
from tests.history.nights import Area, case, tables
from tests.notify.servers import Inbox, free_port, mail_server
from tests.notify.telling import HOSTILE, write_nights
from tests.reports.runs import write_rulebook


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Area:
    folder = tmp_path_factory.mktemp("nights")
    (folder / "export").mkdir()
    area = Area(folder / "export", write_rulebook(folder / "rules"), str(folder / "omi-rules.db"))
    write_nights(area)
    return area


@pytest.fixture
def folder(nights: Area, tmp_path: Path) -> Path:
    """A folder with a store of two nights of its own."""
    (tmp_path / "omi-rules.db").write_bytes(Path(nights.store).read_bytes())
    return tmp_path


def configure(folder: Path, nights: Area, port: int = 0, more: str = "") -> Path:
    mail = f"""
        [notify.mail]
        server = "localhost"
        port = {port}
        security = "none"
        from = "omi-rules@area.example"
        alerts = "chief@area.example"
        area = "area@area.example"
        attempts = 1
        timeout = 2
        [notify.mail.teams]
        Wirral = "wirral@area.example"
        Seffton = "sefton@area.example"
    """
    file = folder / "omi-rules.toml"
    file.write_text(
        f'store = "omi-rules.db"\nrules = "{nights.rules}"\n{mail if port else ""}\n{more}', encoding="utf-8"
    )
    return file


def notify(config: Path, *arguments: str) -> Ran:
    return run("notify", *arguments, "--config", config)


def test_messages_go_and_the_last_line_says_how_many(folder: Path, nights: Area) -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        config = configure(folder, nights, port, '[notify.files]\nfolder = "messages"\n')
        shown, again = notify(config), notify(config)

    assert (shown.code, again.code) == (0, 0)
    lines = shown.out.splitlines()
    assert lines[0] == "Run 2, as at 1 December 2006, beside run 1, as at 30 November 2006."
    assert lines[-1] == "12 messages sent."
    assert again.out.splitlines()[-1] == "Nothing to send: this run was told of before."
    assert max(map(len, lines)) <= 80
    assert (len(inbox.mails), len(list((folder / "messages").iterdir()))) == (6, 12)


def test_team_without_an_address_and_address_without_a_team_are_named(folder: Path, nights: Area) -> None:
    with mail_server(Inbox()) as port:
        shown = notify(configure(folder, nights, port))

    told = shown.err.splitlines()
    assert "omi-rules: Sefton: no address in [notify.mail.teams], so that the digest goes to that of the area." in told
    assert "omi-rules: [notify.mail.teams]: the store has no team Seffton; did you mean Sefton?" in told
    assert any(line.startswith("omi-rules: Cases without a team: no address") for line in told)
    assert HOSTILE not in shown.err


def test_what_cannot_be_sent_is_kept_said_and_sent_first_the_next_time(folder: Path, nights: Area) -> None:
    config = configure(folder, nights, free_port())
    shown, kept = notify(config), notify(config, "--kept")

    assert shown.code == 6
    assert shown.out.splitlines()[-1] == (
        "0 messages sent, 6 kept: the next `omi-rules notify` sends what is kept first."
    )
    assert "omi-rules: 6 messages not sent by mail: the server refused the connection." in shown.err
    assert (kept.code, kept.err) == (0, "")
    assert "Run 2, Team Wirral, by mail: not tried: the server refused the connection." in kept.out
    assert "Run 2, Public-protection alerts, by mail: tried 1 time: the server refused the" in kept.out
    assert max(map(len, kept.out.splitlines())) <= 80
    for told in (shown.out, shown.err, kept.out):
        assert "@" not in told.replace("[notify.mail.teams]", "").replace("thief@", "")

    inbox = Inbox()
    with mail_server(inbox) as port:
        later = notify(configure(folder, nights, port))
    assert (later.code, later.out.splitlines()[-1], len(inbox.mails)) == (0, "6 messages sent.", 6)
    assert notify(config, "--kept").out == "No message is kept: all were sent.\n"


def test_log_and_doctor_count_what_is_kept(folder: Path, nights: Area) -> None:
    config, log = configure(folder, nights, free_port()), folder / "log.jsonl"
    notify(config, "-q", "--log-json", str(log))

    *_, messages, last = read(log)
    assert (messages["event"], messages["sent"], messages["kept"]) == ("messages", 0, 6)
    assert (last["exit_code"], last["because"]) == (6, "messages that could not be sent are kept for the next time")
    assert "Wirral" not in log.read_text("utf-8")
    found = json.loads(run("doctor", "--config", config, "--format", "json").out)
    (told,) = (line for line in found if line["subject"] == "Messages")
    assert (told["state"], told["words"]) == ("attention", "6 messages could not be sent, and wait")


def test_doctor_says_which_ways_messages_go_and_what_is_wrong_with_them(folder: Path, nights: Area) -> None:
    config = configure(folder, nights, more='[notify.files]\nfolder = "messages"\n')
    assert "Messages       by files; none waits" in run("doctor", "--config", config).out

    wrong = run("doctor", "--config", configure(folder, nights, more="[notify.mial]\n"))
    assert wrong.code == 2
    assert "broken     Messages" in wrong.out


def test_quiet_says_only_what_failed(folder: Path, nights: Area) -> None:
    shown = notify(configure(folder, nights, free_port()), "-q")

    assert (shown.code, shown.out) == (6, "")
    assert "6 messages not sent by mail" in shown.err


def test_dry_run_prints_every_message_and_sends_and_keeps_none(folder: Path, nights: Area) -> None:
    before = (folder / "omi-rules.db").read_bytes()
    shown = notify(configure(folder, nights, free_port(), '[notify.files]\nfolder = "messages"\n'), "--dry-run")

    assert shown.code == 0
    assert shown.out.count("Subject: ") == 12
    assert shown.out.startswith("Message 1 of 12, by mail to chief@area.example\nSubject: Public protection: 2 cases")
    assert "by mail to wirral@area.example\nSubject: Wirral: 7 new" in shown.out
    assert "W9: missing, due 16 January 2006" in shown.out
    assert shown.out.endswith("Nothing was sent.\n")
    assert "\u202e" not in shown.out
    assert (folder / "omi-rules.db").read_bytes() == before
    assert not (folder / "messages").exists()


def test_dry_run_shows_what_is_kept_too_and_no_secret_of_a_webhook(folder: Path, nights: Area) -> None:
    config = configure(
        folder, nights, free_port(), f'[notify.webhook]\nurl = "http://localhost:{free_port()}/s3cret"\n'
    )
    notify(config, "--by", "mail")

    shown = notify(config, "--dry-run")

    assert shown.out.count("by mail to ") == shown.out.count("as JSON to the webhook at localhost") == 6
    assert "s3cret" not in shown.out + shown.err


def test_pseudonyms_may_be_asked_for_or_set(folder: Path, nights: Area) -> None:
    (folder / "key").write_bytes(bytes(32))
    (folder / "key").chmod(0o600)
    config = configure(folder, nights, more='[notify]\npseudonyms = "key"\n[notify.files]\nfolder = "messages"\n')
    asked = run("notify", "--pseudonyms", folder / "key", "--dry-run", "--config", config)

    assert notify(config).code == 0
    told = "".join(file.read_text("utf-8") for file in (folder / "messages").iterdir())
    assert '"case": "W9"' not in told
    assert "    W9" not in told + asked.out


def test_again_sends_once_more_and_forget_gives_up(folder: Path, nights: Area) -> None:
    config = configure(folder, nights, more='[notify.files]\nfolder = "messages"\n')
    notify(config)
    assert notify(config, "--again").out.splitlines()[-1] == "6 messages sent."

    failing = configure(folder, nights, free_port())
    notify(failing)
    assert notify(failing, "--forget").err == "Given up: 6 messages.\n"
    assert notify(failing).out.splitlines()[-1] == "Nothing to send: this run was told of before."


def test_one_way_is_listed_and_given_up_without_the_others(folder: Path, nights: Area) -> None:
    webhook = f'[notify.webhook]\nurl = "http://localhost:{free_port()}/"\nattempts = 1\ntimeout = 2\n'
    config = configure(folder, nights, free_port(), webhook)
    notify(config)

    listed = notify(config, "--kept", "--by", "mail").out
    assert (listed.count("Run 2, "), "by webhook" in listed) == (6, False)
    assert "`omi-rules notify --forget --by mail`" in listed.replace("\n  ", " ")
    assert notify(config, "--forget", "--by", "mail").err == "Given up: 6 messages.\n"
    assert notify(config, "--kept", "--by", "mail").out == (
        "No message is kept for mail.\nGiven up for mail, and not sent: 6 messages.\n"
    )
    left = notify(config, "--kept").out
    assert (left.count("Run 2, "), "by mail" in left) == (6, False)
    assert "\nGiven up, and not sent: 6 messages.\n" in left


def test_nobody_is_told_that_all_were_sent_where_some_were_given_up(folder: Path, nights: Area) -> None:
    config = configure(folder, nights, free_port())
    notify(config)
    notify(config, "--forget")

    assert notify(config, "--kept").out == "No message is kept.\nGiven up, and not sent: 6 messages.\n"


def test_way_that_was_not_asked_for_keeps_what_it_has_and_is_named(folder: Path, nights: Area) -> None:
    config = configure(folder, nights, free_port(), '[notify.files]\nfolder = "messages"\n')
    notify(config, "--by", "mail")

    shown = notify(config, "--by", "files")

    assert shown.code == 0
    assert shown.out.splitlines()[-1] == "6 messages sent; 6 messages kept for mail, which was not asked for."


def test_file_is_the_message_that_the_schema_states(folder: Path, nights: Area) -> None:
    config = configure(folder, nights, more='[notify.files]\nfolder = "messages"\n')
    assert notify(config, "1").out.splitlines()[-1] == "Nothing to send: there is no alert."
    notify(config)

    alerts = json.loads((folder / "messages" / "run-2-alerts.json").read_text("utf-8"))
    assert (alerts["kind"], alerts["since"]["number"]) == ("alerts", 1)


def test_other_rulebook_than_that_of_the_run_is_said(folder: Path, nights: Area) -> None:
    config = configure(folder, nights, more='[notify.files]\nfolder = "messages"\n')
    from omi_rules.resources import rules_folder

    shown = run("notify", "--config", config, "--rules", rules_folder(), "--dry-run")

    assert "the run was judged by another rulebook" in shown.err
    assert "Plan falls short" in shown.out, "a conclusion that this one does not know has its name"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--by", "webhook"], "--by webhook: omi-rules.toml has no [notify.webhook]."),
        (["--by", "post"], "--by"),
        (["--dry-run", "--kept"], "give one of them"),
        (["1", "--forget"], "--kept and --forget are about the messages of every run: leave out RUN"),
        (["@latest", "--kept"], "leave out RUN, or choose with --by"),
        (["9"], "the store has no run 9: it has 1 to 2."),
        (["nowhere"], "there is no folder nowhere"),
        (["--pseudonyms", "nowhere"], "--pseudonyms: nowhere cannot be read"),
    ],
)
def test_wrong_use_sends_nothing_and_says_what_to_do(
    folder: Path, nights: Area, arguments: list[str], sentence: str
) -> None:
    shown = notify(configure(folder, nights, more='[notify.files]\nfolder = "messages"\n'), *arguments)

    assert (shown.code, shown.out) == (2, "")
    assert sentence in shown.err
    assert not (folder / "messages").exists()


def test_without_settings_or_a_store_nothing_is_sent(folder: Path, nights: Area) -> None:
    config = configure(folder, nights)
    without = notify(config)
    assert (without.code, without.out) == (2, "")
    assert "say how messages go in [notify.mail], [notify.webhook] or [notify.files]" in without.err

    config.write_text('[notify.files]\nfolder = "messages"\n', encoding="utf-8")
    assert "name the store" in notify(config).err
    gone = run("notify", "--store", folder / "nowhere.db", "--config", config)
    assert (gone.code, "there is no store" in gone.err) == (2, True)


def test_settings_of_messages_disturb_no_other_command(folder: Path, nights: Area) -> None:
    shown = run("history", "list", "--config", configure(folder, nights, 25))

    assert (shown.code, shown.err) == (0, "")


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory, nights: Area) -> Area:
    """Three nights that nobody was told of: in each, one case more is to be told to somebody."""
    folder = tmp_path_factory.mktemp("standing")
    (folder / "export").mkdir()
    area = Area(folder / "export", nights.rules, str(folder / "omi-rules.db"))
    for day in range(3):
        cases = (case(name, ethnicity=None if place <= day else "W1") for place, name in enumerate("ABC"))
        area.night(tables(*cases), day)
    return area


def alerts_in(file: Path) -> list[str]:
    return [change["case"] for change in json.loads(file.read_text("utf-8"))["changes"]]


def test_every_way_first_tells_all_alerts_that_stand_and_nothing_twice(standing: Area, tmp_path: Path) -> None:
    (tmp_path / "omi-rules.db").write_bytes(Path(standing.store).read_bytes())
    files = '[notify.files]\nfolder = "messages"\n'
    by_files = notify(configure(tmp_path, standing, more=files))
    down = notify(configure(tmp_path, standing, free_port(), files))
    inbox = Inbox()
    with mail_server(inbox) as port:
        config = configure(tmp_path, standing, port, files)
        up, again = notify(config), notify(config)

    assert [shown.out.splitlines()[-1] for shown in (by_files, down, up, again)] == [
        "1 message sent.",
        "0 messages sent, 1 kept: the next `omi-rules notify` sends what is kept first.",
        "1 message sent.",
        "Nothing to send: this run was told of before.",
    ]
    assert sorted(file.name for file in (tmp_path / "messages").iterdir()) == ["run-3-alerts.json", "run-3-alerts.txt"]
    assert alerts_in(tmp_path / "messages" / "run-3-alerts.json") == ["A", "B", "C"]
    ((to, mail),) = inbox.mails
    assert to == "chief@area.example"
    for name in "ABC":
        assert f"    {name}, Wirral\r\n" in mail.get_content()


def test_ways_that_told_of_different_runs_each_say_which(standing: Area, tmp_path: Path) -> None:
    (tmp_path / "omi-rules.db").write_bytes(Path(standing.store).read_bytes())
    files = '[notify.files]\nfolder = "messages"\n'
    notify(configure(tmp_path, standing, more=files), "2")

    shown = notify(configure(tmp_path, standing, free_port(), files))

    assert shown.code == 6
    first, more, other, *_, numbers = shown.out.splitlines()
    assert first == "Run 3, as at 2 December 2006, by mail: the first that is told of. What changed"
    assert more == "  is told from the next run on; alerts at once."
    assert other == "Run 3, as at 2 December 2006, by files, beside run 2, as at 1 December 2006."
    assert numbers.startswith("3 messages sent, 1 kept: ")
    assert alerts_in(tmp_path / "messages" / "run-3-alerts.json") == ["C"]
