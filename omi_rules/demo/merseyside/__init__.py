"""The sample of the source report, made again: as many cases of each sort, and every printed figure among them.

So few cases are put together in plain Python, where what is drawn for one rule can be told from what is drawn for
another. `docs/merseyside-sample.md` says what it is for, and which printed figures do not fit together.
"""
