"""A forward proxy on loopback, the browser's only way out: no connection is made that was not judged.

It reads what the browser asks for and hands on what comes back as it is, so that a page sees its server's bytes. A name
is looked up once, all its addresses are judged, and one of these is connected to: what the name leads to a moment later
does not matter.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import h11
from ada_url import URL
from aiohappyeyeballs import start_connection  # pyright: ignore[reportUnknownVariableType]

from webhand.browser.guard.rules import Verdict

Found = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[Any, ...]]
"""An address of a name, as `getaddrinfo` gives it."""
Judge = Callable[[str, Sequence[str] | None], Verdict]
"""Whether an address may be connected to, where it is known with all that its name leads to."""
HEAD_LIMIT = 1 << 20
"""Bytes that the head of a request may have."""
CHUNK = 1 << 16
CONNECT_LIMIT = 20.0
"""Seconds that a server may take to accept a connection."""
STAGGER = 0.25
"""Seconds after which the next of a name's addresses is tried besides."""
REMEMBERED = 200
"""Refusals and failures that are kept."""
OURS = frozenset((b"proxy-connection", b"proxy-authorization", b"keep-alive", b"connection", b"host"))
"""Headers that are for the proxy, or that it writes itself."""
ANSWER = (
    "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n"
    "content-length: {length}\r\n\r\n"
)


class _Refused(Exception):
    """Why there is no connection: it was `denied`, or nobody answers."""

    def __init__(self, reason: str, *, denied: bool) -> None:
        super().__init__(reason)
        self.denied = denied


@dataclass(frozen=True, slots=True)
class Refusal:
    """A connection that was not made: the judge denied it, or nobody answered."""

    host: str
    port: int
    reason: str


class Gate:
    """Listens at `address` from `open` to `close`."""

    def __init__(self, judge: Judge) -> None:
        self.refusals: deque[Refusal] = deque(maxlen=REMEMBERED)
        """The latest."""
        self._judge = judge
        self._server: asyncio.Server | None = None
        self._served: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """Where it listens, such as `127.0.0.1:49152`."""
        assert self._server is not None
        return "{}:{}".format(*self._server.sockets[0].getsockname()[:2])

    async def open(self) -> None:
        """Listen at a port that is free."""
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0, limit=HEAD_LIMIT)

    async def close(self) -> None:
        """Listen no more, and break off what is under way."""
        if self._server is not None:
            self._server.close()
        for task in self._served:
            task.cancel()
        await asyncio.gather(*self._served, return_exceptions=True)

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._served.add(task)
        task.add_done_callback(self._served.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, h11.RemoteProtocolError, ValueError):  # the browser is gone, or asks for no address
            try:
                await self._answer(reader, writer)
            finally:
                writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """What is asked for, one request of a server after another."""
        asked = _asked()
        request = await _event(asked, reader)
        if not isinstance(request, h11.Request):
            return
        target = request.target.decode("ascii")
        try:
            if request.method == b"CONNECT":
                await self._tunnel(URL(f"http://{target}/"), asked, reader, writer)
            elif (url := URL(target)).protocol == "http:":
                await self._forward(request, url, asked, reader, writer)
        except _Refused as refused:
            if not refused.denied and request.method != b"CONNECT":
                return  # the browser takes any answer for the page's
            status, told = "403 Forbidden" if refused.denied else "502 Bad Gateway", str(refused).encode()
            writer.write(ANSWER.format(status=status, length=len(told)).encode() + told)
            await writer.drain()

    async def _forward(
        self,
        request: h11.Request,
        url: URL,
        asked: h11.Connection,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        """Requests of plain HTTP, all to one server.

        What another is asked for comes by a connection of its own: bytes that the one sends too many would be taken for
        an answer of the other. A browser asks again where a connection that it has used before is closed.
        """
        there, away = await self._connection(url, (url.href,))
        back = asyncio.create_task(_pump(there, writer, ends=True))
        origin = url.origin
        try:
            while url.origin == origin and not back.done():
                await _hand_on(request, url, asked, reader, away)
                asked = _asked(asked.trailing_data[0])
                following = await _event(asked, reader)
                if not isinstance(following, h11.Request) or following.method == b"CONNECT":
                    break
                request, url = following, URL(following.target.decode("ascii"))
        finally:
            back.cancel()
            away.close()
            await asyncio.gather(back, return_exceptions=True)

    async def _tunnel(
        self, url: URL, asked: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Bytes in both directions; whether they are TLS is not known, so that either scheme may allow it."""
        secure = f"https://{url.hostname}:{url.port or 80}/"
        there, away = await self._connection(url, (secure, url.href))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        away.write(asked.trailing_data[0])
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_pump(there, writer))
                group.create_task(_pump(reader, away))
        except* OSError:
            pass  # one side is gone
        finally:
            away.close()

    async def _connection(self, to: URL, urls: Sequence[str]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the host and port of an address, if one of these may be opened."""
        host, port = to.hostname, int(to.port or 80)
        try:
            self._ask(urls, None)
            found = await _resolved(host.strip("[]"), port)
            self._ask(urls, [str(one[4][0]) for one in found])
            try:
                async with asyncio.timeout(CONNECT_LIMIT):
                    made = await start_connection(found, happy_eyeballs_delay=STAGGER, interleave=1)
            except OSError as error:  # TimeoutError is one
                raise _Refused(f"nothing answers at {host}:{port}: {error}", denied=False) from None
            return await asyncio.open_connection(sock=made, limit=HEAD_LIMIT)
        except _Refused as refused:
            self.refusals.append(Refusal(host, port, str(refused)))
            raise

    def _ask(self, urls: Sequence[str], answers: Sequence[str] | None) -> None:
        verdicts = [self._judge(url, answers) for url in urls]
        if not any(verdict.allowed for verdict in verdicts):
            raise _Refused(verdicts[0].reason, denied=True)


async def _resolved(host: str, port: int) -> Sequence[Found]:
    try:
        return await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _Refused(f"no address is known of {host}: {error}", denied=False) from None


def _asked(came: bytes = b"") -> h11.Connection:
    """A request that is about to be read, and what has come of it."""
    asked = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_LIMIT)
    if came:
        asked.receive_data(came)
    return asked


async def _event(asked: h11.Connection, reader: asyncio.StreamReader) -> object:
    """The next part of a request."""
    while (event := asked.next_event()) is h11.NEED_DATA:
        asked.receive_data(await reader.read(CHUNK))
    return event


async def _hand_on(
    request: h11.Request, url: URL, asked: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Send a request to its server as one that came straight from the browser."""
    headers = [(name, value) for name, value in request.headers.raw_items() if name.lower() not in OURS]
    headers.insert(0, (b"Host", url.host.encode()))
    headers.insert(1, (b"Connection", b"keep-alive"))
    sent = h11.Connection(h11.CLIENT)
    target = (url.pathname + url.search).encode()
    writer.write(sent.send(h11.Request(method=request.method, target=target, headers=headers)) or b"")
    while not isinstance(event := await _event(asked, reader), h11.EndOfMessage):
        if not isinstance(event, h11.Data):
            return
        writer.write(sent.send(event) or b"")
        await writer.drain()
    writer.write(sent.send(event) or b"")  # what ends a body of chunks
    await writer.drain()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, ends: bool = False) -> None:
    """Bytes as they come, and their end; `ends` closes what they go to."""
    with suppress(ConnectionError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    if ends:
        writer.close()
    elif writer.can_write_eof():
        with suppress(OSError):
            writer.write_eof()
