"""Checks an export into a store, and is killed at a point on the way: `python killed.py <point> <argument>...`.

No handler, no `finally` and no rollback runs: what is on the disk at that moment is all that is left.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from omi_rules import pipeline
from omi_rules.cli.main import main
from omi_rules.history import database, migrations, recorder, writer
from omi_rules.reports import folder


def killing(function: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    """The function, and the end of the process before or after it."""

    def killed(*arguments: Any, **named: Any) -> Any:
        if after:
            function(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return killed


#: Where: the module or class, the function, and whether it has done its work by then.
POINTS: dict[str, tuple[Any, str, bool]] = {
    "holding": (writer, "open_for_writing", False),
    "creating": (migrations, "_create_findings", True),
    "met": (recorder.Recorder, "meet", True),
    "compared": (recorder.Recorder, "compare", True),
    "subjects": (recorder, "write_subjects", True),
    "findings": (recorder.Recorder, "_write_findings", True),
    "written": (recorder.Recorder, "_write", True),
    "files": (pipeline, "_write", True),
    "placed": (folder, "_put_in_place", True),
}

if __name__ == "__main__":
    where, name, after = POINTS[sys.argv.pop(1)]
    killer = killing(getattr(where, name), after=after)
    setattr(where, name, killer)
    if name == "_create_findings":
        first, *others = migrations.MIGRATIONS
        steps = (migrations.Migration(first.name, killer), *others)
        database.upgrade = lambda engine: migrations.upgrade(engine, steps)
    main()
