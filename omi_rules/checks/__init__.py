"""Rules compiled to set-based SQL: no Python loop touches a case, and `unknown` is decided in one place."""
