"""The same check on a Spark cluster; needs `pip install omi-rules[spark]`, and Java 17 or newer.

    from omi_rules.spark import check

    with check({"cases": cases, "appointments": appointments}, as_at=date(2006, 11, 30)) as run:
        run.outcomes.write.parquet("outcomes")

It is imported without pyspark; only a run needs it.
"""

from omi_rules.spark.run import SparkRun, check

__all__ = ["SparkRun", "check"]
