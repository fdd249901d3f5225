"""What every test runs under."""

import functools
import shutil
from collections.abc import Callable
from pathlib import Path

from hypothesis import settings

from omi_rules.rulebook import load
from omi_rules.rulebook.model import Rulebook
from tests.history.mounting import mounting

# A machine shared with others is slow at times: that is no fault of what is tested.
settings.register_profile("omi-rules", deadline=None)
settings.load_profile("omi-rules")


def read_own_once(load_any: Callable[[Path | None], Rulebook]) -> Callable[..., Rulebook]:
    """As the program's, but its own rulebook, which nothing can change, is read once for all tests of a process."""
    own = functools.cache(load_any)

    def load_it(folder: Path | None = None) -> Rulebook:
        return load_any(folder) if folder else own(None)

    return load_it


# before any other module has taken the functions from there
load.load_rulebook = read_own_once(load.load_rulebook)
load.load_to_judge = read_own_once(load.load_to_judge)


def pytest_report_header() -> list[str]:
    """What is tried with a real browser, LibreOffice, PostgreSQL, systemd and Java, and a disk that is really full."""
    office = shutil.which("soffice")
    server = shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    disks = "can be made" if mounting() else "cannot be made, tests/history/test_full_disk.py is left out"
    java = shutil.which("java")
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    return [
        "Chromium: found" if browser else "Chromium: not found, tests/browser is left out",
        "LibreOffice: found" if office else "LibreOffice: not found, each test_libreoffice.py is left out",
        f"Small disks: {disks}",
        "Java: found" if java else "Java: not found, what of tests/spark needs it is left out",
        "systemd: found"
        if shutil.which("systemd-analyze")
        else "systemd: not found, tests/operation/test_systemd_itself.py is left out",
        "PostgreSQL: found" if server else "PostgreSQL: not found, what of tests/history needs it is left out",
    ]
