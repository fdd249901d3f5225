"""Where systemd is not installed, what it says of the units is left out; the first lines of a test run say so."""

import shutil

collect_ignore = [] if shutil.which("systemd-analyze") else ["test_systemd_itself.py"]
