"""The sample of the source report, made again: as many cases of each sort, and every printed figure among them."""
