"""Keyed pseudonyms in place of case references: the same key gives the same case the same one, in every report."""

import hmac
import os
import stat
from base64 import b32encode
from collections.abc import Iterable, Mapping
from pathlib import Path

from omi_rules.problems import UsageError

#: Letters of a pseudonym: 50 bits, so that two of a million cases share one about once in two thousand reports.
LETTERS = 10
#: Fewer bytes could be guessed.
LEAST_BYTES = 32
_HOW = "`(umask 077; head -c 32 /dev/urandom > KEYFILE)` makes one"


def read_key(path: Path) -> bytes:
    """The bytes of a key file; UsageError unless it is the owner's alone and long enough."""
    try:
        with path.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise UsageError(f"--pseudonyms: others may read {path}: close it with `chmod 600 {path}`.")
            key = file.read()
    except OSError as error:
        raise UsageError(f"--pseudonyms: {path} cannot be read: {error.strerror}; {_HOW}.") from None
    if len(key) < LEAST_BYTES:
        raise UsageError(f"--pseudonyms: {path} holds fewer than {LEAST_BYTES} bytes, and could be guessed; {_HOW}.")
    return key


def pseudonym(key: bytes, case_id: str) -> str:
    """The pseudonym of one case: the first letters of HMAC-SHA256 in base32.

    >>> pseudonym(bytes(32), "M0000001")
    'Y6SPYKPWXE'
    """
    return b32encode(hmac.digest(key, case_id.encode(), "sha256")).decode()[:LETTERS]


def pseudonyms(key: bytes, case_ids: Iterable[str]) -> Mapping[str, str]:
    """The pseudonym of each case; UsageError if two cases would share one."""
    # the one loop over cases that no query can do: the key never enters the store
    named = {case_id: pseudonym(key, case_id) for case_id in case_ids}
    if len(set(named.values())) < len(named):
        raise UsageError(f"--pseudonyms: two cases would share a pseudonym: use another key; {_HOW}.")
    return named
