"""The gate: what goes through it, and what does not."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import h11
import pytest

from webhand.browser import AddressRules, Verdict
from webhand.browser.guard.gate import Gate


class Server:
    """A server of plain HTTP that answers each request with what it was sent, and counts its connections."""

    def __init__(self) -> None:
        self.connections = 0
        self.before = b""
        """Sent before each answer."""
        self.after = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while True:
            asked, seen = h11.Connection(h11.SERVER), b""
            while not isinstance(event := asked.next_event(), (h11.EndOfMessage, h11.ConnectionClosed)):
                if event is h11.NEED_DATA:
                    asked.receive_data(await reader.read(65536))
                elif isinstance(event, h11.Request):
                    seen += event.method + b" " + event.target + b" " + dict(event.headers)[b"host"] + b" "
                elif isinstance(event, h11.Data):
                    seen += event.data
            if isinstance(event, h11.ConnectionClosed):
                break
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(seen)}\r\n\r\n".encode()
            writer.write(self.before + head + seen + self.after)
        writer.close()


@asynccontextmanager
async def serving() -> AsyncGenerator[tuple[Server, int]]:
    server = Server()
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening:
        yield server, listening.sockets[0].getsockname()[1]


@pytest.fixture
async def server() -> AsyncGenerator[tuple[Server, int]]:
    async with serving() as served:
        yield served


def all_of_it(url: str, answers: Sequence[str] | None) -> Verdict:
    return Verdict(True, "allowed", url)


@asynccontextmanager
async def gate(judge: Any = all_of_it) -> AsyncGenerator[Gate]:
    opened = Gate(judge)
    await opened.open()
    try:
        yield opened
    finally:
        await opened.close()


class Client:
    """Says bytes to a gate, and reads answers."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self, text: str) -> tuple[str, str]:
        """The head and the body of the answer; empty where the connection was closed instead."""
        self.writer.write(text.replace("\n", "\r\n").encode())
        try:
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        except (asyncio.IncompleteReadError, ConnectionError):
            return "", ""
        length = next((line for line in head.lower().splitlines() if line.startswith("content-length")), ":0")
        return head, (await self.reader.readexactly(int(length.partition(":")[2]))).decode()


@asynccontextmanager
async def client(gate: Gate) -> AsyncGenerator[Client]:
    reader, writer = await asyncio.open_connection(*gate.address.split(":"))
    try:
        yield Client(reader, writer)
    finally:
        writer.close()


async def test_requests_reach_their_server_as_if_they_came_from_the_browser(server: tuple[Server, int]) -> None:
    there, port = server
    async with gate() as opened, client(opened) as browser:
        for path in ("/", "/a?b=c%20d", "//e"):
            _, told = await browser.ask(
                f"GET http://127.0.0.1:{port}{path} HTTP/1.1\nHost: elsewhere\nProxy-Connection: keep-alive\n\n"
            )
            assert told == f"GET {path} 127.0.0.1:{port} "
        chunks = "Transfer-Encoding: chunked\n\n5\nhello\n6\n world\n0\n\n"
        _, told = await browser.ask(f"POST http://127.0.0.1:{port}/x HTTP/1.1\nHost: h\n{chunks}")
        assert told.endswith(" hello world")
        _, told = await browser.ask(f"PUT http://127.0.0.1:{port}/x HTTP/1.1\nHost: h\nContent-Length: 2\n\nok")
        assert told.endswith(" ok")
    assert there.connections == 1


async def test_another_server_is_asked_by_another_connection(server: tuple[Server, int]) -> None:
    there, port = server
    there.after = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"
    async with serving() as (other, another), gate() as opened, client(opened) as browser:
        await browser.ask(f"GET http://127.0.0.1:{port}/ HTTP/1.1\nHost: h\n\n")
        await browser.reader.readexactly(len(there.after))
        assert await browser.ask(f"GET http://127.0.0.1:{another}/ HTTP/1.1\nHost: h\n\n") == ("", "")
        async with client(opened) as again:
            told = await again.ask(f"GET http://127.0.0.1:{another}/ HTTP/1.1\nHost: h\n\n")
        assert told[1] == f"GET / 127.0.0.1:{another} "
    assert other.connections == 1


async def test_a_tunnel_carries_bytes_both_ways_until_either_side_ends(server: tuple[Server, int]) -> None:
    _, port = server
    async with gate() as opened, client(opened) as browser:
        head, _ = await browser.ask(f"CONNECT 127.0.0.1:{port} HTTP/1.1\nHost: h\n\nGET /in HTTP/1.1\nHost: x\n\n")
        assert " 200 " in head
        assert (await browser.ask(""))[1] == "GET /in x "
        assert (await browser.ask("GET /more HTTP/1.1\nHost: x\n\n"))[1] == "GET /more x "
        browser.writer.write_eof()
        assert await browser.reader.read() == b""


