"""A single file that is there whole, or not at all, and is its owner's alone."""

import os
import tempfile
from pathlib import Path

from omi_rules.problems import OutputError


def keep_file(path: Path, content: bytes, remedy: str = "Choose another --output.") -> None:
    """Write a file in place of an earlier one; OutputError if it cannot be written, and then nothing is changed.

    `remedy` is what to do then."""
    try:
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
        # made by mkstemp, and so its owner's alone from the first byte
        handle, scratch = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.absolute().parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(scratch).replace(path)
        except BaseException:
            Path(scratch).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}. {remedy}") from None
