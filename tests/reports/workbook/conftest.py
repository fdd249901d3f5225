"""What the tests of the workbook share."""

import shutil

#: Where LibreOffice is not installed its tests are left out, and the run says so; the gate installs it first.
collect_ignore = [] if shutil.which("soffice") else ["test_libreoffice.py"]
