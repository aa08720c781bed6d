"""All runs of one folder."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from webhand.errors import RunNotFound
from webhand.events import Event
from webhand.store import journal
from webhand.store.artefacts import Artefacts
from webhand.store.database import Database
from webhand.store.folder import Folder, KeptFolder, explained
from webhand.store.ids import next_id
from webhand.store.plain import clean, encode
from webhand.store.run_lock import RunLock, holder
from webhand.store.run_log import RunLog
from webhand.store.scratch import ScratchFolder

_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class RunInfo:
    """One line of the list of runs.

    `status` is what the run ended with; before its end `running` or `paused` while a process holds it, else
    `stopped`: it can be resumed. `pid` is the process that holds it now. `steps` counts the finished ones. Times are
    UTC by the wall clock.
    """

    id: str
    task: str
    started: datetime
    ended: datetime | None
    status: str
    steps: int
    pid: int | None


class RunStore:
    """The runs kept in `folder`; without one in WEBHAND_HOME, else where the platform keeps a user's data.

    Nothing is read or made before the first use. Wherever a run is looked up, a unique beginning of its id will do,
    and `last` is the newest. Several processes and threads may use one folder at once. Every method raises
    StoreError when the folder cannot be used, StoreCorrupt when `runs.db` is damaged or of a newer version.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        self._folder: Folder = KeptFolder(folder)
        self._database = Database(self._folder)

    @classmethod
    def in_memory(cls) -> "RunStore":
        """A store that keeps nothing: its log is in memory, its files in a temporary folder that `close` removes."""
        store = cls()
        store._folder = ScratchFolder()
        store._database = Database(store._folder, on_disk=False)
        return store

    @property
    def folder(self) -> Path:
        """Where the files are; made if need be."""
        return self._folder.path

    def create(self, task: str, data: Mapping[str, object]) -> RunLog:
        """A new run, open for writing; its first event `run.started` holds `data` and the task."""
        text = encode({**data, "task": task})
        with ExitStack() as undo:
            with self._database.write() as connection:
                now = datetime.now(UTC)
                run_id = next_id(now.timestamp(), journal.newest_id(connection))
                lock = RunLock(self._locks, run_id)
                undo.callback(lock.release)
                journal.add_run(connection, run_id, clean(task), now)
                journal.add_event(connection, run_id, "run.started", text, now)
            log = RunLog(self._folder, self._database, lock)
            undo.pop_all()
        return log

    def open(self, run_id: str) -> RunLog:
        """A run of old, open for writing; the lock of an owner that died is taken over.

        Raises RunLocked, which names the process, while another has it; RunNotFound.
        """
        found = self._find(run_id).id
        with explained(self._folder):
            lock = RunLock(self._locks, found)
            Artefacts(self.folder, found).sweep()
        return RunLog(self._folder, self._database, lock)

    def runs(self, *, limit: int | None = None) -> list[RunInfo]:
        """The runs, newest first, `limit` of them at most."""
        with self._database.read() as connection:
            rows = journal.run_rows(connection, limit=limit)
        return [self._info(row) for row in rows]

    def find(self, run_id: str) -> RunInfo:
        """The run with this id. Raises RunNotFound, which names the candidates."""
        return self._info(self._find(run_id))

    def events(self, run_id: str, *, after: int = 0) -> tuple[Event, ...]:
        """The events of a run in order, those numbered above `after`; a running one can be read too."""
        found = self._find(run_id).id
        with self._database.read() as connection:
            return journal.events_of(connection, found, after)

    def close(self) -> None:
        """Give connections and temporary files back. A kept store can be used again, one in memory starts anew."""
        self._database.close()
        self._folder.close()

    @property
    def _locks(self) -> Path:
        return self.folder / "locks"

    def _find(self, run_id: str) -> journal.RunRow:
        beginning = clean(run_id.strip().lower())
        with self._database.read() as connection:
            if beginning == "last":
                rows = journal.run_rows(connection, limit=1)
            else:
                rows = journal.run_rows(connection, beginning, limit=_CANDIDATES + 1) if beginning else []
            if len(rows) == 1:
                return rows[0]
            raise RunNotFound(_not_found(run_id, rows, journal.run_rows(connection, limit=_CANDIDATES), self.folder))

    def _info(self, row: journal.RunRow) -> RunInfo:
        with explained(self._folder):
            held, pid = (False, None) if row.ended else holder(self._locks, row.id)
        status = (row.status or "running") if held or row.ended else "stopped"
        return RunInfo(row.id, row.task, row.started, row.ended, status, row.steps, pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _not_found(asked: str, matching: list[journal.RunRow], newest: list[journal.RunRow], folder: Path) -> str:
    if matching:
        return f"Several runs begin with {asked!r}: {_names(matching)}; give more of the id."
    if newest:
        return f"No run {asked!r} in {folder}; the newest are {_names(newest)}."
    return f"No run {asked!r}: there are none yet in {folder}."


def _names(rows: list[journal.RunRow]) -> str:
    names = ", ".join(row.id for row in rows[:_CANDIDATES])
    return f"{names} and more" if len(rows) > _CANDIDATES else names
