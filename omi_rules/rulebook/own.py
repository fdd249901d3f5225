"""Which state of the program's own rulebook is known to be right.

`tests/rulebook/test_own.py` reads it whole, and says what to write here after a change of any of its files.
"""

#: The hash of the rulebook, as `load_rulebook` gives it, whose every file was held against its schema and names.
READ_WHOLE = "680bea8b0447018b90ae5943ec65ce7978dfdfabc2a9ede068710505097ff7ef"
