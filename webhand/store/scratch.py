"""A temporary folder that goes when its owner goes, at the latest when the next one is made."""

import os
import shutil
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from filelock import FileLock, Timeout

from webhand.store.folder import explained

_PREFIX = "webhand-unkept-"


class ScratchFolder:
    """A folder for files that nobody keeps.

    It is locked while its owner lives, by a file beside it: so what a killed process has left is told from what is in
    use, and removed.
    """

    def __init__(self) -> None:
        self._path: Path | None = None
        self._remove: weakref.finalize[[Path, FileLock, int], ScratchFolder] | None = None

    @property
    def path(self) -> Path:
        """The folder, made at the first use, readable by its owner only."""
        if self._path is None:
            base = Path(tempfile.gettempdir())
            with explained(base):
                _sweep(base)
                self._path = self._make(base / f"{_PREFIX}{token_hex(8)}")
        return self._path

    def close(self) -> None:
        """Remove the folder and all that is in it."""
        self._path = None
        if self._remove is not None:
            self._remove()

    def _make(self, path: Path) -> Path:
        lock = _lock_of(path)
        lock.acquire(timeout=0)  # before the folder is there: an unlocked one is fair game for others
        path.mkdir(mode=0o700)
        self._remove = weakref.finalize(self, _remove, path, lock, os.getpid())
        return path


def _lock_of(path: Path) -> FileLock:
    return FileLock(f"{path}.lock", thread_local=False)


def _remove(path: Path, lock: FileLock, owner: int) -> None:
    if os.getpid() != owner:  # a forked child ends without taking its parent's folder along
        return
    shutil.rmtree(path, ignore_errors=True)
    with suppress(OSError):
        os.unlink(lock.lock_file)
    lock.release()


def _sweep(base: Path) -> None:
    for path in base.glob(f"{_PREFIX}{'[0-9a-f]' * 16}"):
        lock = _lock_of(path)
        with suppress(Timeout, OSError):
            if not _is_ours(path):
                continue
            lock.acquire(timeout=0)
            _remove(path, lock, os.getpid())


def _is_ours(path: Path) -> bool:
    return not path.is_symlink() and (not hasattr(os, "getuid") or path.stat().st_uid == os.getuid())
