"""The tables of the run log, as steps from each version of the file to the next."""

import sqlite3

from webhand.errors import StoreCorrupt
from webhand.store.transaction import transaction

# Statements that lead from version N (the index) to version N + 1; what has been released is never edited.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE runs (
            id TEXT PRIMARY KEY,
            task TEXT NOT NULL,
            started TEXT NOT NULL,
            ended TEXT,
            status TEXT,
            steps INTEGER NOT NULL DEFAULT 0
        )
        """,
        """
        CREATE TABLE events (
            run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            seq INTEGER NOT NULL,
            at TEXT NOT NULL,
            type TEXT NOT NULL,
            data TEXT NOT NULL,
            PRIMARY KEY (run_id, seq)
        )
        """,
        """
        CREATE TRIGGER events_are_append_only BEFORE UPDATE ON events
        BEGIN SELECT raise(ABORT, 'events are never changed'); END
        """,
    ),
)
CURRENT = len(MIGRATIONS)


def version(connection: sqlite3.Connection) -> int:
    """The version of the open file; 0 is an empty one. Raises StoreCorrupt for a newer one and for somebody else's."""
    # The tables first: another process may be making them between the two looks.
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found > CURRENT:
        raise StoreCorrupt(
            f"The run log was written by a newer webhand (its version is {found}, this one knows {CURRENT});"
            " update webhand or set WEBHAND_HOME to another folder."
        )
    if found == 0 and tables:
        raise StoreCorrupt("The file runs.db is no run log of webhand; set WEBHAND_HOME to another folder.")
    return found


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file to the current version, all of it or nothing."""
    with transaction(connection):
        for statements in MIGRATIONS[version(connection) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {CURRENT}")
