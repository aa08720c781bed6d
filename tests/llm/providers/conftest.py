"""A loopback server that speaks the vendors' wire formats, and one dialect per vendor for the shared tests."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import BaseModel

from webhand.llm.providers.anthropic import AnthropicModel
from webhand.llm.providers.groq import GroqModel
from webhand.llm.providers.openai import OpenAICompatibleModel, OpenAIModel
from webhand.llm.retry import RetryPolicy
from webhand.llm.vendor import VendorModel

KEY = "sk-test-0123456789abcdef"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Answer:
    """What the server sends: `drop` breaks off without a word (0) or after so many bytes; `hold` never answers."""

    body: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    drop: int | None = None
    hold: bool = False

    def encoded(self) -> bytes:
        raw = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        headers = {"content-type": "application/json", "content-length": str(len(raw)), **self.headers}
        head = f"HTTP/1.1 {self.status} X\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return head.encode() + b"\r\n" + raw


Reaction = Answer | Callable[[Request], Answer]


class Wire:
    """The server: plays `script`, repeats its last answer for ever, and keeps what it was asked."""

    def __init__(self) -> None:
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

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()[:2]
        self.url = f"http://{host}:{port}"

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

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            while await self._exchange(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = json.loads(await reader.readexactly(int(headers.get("content-length", "0"))) or b"null")
        request = Request(head[0].split()[1], headers, body)
        async with self._asked:
            self.requests.append(request)
            self._asked.notify_all()
        reaction = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        answer = reaction if isinstance(reaction, Answer) else reaction(request)
        if answer.hold:
            await self._over.wait()
            return False
        raw = answer.encoded()
        writer.write(raw if answer.drop is None else raw[: answer.drop])
        await writer.drain()
        if answer.drop is not None and writer.can_write_eof():
            writer.write_eof()
        return answer.drop is None


class Waits:
    """A sleeper that takes no time and remembers how long it was asked to sleep."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


class Fruit(BaseModel):
    """What the shared tests ask for."""

    name: str
    count: int = 1


class Chat:
    """The wire format of chat completions, as OpenAI, Groq and compatible servers speak it."""

    path = "/v1/chat/completions"
    suffix = "/v1"

    def __init__(self, name: str, model: str, kind: type[VendorModel[Any]]) -> None:
        self.name, self.model, self.kind = name, model, kind

    def reply(self, text: str, stop: str = "stop", *, usage: bool = True) -> Answer:
        message = {"role": "assistant", "content": text}
        body: dict[str, Any] = {"id": "c1", "choices": [{"index": 0, "message": message, "finish_reason": stop}]}
        if usage:
            body["usage"] = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
        return Answer(body, headers={"x-request-id": "req-1"})

    def cut(self, text: str) -> Answer:
        return self.reply(text, "length")

    def error(self, status: int, message: str, code: str = "", headers: Mapping[str, str] | None = None) -> Answer:
        return Answer({"error": {"message": message, "type": "x", "code": code}}, status, headers or {})

    def texts(self, request: Request) -> list[str]:
        """The text of each message as sent."""
        contents = [message["content"] for message in request.body["messages"]]
        return [
            content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content)
            for content in contents
        ]

    def picture(self, request: Request) -> Any:
        return request.body["messages"][-1]["content"][-1]


class Messages(Chat):
    """Anthropic's wire format."""

    path = "/v1/messages"
    suffix = ""

    def reply(self, text: str, stop: str = "end_turn", *, usage: bool = True) -> Answer:
        body: dict[str, Any] = {
            "id": "m1",
            "type": "message",
            "role": "assistant",
            "content": [{"type": "text", "text": text}],
            "stop_reason": stop,
        }
        if usage:
            body["usage"] = {"input_tokens": 11, "output_tokens": 7}
        return Answer(body, headers={"request-id": "req-1"})

    def cut(self, text: str) -> Answer:
        return self.reply(text, "max_tokens")

    def error(self, status: int, message: str, code: str = "", headers: Mapping[str, str] | None = None) -> Answer:
        body = {"type": "error", "error": {"type": code or "x", "message": message}, "request_id": "req-1"}
        return Answer(body, status, headers or {})

    def texts(self, request: Request) -> list[str]:
        turns: Sequence[Any] = request.body["messages"]
        contents = [request.body.get("system", []), *(turn["content"] for turn in turns)]
        return ["\n".join(block.get("text", "") for block in content) for content in contents]


CHAT = {
    "openai": Chat("openai", "gpt-6-luna", OpenAIModel),
    "compatible": Chat("compatible", "some-model", OpenAICompatibleModel),
    "groq": Chat("groq", "meta-llama/llama-4-scout-17b-16e-instruct", GroqModel),
    "anthropic": Messages("anthropic", "claude-sonnet-5-5", AnthropicModel),
}


@dataclass
class Bench:
    """One vendor against the wire: makes models that are closed at the end of the test."""

    wire: Wire
    vendor: Chat
    waits: Waits = field(default_factory=Waits)
    models: list[VendorModel[Any]] = field(default_factory=list[VendorModel[Any]])

    def build(self, model: str | None = None, **options: Any) -> VendorModel[Any]:
        options = {
            "api_key": KEY,
            "base_url": self.wire.url + ("" if self.vendor.name == "groq" else self.vendor.suffix),
            "timeout": 20.0,
            "retry": RetryPolicy(sleep=self.waits, jitter=lambda: 1.0),
            **options,
        }
        built = self.vendor.kind(model or self.vendor.model, **options)
        self.models.append(built)
        return built


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    for name in tuple(os.environ):
        if name.lower().endswith("_proxy") or name.startswith(("OPENAI_", "ANTHROPIC_", "GROQ_")):
            monkeypatch.delenv(name)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    server = Wire()
    await server.start()
    yield server
    await server.stop()


async def _bench(wire: Wire, name: str) -> AsyncIterator[Bench]:
    bench = Bench(wire, CHAT[name])
    yield bench
    for model in bench.models:
        await model.aclose()


@pytest.fixture(params=sorted(CHAT))
async def bench(wire: Wire, request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    async for bench in _bench(wire, request.param):
        yield bench


@pytest.fixture
async def openai_bench(wire: Wire) -> AsyncIterator[Bench]:
    async for bench in _bench(wire, "openai"):
        yield bench


@pytest.fixture
async def compatible_bench(wire: Wire) -> AsyncIterator[Bench]:
    async for bench in _bench(wire, "compatible"):
        yield bench


@pytest.fixture
async def groq_bench(wire: Wire) -> AsyncIterator[Bench]:
    async for bench in _bench(wire, "groq"):
        yield bench


@pytest.fixture
async def anthropic_bench(wire: Wire) -> AsyncIterator[Bench]:
    async for bench in _bench(wire, "anthropic"):
        yield bench
