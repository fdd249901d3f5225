"""What every test runs under."""

import shutil
from pathlib import Path

from hypothesis import settings

# A machine shared with others is slow at times: that is no fault of what is tested.
settings.register_profile("omi-rules", deadline=None)
settings.load_profile("omi-rules")


def pytest_report_header() -> list[str]:
    """Whether workbooks are tried that LibreOffice saved, a store on a real PostgreSQL, and pages in a real browser."""
    office = shutil.which("soffice")
    server = shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    return [
        "Chromium: found" if browser else "Chromium: not found, tests/browser is left out",
        "LibreOffice: found" if office else "LibreOffice: not found, tests/assess/test_libreoffice.py is left out",
        "PostgreSQL: found" if server else "PostgreSQL: not found, what of tests/history needs it is left out",
    ]
