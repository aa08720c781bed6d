"""The run log: what happened in every run, on disk, readable whatever became of the process that wrote it."""

from webhand.store.run_log import RunLog
from webhand.store.run_store import RunInfo, RunStore

__all__ = ["RunInfo", "RunLog", "RunStore"]
