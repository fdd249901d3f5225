"""One workbook of a run, for people who sort, filter and print it."""
