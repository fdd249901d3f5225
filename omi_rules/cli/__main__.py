"""`python -m omi_rules.cli` is `omi-rules`."""

from omi_rules.cli.main import main

if __name__ == "__main__":
    main(prog_name="omi-rules")
