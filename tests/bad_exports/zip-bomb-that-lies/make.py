import struct
import zipfile


def make(folder):
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cases.csv", b"case_id\n" * 500_000)
    content = path.read_bytes()
    size = struct.pack("<L", 4_000_000)
    path.write_bytes(content.replace(size, struct.pack("<L", 10)))
    return path
