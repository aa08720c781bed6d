"""A loopback server that sends what a test has written down, and keeps what it was asked."""

import asyncio
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Answer:
    """What the server sends.

    `drop` breaks off without a word (0) or after so many bytes; `hold` sends no more after those, and never closes.
    """

    body: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    drop: int | None = None
    hold: bool = False
    reason: str = "X"

    def encoded(self) -> bytes:
        raw = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        headers = {"content-type": "application/json", "content-length": str(len(raw)), **self.headers}
        head = f"HTTP/1.1 {self.status} {self.reason}\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in headers.items()
        )
        return head.encode() + b"\r\n" + raw


Reaction = Answer | Callable[[Request], Answer]
_HAD: set[int] = set()
"""The ports that servers of this process have had."""


class Wire:
    """The server: plays `script`, repeats its last answer for ever, and keeps what it was asked.

    What `aside` has an answer for is answered beside the script and not kept.
    """

    def __init__(self) -> None:
        self.aside: Callable[[Request], Answer | None] = lambda _: None
        self.requests: list[Request] = []
        self.connections = 0
        self.url = ""
        self._script: list[Reaction] = []
        self._asked = asyncio.Condition()
        self._over = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    def will(self, *script: Reaction) -> None:
        self._script = list(script)

    async def start(self, tls: ssl.SSLContext | None = None) -> None:
        # No port twice: models of one address share what its server has told them of its limits, also with a model of
        # an earlier test that has not been collected yet.
        while True:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
            host, port = self._server.sockets[0].getsockname()[:2]
            if port not in _HAD:
                break
            self._server.close()
        _HAD.add(port)
        self.url = f"{'http' if tls is None else 'https'}://{host}:{port}"

    async def stop(self) -> None:
        self._over.set()
        if self._server is not None:
            self._server.close()
            for writer in self._open:
                writer.close()
            await self._server.wait_closed()

    async def asked(self, times: int) -> None:
        """Return when so many requests have come."""
        async with self._asked:
            await self._asked.wait_for(lambda: len(self.requests) >= times)

    async def left(self) -> None:
        """Return when nobody is connected any more."""
        async with self._asked:
            await self._asked.wait_for(lambda: not self._open)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            while await self._exchange(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            async with self._asked:
                self._open.discard(writer)
                self._asked.notify_all()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = json.loads(await reader.readexactly(int(headers.get("content-length", "0"))) or b"null")
        request = Request(head[0].split()[1], headers, body)
        if (beside := self.aside(request)) is not None:
            writer.write(beside.encoded())
            await writer.drain()
            return True
        async with self._asked:
            self.requests.append(request)
            self._asked.notify_all()
        reaction = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        answer = reaction if isinstance(reaction, Answer) else reaction(request)
        sent = 0 if answer.hold and answer.drop is None else answer.drop
        writer.write(answer.encoded()[:sent])
        await writer.drain()
        if answer.hold:
            await self._over.wait()
            return False
        if answer.drop is not None and writer.can_write_eof():
            writer.write_eof()
        return answer.drop is None


class Waits:
    """A sleeper that takes no time and remembers how long it was asked to sleep."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
