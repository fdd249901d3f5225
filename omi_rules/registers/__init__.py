"""The registers of public protection: who stands on them, who joined, who left, and what disagrees in the records."""
