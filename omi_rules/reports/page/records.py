"""The cases, findings and checks of the page, packed: what is not for its readers is not among them.

Readers who are shown no case get counts of findings alone: a row for each case, even without a name, would tell all
that was found about it to whoever knows a part.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from omi_rules.calendar.working_days import FIRST_DAY as CALENDAR_FROM
from omi_rules.calendar.working_days import LAST_DAY as CALENDAR_TO
from omi_rules.calendar.working_days import bank_holidays
from omi_rules.data.store import Store, create_from
from omi_rules.reports.audience import Audience
from omi_rules.reports.page.packing import pack
from omi_rules.reports.run_tables import FIRST_DAY
from omi_rules.rulebook.model import SEVERITIES

#: What a finding or check can be; a conclusion has no outcome.
OUTCOMES = ("conclusion", "missing", "late", "not_met", "due", "unknown", "met")
ORDERS = ("community_order", "suspended_sentence_order", "licence")
LEVELS = ("low", "medium", "high", "very_high")

Columns = Mapping[str, Sequence[int]]
#: A name of a division, team or officer, and the number of what it is inside of.
Place = tuple[str | None, int]


def pack_records(store: Store, audience: Audience, rules: Iterable[Mapping[str, Any]], words: Mapping[str, Any]) -> str:
    """Everything that the page's tables and cases are made from; `rules` are those of run.json, `words` more of it."""
    named = _named(store, rules)
    places = _create_places(store, audience)
    header: dict[str, Any] = {
        **words,
        "levels": list(audience.levels),
        "severities": list(SEVERITIES),
        "outcomes": list(OUTCOMES),
        "orders": list(ORDERS),
        "rohLevels": list(LEVELS),
        "rules": named,
        **places,
        "caseCount": _single(store, "SELECT count(*) FROM page_cases"),
    }
    if audience.cases:
        columns = {**_case_columns(store), **_finding_columns(store), **_check_columns(store)}
        header["cases"] = _listed(store, "SELECT list(name ORDER BY case_no) FROM page_cases")
        header["reasons"] = _listed(store, "SELECT list(reason ORDER BY number) FROM reason_words")
        header["causes"] = _listed(store, "SELECT list(causes ORDER BY number) FROM cause_words")
        header["holidays"] = _holidays()
    else:
        columns = _count_columns(store)
    return pack(header, columns)


def _single(store: Store, query: str) -> Any:
    row = store.execute(query).fetchone()
    return row[0] if row else None


def _listed(store: Store, query: str) -> list[Any]:
    return _single(store, query) or []


