"""Where durable-rules cannot be imported (from Python 3.13 on), the tests of its engine are not collected."""

from tests.conclusions.making import DURABLE

collect_ignore = [] if DURABLE else ["test_durable_engine.py"]
