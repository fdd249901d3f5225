import duckdb


def make(folder):
    rows = "SELECT 'A1' AS case_id, 'community_order' AS order_type, DATE '2006-01-09' AS sentence_date"
    duckdb.sql(rows).write_csv(str(folder / "cases.csv"))
    duckdb.sql(rows).write_parquet(str(folder / "cases.parquet"))
    return folder
