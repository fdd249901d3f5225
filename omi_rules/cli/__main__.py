"""`python -m omi_rules.cli` is `omi-rules`."""

from omi_rules.cli.main import start

if __name__ == "__main__":
    start()
