"""The units of systemd say what the job is, whatever is in a path, and lock up what it does not need."""

import re
import shlex
from configparser import ConfigParser
from dataclasses import replace

import pytest

from omi_rules.operation.systemd import service_of, timer_of, units_of
from omi_rules.problems import UsageError
from tests.operation.jobs import AWKWARD, job


def parse(unit: str) -> ConfigParser:
    """A unit as an INI file; its values are as they are written."""
    parsed = ConfigParser(interpolation=None, delimiters=("=",), strict=True)
    parsed.optionxform = str  # type: ignore[assignment, method-assign]
    parsed.read_string(unit)
    return parsed


def words_of(value: str) -> list[str]:
    """The words of a value as systemd splits it: in double quotes, \\" and \\\\ stand for themselves; %% is %."""
    return [word.replace("%%", "%") for word in shlex.split(value, comments=False)]


def test_command_is_read_back_word_by_word() -> None:
    made = job(*AWKWARD, "back\\slash\\")

    value = parse(service_of(made))["Service"]["ExecStart"]

    assert not re.search(r"(?<!%)(%%)*%(?!%)", value), "no specifier"
    assert [word.replace("$$", "$") for word in words_of(value)] == list(made.commands[0])


def test_folders_are_read_back_word_by_word() -> None:
    value = parse(service_of(replace(job(), writable=AWKWARD)))["Service"]["ReadWritePaths"]

    assert words_of(value) == list(AWKWARD)


@pytest.mark.parametrize("character", ["\n", "\r", "\t", "\0", "\x1b", "\u2028"])
def test_control_character_is_refused(character: str) -> None:
    with pytest.raises(UsageError, match="systemd cannot be told a path with a line break"):
        service_of(job(f"/srv/a{character}ExecStart=/bin/evil"))


@pytest.mark.parametrize("program", ["/usr/local/$x/omi-rules", "/usr/local/a\\b", '/usr/local/"', "/usr/local/'"])
def test_program_that_systemd_would_not_start_is_refused(program: str) -> None:
    with pytest.raises(UsageError, match="of a program with"):
        service_of(job(program=program))


@pytest.mark.parametrize("user", ["", "two words", "omi\nExecStart=/bin/evil", "%u"])
def test_user_is_a_name(user: str) -> None:
    with pytest.raises(UsageError, match="--user should be the name of a user"):
        service_of(replace(job(), user=user))


def test_service_may_do_nothing_that_a_check_does_not_need() -> None:
    service = parse(service_of(job()))["Service"]

    expected = {
        "Type": "oneshot",
        "User": "omi",
        "UMask": "0077",
        "NoNewPrivileges": "yes",
        "PrivateTmp": "yes",
        "PrivateNetwork": "yes",
        "ProtectSystem": "strict",
        "ReadWritePaths": "/srv/omi",
        "RestrictAddressFamilies": "AF_UNIX",
        "CapabilityBoundingSet": "",
    }
    assert {name: service.get(name) for name in expected} == expected


def test_network_is_open_only_where_it_is_needed() -> None:
    parsed = parse(service_of(job(online=True)))

    assert "PrivateNetwork" not in parsed["Service"]
    assert parsed["Service"]["RestrictAddressFamilies"] == "AF_UNIX AF_INET AF_INET6 AF_NETLINK"
    assert parsed["Unit"]["After"] == "network-online.target"


def test_temporary_folder_is_shared_only_where_something_lies_there() -> None:
    assert parse(service_of(job("/tmp/export")))["Service"]["PrivateTmp"] == "no"
    assert parse(service_of(job("/tmpx/export")))["Service"]["PrivateTmp"] == "yes"


def test_what_comes_afterwards_comes_however_the_check_ended_and_has_time() -> None:
    made = replace(job(), afterwards=("notify", *AWKWARD))

    service = parse(service_of(made))["Service"]

    words = [word.replace("$$", "$") for word in words_of(service["ExecStopPost"])]
    assert tuple(words) == made.commands[1]
    assert service["TimeoutStopSec"] == "1h"
    assert "ExecStopPost" not in parse(service_of(job()))["Service"]


def test_timer_goes_by_the_clock_of_london_and_makes_up_for_a_missed_night() -> None:
    timer = parse(timer_of(job()))

    assert dict(timer["Timer"]) == {"OnCalendar": "*-*-* 02:30:00 Europe/London", "Persistent": "true"}
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_both_units_name_their_files() -> None:
    units = units_of(job())

    assert units.startswith("# /etc/systemd/system/omi-rules.service\n[Unit]")
    assert service_of(job()) in units
    assert f"# /etc/systemd/system/omi-rules.timer\n{timer_of(job())}" in units
