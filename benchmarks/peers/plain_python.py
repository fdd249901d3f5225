"""Twenty duties by a loop over plain Python objects.

python benchmarks/peers/plain_python.py EXPORT OUTPUT.csv --as-at 2006-11-30
"""

from collections.abc import Iterator

from arguments import parse_arguments
from duties import readings_of
from readings import Reading, settle
from records import Case, read_cases, write_outcomes


def outcome_of(reading: Reading, end: int | None, as_at: int) -> str:
    """One precedence for every duty."""
    match reading.form:
        case "outside":
            return "not_applicable"
        case "excluded":
            return "excluded"
        case "undated":
            return "unknown"
        case "rows":
            return _of_rows(reading)
        case "chain":
            return _of_chain(reading)
    due, done = reading.due, reading.done
    assert due is not None, "a reading with a clock has a due date"
    if done is not None and (reading.form != "deadline" or done <= due):
        return "met"
    if end is not None and end < due:
        return "not_applicable"
    if done is not None:
        return "late"
    if as_at <= due:
        return "due"
    return "not_met" if reading.form == "count" else "missing"


def _of_rows(reading: Reading) -> str:
    if "fails" in reading.signs:
        return "not_met"
    if "waits" in reading.signs:
        return "due"
    return "met" if "holds" in reading.signs else "not_applicable"


def _of_chain(reading: Reading) -> str:
    if "overdue" in reading.signs:
        return "missing"
    if "late" in reading.signs:
        return "late"
    if "in_time" in reading.signs:
        return "met"
    return "not_applicable" if "ended" in reading.signs else "due"


def decide(cases: list[Case], as_at: int) -> Iterator[tuple[str, str, str, int | None, int | None]]:
    """Every case and duty, with its outcome and dates."""
    for case in cases:
        readings = ((reading, outcome_of(reading, case.end, as_at)) for reading in readings_of(case, as_at))
        for duty, answer in settle(readings):
            yield case.case_id, duty, *answer


def main() -> None:
    """Read, decide, write."""
    options = parse_arguments()
    as_at = options.as_at.toordinal()
    write_outcomes(options.output, decide(read_cases(options.export, as_at), as_at))


if __name__ == "__main__":
    main()
