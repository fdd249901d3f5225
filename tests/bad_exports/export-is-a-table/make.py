def make(folder):
    (folder / "cases.csv").write_text("case_id,order_type,sentence_date\nA1,community_order,2006-01-09\n")
    return folder / "cases.csv"
