"""For those who write rules: whether the examples of a rule are enough to tell it from every rule close to it."""
