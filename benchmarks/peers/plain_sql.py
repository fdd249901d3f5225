"""Twenty duties by hand-written SQL in DuckDB; the statements are in the files of `sql/`.

python benchmarks/peers/plain_sql.py EXPORT OUTPUT.csv --as-at 2006-11-30
"""

from pathlib import Path

import duckdb
from arguments import HOLIDAYS, parse_arguments

STATEMENTS = Path(__file__).with_name("sql")


def main() -> None:
    """Read, decide, write: every file of statements in its order."""
    options = parse_arguments()
    store = duckdb.connect()
    for name, value in (("as_at", options.as_at), ("export", str(options.export)), ("holidays", str(HOLIDAYS))):
        store.execute(f"SET VARIABLE {name} = $value", {"value": value})
    for file in sorted(STATEMENTS.glob("*.sql")):
        store.execute(file.read_text(encoding="utf-8").replace("'OUTPUT'", _quoted(options.output)))


def _quoted(file: Path) -> str:
    return "'" + str(file).replace("'", "''") + "'"


if __name__ == "__main__":
    main()
