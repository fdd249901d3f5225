"""[notify] of omi-rules.toml: what is wrong is told before anything is sent, and no secret stands in it."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from omi_rules.notify.settings import PASSWORD, TOKEN, Files, Mail, Webhook, read_settings
from omi_rules.problems import UsageError
from omi_rules.resources import schemas_folder
from tests.notify.servers import Authority

MAIL = """[notify.mail]
server = "smtp.area.example"
from = "omi-rules@area.example"
alerts = "chief@area.example"
area = "area@area.example"
"""
WEBHOOK = '[notify.webhook]\nurl = "https://hooks.area.example/path?key=1"\n'


def write(folder: Path, text: str) -> Path:
    file = folder / "omi-rules.toml"
    file.write_text(text, encoding="utf-8")
    return file


def mail_of(file: Path, **environment: str) -> Mail:
    mail = read_settings(file, environment).ways["mail"]
    assert isinstance(mail, Mail)
    return mail


def complaint(file: Path, **environment: str) -> str:
    with pytest.raises(UsageError) as error:
        read_settings(file, environment)
    return str(error.value)


def test_mail_is_encrypted_unless_the_settings_say_otherwise(tmp_path: Path) -> None:
    mail = mail_of(write(tmp_path, MAIL))

    assert (mail.security, mail.port) == ("starttls", 587)
    assert mail.trust is not None
    assert mail.trust.check_hostname


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_port_follows_from_the_security(tmp_path: Path, security: str, port: int) -> None:
    assert mail_of(write(tmp_path, f'{MAIL}security = "{security}"\n')).port == port
    assert mail_of(write(tmp_path, f'{MAIL}security = "{security}"\nport = 2525\n')).port == 2525


def test_team_without_an_address_gets_its_digest_at_that_of_the_area(tmp_path: Path) -> None:
    mail = mail_of(write(tmp_path, f'{MAIL}[notify.mail.teams]\n"Wirral" = "w@area.example"\n'))

    assert mail.address_of("alerts", None) == "chief@area.example"
    assert mail.address_of("team", "Wirral") == "w@area.example"
    assert mail.address_of("team", "Sefton") == "area@area.example"
    assert mail.address_of("team", None) == "area@area.example"
    assert mail.address_of("area", None) == "area@area.example"


def test_every_way_that_has_a_table_is_a_way(tmp_path: Path) -> None:
    file = write(tmp_path, f'{MAIL}{WEBHOOK}[notify.files]\nfolder = "messages"\n')
    ways = read_settings(file, {}).ways

    assert list(ways) == ["mail", "webhook", "files"]
    assert ways["files"] == Files(tmp_path / "messages")
    assert isinstance(ways["webhook"], Webhook)


def test_password_is_read_from_a_file_of_its_owner(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2\n", encoding="ascii")
    secret.chmod(0o600)
    file = write(tmp_path, f'{MAIL}user = "omi"\npassword_file = "secret"\n')

    assert mail_of(file).password == "hunter2"
    assert mail_of(file, **{PASSWORD: "other"}).password == "other", "the environment goes before the file"
    assert "hunter2" not in repr(read_settings(file, {}))
    secret.chmod(0o640)
    assert "others may read" in complaint(file)
    assert "hunter2" not in complaint(file)


def test_token_is_read_from_the_environment_and_shown_nowhere(tmp_path: Path) -> None:
    settings = read_settings(write(tmp_path, WEBHOOK), {TOKEN: "t0ken"})
    webhook = settings.ways["webhook"]

    assert isinstance(webhook, Webhook)
    assert webhook.token == "t0ken"
    assert "t0ken" not in repr(settings)
    assert "key=1" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "say how messages go in [notify.mail], [notify.webhook] or [notify.files]"),
        ("notify = 3", "notify should be a table"),
        ('[notify]\npseudonyms = "key"', "say how messages go"),
        ("[notify.mial]\nserver = 'x'", "there is no key mial here; did you mean mail?"),
        (MAIL + "pasword_file = 'x'", "there is no key pasword_file here; did you mean password_file?"),
        (MAIL + "password = 'hunter2'", "there is no key password here; did you mean password_file?"),
        (MAIL.replace("alerts", "alert"), "did you mean alerts?"),
        (MAIL.replace('area = "area@area.example"', ""), "notify.mail: area is missing"),
        (MAIL + "security = 'ssl'", "notify.mail.security: should be one of starttls, tls, none"),
        (MAIL + "timeout = 0", "notify.mail.timeout: should be 1 to 300"),
        (MAIL + "timeout = 301", "notify.mail.timeout: should be 1 to 300"),
        (MAIL + "attempts = 11", "notify.mail.attempts: should be 1 to 10"),
        (MAIL + "port = 65536", "notify.mail.port: should be 1 to 65535"),
        (MAIL + "user = 'omi'", "user needs a password"),
        (MAIL + "password_file = 'x'", "password_file needs user beside it"),
        (MAIL + "user = 'omi'\npassword_file = 'nowhere'", "cannot be read: No such file or directory"),
        (MAIL + "ca_file = 'nowhere'", "notify.mail.ca_file: "),
        (MAIL + "ca_file = 'omi-rules.toml'", "holds no certificate in PEM"),
        (MAIL + "[notify.mail.teams]\nWirral = 'a@x, b@y'", "notify.mail.teams.Wirral: should be one address"),
        (MAIL + '[notify.mail.teams]\nWirral = "a@x.example\\nBcc: b@y"', "should be one address"),
        (MAIL + '[notify.mail.teams]\nWirral = "a@x.example\\n"', "should be one address"),
        (MAIL + "[notify.mail.teams]\nWirral = 'Wirral <a@x>'", "should be one address"),
        (MAIL + "[notify.mail.teams]\nWirral = 'wirral'", "should be one address"),
        (MAIL + "[notify.mail.teams]\nWirral = 'w..l@x.example'", "should be one address"),
        (MAIL + "[notify.mail.teams]\nWirral = '.w@x.example'", "should be one address"),
        (MAIL + f"[notify.mail.teams]\nWirral = '{'w' * 65}@x.example'", "should be one address"),
        (MAIL + f"[notify.mail.teams]\nWirral = 'w@{'x' * 10_000}'", "should be one address"),
        (MAIL.replace("smtp.area", "smtp..area"), "notify.mail.server: should be the name of a server"),
        (MAIL.replace('area.example"\nfrom', 'area.example:25"\nfrom'), "should be the name of a server"),
        ("[notify.webhook]\nurl = 'ftp://x'", "should be an address that starts with https://"),
        ("[notify.webhook]\nurl = 'https://'", "should be an address that starts with https://"),
        ("[notify.webhook]\nurl = 'https://a..b/'", "should be an address that starts with https://"),
        ("[notify.webhook]\nurl = 'https://x:y/'", "should be an address that starts with https://"),
        ("[notify.webhook]\nurl = 'https://u:secret@x/'", "should hold no password"),
        ("[notify.webhook]\nurl = 'http://hooks.example/'", "http is not encrypted, and messages name cases"),
        ("[notify.files]\nfolder = ''", "notify.files.folder: should be a path in quotes"),
    ],
)
def test_wrong_setting_is_told_with_what_to_do_and_without_its_value(tmp_path: Path, text: str, sentence: str) -> None:
    told = complaint(write(tmp_path, text))

    assert sentence in told
    assert "hunter2" not in told
    assert "secret" not in told.replace("secret is", "")


def test_no_file_of_settings_is_told_with_what_to_do() -> None:
    with pytest.raises(UsageError, match="say how messages go"):
        read_settings(None, {})


@pytest.mark.parametrize("content", ["", "two\nlines", "bell\x07", "ü"])
def test_secret_that_is_no_line_of_plain_letters_is_refused(tmp_path: Path, content: str) -> None:
    file = write(tmp_path, f'{MAIL}user = "omi"\n')

    assert "should hold one line" in complaint(file, **{PASSWORD: content})


def test_password_never_goes_unencrypted_over_a_network(tmp_path: Path) -> None:
    away = write(tmp_path, f'{MAIL}security = "none"\nuser = "omi"\n')
    assert "a password never goes unencrypted" in complaint(away, **{PASSWORD: "x"})

    here = write(tmp_path, f'{MAIL}security = "none"\nuser = "omi"\n'.replace("smtp.area.example", "127.0.0.1"))
    assert mail_of(here, **{PASSWORD: "x"}).password == "x"


def test_http_is_for_this_machine_or_where_it_is_allowed(tmp_path: Path) -> None:
    for url in ("http://127.0.0.1:1/", "http://[::1]:1/", "http://localhost:1/"):
        assert read_settings(write(tmp_path, f'[notify.webhook]\nurl = "{url}"'), {}).ways
    allowed = write(tmp_path, '[notify.webhook]\nurl = "http://hooks.example/"\nallow_http = true')
    assert read_settings(allowed, {}).ways
    assert "a token never goes unencrypted" in complaint(allowed, **{TOKEN: "t0ken"})


def test_own_authority_is_the_only_one_that_is_believed(tmp_path: Path, authority: Authority) -> None:
    authority.ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))

    mail = mail_of(write(tmp_path, f'{MAIL}ca_file = "ca.pem"\n'))

    assert mail.trust is not None
    assert len(mail.trust.get_ca_certs()) == 1


def test_schema_says_what_any_validator_says() -> None:
    schema = json.loads((schemas_folder() / "notify.schema.json").read_text("utf-8"))
    mail = {"server": "s", "from": "a@b", "alerts": "a@b", "area": "a@b"}
    validator = Draft202012Validator(schema)

    assert validator.is_valid({"mail": mail})
    assert not validator.is_valid({"mail": {**mail, "alerts": "a@b\n"}})
    assert not validator.is_valid({"mail": {**mail, "password": "x"}})


def test_settings_of_the_guide_are_settings(tmp_path: Path, authority: Authority) -> None:
    guide = (schemas_folder().parent / "docs" / "notify.md").read_text("utf-8")
    (text,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    authority.ca.cert_pem.write_to_path(str(tmp_path / "area-ca.pem"))

    settings = read_settings(write(tmp_path, text), {PASSWORD: "x", TOKEN: "y"})

    assert list(settings.ways) == ["mail", "webhook", "files"]
    schema = json.loads((schemas_folder() / "notify.schema.json").read_text("utf-8"))["properties"]
    for way in ("mail", "webhook", "files"):
        for key in schema[way]["properties"]:
            assert key in guide, key
