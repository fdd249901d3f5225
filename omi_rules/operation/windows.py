"""A job as a task of the Windows Task Scheduler, in the XML that `schtasks /Create /XML` takes."""

import subprocess
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from omi_rules.operation.job import DESCRIPTION, Job, refuse

_NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
#: A night is stopped when the working day begins.
_LONGEST = "PT6H"


def task_of(job: Job) -> str:
    """The task, in ASCII: whole in whatever encoding a shell writes it to a file.

    Without the network it needs no password kept (S4U); with it, Windows asks for one when the task is made."""
    # the Task Scheduler puts values in place of %NAME% and $(Arg0), and knows no way to write them as they are
    refuse(job.words, '%"', "the Task Scheduler", "with a percent sign, a quotation mark or a control character")
    refuse((word.replace("$(", "\0") for word in job.words), "", "the Task Scheduler", "with $(")
    task = Element("Task", {"version": "1.2", "xmlns": _NAMESPACE})
    _add(task, "RegistrationInfo", Description=DESCRIPTION)
    trigger = SubElement(SubElement(task, "Triggers"), "CalendarTrigger")
    # a day in the past: from now on, every day
    _fill(trigger, StartBoundary=f"2000-01-01T{job.at:%H:%M}:00", Enabled="true")
    _add(trigger, "ScheduleByDay", DaysInterval="1")
    principal = SubElement(SubElement(task, "Principals"), "Principal", {"id": "Author"})
    who = {"UserId": job.user} if job.user else {}
    _fill(principal, **who, LogonType="Password" if job.online else "S4U", RunLevel="LeastPrivilege")
    _add(
        task,
        "Settings",
        MultipleInstancesPolicy="IgnoreNew",
        DisallowStartIfOnBatteries="false",
        StopIfGoingOnBatteries="false",
        StartWhenAvailable="true",
        RunOnlyIfNetworkAvailable="false",
        ExecutionTimeLimit=_LONGEST,
        Enabled="true",
    )
    actions = SubElement(task, "Actions", {"Context": "Author"})
    for words in job.commands:
        _add(actions, "Exec", Command=words[0], Arguments=subprocess.list2cmdline(words[1:]))
    indent(task)
    text: bytes = tostring(task, encoding="us-ascii", xml_declaration=False)
    # without a word on the encoding, which a shell may change
    return f'<?xml version="1.0"?>\n{text.decode()}\n'


def _add(parent: Element, name: str, **texts: str) -> None:
    _fill(SubElement(parent, name), **texts)


def _fill(element: Element, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(element, name).text = text
