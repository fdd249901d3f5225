"""Synthetic areas that tests share: to make one takes many seconds, whatever its size."""

import fcntl
import os
from pathlib import Path

import pytest

from omi_rules.demo.area import write_area


def shared_area(factory: pytest.TempPathFactory, cases: int) -> Path:
    """An export of so many cases, made by the first process of a test run that asks for it. Nothing may change it."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        # the folder of the whole run, beside which each worker has its own
        base = base.parent
    folder, unfinished = base / f"area-of-{cases}", base / f"area-of-{cases}-unfinished"
    with (base / f"area-of-{cases}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            write_area(unfinished, cases, threads=1)
            unfinished.rename(folder)
    return folder
