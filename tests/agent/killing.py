"""A run that adds rows to a database, killed again and again at random moments: the game, and one life of the run.

As a program this is one life: it begins the run, or goes on with it, and prints a line for each event.
"""

import asyncio
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

from webhand import Agent, AgentConfig, Event, RunStore
from webhand.agent.resume import UNKNOWN
from webhand.agent.run import BEHIND, STATE_LOST
from webhand.llm.messages import Message
from webhand.llm.scripted import ScriptedModel, by_name

FORM = """<!doctype html><title>Add a row</title><h1>Add a row</h1>
<form method="post" action="/add"><label>Row <input name="row"></label><button>Add</button></form>"""
ROWS = "<!doctype html><title>Rows</title><h1>Rows</h1><p>{count} rows are there</p>"
STANDS_ELSEWHERE = (STATE_LOST, BEHIND.partition("{step}")[0])
"""What a model is told where its browser is not where the run had come to: it has to look."""
LONGEST = 6
"""Events that a life may write at most until it is killed."""
EARLY, LATE = 2.5, 0.15
"""Seconds in which the kill falls: after a process began, for one that is to write nothing; after the last event."""


class Server(ThreadingHTTPServer):
    """Says nothing of clients that are gone before they were answered: they were killed."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Ledger:
    """A site with a form that adds a row to an SQLite database; the form does not tell which rows are there."""

    def __init__(self, folder: Path) -> None:
        self._database = folder / "rows.sqlite"
        self._do("create table rows (id integer primary key autoincrement, text)")
        ledger = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(ROWS.format(count=len(ledger.rows)) if self.path == "/rows" else FORM)

            def do_POST(self) -> None:
                given = parse_row(self.rfile.read(int(self.headers["content-length"])))
                ledger._do("insert into rows (text) values (?)", given)
                self.answer(FORM)

            def answer(self, text: str) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def rows(self) -> list[str]:
        """What was added, in the order in which it came."""
        return [text for (text,) in self._do("select text from rows order by id")]

    def close(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()

    def _do(self, statement: str, *values: str) -> list[Any]:
        with closing(sqlite3.connect(self._database, isolation_level=None)) as database:
            return database.execute(statement, values).fetchall()


def parse_row(body: bytes) -> str:
    """The row that a form sent."""
    return body.decode().partition("row=")[2]


@dataclass
class Killed:
    """What became of a run: how often it was killed, how often its model was told that an outcome is unknown."""

    kills: int = 0
    unknown: int = 0
    lives: int = 0


def play(folder: Path, ledger: Ledger, rows: int, kills: int, chance: Random, said: Callable[[str], None]) -> Killed:
    """Let a run add so many rows, killed so often at random moments, and then let it come to its end.

    Raises AssertionError where a life ends in another way, or the run was at its end before it was killed so often.
    """
    tally = Killed()
    while True:
        kill = tally.kills < kills
        with _life(folder, ledger.url, rows) as life:
            tally.lives += 1
            if kill and _killed(life, chance):
                tally.kills += 1
                said(f"{tally.kills} kills, {len(ledger.rows)} rows")
                if not _done(folder):
                    continue
                break  # killed while it closed its browser: there is nothing to go on with
            told, _ = life.communicate()
            assert life.returncode == 0, told
            break
    with RunStore(folder) as store:
        steps = [event.data for event in store.events("last") if event.type == "step.finished"]
    tally.unknown = sum(UNKNOWN in str(step) for step in steps)
    assert tally.kills == kills, f"the run was done after {tally.kills} kills: {tally.lives} lives"
    return tally


def _done(folder: Path) -> bool:
    with RunStore(folder) as store:
        return any(run.status == "done" for run in store.runs(limit=1))


def _killed(life: subprocess.Popen[str], chance: Random) -> bool:
    """Kill the process at a moment that chance gives; False where it had ended before."""
    assert life.stdout is not None
    events = chance.randint(0, LONGEST)
    for _ in range(events):
        if not life.stdout.readline():
            return False
    try:
        life.wait(chance.uniform(0, LATE if events else EARLY))
    except subprocess.TimeoutExpired:
        life.send_signal(signal.SIGKILL)
        return life.wait() == -signal.SIGKILL
    return False


@contextmanager
def _life(folder: Path, url: str, rows: int) -> Generator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.agent.killing", str(folder), url, str(rows)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as life:
        try:
            yield life
        finally:
            life.kill()


def adds(rows: int, url: str) -> Callable[[Sequence[Message]], Any]:
    """A model that adds rows 1 to `rows` and knows what its prompt says alone: its notes, and what came of them."""

    def decide(messages: Sequence[Message]) -> Any:
        before, _, page = messages[-1].text.partition("<<<page")
        latest = before.rpartition("\nThen:\n")[2]
        if found := re.search(r"(\d+) rows are there", page):
            return {"memory": f"{found[1]} rows", "actions": {"navigate": {"url": url}}}
        if UNKNOWN in latest or "failed: " in latest or any(text in before for text in STANDS_ELSEWHERE):
            return {"memory": "to be looked at", "actions": {"navigate": {"url": f"{url}rows"}}}
        noted = re.search(r"memory: (\d+) rows", latest)
        there = int(noted[1]) + ("typed into" in latest) if noted else 0
        if there == rows:
            return {"done": {"answer": f"{rows} rows"}}
        row = {"type": {"ref": by_name("Row"), "text": f"{there + 1}", "submit": True}}
        return {"memory": f"{there} rows", "actions": row}

    return decide


async def live(folder: Path, url: str, rows: int) -> None:
    """Begin the run, or go on with it, to its end."""
    model = ScriptedModel([partial(adds(rows, url))] * 1000)
    config = AgentConfig(max_steps=1000)
    store = RunStore(folder)
    if store.runs():
        result = await Agent[Any].resume("last", model, store=store, on_event=tell)
    else:
        agent = Agent(f"Add {rows} rows", model, start_url=url, store=store, config=config, on_event=tell)
        result = await agent.run()
    sys.exit(None if result.answer == f"{rows} rows" else f"{result.status} {result.limit} {result.error}")


def tell(event: Event) -> None:
    """A line for each event."""
    sys.stdout.write(f"{event.seq} {event.type}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("WEBHAND_HOME", sys.argv[1])
    asyncio.run(live(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
