import warnings
import zipfile


def make(folder):
    rows = "case_id,order_type,sentence_date\nA1,community_order,2006-01-09\n"
    with warnings.catch_warnings(), zipfile.ZipFile(folder / "export.zip", "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("cases.csv", rows)
        archive.writestr("cases.csv", rows)
    return folder / "export.zip"
