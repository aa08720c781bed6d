"""A model's server on loopback whose answers the test makes, when it likes."""

import json
import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shlex import quote
from threading import Thread

import pytest

from webhand.browser.executable import find_executable

Answer = Callable[[], str]


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_POST(self) -> None:
        """Answer one chat completion; an answer that begins with a status is an error."""
        self.rfile.read(int(self.headers["Content-Length"]))
        content = self.server.answer()
        if status := re.match(r"4\d\d\b", content):
            self._send(int(status[0]), {"error": {"message": content, "code": ""}})
            return
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
        usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
        body: dict[str, object] = {
            "id": "c1",
            "object": "chat.completion",
            "created": 1,
            "model": "x",
            "choices": [choice],
        }
        self._send(200, body | {"usage": usage})

    def _send(self, status: int, body: dict[str, object]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer

    def handle_error(self, request: object, client_address: object) -> None:
        """The run may be gone by the time its answer is there."""


@pytest.fixture
def serve_model() -> Iterator[Callable[[Answer], str]]:
    """Starts a server that asks `answer` for each answer, which may wait, and gives its base address."""
    servers: list[_Server] = []

    def serve(answer: Answer) -> str:
        server = _Server(answer)
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/v1"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def windowless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser has no window even when it is asked for one: no screen is there to show it."""
    browser = tmp_path / "windowless"
    browser.write_text(f'#!/bin/sh\nexec {quote(str(find_executable()))} --headless "$@"\n')
    browser.chmod(0o755)
    monkeypatch.setenv("WEBHAND_BROWSER", str(browser))
