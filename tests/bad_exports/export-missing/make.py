def make(folder):
    return folder / "nowhere"
