"""Where durable-rules cannot be imported (from Python 3.13 on), the tests that use its engine are not collected."""

from tests.conclusions.making import DURABLE

collect_ignore = [] if DURABLE else ["test_area_patterns.py", "test_durable_engine.py", "test_soak.py"]
