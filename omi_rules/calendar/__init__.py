"""Working days in England and Wales, 1995 to 2035."""
