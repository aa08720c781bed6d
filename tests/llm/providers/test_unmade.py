"""A request that a library will not make or send is an error of ours, whatever the library raises."""

import pytest

from tests.llm.providers.bench import DOUBLES, TEXT, Bench, Fruit, on
from tests.llm.providers.double import KEY
from tests.llm.providers.test_contract_trouble import assert_fit_to_be_shown
from tests.llm.providers.test_keys import left_behind
from webhand.errors import BadRequest

OVER_HTTPX = on(*(name for name in DOUBLES if name != "bedrock"))


async def refused(bench: Bench, why: str) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    with pytest.raises(BadRequest, match=f"the request could not be made: {why}") as caught:
        await bench.models[0].complete(TEXT, Fruit)
    assert caught.value.status is None
    assert bench.wire.requests == []
    assert bench.waits.seconds == [], "it would fail the next time too"
    assert KEY not in left_behind(caught.value)
    assert_fit_to_be_shown(caught.value)


@on("openai", "anthropic", "groq")
@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("Bad Name: x", "LocalProtocolError: Illegal header name"),
        ("X-A: a\rb", "LocalProtocolError: Illegal header value"),
        ("Content-Length: 5", "LocalProtocolError: Too much data"),
    ],
)
async def test_a_header_that_comes_after_the_model_was_made(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, header: str, why: str
) -> None:
    bench.build()
    monkeypatch.setenv(f"{bench.vendor.name.upper()}_CUSTOM_HEADERS", header)
    await refused(bench, why)


@on("openai", "groq")
async def test_a_sign_that_no_header_takes_after_the_model_was_made(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.build()
    monkeypatch.setenv(f"{bench.vendor.name.upper()}_CUSTOM_HEADERS", f"X: {KEY} ü")
    await refused(bench, "UnicodeEncodeError: ")


@OVER_HTTPX
async def test_a_proxy_that_comes_after_the_model_was_made(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    bench.build()
    monkeypatch.setenv("HTTP_PROXY", f"http://anna:{KEY}@256.1.1.1:1")
    await refused(bench, "InvalidURL: Invalid IPv4 address")


@OVER_HTTPX
async def test_authorities_that_are_not_there(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.build()
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such/authorities.pem")
    await refused(bench, "FileNotFoundError: ")


@on("ollama")
async def test_an_argument_that_the_library_cannot_write(bench: Bench) -> None:
    bench.build(keep_alive="\ud800")
    await refused(bench, "UnicodeEncodeError: ")
