"""A Spark session for one run: on this machine alone, or on a cluster that the user names."""

import logging
import os
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from omi_rules.problems import OutputError, UsageError
from omi_rules.spark.failures import is_of_spark, letting_go
from omi_rules.temporary import blaming_the_place

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: All cores of this machine; a task whose worker dies is tried again, which Spark does not do on one machine unasked.
THIS_MACHINE = "local[*,4]"

_JAVA = "needs Java 17 or newer: install it, for example openjdk-17-jre-headless, or let JAVA_HOME name its folder."

MEBIBYTE = 1024 * 1024

#: Nothing of a run is shown over a network, and no plan or progress is printed between the messages of the program.
_QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.session.timeZone": "UTC",
    # the run shares its cases out itself: Spark has nothing to find out about that on the way
    "spark.sql.adaptive.enabled": "false",
}


@contextmanager
def open_session(master: str | None = None, settings: Mapping[str, str] | None = None) -> "Iterator[SparkSession]":
    """A session that ends with the block. UsageError without pyspark or Java, or where Spark does not start.

    `master` is a cluster as Spark writes it; without it, and outside `spark-submit`, all happens on this machine: it
    listens on loopback alone, and what it puts by lies in a folder that only its owner can read, and that goes at the
    end. `settings` are Spark's own, and come before those of the program.
    """
    _demand_pyspark()
    is_submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    if not is_submitted:
        _demand_java()
    with _scratch_folder() as scratch:
        given = dict(_QUIET)
        if not is_submitted:
            given |= {"spark.master": master or THIS_MACHINE, "spark.driver.extraJavaOptions": _java_options(scratch)}
            given["spark.sql.warehouse.dir"] = f"{scratch}/warehouse"
        if not is_submitted and (master or THIS_MACHINE).startswith("local"):
            given |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
            given |= {"spark.local.dir": scratch}
            # the last that Spark asks for: its own settings, wherever the user makes them, come before
            os.environ.setdefault("SPARK_DRIVER_MEMORY", f"{heap_of(_memory(), os.cpu_count() or 1)}m")
        # what Python's side of Spark has to log, such as the lines in which Ctrl-C found it, is no message of ours
        logging.disable(logging.CRITICAL)
        try:
            session = _start({**given, **(settings or {})})
            try:
                yield session
            finally:
                _stop(session)
        finally:
            _end_gateway()
            logging.disable(logging.NOTSET)


def _demand_pyspark() -> None:
    for name in ("pyspark", "pyarrow", "pandas"):
        if find_spec(name) is None:
            raise UsageError(f"--engine spark needs {name}: install it with `pip install omi-rules[spark]`.")


def _demand_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(str(Path(home, "bin", "java"))) if home else shutil.which("java")
    if java is None:
        raise UsageError(f"--engine spark {_JAVA}")


@contextmanager
def _scratch_folder() -> Iterator[str]:
    """A folder that only its owner can read; it goes at the end, also while workers that lost their Java are ending."""
    with blaming_the_place():
        folder = mkdtemp(prefix="omi-rules-spark-")
    try:
        yield folder
    finally:
        for _ in range(50):
            shutil.rmtree(folder, ignore_errors=True)
            if not Path(folder).exists():
                break
            time.sleep(0.1)
        else:
            raise OutputError(f"{folder} could not be removed, and may hold case records: remove it.")


def heap_of(memory: int, cores: int) -> int:
    """The memory of Java in MiB where all happens on one machine, of so many bytes and cores: 1 GiB, and a half for
    each core, as a task is judged on each; a quarter of what there is at most, as the tasks take more than Java."""
    return max(1024, min(1024 + 512 * cores, memory // 4 // MEBIBYTE))


def _memory() -> int:
    """The bytes of memory that this machine has, or this container may take."""
    held = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with suppress(OSError, ValueError):  # no such file on this machine, or the word max in it
        held = min(held, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return held


def _java_options(scratch: str) -> str:
    """The driver logs nothing, as Spark's messages may quote the program, or a plan; and leaves no file elsewhere."""
    file = Path(scratch, "log4j2.properties")
    file.write_text("rootLogger.level = off\n", encoding="utf-8")
    return f'"-Dlog4j2.configurationFile={file}" "-Djava.io.tmpdir={scratch}"'


def _start(settings: Mapping[str, str]) -> "SparkSession":
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    # the workers are to be this Python, with this program installed
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    conf = SparkConf().setAppName("omi-rules").setAll(list(settings.items()))
    try:
        if SparkContext._gateway is None:
            # Java says things on stderr before it can be told not to
            gateway = launch_gateway(conf, {"stderr": subprocess.DEVNULL})  # type: ignore[no-untyped-call]
            SparkContext._ensure_initialized(gateway=gateway)
        context = SparkContext(conf=conf)
        # it would write a traceback to stderr when Java goes
        context._accumulatorServer.handle_error = _say_nothing  # type: ignore[method-assign, assignment]
        return SparkSession(context)
    except Exception as error:
        if not is_of_spark(error):
            raise
        raise UsageError(f"Spark did not start ({type(error).__name__}): check --master. It {_JAVA}") from None


def _say_nothing(*_: object) -> None:
    pass


def _stop(session: "SparkSession") -> None:
    with letting_go(), warnings.catch_warnings(action="ignore"):  # Spark warns that Java has gone
        session.stop()


def _end_gateway() -> None:
    """End the Java process too, and forget it: the next session may be of other settings."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    gateway = SparkContext._gateway
    if gateway is not None and "PYSPARK_GATEWAY_PORT" not in os.environ:
        gateway.shutdown()
        process = getattr(gateway, "proc", None)
        if process is not None:
            process.stdin.close()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
        SparkSession._instantiatedSession = SparkSession._activeSession = None
