"""A small site whose list of notes tells what was really done, and what every run is held against."""

import asyncio
import html
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Generator, Iterator, Mapping, Sequence
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs

import pytest

from webhand import Result, RunStore
from webhand.events import Event as RunEvent
from webhand.llm.messages import Message
from webhand.llm.scripted import by_name

NOTES_PAGE = """<!doctype html><title>Notes</title><h1>Notes</h1><p>{greeting}</p>
<ul>{items}</ul>
<form method="post" action="/add"><label>Note <input name="note"></label><button>Add</button></form>
<a href="/other">Other page</a>"""

HASTY = {
    "webhand.agent.run.STATE_LIMIT": 0.5,
    "webhand.browser.activity.LIMIT": 1.0,
    "webhand.browser.camera.LIMIT": 0.5,
    "webhand.browser.frames.FRAME_LIMIT": 0.3,
    "webhand.browser.world.CALL_LIMIT": 1.0,
}
"""Limits in seconds for tests of pages that hang, which reach each of them."""


@pytest.fixture
def click_in_haste(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[Message]], Any]:
    """A model's answer that clicks "Go"; the limits are short from then on, as the first look has to be whole."""

    def answer(_: Sequence[Message]) -> Any:
        for limit, seconds in HASTY.items():
            monkeypatch.setattr(limit, seconds)
        return {"click": {"ref": by_name("Go")}}

    return answer


class Site:
    """Serves the notes at `/`, any other page of `pages`, and keeps what was added; `hold` leaves `/add` unanswered."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.visits: list[str] = []
        self.pages: dict[str, str] = {"/other": "<!doctype html><title>Other</title><h1>Other page</h1>"}
        self.hold = False
        self.received = Event()
        self._over = Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.visits.append(self.path)
                self.answer(200, site.page(self.path, self.headers.get("cookie", "")))

            def do_POST(self) -> None:
                given = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
                site.notes.append(given["note"][0])
                site.received.set()
                if site.hold:
                    site._over.wait()
                    return
                self.answer(303, "", {"location": "/"})

            def answer(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
                body = text.encode()
                self.send_response(status)
                if self.path == "/":
                    self.send_header("set-cookie", "visitor=anna; Max-Age=3600")
                for name, value in {"content-type": "text/html; charset=utf-8", **(headers or {})}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def page(self, path: str, cookie: str) -> str:
        if path == "/":
            items = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
            greeting = "Welcome back" if "visitor=anna" in cookie else "Welcome"
            return NOTES_PAGE.format(items=items, greeting=greeting)
        return self.pages.get(path, "<!doctype html><title>Nothing</title>")

    def close(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    with RunStore(tmp_path / "runs") as store:
        yield store


@pytest.fixture
async def nothing_left() -> AsyncIterator[None]:
    """No task that was not there before is there afterwards."""
    before = asyncio.all_tasks()
    yield
    assert asyncio.all_tasks() - before - {asyncio.current_task()} == set()


def adding(note: str) -> list[dict[str, Any]]:
    """The actions that add a note."""
    return [{"type": {"ref": by_name("Note"), "text": note}}, {"click": {"ref": by_name("Add")}}]


def done(answer: str = "all right", success: bool = True) -> dict[str, Any]:
    return {"done": {"answer": answer, "success": success}}


def careful(*notes: str, answer: str = "by the second process") -> Callable[[Sequence[Message]], Any]:
    """A model that looks at the page and adds what is not there yet."""

    def decide(messages: Sequence[Message]) -> Any:
        page = messages[-1].text
        missing = [note for note in notes if f"- {note}" not in page]
        return adding(missing[0]) if missing else done(answer)

    return decide


def said(messages: Sequence[Message]) -> str:
    """All text of a prompt but the rules."""
    return "\n".join(message.text for message in messages if message.role != "system")


def types(events: Sequence[RunEvent]) -> list[str]:
    return [event.type for event in events]


def browsers(*, but: Collection[int] = ()) -> dict[int, str]:
    """The living processes of Chromium below this process, pid and command, `but` these and those below them.

    A browser that tests share starts and ends processes as it likes.
    """
    parents: dict[int, int] = {}
    names: dict[int, str] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            name, _, rest = (folder / "stat").read_text().rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, above = rest.split()[:2]
        if state not in "ZX":
            pid = int(folder.name)
            parents[pid], names[pid] = int(above), name.partition("(")[2]

    def ours(pid: int) -> bool:
        while pid in parents and pid != os.getpid() and pid not in but:
            pid = parents[pid]
        return pid == os.getpid()

    return {pid: name for pid, name in names.items() if "chrom" in name and ours(pid)}


class Counted:
    """Awaits a run and counts how often it really waits; `at` is called each time with the number."""

    def __init__(self, run: Awaitable[Result[Any]], at: Callable[[int], None] = lambda _: None) -> None:
        self.waits = 0
        self._run = run
        self._at = at

    def __await__(self) -> Generator[Any, Any, Result[Any]]:
        inner = self._run.__await__()
        go_on: Callable[[], Any] = partial(next, inner)
        while True:
            try:
                waited = go_on()
            except StopIteration as end:
                return end.value
            self.waits += 1
            self._at(self.waits)
            try:
                yield waited
            except BaseException as error:
                go_on = partial(inner.throw, error)  # pyright: ignore[reportAttributeAccessIssue]
            else:
                go_on = partial(next, inner)


async def awaited(counted: Counted) -> Result[Any]:
    return await counted
