"""How the sorts of change are told in a message: what came, what went, and what is no news."""

from collections.abc import Mapping

#: What stands now, and did not before, and under which heading it is listed. Only the first two are failures.
CAME: Mapping[str, str] = {
    "new": "New: insufficient now, and was not before",
    "worse": "Worse: the same duty, in a worse state than before",
    "other_duty": "Another duty of the rule counts now, and is insufficient too",
    "case_back": "In a case that is back in the export",
    "seen_again": "Undecidable before, and still insufficient",
    "first": "Found by the first run that could judge the rule",
    "rule_changed_new": "Found because the rule or its values changed",
    "vanished": "Data alarm: found because a record vanished from the export. Ask who keeps the records",
}
#: What is no longer found.
WENT: Mapping[str, str] = {
    "put_right": "Put right: the standard is met now",
    "done_late": "Done at last, after its day: late instead of missing",
    "due_again": "Due again, and still in time",
    "excluded": "Taken out for a recorded reason",
    "not_applicable": "The rule is no longer about the case",
    "case_ended": "Gone with its case: supervision ended",
    "case_gone": "Data alarm: gone with a case that is no longer in the export. Ask who keeps the records",
    "rule_changed_gone": "Gone because the rule or its values changed",
}
#: As before, or no longer decidable: counted, and no reason for a message.
QUIET = ("changed", "undecided")
#: What nobody who holds a case is to answer for: whoever keeps the records is.
DATA_ALARMS = ("vanished", "case_gone")
