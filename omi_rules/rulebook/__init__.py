"""The rulebook: strict YAML, JSON Schemas, and the model that the rest of the program reads."""
