"""What is special about Ollama's own API. The numbers are those of the contract's cases."""

import asyncio
import json
from typing import Any

import pytest

from tests.llm.providers.bench import PNG, TEXT, Bench, Fruit, on
from tests.llm.providers.closed import Closed
from tests.llm.providers.doubles.ollama import OllamaDouble, shown
from tests.llm.providers.wire import Answer
from webhand.errors import ContextTooLong, InvalidSetting, ModelNotFound, OutputTruncated, ProviderUnavailable
from webhand.llm.catalog import get_model
from webhand.llm.messages import Image, Text, UserMessage
from webhand.llm.model import Abilities, ModelSettings, Usage
from webhand.llm.providers.ollama import OllamaModel
from webhand.llm.retry import RetryPolicy

pytestmark = on("ollama")
Ollama = Bench[OllamaDouble]


def plain(bench: Ollama) -> None:
    """The server answers what it is asked of a model out of the script, as everything else."""
    bench.wire.aside = lambda _: None


async def test_case_60_the_body_has_everything_that_only_this_api_knows(bench: Ollama) -> None:
    plain(bench)
    bench.wire.will(shown("completion", "vision"), bench.vendor.reply('{"name": "fig"}'))
    settings = ModelSettings(max_tokens=500, temperature=0.2)
    model = bench.build(num_ctx=20_000, keep_alive="5m", settings=settings)

    done = await model.complete(TEXT, Fruit)

    assert (done.output, done.usage) == (Fruit(name="fig"), Usage(prompt=11, completion=7))
    show, chat = bench.wire.requests
    assert (show.path, show.body) == ("/api/show", {"model": "qwen3-vl:8b"})
    schema = chat.body.pop("format")
    told = chat.body["messages"].pop(0)  # `format` guides what is written, and the model does not read it
    assert told["role"] == "system"
    assert told["content"].endswith(json.dumps(schema))
    assert chat.path == "/api/chat"
    assert chat.body == {
        "model": "qwen3-vl:8b",
        "messages": [{"role": "user", "content": "hello"}],
        "stream": False,
        "truncate": False,
        "shift": False,
        "options": {"num_ctx": 20_000, "num_predict": 500, "temperature": 0.2},
        "keep_alive": "5m",
    }
    assert schema["properties"]["name"]["type"] == "string"
    assert schema["type"] == "object"


async def test_case_60_the_prefix_of_a_data_address_is_taken_off(bench: Ollama) -> None:
    bench.wire.will(bench.vendor.reply("a fig"))
    address = "data:image/png;base64," + "iVBORw0KGgoAAAAAAAAAAAAAAAAAAAAA"
    await bench.build().complete([UserMessage(parts=(Text("look"), Image(url=address)))])
    [request] = bench.wire.requests
    assert request.body["messages"] == [{"role": "user", "content": "look", "images": [address.partition(",")[2]]}]


async def test_case_60_a_model_that_is_not_there_is_to_be_pulled(bench: Ollama) -> None:
    plain(bench)
    bench.wire.will(bench.vendor.trouble("no_model"))
    with pytest.raises(ModelNotFound, match=r"ollama pull qwen3-vl:8b.*404"):
        await bench.build().complete(TEXT)
    assert [request.path for request in bench.wire.requests] == ["/api/show"]


async def test_case_60_a_model_that_goes_away_later_is_to_be_pulled_too(bench: Ollama) -> None:
    bench.wire.will(bench.vendor.reply("ok"), bench.vendor.trouble("no_model"))
    model = bench.build()
    await model.complete(TEXT)
    with pytest.raises(ModelNotFound, match="ollama pull"):
        await model.complete(TEXT)
    assert len(bench.wire.requests) == 2


async def test_case_60_a_server_that_is_not_there_is_named(bench: Ollama, closed: Closed) -> None:
    with pytest.raises(ProviderUnavailable, match=rf"{closed.host}.*ollama serve"):
        await bench.build(base_url=f"http://{closed.host}", retry=RetryPolicy(attempts=1)).complete(TEXT)
    assert closed.tries == 1


