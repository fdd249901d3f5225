import zipfile


def make(folder):
    with zipfile.ZipFile(folder / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cases.csv", "case_id,order_type,sentence_date\nA1,community_order,2006-01-09\n")
        archive.writestr("appointments.csv", b"case_id\n" + b"\n" * 5_000_000)
    return folder / "export.zip"
