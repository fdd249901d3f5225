"""Says why: one case, one rule, in plain words for the officer who has to act on it."""
