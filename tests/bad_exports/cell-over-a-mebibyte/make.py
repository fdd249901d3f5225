def make(folder):
    (folder / "cases.csv").write_text("case_id,order_type,sentence_date\nA1,community_order,2006-01-09\n")
    rows = ["case_id,instigated_on,outcome", "A1,2006-02-01,warned", f"A1,2006-02-02,{'x' * 1048577}"]
    rows.append(f"A1,2006-02-02,{'x' * 1048576}")
    (folder / "breaches.csv").write_text("\n".join(rows))
    return folder
