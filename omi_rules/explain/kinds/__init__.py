"""Works rules out by hand, kind by kind, from the records of one case, and tells the days as they are counted."""
