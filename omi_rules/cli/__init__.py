"""The command line: one file a command, and nothing heavy imported before a command runs."""

import gc

# a command makes much at its start that stays until its end: to look for what is over among it, every 700 objects, is
# a twentieth of a check
gc.set_threshold(100_000)