async def test_case_60_a_cut_answer_is_truncated(bench: Ollama) -> None:
    bench.wire.will(bench.vendor.cut('{"name": "f'))
    with pytest.raises(OutputTruncated):
        await bench.build().complete(TEXT, Fruit)
    assert [request.body["options"]["num_predict"] for request in bench.wire.requests] == [8192, 16384]


async def test_case_52_an_answer_that_fills_the_context_is_too_long(bench: Ollama) -> None:
    bench.wire.will(bench.vendor.message({"content": '{"na'}, "length", prompt_eval_count=990, eval_count=10))
    with pytest.raises(ContextTooLong, match="num_ctx is 1000"):
        await bench.build(num_ctx=1000).complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 1


async def test_abilities_are_asked_once_and_remembered(bench: Ollama) -> None:
    plain(bench)
    bench.wire.will(shown("completion", "tools", "thinking", length=8_000), bench.vendor.reply("ok"))
    model = bench.build(settings=ModelSettings(reasoning="none"))
    assert model.abilities.vision, "until the server is asked, anything may be sent"

    await asyncio.gather(*(model.complete([UserMessage(parts=(Image(data=PNG),))]) for _ in range(5)))
    await model.aclose()
    await model.complete(TEXT)

    assert [request.path for request in bench.wire.requests] == ["/api/show", *["/api/chat"] * 6]
    assert model.abilities == Abilities(vision=False, reasoning=True, context=8_000)
    first = bench.wire.requests[1].body
    assert "images" not in str(first)
    assert (first["options"]["num_ctx"], first["think"]) == (8_000, False)


async def test_a_server_that_is_down_is_asked_once_for_all_who_wait(bench: Ollama) -> None:
    """Else they would fail one after the other, each after all its attempts."""
    plain(bench)
    bench.wire.will(Answer(drop=0))
    model = bench.build(retry=RetryPolicy(attempts=2, sleep=bench.waits))
    given_up, *calls = [asyncio.create_task(model.complete(TEXT)) for _ in range(9)]
    await asyncio.sleep(0)
    given_up.cancel()
    ends = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(end) for end in ends] == [ProviderUnavailable] * 8
    assert [request.path for request in bench.wire.requests] == ["/api/show"] * 2
    with pytest.raises(ProviderUnavailable):
        await model.complete(TEXT)
    assert len(bench.wire.requests) == 4, "who comes later asks anew"


async def test_who_asks_again_at_once_is_not_told_the_same_failure(bench: Ollama) -> None:
    """The others who waited for it have not heard of it by then."""
    plain(bench)
    bench.wire.will(Answer(drop=0), shown("completion"), bench.vendor.reply("ok"))
    model = bench.build(retry=RetryPolicy(attempts=1))

    async def stubborn() -> str:
        with pytest.raises(ProviderUnavailable):
            await model.complete(TEXT)
        return (await model.complete(TEXT)).text

    assert await asyncio.gather(*(stubborn() for _ in range(3))) == ["ok"] * 3
    assert [request.path for request in bench.wire.requests].count("/api/show") == 2


@pytest.mark.parametrize("told", [Answer({"error": "what?"}, 405), Answer({"license": "MIT"}), Answer(b"<html>", 500)])
async def test_a_server_that_cannot_say_what_a_model_can_do_is_not_asked_again(bench: Ollama, told: Answer) -> None:
    plain(bench)
    bench.wire.will(told, bench.vendor.reply("ok"))
    model = bench.build()
    await model.complete(TEXT)
    await model.complete(TEXT)
    assert [request.path for request in bench.wire.requests] == ["/api/show", "/api/chat", "/api/chat"]
    assert model.abilities == Abilities(context=32_768)


