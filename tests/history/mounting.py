"""How a process may mount a disk that only it sees, where the system allows that."""

import functools
import shutil
import subprocess

_WAYS = (("unshare", "--user", "--map-root-user", "--mount"), ("unshare", "--mount"))


@functools.cache
def mounting() -> tuple[str, ...]:
    """The words before a command that lets it mount a disk of its own; empty where nobody may."""
    try_it = ("mount", "-t", "tmpfs", "none", "/mnt")
    for way in _WAYS if shutil.which("unshare") else ():
        if subprocess.run([*way, *try_it], capture_output=True).returncode == 0:
            return way
    return ()
