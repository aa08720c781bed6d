"""Where a store keeps its files: made at the first use, with errors that say what to do."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from platformdirs import user_data_dir

from webhand.errors import StoreCorrupt, StoreError

# SQLITE_ERROR is SQL that does not fit the tables: ours always does, unless they are not ours any more.
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
_ADVICE = {
    sqlite3.SQLITE_FULL: "free some space there or set WEBHAND_HOME to a folder on another disk",
    sqlite3.SQLITE_BUSY: "another process keeps it locked; end that one or try again",
}


class Folder(Protocol):
    """A place for files."""

    @property
    def path(self) -> Path:
        """The folder, which exists by then. Raises StoreError where it cannot be made."""
        ...

    def close(self) -> None:
        """Give back what the folder holds; it can be used again afterwards."""
        ...


class KeptFolder:
    """A folder that stays: the given one, else WEBHAND_HOME, else the platform's place for a user's data."""

    def __init__(self, folder: Path | str | None) -> None:
        chosen = folder or os.environ.get("WEBHAND_HOME") or user_data_dir("webhand", appauthor=False)
        self._path = Path(os.path.expanduser(chosen)).absolute()
        self._made = False

    @property
    def path(self) -> Path:
        """The folder; what is new of it is readable by its owner only."""
        if not self._made:
            with explained(self._path):
                self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._made = True
        return self._path

    def close(self) -> None:
        """Nothing to give back."""


@contextmanager
def explained(folder: Path | Folder) -> Generator[None]:
    """Turns what goes wrong with files and SQLite inside the block into a StoreError of one line."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise _explanation(error, folder if isinstance(folder, Path) else folder.path) from error


def _explanation(error: sqlite3.Error | OSError, folder: Path) -> StoreError:
    # Errors of the module itself, such as text that is no UTF-8, carry no code of SQLite.
    code = getattr(error, "sqlite_errorcode", None)
    undecodable = code is None and isinstance(error, sqlite3.OperationalError)
    if undecodable or (code is not None and code & 0xFF in _DAMAGED):
        return StoreCorrupt(
            f"The run log in {folder} is damaged ({error}); it is left as it is:"
            " move runs.db away or set WEBHAND_HOME to another folder."
        )
    advice = _ADVICE.get(code & 0xFF) if code is not None else None
    advice = advice or "set WEBHAND_HOME to a folder that can be written and has space left"
    return StoreError(f"The run log in {folder} cannot be used ({error}): {advice}.")
