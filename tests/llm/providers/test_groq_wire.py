"""What is special about Groq. The numbers are those of the contract's cases."""

from typing import Any

import pytest
from pydantic import BaseModel

from tests.llm.providers.conftest import KEY, PNG, Answer, Bench, Fruit
from webhand.errors import ContextTooLong, OutputInvalid, Overloaded, RateLimited, UnsupportedInput
from webhand.llm.messages import Image, Text, UserMessage
from webhand.llm.model import ModelSettings, Usage
from webhand.llm.retry import RetryPolicy

TEXT = [UserMessage(parts=(Text("hello"),))]
OSS = "openai/gpt-oss-120b"


class Tree(BaseModel):
    name: str
    below: list["Tree"] = []


class Pick(BaseModel):
    ref: str


def spoilt(code: str, written: object) -> Answer:
    told: dict[str, Any] = {"message": "Failed to generate JSON. See 'failed_generation'.", "type": "x", "code": code}
    if written is not None:
        told["failed_generation"] = written
    return Answer({"error": told}, 400)


@pytest.mark.parametrize("blind", ["note", "refuse"])
async def test_04_a_model_without_vision_gets_a_note_or_nothing(groq_bench: Bench, blind: str) -> None:
    groq_bench.wire.will(groq_bench.vendor.reply("ok"))
    call = groq_bench.build(OSS, pictures=blind).complete([UserMessage(parts=(Text("look"), Image(data=PNG)))])
    if blind == "refuse":
        with pytest.raises(UnsupportedInput, match="vision"):
            await call
        assert groq_bench.wire.requests == []
        return
    await call
    [text] = groq_bench.vendor.texts(groq_bench.wire.requests[0])
    assert text.startswith("look\n")
    assert "left out" in text
    assert "image" not in str(groq_bench.wire.requests[0].body)


@pytest.mark.parametrize(("model", "strict"), [(OSS, True), ("moonshotai/kimi-k2-instruct", False)])
async def test_44_schema_models_are_held_as_firmly_as_they_can_be(groq_bench: Bench, model: str, strict: bool) -> None:
    groq_bench.wire.will(groq_bench.vendor.reply('{"name": "fig", "count": 1}'))
    await groq_bench.build(model).complete(TEXT, Fruit)
    body = groq_bench.wire.requests[0].body
    assert body["response_format"]["json_schema"]["strict"] is strict
    assert "tools" not in body


async def test_44_llama_is_asked_by_tool_and_never_with_a_format_too(groq_bench: Bench) -> None:
    groq_bench.wire.will(groq_bench.vendor.reply("nonsense"))
    with pytest.raises(OutputInvalid):
        await groq_bench.build("llama-3.3-70b-versatile").complete(TEXT, Fruit)
    asked = [("tools" in request.body, "response_format" in request.body) for request in groq_bench.wire.requests]
    assert asked == [(True, False), (True, False), (False, True)]


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("json_validate_failed", 'Here:\n```json\n{"ref": "e1"}\n```'),
        ("tool_use_failed", '<function=out>{"ref": "e1"}</function>'),
        ("tool_use_failed", '<function=out={"ref": "e1"}</function>'),
        ("tool_use_failed", '{"name": "out", "arguments": {"ref": "e1"}}'),
        ("tool_use_failed", {"ref": "e1"}),
    ],
)
async def test_45_46_a_good_answer_is_rescued_from_the_error(groq_bench: Bench, code: str, written: object) -> None:
    groq_bench.wire.will(spoilt(code, written))
    done = await groq_bench.build(OSS).complete(TEXT, Pick)
    assert done.output == Pick(ref="e1")
    assert done.usage == Usage()
    assert (done.stop, done.raw_stop) == ("error", code)
    assert len(groq_bench.wire.requests) == 1
    assert groq_bench.waits.seconds == []