def _named(store: Store, rules: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rules of cases and flags, in order; creates `rule_numbers`."""
    told = {
        (rule, flag): {"reason": reason, "severity": severity, "recommendations": recommendations, "action": action}
        for rule, flag, reason, severity, recommendations, action in store.execute(
            """SELECT rule, outcome IS NULL, any_value(reason), any_value(severity), any_value(recommendations),
                any_value(action) FROM run_findings GROUP BY ALL"""
        ).fetchall()
    }
    found = [
        {
            "id": rule["rule"],
            "flag": False,
            "title": rule["title"],
            "severity": SEVERITIES.index(rule["severity"]),
            "criterion": rule["criterion"],
            "recommendations": rule["recommendations"],
            "action": told.get((rule["rule"], False), {}).get("action"),
        }
        for rule in rules
        if rule["criterion"] != "staff"
    ]
    found += [
        {
            "id": flag,
            "flag": True,
            "title": each["reason"].removesuffix("."),
            "severity": SEVERITIES.index(each["severity"]),
            "criterion": None,
            "recommendations": each["recommendations"],
            "action": each["action"],
        }
        for (flag, is_flag), each in told.items()
        if is_flag
    ]
    found.sort(key=lambda rule: (rule["id"], rule["flag"]))
    rows = [{"rule": rule["id"], "flag": rule["flag"], "number": number} for number, rule in enumerate(found)]
    create_from(store, "rule_numbers", {"rule": "VARCHAR", "flag": "BOOLEAN", "number": "INTEGER"}, rows)
    return found


def _create_places(store: Store, audience: Audience) -> dict[str, list[Place]]:
    """Create `numbered_cases`, with the innermost place of each case, and give the places of every level."""
    levels = [level for level in audience.levels if level != "case"]
    store.execute("CREATE TABLE numbered_cases AS SELECT *, 0 AS place FROM page_cases")
    places: dict[str, list[Place]] = {}
    for level in levels:
        store.execute(f"""CREATE OR REPLACE TABLE held AS SELECT place AS around, {level} AS name,
            row_number() OVER (ORDER BY place, {level} NULLS LAST) - 1 AS number
            FROM numbered_cases GROUP BY place, {level}""")
        places[f"{level}s"] = store.execute("SELECT name, around FROM held ORDER BY number").fetchall()
        store.execute(f"""CREATE OR REPLACE TABLE numbered_cases AS SELECT c.* REPLACE (number AS place)
            FROM numbered_cases c JOIN held h ON c.place = h.around AND c.{level} IS NOT DISTINCT FROM h.name""")
    return places


def _columns(store: Store, table: str, order: str, columns: Mapping[str, str]) -> dict[str, list[int]]:
    """Columns of whole numbers; what is absent is 0."""
    chosen = ", ".join(f"list(coalesce({sql}, 0)::UINTEGER ORDER BY {order})" for sql in columns.values())
    row = store.execute(f"SELECT {chosen} FROM {table}").fetchone() or ()
    return {name: numbers or [] for name, numbers in zip(columns, row, strict=True)}


def _day(column: str) -> str:
    return f"{column} - DATE '{FIRST_DAY}' + 1"


def _place_in(words: Sequence[str], column: str) -> str:
    """The place of a word from 1; a word that is not among them is absent."""
    listed = ", ".join(f"'{word}'" for word in words)
    return f"list_position([{listed}], {column})"


#: The number of a finding's outcome; a conclusion has none.
_OUTCOME = f"coalesce({_place_in(OUTCOMES, 'outcome')}, 1) - 1"


def _count_columns(store: Store) -> dict[str, list[int]]:
    """The cases of each place and how many of them have a finding, and the findings by place, rule and outcome."""
    places = """SELECT place, count(*) AS cases, count(found.case_no) AS with_findings
        FROM numbered_cases LEFT JOIN (SELECT DISTINCT case_no FROM page_findings) found USING (case_no)
        GROUP BY place"""
    counts = f"""SELECT place, number AS rule, {_OUTCOME} AS outcome, count(*) AS findings
        FROM page_findings JOIN numbered_cases USING (case_no) JOIN rule_numbers USING (rule, flag) GROUP BY ALL"""
    return {
        **_columns(store, f"({places})", "place", {"placeCases": "cases", "placeWithFindings": "with_findings"}),
        **_columns(
            store,
            f"({counts})",
            "place, rule, outcome",
            {"countPlace": "place", "countRule": "rule", "countOutcome": "outcome", "countFindings": "findings"},
        ),
    }


def _case_columns(store: Store) -> dict[str, list[int]]:
    columns = {
        "casePlace": "place",
        "caseOrder": _place_in(ORDERS, '"order"'),
        "caseStart": _day("start_date"),
        "caseEnd": _day("end_date"),
        "caseTier": "tier",
        "caseRoh": _place_in(LEVELS, "roh_level"),
        "casePpo": "CASE ppo WHEN TRUE THEN 2 WHEN FALSE THEN 1 END",
    }
    return _columns(store, "numbered_cases", "case_no", columns)


def _counts_by_case(store: Store, table: str) -> list[int]:
    """How many rows of a table each case has, in order of the cases."""
    return _columns(
        store,
        f"page_cases LEFT JOIN (SELECT case_no, count(*) AS rows FROM {table} GROUP BY case_no) USING (case_no)",
        "case_no",
        {"rows": "rows"},
    )["rows"]


def _finding_columns(store: Store) -> dict[str, list[int]]:
    number_words = {"reason_words": "reason", "cause_words": "causes"}
    for table, column in number_words.items():
        sources = f"SELECT {column} FROM page_findings"
        if column == "reason":
            sources += " UNION SELECT reason FROM page_checks WHERE reason IS NOT NULL"
        store.execute(f"""CREATE OR REPLACE TABLE {table} AS
            SELECT {column}, row_number() OVER (ORDER BY {column}) - 1 AS number
            FROM (SELECT DISTINCT {column} FROM ({sources}))""")
    columns = {
        "findingRule": "n.number",
        "findingOutcome": _OUTCOME,
        "findingDue": _day("due_on"),
        "findingDone": _day("done_on"),
        "findingLate": "days_late + 1",
        "findingReason": "w.number",
        "findingCauses": "k.number",
    }
    table = """page_findings f JOIN rule_numbers n USING (rule, flag)
        JOIN reason_words w USING (reason) JOIN cause_words k USING (causes)"""
    found = _columns(store, table, "case_no, n.number", columns)
    return {"findingsOfCase": _counts_by_case(store, "page_findings"), **found}


def _check_columns(store: Store) -> dict[str, list[int]]:
    columns = {
        "checkRule": "n.number",
        "checkOutcome": f"{_place_in(OUTCOMES, 'outcome')} - 1",
        "checkDue": _day("due_on"),
        "checkDone": _day("done_on"),
        "checkReason": "w.number + 1",
    }
    table = """page_checks c JOIN rule_numbers n ON c.rule = n.rule AND NOT n.flag
        LEFT JOIN reason_words w USING (reason)"""
    return {
        "checksOfCase": _counts_by_case(store, "page_checks"),
        **_columns(store, table, "case_no, n.number", columns),
    }


def _holidays() -> dict[str, Any]:
    """The bank holidays that the program counts by, and the days between which it knows them."""
    return {
        "from": CALENDAR_FROM.isoformat(),
        "to": CALENDAR_TO.isoformat(),
        "days": [[day.isoformat(), name] for day, name in bank_holidays().items()],
    }
