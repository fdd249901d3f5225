"""A job as lines of a crontab."""

import shlex

from omi_rules.operation.job import DESCRIPTION, Job, refuse
from omi_rules.problems import UsageError

#: What every cron takes as one command.
_LONGEST = 900


def crontab_of(job: Job) -> str:
    """Lines for `crontab -e` of the user who runs the job."""
    # crons differ in what a backslash means, and each takes % for the end of the command
    refuse(job.words, "\\", "cron", "with a backslash or a control character")
    command = "; ".join(["umask 077", *map(shlex.join, job.commands)]).replace("%", "\\%")
    if len(command) > _LONGEST:
        raise UsageError(f"cron takes {_LONGEST} letters at most: write the settings into omi-rules.toml.")
    who = f" of {job.user}" if job.user else ""
    return (
        f"# {DESCRIPTION}. For the crontab{who}: crontab -e\n"
        "# Only what went wrong is mailed. The hour is by the clock of this machine, which should be London's.\n"
        "SHELL=/bin/sh\n"
        f"{job.at.minute} {job.at.hour} * * * {command}\n"
    )
