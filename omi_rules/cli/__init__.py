"""The command line: one file a command, and nothing heavy imported before a command runs."""

import gc
import sys

# a command makes much at its start that stays until its end: to look for what is over among it, every 700 objects, is
# a twentieth of a check
gc.set_threshold(100_000)
# a thread whose statement is done gets on with the next at once, and not in 5 ms, while another reads the rulebook
sys.setswitchinterval(0.0005)
