def make(folder):
    for name in ("cases.csv", "Cases.csv"):
        (folder / name).write_text("case_id,order_type,sentence_date\nA1,community_order,2006-01-09\n")
    return folder
