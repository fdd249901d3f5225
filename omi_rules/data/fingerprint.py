"""The fingerprint of an export: one digest over the names and contents of the files that are read."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from omi_rules.data.bytes_scan import digest_file


def combine(files: Iterable[Path], digests: Mapping[Path, str]) -> str:
    """The sha256, in hexadecimal, over the files' names (in lower case) and digests; the rest is digested
    here."""
    lines = sorted(f"{file.name.lower()}\0{digests.get(file) or digest_file(file)}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
