"""The SQLite file: one connection to write, one to read, each for one thread at a time."""

import os
import sqlite3
import weakref
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import RLock

from filelock import FileLock

from webhand.store import schema
from webhand.store.folder import Folder, explained
from webhand.store.transaction import transaction

_BUSY_SECONDS = 5.0


class Database:
    """`runs.db` in `folder`, or a database in memory when not `on_disk`; opened at the first use.

    Every method may be called from any thread. A process that was forked off gets connections of its own.
    """

    def __init__(self, folder: Folder, *, on_disk: bool = True) -> None:
        self._folder = folder
        self._on_disk = on_disk
        self._start()

    @contextmanager
    def write(self) -> Generator[sqlite3.Connection]:
        """One transaction, written whole or not at all."""
        with explained(self._folder), self._ours()._writer.use() as connection, transaction(connection):
            yield connection

    @contextmanager
    def read(self) -> Generator[sqlite3.Connection]:
        """A connection to read from; it waits for no writer, of this process or another."""
        with explained(self._folder), self._ours()._reader.use() as connection:
            yield connection

    def close(self) -> None:
        """Close the connections; the next use opens them again."""
        for guarded in (self._ours()._writer, self._reader):
            guarded.close()

    def _start(self) -> None:
        self._owner = os.getpid()
        self._writer = _Guarded(partial(_connect, self._folder, self._on_disk))
        self._reader = self._writer
        if self._on_disk:
            self._reader = _Guarded(partial(_connect, self._folder, True, query_only=True))
        weakref.finalize(self, _close, self._owner, self._writer, self._reader)

    def _ours(self) -> "Database":
        # SQLite forbids a child to use, or even to close, what it inherits: the finaliser keeps that alive, unused.
        if os.getpid() != self._owner:
            self._start()
        return self


class _Guarded:
    """One connection, opened at the first use, for one thread at a time."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._lock = RLock()
        self._connection: sqlite3.Connection | None = None

    @contextmanager
    def use(self) -> Generator[sqlite3.Connection]:
        with self._lock:
            if self._connection is None:
                self._connection = self._connect()
            yield self._connection

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None


def _close(owner: int, *guarded: _Guarded) -> None:
    if os.getpid() == owner:
        for each in guarded:
            each.close()


def _connect(folder: Folder, on_disk: bool, *, query_only: bool = False) -> sqlite3.Connection:
    file = folder.path / "runs.db" if on_disk else None
    connection = sqlite3.connect(
        file or ":memory:", timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        # Enough for a killed process; after a power cut the last events may be missing, never a part of one.
        connection.execute("PRAGMA synchronous = NORMAL")
        if schema.version(connection) < schema.CURRENT:
            _set_up(connection, file)
        connection.execute(f"PRAGMA query_only = {query_only:d}")
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: sqlite3.Connection, file: Path | None) -> None:
    if file is None:
        schema.migrate(connection)
        return
    # The switch to WAL does not wait for other processes that do the same; so they take turns.
    with FileLock(file.with_name("setup.lock"), timeout=_BUSY_SECONDS):
        file.chmod(0o600)  # while it is empty; what SQLite puts beside it follows
        connection.execute("PRAGMA journal_mode = WAL")
        schema.migrate(connection)
