def make(folder):
    export = folder / "export"
    export.mkdir()
    (folder / "elsewhere.csv").write_text("case_id,scheduled_on\nA1,2006-01-09\n")
    (export / "cases.csv").write_text("case_id,order_type,sentence_date\nA1,community_order,2006-01-09\n")
    (export / "appointments.csv").symlink_to(folder / "elsewhere.csv")
    return export
