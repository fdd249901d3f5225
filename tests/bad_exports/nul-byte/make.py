def make(folder):
    (folder / "cases.csv").write_text("case_id,order_type,sentence_date\nA1,community_order,2006-01-09\n")
    rows = b"case_id,instigated_on,outcome,name\nA1,2006-02-01,war\0ned,x\n"
    rows += b"A1,2006-02-01,warned,x\nA1,2006-02-01,,\0\n"
    (folder / "breaches.csv").write_bytes(rows)
    return folder
