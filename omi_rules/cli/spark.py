"""`omi-rules check --engine spark`: opens a session for one run."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from omi_rules.events import Tell
    from omi_rules.judging import Progress
    from omi_rules.pipeline import Run, Settings


class Engine(Protocol):
    """Judges an export, and keeps the run if an output is named."""

    def __call__(
        self, export: Path, output: Path | None, settings: "Settings", progress: "Progress", tell: "Tell", /
    ) -> "Run":
        """Judge it."""


def on_spark(master: str | None, shards: int | None) -> Engine:
    """Spark as the engine of a run: a cluster, or this machine."""

    def judge(export: Path, output: Path | None, settings: "Settings", progress: "Progress", tell: "Tell", /) -> "Run":
        from omi_rules.spark.engine import check_on_spark, refuse_what_spark_cannot
        from omi_rules.spark.session import open_session

        refuse_what_spark_cannot(settings)
        progress("starting Spark")
        with open_session(master) as session:
            return check_on_spark(session, export, output, settings, shards, progress, tell)

    return judge
