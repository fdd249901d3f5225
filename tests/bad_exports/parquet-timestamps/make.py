import duckdb

TABLES = {
    "cases": "SELECT 'A1' AS case_id, 'community_order' AS order_type, DATE '2006-01-09' AS sentence_date",
    "home_visits": "SELECT 'A1' AS case_id, unnest([TIMESTAMP '2006-02-01 00:00:00', NULL]) AS occurred_on",
    "mappa_events": "SELECT 'A1' AS case_id, 2.0::DOUBLE AS level",
    "convictions": "SELECT 'A1' AS case_id, ['caution'] AS kind",
}


def make(folder):
    for table, rows in TABLES.items():
        duckdb.sql(rows).write_parquet(str(folder / f"{table}.parquet"))
    return folder
