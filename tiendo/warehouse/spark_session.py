"""A Spark session for one run: on this machine, on a cluster, or on a server of Spark Connect.

What decides results is set here; everything else is left to Spark's own `spark-defaults.conf`, which is where
clusters are described (docs/scale.md). PySpark is imported here and only when a run needs it.
"""

import importlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tiendo import limits
from tiendo.messages import TiendoError

# The first is needed for the second, so that the first missing one is told.
PACKAGES = ("pyspark", "dbt.adapters.spark")
# Rows that one task takes; below that a task costs more than its work.
ROWS_PER_PARTITION = 250_000
# What decides results, or how they are written.
DECIDING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.timestampType": "TIMESTAMP_LTZ",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.sources.default": "parquet",
    "spark.sql.legacy.createHiveTableByDefault": "false",
}


def require_spark() -> None:
    """Looks whether Spark can run at all, before anything is computed.

    Raises:
        TiendoError: TD-650 where PySpark or dbt-spark is missing, TD-651 where Java is.
    """
    if not all(_is_there(name) for name in PACKAGES):
        raise TiendoError(
            "TD-650",
            "Chưa cài PySpark và dbt-spark nên không dùng được --engine spark.",
            "PySpark and dbt-spark are not installed, so --engine spark cannot be used.",
            "Cài nhóm gói: uv sync --locked --no-dev --group spark; hoặc: tiendo refresh --engine duckdb",
            "Install their group: uv sync --locked --no-dev --group spark; or run: "
            "tiendo refresh --engine duckdb",
            exit_code=2,
        )
    # A server of Spark Connect brings its own.
    if _java() is None and not os.environ.get("SPARK_REMOTE"):
        raise TiendoError(
            "TD-651",
            "Không tìm thấy Java (17 hoặc 21) nên không dùng được --engine spark.",
            "Java (17 or 21) was not found, so --engine spark cannot be used.",
            "Cài: apt-get install openjdk-17-jre-headless, hoặc đặt JAVA_HOME; hoặc chạy: "
            "tiendo refresh --engine duckdb",
            "Install it: apt-get install openjdk-17-jre-headless, or set JAVA_HOME; or run: "
            "tiendo refresh --engine duckdb",
            exit_code=2,
        )


@contextmanager
def spark_session(folder: Path, rows: int) -> Generator[Any]:
    """A session whose files lie in a folder; afterwards Spark's own process has ended.

    Args:
        folder: Of the home, empty or not; takes databases, spilled data and Spark's log.
        rows: Rows landed, by which work is cut into parts.

    Raises:
        TiendoError: TD-652 where Spark does not start.
    """
    spill, log = folder / "spill", folder / "spark.log"
    spill.mkdir(parents=True, exist_ok=True)
    partitions = max(limits.threads(), rows // ROWS_PER_PARTITION)
    # By name: where types are checked PySpark is not installed.
    spark: Any = importlib.import_module("pyspark.sql")
    builder = spark.SparkSession.builder.appName("tiendo")
    if not os.environ.get("SPARK_REMOTE"):
        for name, value in _starting(folder, spill).items():
            builder = builder.config(name, value)
    try:
        with _spoken_into(log):
            session = builder.getOrCreate()
    except Exception as error:  # Of Java, of the gateway to it, of Spark Connect: each has its own
        raise TiendoError(
            "TD-652",
            f"Spark không khởi động được: {_first_line(error)}. Chi tiết trong {log}.",
            f"Spark does not start: {_first_line(error)}. Details are in {log}.",
            "Kiểm tra Java, TIENDO_MEMORY và địa chỉ cụm trong SPARK_REMOTE hoặc TIENDO_SPARK_MASTER.",
            "Check Java, TIENDO_MEMORY and the cluster named in SPARK_REMOTE or TIENDO_SPARK_MASTER.",
            exit_code=4,
        ) from error
    try:
        for name, value in (DECIDING | {"spark.sql.shuffle.partitions": str(partitions)}).items():
            session.conf.set(name, value)
        yield session
    finally:
        _end(session)
        shutil.rmtree(spill, ignore_errors=True)


def _starting(folder: Path, spill: Path) -> dict[str, str]:
    """What can be said only before Spark starts."""
    threads = limits.threads()
    java = f"-Djava.io.tmpdir={spill} -XX:-UsePerfData -Duser.timezone=UTC"
    named = os.environ.get("TIENDO_SPARK_MASTER")
    common = {
        "spark.master": named or f"local[{threads}]",
        "spark.driver.memory": limits.memory_of("models").replace("MiB", "m"),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": str(folder / "default"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.defaultJavaOptions": java,
        "spark.default.parallelism": str(threads),
    }
    if named:
        return common
    # One machine: no other one asks for its address, and what is spilled stays in the home.
    return common | {"spark.driver.host": "127.0.0.1", "spark.local.dir": str(spill)}


@contextmanager
def _spoken_into(log: Path) -> Generator[None]:
    """Java inherits the streams of this process for as long as it lives: its words go into a file."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(number) for number in (1, 2)]
    with log.open("ab") as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
    try:
        yield
    finally:
        for number, before in zip((1, 2), kept, strict=True):
            os.dup2(before, number)
            os.close(before)


def _end(session: Any) -> None:
    """Ends the session and with it the process that Java runs in, whose memory the next step needs."""
    gateway = getattr(getattr(session, "_sc", None), "_gateway", None)
    session.stop()
    if gateway is None:
        return
    context = importlib.import_module("pyspark").SparkContext
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait(60)
    context._gateway = context._jvm = None


def _is_there(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _java() -> str | None:
    named = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=f"{named}/bin") if named else shutil.which("java")


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
