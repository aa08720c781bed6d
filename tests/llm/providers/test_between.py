"""What stands between us and a vendor: proxies, and TLS that does not come about."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType

import httpx
import httpx2
import pytest

from tests.llm.providers.bench import DOUBLES, TEXT, Bench, Fruit, on
from tests.llm.providers.closed import Closed, Connects
from tests.llm.providers.double import KEY
from tests.llm.providers.test_contract_trouble import assert_fit_to_be_shown
from tests.llm.providers.test_keys import left_behind
from tests.llm.providers.tls import served_with
from tests.llm.providers.wire import Answer, Wire
from webhand.errors import LLMError, ProviderUnavailable
from webhand.llm.authorities import authorities
from webhand.llm.providers.bedrock import BedrockModel
from webhand.llm.retry import RetryPolicy

PASSWORD = "pass-word-0123"
TRUSTING = on(*(name for name, double in DOUBLES.items() if not double.secure))
"""Those whose SDK is not told the certificate of the loopback servers."""


@pytest.fixture(autouse=True)
def no_exceptions(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def go_through(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://anna:{PASSWORD}@{proxy}")


async def test_the_password_of_a_proxy_is_not_shown(bench: Bench, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    go_through(wire.url.partition("://")[2], monkeypatch)
    wire.will(Answer({"message": f"anna may not use {PASSWORD}"}, 407, reason=f"no {PASSWORD}"))
    model = bench.build(
        base_url=bench.vendor.address("http://host.invalid:81"), retry=RetryPolicy(attempts=2, sleep=bench.waits)
    )
    for output in (None, Fruit):
        with pytest.raises(LLMError) as caught:
            await model.complete(TEXT, output)
        assert PASSWORD not in left_behind(caught.value)
        assert_fit_to_be_shown(caught.value)
    assert wire.requests


async def test_a_dead_proxy_is_named(bench: Bench, closed: Closed, monkeypatch: pytest.MonkeyPatch) -> None:
    go_through(closed.host, monkeypatch)
    model = bench.build(
        base_url=bench.vendor.address("http://host.invalid:81"), retry=RetryPolicy(attempts=2, sleep=bench.waits)
    )
    with pytest.raises(
        ProviderUnavailable, match=f"host.invalid:81 cannot be reached over the proxy {closed.host}"
    ) as c:
        await model.complete(TEXT)
    assert closed.tries == 2
    assert PASSWORD not in left_behind(c.value)


ODD = "localhost,[::1],[::1,ü,1.2.3.4/99,a b,all://,\x01"


async def test_exceptions_that_no_server_can_have_hinder_nobody(
    bench: Bench, closed: Closed, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_through(closed.host, monkeypatch)
    monkeypatch.setenv("NO_PROXY", f"{ODD},127.0.0.1")
    bench.wire.will(bench.vendor.reply("ok"))
    assert (await bench.build().complete(TEXT)).text == "ok"
    assert closed.tries == 0
    monkeypatch.setenv("NO_PROXY", ODD)
    with pytest.raises(ProviderUnavailable, match=f"over the proxy {closed.host}"):
        await bench.build(retry=RetryPolicy(attempts=1)).complete(TEXT)
    assert closed.tries == 1


@pytest.fixture
async def plain() -> AsyncIterator[str]:
    """Host and port of a server that speaks no TLS, and says so as servers do."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    yield "{}:{}".format(*server.sockets[0].getsockname())
    server.close()
    await server.wait_closed()


async def test_https_to_a_server_without_it_is_tried_once(bench: Bench, plain: str) -> None:
    with pytest.raises(ProviderUnavailable, match="whether the base_url has to begin with http://") as caught:
        await bench.build(base_url=bench.vendor.address(f"https://{plain}")).complete(TEXT, Fruit)
    assert bench.waits.seconds == []
    assert_fit_to_be_shown(caught.value)


@TRUSTING
async def test_a_certificate_that_nobody_vouches_for_is_tried_once(bench: Bench, pem: Path) -> None:
    server = Wire()
    await server.start(served_with(pem))
    try:
        with pytest.raises(ProviderUnavailable, match="check its certificate") as caught:
            await bench.build(base_url=bench.vendor.address(server.url)).complete(TEXT)
    finally:
        await server.stop()
    assert bench.waits.seconds == []
    assert server.requests == []
    assert_fit_to_be_shown(caught.value)


@TRUSTING
async def test_authorities_are_those_that_the_environment_names_now(
    bench: Bench, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Wire()
    await server.start(served_with(pem))
    address = bench.vendor.address(server.url)
    try:
        with pytest.raises(ProviderUnavailable, match="check its certificate"):
            await bench.build(base_url=address).complete(TEXT)
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        server.will(Answer({"message": "no"}, 400))
        with pytest.raises(LLMError):
            await bench.build(base_url=address).complete(TEXT)
    finally:
        await server.stop()
    assert server.requests


@pytest.mark.parametrize("transport", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_authorities_are_loaded_once(transport: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = authorities(transport)
    monkeypatch.delenv("SSL_CERT_FILE")
    assert authorities(transport) is authorities(transport) is not ours


def test_with_a_key_nobody_is_asked_for_credentials(connects: Connects, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_EC2_METADATA_DISABLED", "AWS_ACCESS_KEY_ID", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    before = connects.to(("169.254.169.254", 80))
    BedrockModel("m", api_key=KEY, region="us-east-1")
    assert connects.to(("169.254.169.254", 80)) == before