async def test_a_server_that_is_asked_while_it_starts_is_asked_again(bench: Ollama) -> None:
    plain(bench)
    bench.wire.will(Answer(drop=0), shown("completion"), bench.vendor.reply("ok"))
    model = bench.build()
    assert (await model.complete(TEXT)).text == "ok"
    assert len(bench.waits.seconds) == 1
    assert not model.abilities.vision


async def test_abilities_that_the_caller_says_are_not_asked_for(bench: Ollama) -> None:
    plain(bench)
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(abilities=Abilities(vision=False)).complete(TEXT)
    assert [request.path for request in bench.wire.requests] == ["/api/chat"]


@pytest.mark.parametrize(
    ("model", "reasoning", "think"),
    [
        ("qwen3:8b", None, None),
        ("qwen3:8b", "none", False),
        ("qwen3:8b", "high", True),
        ("gpt-oss:20b", "xhigh", "high"),
        ("gpt-oss:20b", "minimal", "low"),
    ],
)
async def test_thinking_is_asked_for_in_the_models_way(
    bench: Ollama, model: str, reasoning: Any, think: bool | str | None
) -> None:
    plain(bench)
    thought = bench.vendor.message({"content": "ok", "thinking": '{"name": "draft"}'})
    bench.wire.will(shown("completion", "thinking"), thought)
    assert (await bench.build(model, settings=ModelSettings(reasoning=reasoning)).complete(TEXT)).text == "ok"
    assert bench.wire.requests[-1].body.get("think") == think


async def test_a_model_in_the_cloud_is_asked_in_words(bench: Ollama) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig"}'))
    assert (await bench.build("gpt-oss:120b-cloud").complete(TEXT, Fruit)).rung == "prompt_only"
    assert "format" not in bench.wire.requests[0].body


async def test_a_server_with_a_fault_is_not_taken_for_one_that_refuses_a_schema(bench: Ollama) -> None:
    bench.wire.will(bench.vendor.error(500, "model requires more system memory (9 GiB) than is available"))
    with pytest.raises(ProviderUnavailable, match="more system memory"):
        await bench.build(retry=RetryPolicy(attempts=2, sleep=bench.waits)).complete(TEXT, Fruit)
    assert [bench.vendor.rung(request) for request in bench.wire.requests] == ["native_schema"] * 2


@pytest.mark.parametrize(
    ("host", "url"),
    [
        (None, "http://127.0.0.1:11434"),
        ("box", "http://box:11434"),
        ("box:80/ollama", "http://box:80/ollama"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        (":5000", "http://127.0.0.1:5000"),
        ("[::1]:7", "http://[::1]:7"),
        ("https://box/api", "https://box"),
        ("anna:pa@ss@box", "http://box:11434"),
        ("anna:pass@[::1]:7/x", "http://[::1]:7/x"),
    ],
)
def test_the_address_is_read_as_ollama_writes_it(
    bench: Ollama, monkeypatch: pytest.MonkeyPatch, host: str | None, url: str
) -> None:
    if host is not None:
        monkeypatch.setenv("OLLAMA_HOST", host)
    model = get_model("ollama/llama3.2")
    assert isinstance(model, OllamaModel)
    assert model.endpoint.base_url == url
    assert (model.endpoint.login is not None) is ("@" in (host or ""))
    assert model.timeout == 300


def test_what_cannot_work_is_told(bench: Ollama, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidSetting, match="num_ctx"):
        bench.build(num_ctx=0)
    for host in ("box:port", "[::1"):
        monkeypatch.setenv("OLLAMA_HOST", host)
        with pytest.raises(InvalidSetting, match="in OLLAMA_HOST begins with neither"):
            bench.build(base_url=None)
    for suffix in ("/v1", "/api", "/"):
        assert bench.build(base_url=f"http://box{suffix}").endpoint.base_url == "http://box"


def test_case_22_a_variable_that_holds_nothing_is_no_key(bench: Ollama, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", " ")
    assert bench.build(api_key=None).endpoint.key is None
