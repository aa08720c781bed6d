"""One process for one run: a file lock, which the system takes back when its owner dies."""

import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from webhand.errors import RunLocked

# A look at who holds a lock takes it for a moment; whoever wants it for good waits that long.
_PATIENCE = 0.25
_POLL = 0.02


class RunLock:
    """The right to carry `run_id` out and to write its log, held until `release`.

    Raises RunLocked, which names the process that has it.
    """

    def __init__(self, folder: Path, run_id: str) -> None:
        self.run_id = run_id
        self._pid_file = _pid_file(folder, run_id)
        self._lock = _file_lock(folder, run_id)
        folder.mkdir(mode=0o700, exist_ok=True)
        try:
            self._lock.acquire(timeout=_PATIENCE, poll_interval=_POLL)
        except Timeout:
            owner = _read_pid(self._pid_file)
            who = "another process" if owner is None else f"process {owner}"
            raise RunLocked(f"Run {run_id} is being carried out by {who}; wait for it or stop it first.") from None
        # The pid stands beside the lock: on some systems a locked file cannot be read.
        try:
            self._pid_file.write_text(str(os.getpid()), encoding="ascii")
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Give the run back."""
        _release(self._lock, self._pid_file)


def holder(folder: Path, run_id: str) -> tuple[bool, int | None]:
    """Whether a living process holds the run, and its pid where it is known."""
    lock, pid_file = _file_lock(folder, run_id), _pid_file(folder, run_id)
    if not Path(lock.lock_file).exists():
        return False, None
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True, _read_pid(pid_file)
    _release(lock, pid_file)
    return False, None


def _release(lock: FileLock, pid_file: Path) -> None:
    # Removed while the lock is held, the lock file last: the next owner makes both anew. Where a locked file cannot
    # be removed it stays, which does no harm.
    for path in (pid_file, Path(lock.lock_file)):
        with suppress(OSError):
            path.unlink()
    lock.release()


def _file_lock(folder: Path, run_id: str) -> FileLock:
    return FileLock(folder / f"{run_id}.lock", thread_local=False)


def _pid_file(folder: Path, run_id: str) -> Path:
    return folder / f"{run_id}.pid"


def _read_pid(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
