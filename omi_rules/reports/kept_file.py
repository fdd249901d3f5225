"""A single file that is there whole, or not at all, and is its owner's alone."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

from omi_rules.problems import OutputError


def keep_file(path: Path, content: bytes | IO[bytes], remedy: str = "Choose another --output.") -> None:
    """Write a file in place of an earlier one; OutputError if it cannot be written, and then nothing is changed.

    Of an open file the rest is taken, a piece at a time. `remedy` is what to do if it cannot be written."""
    try:
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
        # made by mkstemp, and so its owner's alone from the first byte
        handle, scratch = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.absolute().parent)
        try:
            with os.fdopen(handle, "wb") as file:
                if isinstance(content, bytes):
                    file.write(content)
                else:
                    shutil.copyfileobj(content, file)
                file.flush()
                os.fsync(file.fileno())
            Path(scratch).replace(path)
        except BaseException:
            Path(scratch).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}. {remedy}") from None