@pytest.mark.parametrize("method", ["GET", "CONNECT"])
async def test_what_is_denied_is_not_connected_to_and_not_looked_up(method: str, server: tuple[Server, int]) -> None:
    there, port = server
    asked: list[Any] = []

    def judge(url: str, answers: Sequence[str] | None) -> Verdict:
        asked.append(answers)
        return Verdict(False, "no such place")

    async with gate(judge) as opened, client(opened) as browser:
        target = f"127.0.0.1:{port}" if method == "CONNECT" else f"http://127.0.0.1:{port}/"
        head, told = await browser.ask(f"{method} {target} HTTP/1.1\nHost: h\n\n")
        assert head.startswith("HTTP/1.1 403 ")
        assert told == "no such place"
        assert [(one.host, one.port, one.reason) for one in opened.refusals] == [("127.0.0.1", port, "no such place")]
    assert there.connections == 0
    assert set(asked) == {None}


async def test_only_an_address_that_was_judged_is_connected_to(server: tuple[Server, int]) -> None:
    there, port = server
    judged: list[Sequence[str] | None] = []

    def judge(url: str, answers: Sequence[str] | None) -> Verdict:
        judged.append(answers)
        return AddressRules(["http://localhost:*"], blocked=["127.0.0.1"]).judge(url, "subresource", answers)

    async with gate(judge) as opened, client(opened) as browser:
        head, _ = await browser.ask(f"GET http://localhost:{port}/ HTTP/1.1\nHost: h\n\n")
    assert head.startswith("HTTP/1.1 403 ")
    assert judged[0] is None
    assert "127.0.0.1" in (judged[1] or ())
    assert there.connections == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "nowhere.invalid"])
async def test_where_nobody_answers_a_page_gets_none_and_the_reason_is_kept(host: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with gate() as opened:
        async with client(opened) as browser:
            assert await browser.ask(f"GET http://{host}:{port}/ HTTP/1.1\nHost: h\n\n") == ("", "")
        async with client(opened) as browser:
            head, _ = await browser.ask(f"CONNECT {host}:{port} HTTP/1.1\nHost: h\n\n")
        assert head.startswith("HTTP/1.1 502 ")
        assert [one.host for one in opened.refusals] == [host, host]
        assert all(host in one.reason for one in opened.refusals)


@pytest.mark.parametrize(
    "said",
    [
        "GET / HTTP/1.1\nHost: h\n\n",
        "CONNECT nowhere HTTP/1.1\nHost: h\n\n",
        "CONNECT a:b HTTP/1.1\nHost: h\n\n",
        "\x16\x03\n\n\n",
    ]
    + ["GET http:// HTTP/1.1\nHost: h\n\n", "GET ftp://127.0.0.1/ HTTP/1.1\nHost: h\n\n"],
)
async def test_what_is_no_request_to_a_proxy_gets_no_connection(said: str) -> None:
    asked: list[str] = []

    def judge(url: str, answers: Sequence[str] | None) -> Verdict:
        asked.append(url)
        return AddressRules().judge(url, "subresource", answers)

    async with gate(judge) as opened, client(opened) as browser:
        head, _ = await browser.ask(said)
        assert not head or head.startswith("HTTP/1.1 403 ")


@pytest.mark.parametrize(
    "asked",
    ["GET https://localhost:{port}/", "CONNECT localhost:{port}#.nowhere.invalid:80", "CONNECT localhost:{port}/x:80"]
    + ["CONNECT nowhere.invalid\\@localhost:{port}"],
)
async def test_what_is_judged_is_what_is_connected_to(asked: str, server: tuple[Server, int]) -> None:
    there, port = server
    judged: list[str] = []

    def judge(url: str, answers: Sequence[str] | None) -> Verdict:
        judged.append(url)
        return AddressRules(["https://localhost", "http://localhost"]).judge(url, "subresource", answers)

    async with gate(judge) as opened, client(opened) as browser:
        head, _ = await browser.ask(f"{asked.format(port=port)} HTTP/1.1\nHost: h\n\n")
    assert " 200 " not in head
    assert there.connections == 0
    assert all(one.host == "localhost" or "nowhere" in one.host for one in opened.refusals)


async def test_a_judge_that_fails_lets_nothing_through(server: tuple[Server, int]) -> None:
    there, port = server

    def judge(url: str, answers: Sequence[str] | None) -> Verdict:
        raise ValueError("broken")

    async with gate(judge) as opened, client(opened) as browser:
        assert await browser.ask(f"GET http://127.0.0.1:{port}/ HTTP/1.1\nHost: h\n\n") == ("", "")
    assert there.connections == 0


async def test_closing_breaks_off_what_is_under_way(server: tuple[Server, int]) -> None:
    _, port = server
    opened = Gate(all_of_it)
    await opened.open()
    async with client(opened) as browser:
        await browser.ask(f"CONNECT 127.0.0.1:{port} HTTP/1.1\nHost: h\n\n")
        await opened.close()
        assert await browser.reader.read() == b""
    with pytest.raises(OSError, match="refused|Connect call failed"):
        await asyncio.open_connection("127.0.0.1", browser.writer.get_extra_info("peername")[1])
