"""The kinds of rules as SQL: when each duty was due, and which outcome each case gets; one module a kind."""
