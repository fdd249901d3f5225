"""A run as OSCAL assessment results: what the machines of other programs read."""
