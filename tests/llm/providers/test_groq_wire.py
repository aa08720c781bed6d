"""What is special about Groq. The numbers are those of the contract's cases."""

import pytest
from pydantic import BaseModel

from tests.llm.providers.bench import TEXT, Bench, Fruit, on
from tests.llm.providers.double import KEY
from tests.llm.providers.doubles.groq import GroqDouble
from tests.llm.providers.wire import Answer
from webhand.errors import ContextTooLong, OutputInvalid, Overloaded, RateLimited
from webhand.llm.model import ModelSettings, Usage
from webhand.llm.retry import RetryPolicy

pytestmark = on("groq")

OSS = "openai/gpt-oss-120b"


class Tree(BaseModel):
    name: str
    below: list["Tree"] = []


class Pick(BaseModel):
    ref: str


@pytest.mark.parametrize(("model", "strict"), [(OSS, True), ("moonshotai/kimi-k2-instruct", False)])
async def test_case_44_schema_models_are_held_as_firmly_as_they_can_be(
    bench: Bench[GroqDouble], model: str, strict: bool
) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig", "count": 1}'))
    await bench.build(model).complete(TEXT, Fruit)
    body = bench.wire.requests[0].body
    assert body["response_format"]["json_schema"]["strict"] is strict
    assert "tools" not in body


async def test_case_44_llama_is_asked_by_tool_and_never_with_a_format_too(bench: Bench[GroqDouble]) -> None:
    bench.wire.will(bench.vendor.reply("nonsense"))
    with pytest.raises(OutputInvalid):
        await bench.build("llama-3.3-70b-versatile").complete(TEXT, Fruit)
    asked = [("tools" in request.body, "response_format" in request.body) for request in bench.wire.requests]
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
async def test_case_45_46_a_good_answer_is_rescued_from_the_error(
    bench: Bench[GroqDouble], code: str, written: object
) -> None:
    bench.wire.will(bench.vendor.spoilt(code, written))
    done = await bench.build(OSS).complete(TEXT, Pick)
    assert done.output == Pick(ref="e1")
    assert done.usage == Usage()
    assert (done.stop, done.raw_stop) == ("error", code)
    assert len(bench.wire.requests) == 1
    assert bench.waits.seconds == []


@pytest.mark.parametrize("written", [None, "", "There is no fruit"])
async def test_case_47_a_useless_answer_is_asked_for_again_and_cooler(
    bench: Bench[GroqDouble], written: str | None
) -> None:
    bench.wire.will(bench.vendor.spoilt("json_validate_failed", written))
    with pytest.raises(OutputInvalid) as caught:
        await bench.build(OSS).complete(TEXT, Fruit)
    assert caught.value.raw == (written or "")
    heat = [request.body.get("temperature") for request in bench.wire.requests]
    assert heat == [None, 0.5, 0.2]


async def test_case_47_a_temperature_that_was_set_is_never_raised(bench: Bench[GroqDouble]) -> None:
    bench.wire.will(bench.vendor.spoilt("json_validate_failed", "?"), bench.vendor.reply('{"name": "fig", "count": 1}'))
    await bench.build(OSS, settings=ModelSettings(temperature=0.1)).complete(TEXT, Fruit)
    assert [request.body["temperature"] for request in bench.wire.requests] == [0.1, 0.1]


async def test_case_48_a_request_too_large_is_told_once(bench: Bench[GroqDouble]) -> None:
    bench.wire.will(bench.vendor.error(413, "Request too large for model: tokens per minute (TPM)"))
    with pytest.raises(ContextTooLong):
        await bench.build().complete(TEXT)
    assert len(bench.wire.requests) == 1


async def test_case_48_no_capacity_is_tried_again(bench: Bench[GroqDouble]) -> None:
    bench.wire.will(bench.vendor.error(498, "capacity exceeded"))
    with pytest.raises(Overloaded):
        await bench.build(retry=RetryPolicy(attempts=2, sleep=bench.waits)).complete(TEXT)
    assert len(bench.wire.requests) == 2


async def test_case_08_the_limit_that_is_used_up_says_how_long(bench: Bench[GroqDouble]) -> None:
    headers = {
        "x-ratelimit-remaining-requests": "900",
        "x-ratelimit-reset-requests": "2m59.56s",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "7.66s",
    }
    bench.wire.will(bench.vendor.error(429, "slow down", headers=headers))
    with pytest.raises(RateLimited):
        await bench.build(retry=RetryPolicy(attempts=2, sleep=bench.waits)).complete(TEXT)
    assert bench.waits.seconds == [7.66]


@pytest.mark.parametrize("suffix", ["", "/", "/openai/v1", "/openai/v1/"])
async def test_the_address_may_be_given_with_or_without_its_path(
    bench: Bench[GroqDouble], suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(base_url=bench.wire.url + suffix).complete(TEXT)
    monkeypatch.setenv("GROQ_BASE_URL", bench.wire.url + suffix)
    await bench.build(base_url=None).complete(TEXT)
    assert [request.path for request in bench.wire.requests] == ["/openai/v1/chat/completions"] * 2


async def test_effort_is_put_in_the_words_that_groq_knows(bench: Bench[GroqDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(OSS, settings=ModelSettings(reasoning="max")).complete(TEXT)
    assert bench.wire.requests[0].body["reasoning_effort"] == "high"


async def test_groq_names_its_requests_in_the_body(bench: Bench[GroqDouble]) -> None:
    body = {"choices": [{"message": {"content": "ok"}}], "x_groq": {"id": "req_9"}}
    bench.wire.will(Answer(body))
    assert (await bench.build(api_key=KEY).complete(TEXT)).request_id == "req_9"


async def test_case_44_a_schema_that_cannot_be_written_out_is_told_in_words(bench: Bench[GroqDouble]) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "root", "below": [{"name": "leaf"}]}'))
    done = await bench.build("llama-3.3-70b-versatile").complete(TEXT, Tree)
    assert (done.output, done.rung) == (Tree(name="root", below=[Tree(name="leaf")]), "json_object")
    assert "$defs" in bench.vendor.texts(bench.wire.requests[0])[0]
