import zipfile


def make(folder):
    with zipfile.ZipFile(folder / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cases.csv", "case_id,order_type,sentence_date\nA1,community_order,2006-01-09\n")
        entry = zipfile.ZipInfo("appointments.csv")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/hosts")
    return folder / "export.zip"
