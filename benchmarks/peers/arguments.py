"""The command line that all these programs share, and where the calendar is."""

import argparse
from datetime import date
from pathlib import Path

#: The bank holidays of England and Wales that fall on a weekday: date, name.
HOLIDAYS = Path(__file__).parents[2] / "omi_rules" / "calendar" / "bank-holidays.csv"


def parse_arguments() -> argparse.Namespace:
    """Where to read, where to write, and the day."""
    parser = argparse.ArgumentParser(description="Decide twenty duties for every case of an export.")
    parser.add_argument("export", type=Path, help="a folder of CSV")
    parser.add_argument("output", type=Path, help="the file to write: case_id, rule, outcome, due_on, done_on")
    parser.add_argument("--as-at", type=date.fromisoformat, required=True, metavar="DATE")
    return parser.parse_args()