@pytest.mark.parametrize("written", [None, "", "There is no fruit"])
async def test_47_a_useless_answer_is_asked_for_again_and_cooler(groq_bench: Bench, written: str | None) -> None:
    groq_bench.wire.will(spoilt("json_validate_failed", written))
    with pytest.raises(OutputInvalid) as caught:
        await groq_bench.build(OSS).complete(TEXT, Fruit)
    assert caught.value.raw == (written or "")
    heat = [request.body.get("temperature") for request in groq_bench.wire.requests]
    assert heat == [None, 0.5, 0.2]


async def test_47_a_temperature_that_was_set_is_never_raised(groq_bench: Bench) -> None:
    groq_bench.wire.will(spoilt("json_validate_failed", "?"), groq_bench.vendor.reply('{"name": "fig", "count": 1}'))
    await groq_bench.build(OSS, settings=ModelSettings(temperature=0.1)).complete(TEXT, Fruit)
    assert [request.body["temperature"] for request in groq_bench.wire.requests] == [0.1, 0.1]


async def test_48_a_request_too_large_is_told_once(groq_bench: Bench) -> None:
    groq_bench.wire.will(groq_bench.vendor.error(413, "Request too large for model: tokens per minute (TPM)"))
    with pytest.raises(ContextTooLong):
        await groq_bench.build().complete(TEXT)
    assert len(groq_bench.wire.requests) == 1


async def test_48_no_capacity_is_tried_again(groq_bench: Bench) -> None:
    groq_bench.wire.will(groq_bench.vendor.error(498, "capacity exceeded"))
    with pytest.raises(Overloaded):
        await groq_bench.build(retry=RetryPolicy(attempts=2, sleep=groq_bench.waits)).complete(TEXT)
    assert len(groq_bench.wire.requests) == 2


async def test_08_the_limit_that_is_used_up_says_how_long(groq_bench: Bench) -> None:
    headers = {
        "x-ratelimit-remaining-requests": "900",
        "x-ratelimit-reset-requests": "2m59.56s",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "7.66s",
    }
    groq_bench.wire.will(groq_bench.vendor.error(429, "slow down", headers=headers))
    with pytest.raises(RateLimited):
        await groq_bench.build(retry=RetryPolicy(attempts=2, sleep=groq_bench.waits)).complete(TEXT)
    assert groq_bench.waits.seconds == [7.66]


@pytest.mark.parametrize("suffix", ["", "/", "/openai/v1", "/openai/v1/"])
async def test_the_address_may_be_given_with_or_without_its_path(
    groq_bench: Bench, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    groq_bench.wire.will(groq_bench.vendor.reply("ok"))
    await groq_bench.build(base_url=groq_bench.wire.url + suffix).complete(TEXT)
    monkeypatch.setenv("GROQ_BASE_URL", groq_bench.wire.url + suffix)
    await groq_bench.build(base_url=None).complete(TEXT)
    assert [request.path for request in groq_bench.wire.requests] == ["/openai/v1/chat/completions"] * 2


async def test_effort_is_put_in_the_words_that_groq_knows(groq_bench: Bench) -> None:
    groq_bench.wire.will(groq_bench.vendor.reply("ok"))
    await groq_bench.build(OSS, settings=ModelSettings(reasoning="max")).complete(TEXT)
    assert groq_bench.wire.requests[0].body["reasoning_effort"] == "high"


async def test_groq_names_its_requests_in_the_body(groq_bench: Bench) -> None:
    body = {"choices": [{"message": {"content": "ok"}}], "x_groq": {"id": "req_9"}}
    groq_bench.wire.will(Answer(body))
    assert (await groq_bench.build(api_key=KEY).complete(TEXT)).request_id == "req_9"


async def test_44_a_schema_that_cannot_be_written_out_is_told_in_words(groq_bench: Bench) -> None:
    groq_bench.wire.will(groq_bench.vendor.reply('{"name": "root", "below": [{"name": "leaf"}]}'))
    done = await groq_bench.build("llama-3.3-70b-versatile").complete(TEXT, Tree)
    assert (done.output, done.rung) == (Tree(name="root", below=[Tree(name="leaf")]), "json_object")
    assert "$defs" in groq_bench.vendor.texts(groq_bench.wire.requests[0])[0]
