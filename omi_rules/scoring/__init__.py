"""Reckons as the inspectorate does from a run's outcomes: figures, criteria, groups and published figures."""
