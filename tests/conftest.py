"""What every test runs under."""

import shutil

from hypothesis import settings

# A machine shared with others is slow at times: that is no fault of what is tested.
settings.register_profile("omi-rules", deadline=None)
settings.load_profile("omi-rules")


def pytest_report_header() -> str:
    """Whether workbooks are tried that LibreOffice saved."""
    found = shutil.which("soffice")
    return "LibreOffice: found" if found else "LibreOffice: not found, tests/assess/test_libreoffice.py is left out"
