"""What is asked of the database: every SQL statement about runs and events."""

import json
import sqlite3
from datetime import datetime
from typing import NamedTuple, get_args

from pydantic import ValidationError

from webhand.errors import StoreCorrupt, StoreError
from webhand.events import Event, EventType

_EVENT_TYPES = frozenset(get_args(EventType))

# What some events change in the line of their run.
_EFFECTS: dict[str, str] = {
    "step.finished": "UPDATE runs SET steps = steps + 1 WHERE id = :run",
    "paused": "UPDATE runs SET status = 'paused' WHERE id = :run",
    "resumed": "UPDATE runs SET status = NULL, ended = NULL WHERE id = :run",
    "run.ended": "UPDATE runs SET status = :status, ended = :at WHERE id = :run",
}


class RunRow(NamedTuple):
    """One run as the table has it; `status` is None from its start until something is known."""

    id: str
    task: str
    started: datetime
    ended: datetime | None
    status: str | None
    steps: int


def newest_id(connection: sqlite3.Connection) -> str | None:
    """The id of the run that was made last; None when there is none."""
    return connection.execute("SELECT max(id) FROM runs").fetchone()[0]


def add_run(connection: sqlite3.Connection, run_id: str, task: str, at: datetime) -> None:
    """Write the line of a new run."""
    connection.execute("INSERT INTO runs (id, task, started) VALUES (?, ?, ?)", (run_id, task, at.isoformat()))


def add_event(connection: sqlite3.Connection, run_id: str, kind: EventType, data: str, at: datetime) -> Event:
    """Write the next event of a run; `data` is JSON text."""
    if kind not in _EVENT_TYPES:
        raise StoreError(f"There is no event of type {kind!r}")
    last = connection.execute("SELECT coalesce(max(seq), 0) FROM events WHERE run_id = ?", (run_id,)).fetchone()[0]
    event = Event(run_id=run_id, seq=last + 1, at=at, type=kind, data=json.loads(data))
    connection.execute(
        "INSERT INTO events (run_id, seq, at, type, data) VALUES (?, ?, ?, ?, ?)",
        (run_id, event.seq, at.isoformat(), kind, data),
    )
    if effect := _EFFECTS.get(kind):
        status = str(event.data.get("status", "ended"))
        connection.execute(effect, {"run": run_id, "at": at.isoformat(), "status": status})
    return event


def events_of(connection: sqlite3.Connection, run_id: str, after: int) -> tuple[Event, ...]:
    """The events of a run whose number is above `after`, in order."""
    rows = connection.execute(
        "SELECT seq, at, type, data FROM events WHERE run_id = ? AND seq > ? ORDER BY seq", (run_id, after)
    ).fetchall()
    try:
        return tuple(
            Event(run_id=run_id, seq=seq, at=datetime.fromisoformat(at), type=kind, data=json.loads(data))
            for seq, at, kind, data in rows
        )
    except (ValueError, ValidationError) as error:
        raise StoreCorrupt(f"An event of run {run_id} cannot be read; the run log is damaged") from error


def run_rows(connection: sqlite3.Connection, beginning: str = "", limit: int | None = None) -> list[RunRow]:
    """The runs whose id has this beginning, newest first, `limit` of them at most."""
    rows = connection.execute(
        "SELECT id, task, started, ended, status, steps FROM runs"
        " WHERE substr(id, 1, length(:beginning)) = :beginning ORDER BY id DESC LIMIT :limit",
        {"beginning": beginning, "limit": -1 if limit is None else limit},
    ).fetchall()
    return [RunRow(id_, task, *_times(id_, started, ended), *rest) for id_, task, started, ended, *rest in rows]


def _times(run_id: str, started: str, ended: str | None) -> tuple[datetime, datetime | None]:
    try:
        return datetime.fromisoformat(started), None if ended is None else datetime.fromisoformat(ended)
    except ValueError as error:
        raise StoreCorrupt(f"The times of run {run_id} cannot be read; the run log is damaged") from error
