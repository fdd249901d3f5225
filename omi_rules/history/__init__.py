"""The store of runs: what each night found, as differences from the night before, and a chain that shows tampering."""
