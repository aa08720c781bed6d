"""The log of one run, open for writing."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from webhand.errors import StoreError
from webhand.events import Event, EventType
from webhand.store import journal
from webhand.store.artefacts import Artefacts
from webhand.store.database import Database
from webhand.store.folder import Folder, explained
from webhand.store.plain import encode
from webhand.store.run_lock import RunLock


class RunLog:
    """The log of one run; made by `RunStore.create` and `RunStore.open`, and held by one process until `close`.

    Every method may be called from any thread. An ordinary event takes about 0.1 ms, one in some hundreds, which moves
    the log into the main file, about 20 ms: fit for an event loop. Each raises StoreError when the folder cannot be
    used.
    """

    def __init__(self, folder: Folder, database: Database, lock: RunLock) -> None:
        self.run_id = lock.run_id
        self._folder = folder
        self._database = database
        self._lock = lock
        self._owner: int | None = os.getpid()
        self._artefacts = Artefacts(folder.path, lock.run_id)

    def append(self, type: EventType, data: Mapping[str, object]) -> Event:
        """Write the run's next event, in one transaction; it is in the log when this returns.

        `data` holds plain JSON values; anything else is a StoreError that names the place, and nothing is written.
        """
        self._check_open()
        text = encode(data)
        with self._database.write() as connection:
            return journal.add_event(connection, self.run_id, type, text, datetime.now(UTC))

    def events(self, *, after: int = 0) -> tuple[Event, ...]:
        """The run's events in order, those numbered above `after`."""
        with self._database.read() as connection:
            return journal.events_of(connection, self.run_id, after)

    def save(self, content: bytes, suffix: str) -> Path:
        """The artefact that holds `content`, whole on disk when this returns; write the event that names it after.

        It is named by its content, so the same bytes are kept once. `suffix` such as `.png` is left out when it is
        no plain file ending.
        """
        self._check_open()
        with explained(self._folder):
            return self._artefacts.save(content, suffix)

    def private(self, name: str, content: bytes) -> Path:
        """The run's own file `name`, now with `content`: browser state, which only the file's owner can read.

        It is replaced as a whole and never shared with another run.
        """
        self._check_open()
        with explained(self._folder):
            return self._artefacts.put_private(name, content)

    def read_private(self, name: str) -> bytes | None:
        """What `private` wrote last under `name`, by an earlier process too; None where there is nothing."""
        with explained(self._folder):
            return self._artefacts.private(name)

    def close(self) -> None:
        """Let another process carry the run on; more than once does no harm."""
        if self._owner == os.getpid():
            self._lock.release()
        self._owner = None

    def _check_open(self) -> None:
        if self._owner != os.getpid():
            raise StoreError(f"The log of run {self.run_id} is closed here; open it again to write to it.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
