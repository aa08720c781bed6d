"""What is special about DeepSeek. The numbers are those of the contract's cases."""

import pytest

from tests.llm.providers.bench import PNG, TEXT, Bench, Fruit, on
from tests.llm.providers.doubles.deepseek import DeepSeekDouble
from webhand.errors import OutputInvalid, Overloaded, QuotaExhausted
from webhand.llm.messages import Image, Text, UserMessage
from webhand.llm.model import ModelSettings, Usage
from webhand.llm.retry import RetryPolicy

pytestmark = on("deepseek")
CALM = ModelSettings(reasoning="none")


async def test_case_37_it_is_asked_by_json_object_in_words_and_without_pictures(bench: Bench[DeepSeekDouble]) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig"}'))
    done = await bench.build().complete([UserMessage(parts=(Text("look"), Image(data=PNG)))], Fruit)
    assert (done.output, done.rung) == (Fruit(name="fig"), "json_object")
    [request] = bench.wire.requests
    assert request.body["response_format"] == {"type": "json_object"}
    system, user = bench.vendor.texts(request)
    assert "JSON" in system
    assert '"count"' in system
    assert user.startswith("look\n")
    assert "image" not in str(request.body)


async def test_case_37_without_thoughts_a_tool_is_forced_first(bench: Bench[DeepSeekDouble]) -> None:
    bench.wire.will(bench.vendor.tool('{"name": "fig"}'))
    done = await bench.build(settings=CALM).complete(TEXT, Fruit)
    assert (done.output, done.rung) == (Fruit(name="fig"), "forced_tool")
    [request] = bench.wire.requests
    assert bench.vendor.rung(request) == "forced_tool"
    assert request.body["tool_choice"]["function"]["name"] == request.body["tools"][0]["function"]["name"]
    assert "response_format" not in request.body
    assert "strict" not in str(request.body["tools"])


async def test_case_37_without_thoughts_it_steps_down_to_json_object(bench: Bench[DeepSeekDouble]) -> None:
    bench.wire.will(bench.vendor.reply("no fruit today"))
    with pytest.raises(OutputInvalid):
        await bench.build(settings=CALM).complete(TEXT, Fruit)
    asked = [bench.vendor.rung(request) for request in bench.wire.requests]
    assert asked == ["forced_tool", "forced_tool", "json_object"]


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [("minimal", "low"), ("low", "low"), ("medium", "high"), ("high", "high"), ("xhigh", "max"), ("max", "max")],
)
async def test_effort_is_put_in_the_words_that_it_knows(bench: Bench[DeepSeekDouble], wanted: str, sent: str) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(settings=ModelSettings.model_validate({"reasoning": wanted})).complete(TEXT)
    body = bench.wire.requests[0].body
    assert body["reasoning_effort"] == sent
    assert "thinking" not in body


async def test_thoughts_can_be_turned_off_and_are_the_vendors_choice_otherwise(bench: Bench[DeepSeekDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(settings=CALM).complete(TEXT)
    await bench.build().complete(TEXT)
    off, unsaid = (request.body for request in bench.wire.requests)
    assert off["thinking"] == {"type": "disabled"}
    assert "reasoning_effort" not in off
    assert not {"thinking", "reasoning_effort"} & set(unsaid)


async def test_case_38_thoughts_are_never_the_answer(bench: Bench[DeepSeekDouble]) -> None:
    thought = bench.vendor.choice({"content": "", "reasoning_content": '{"name": "draft"}'})
    bench.wire.will(thought, bench.vendor.reply('{"name": "fig"}'))
    done = await bench.build().complete(TEXT, Fruit)
    assert done.output == Fruit(name="fig")
    assert len(bench.wire.requests) == 2
    assert "draft" not in str(bench.wire.requests[1].body)


async def test_case_38_thoughts_are_not_in_free_text(bench: Bench[DeepSeekDouble]) -> None:
    bench.wire.will(bench.vendor.choice({"content": "a fig", "reasoning_content": "perhaps a date"}))
    assert (await bench.build().complete(TEXT)).text == "a fig"
    assert len(bench.wire.requests) == 1


async def test_case_39_an_empty_account_is_told_once(bench: Bench[DeepSeekDouble]) -> None:
    bench.wire.will(bench.vendor.error(402, "Insufficient Balance", "invalid_request_error"))
    with pytest.raises(QuotaExhausted, match="Insufficient Balance"):
        await bench.build().complete(TEXT)
    assert len(bench.wire.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_case_39_what_passes_is_tried_again(bench: Bench[DeepSeekDouble], status: int) -> None:
    bench.wire.will(bench.vendor.error(status, "busy"), bench.vendor.reply("ok"))
    done = await bench.build(retry=RetryPolicy(attempts=2, sleep=bench.waits)).complete(TEXT)
    assert done.text == "ok"
    assert len(bench.wire.requests) == 2


@pytest.mark.parametrize(
    "told",
    [
        {"prompt_cache_hit_tokens": 8, "prompt_cache_miss_tokens": 2},
        {"prompt_tokens_details": {"cached_tokens": 8}},
        {"prompt_cache_hit_tokens": 8, "prompt_tokens_details": {"cached_tokens": 8}},
    ],
    ids=["at the top", "in the details", "both"],
)
async def test_case_39_cache_hits_are_counted_wherever_they_stand(
    bench: Bench[DeepSeekDouble], told: dict[str, object]
) -> None:
    thought = {"completion_tokens_details": {"reasoning_tokens": 3}}
    usage = {"prompt_tokens": 10, "completion_tokens": 5, **told, **thought}
    bench.wire.will(bench.vendor.choice({"content": "ok"}, usage=usage))
    done = await bench.build().complete(TEXT)
    assert done.usage == Usage(prompt=10, cached=8, completion=5, reasoning=3)
    assert len(bench.wire.requests) == 1


async def test_an_answer_that_the_server_broke_off_is_asked_for_again(bench: Bench[DeepSeekDouble]) -> None:
    usage = {"prompt_tokens": 11, "completion_tokens": 7}
    broken = bench.vendor.choice({"content": '{"name": "fi'}, "insufficient_system_resource", usage=usage)
    bench.wire.will(broken, bench.vendor.reply('{"name": "fig"}'), broken)
    done = await bench.build().complete(TEXT, Fruit)
    assert (done.output, done.usage) == (Fruit(name="fig"), Usage(prompt=22, completion=14))
    with pytest.raises(Overloaded, match="insufficient_system_resource"):
        await bench.build(retry=RetryPolicy(attempts=2, sleep=bench.waits)).complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 4


async def test_both_spellings_of_the_address_work(bench: Bench[DeepSeekDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    for ending in ("", "/", "/v1"):
        await bench.build(base_url=bench.wire.url + ending).complete(TEXT)
    paths = [request.path for request in bench.wire.requests]
    assert paths == ["/chat/completions", "/chat/completions", "/v1/chat/completions"]
