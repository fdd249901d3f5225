"""The summary of a run for people who read it in a terminal or a mail."""
