"""What is special about OpenAI. The numbers are those of the contract's cases."""

from typing import Generic, TypeVar

import pytest
from pydantic import BaseModel

from tests.llm.providers.bench import TEXT, Bench, Fruit, on
from tests.llm.providers.double import KEY
from tests.llm.providers.doubles.openai import OpenAIDouble
from webhand.errors import ContentBlocked, Refused
from webhand.llm.messages import SystemMessage, Text
from webhand.llm.model import ModelSettings, Usage

pytestmark = on("openai")

X = TypeVar("X")


class Box(BaseModel, Generic[X]):
    content: X
    title: str = "box"


async def test_case_01_the_body_holds_what_is_needed_and_nothing_else(bench: Bench[OpenAIDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build().complete([SystemMessage(parts=(Text("be kind"),)), *TEXT])
    assert bench.wire.requests[0].body == {
        "model": "gpt-6-luna",
        "messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hello"}],
        "max_completion_tokens": 8192,
    }


async def test_case_23_the_schema_is_strict_and_its_name_clean(bench: Bench[OpenAIDouble]) -> None:
    bench.wire.will(bench.vendor.reply('{"content": 1, "title": "t"}'))
    done = await bench.build().complete(TEXT, Box[int])
    told = bench.wire.requests[0].body["response_format"]
    assert told["type"] == "json_schema"
    assert told["json_schema"]["strict"] is True
    assert all(sign.isalnum() or sign in "_-" for sign in told["json_schema"]["name"])
    assert done.output == Box[int](content=1, title="t")


async def test_case_24_the_schema_is_compiled_for_strict_mode(bench: Bench[OpenAIDouble]) -> None:
    bench.wire.will(bench.vendor.reply('{"content": 1, "title": "t"}'))
    await bench.build().complete(TEXT, Box[int])
    schema = bench.wire.requests[0].body["response_format"]["json_schema"]["schema"]
    assert schema["additionalProperties"] is False
    assert sorted(schema["required"]) == sorted(schema["properties"]) == ["content", "title"]


@pytest.mark.parametrize("output", [None, Fruit])
async def test_case_26_a_refusal_is_told_once(bench: Bench[OpenAIDouble], output: type[Fruit] | None) -> None:
    bench.wire.will(bench.vendor.choice({"content": None, "refusal": "no"}))
    with pytest.raises(Refused, match="no"):
        await bench.build().complete(TEXT, output)
    assert len(bench.wire.requests) == 1


async def test_case_28_a_filtered_answer_is_blocked(bench: Bench[OpenAIDouble]) -> None:
    bench.wire.will(bench.vendor.choice({"content": ""}, "content_filter"))
    with pytest.raises(ContentBlocked):
        await bench.build().complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 1


async def test_case_31_a_refused_schema_is_asked_for_by_tool_from_then_on(bench: Bench[OpenAIDouble]) -> None:
    refusal = bench.vendor.error(400, "Invalid schema for response_format 'Fruit': no")
    bench.wire.will(refusal, bench.vendor.tool('{"name": "fig", "count": 2}'))
    model = bench.build()

    first = await model.complete(TEXT, Fruit)
    second = await model.complete(TEXT, Fruit)

    assert first.output == second.output == Fruit(name="fig", count=2)
    assert (first.rung, first.text) == ("forced_tool", '{"name": "fig", "count": 2}')
    bodies = [request.body for request in bench.wire.requests]
    assert [("response_format" in body, "tools" in body) for body in bodies] == [
        (True, False),
        (False, True),
        (False, True),
    ]
    name = bodies[1]["tools"][0]["function"]["name"]
    assert bodies[1]["tool_choice"] == {"type": "function", "function": {"name": name}}
    assert bodies[1]["parallel_tool_calls"] is False


async def test_case_31_one_refused_schema_says_nothing_about_another(bench: Bench[OpenAIDouble]) -> None:
    refusal = bench.vendor.error(400, "Invalid schema for response_format")
    bench.wire.will(refusal, bench.vendor.tool('{"name": "fig"}'), bench.vendor.reply('{"content": 1, "title": "t"}'))
    model = bench.build()
    await model.complete(TEXT, Fruit)
    assert (await model.complete(TEXT, Box[int])).rung == "native_schema"


async def test_case_32_a_thinking_model_gets_effort_and_no_temperature(bench: Bench[OpenAIDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(settings=ModelSettings(temperature=0.0, reasoning="low")).complete(TEXT)
    body = bench.wire.requests[0].body
    assert "temperature" not in body
    assert "max_tokens" not in body
    assert body["max_completion_tokens"] == 8192
    assert body["reasoning_effort"] == "low"


async def test_case_32_a_plain_model_gets_temperature_and_no_effort(bench: Bench[OpenAIDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    settings = ModelSettings(temperature=0.0, reasoning="low")
    await bench.build("gpt-4o-2024-08-06", settings=settings).complete(TEXT)
    body = bench.wire.requests[0].body
    assert body["temperature"] == 0.0
    assert "reasoning_effort" not in body


async def test_case_33_usage_counts_caches_and_thoughts(bench: Bench[OpenAIDouble]) -> None:
    usage = {
        "prompt_tokens": 10,
        "completion_tokens": 5,
        "prompt_tokens_details": {"cached_tokens": 4},
        "completion_tokens_details": {"reasoning_tokens": 2},
    }
    bench.wire.will(bench.vendor.choice({"content": "ok"}, usage=usage))
    done = await bench.build().complete(TEXT)
    assert done.usage == Usage(prompt=10, cached=4, completion=5, reasoning=2)


async def test_case_19_usage_that_is_nonsense_is_unknown(bench: Bench[OpenAIDouble]) -> None:
    usage = {"prompt_tokens": "many", "completion_tokens": True, "prompt_tokens_details": None}
    bench.wire.will(bench.vendor.choice({"content": "ok"}, usage=usage))
    assert (await bench.build().complete(TEXT)).usage == Usage()


async def test_an_older_model_starts_with_a_tool(bench: Bench[OpenAIDouble]) -> None:
    bench.wire.will(bench.vendor.tool({"name": "fig"}))
    done = await bench.build("gpt-4-turbo").complete(TEXT, Fruit)
    assert (done.output, done.rung) == (Fruit(name="fig"), "forced_tool")


async def test_the_environment_may_name_key_and_address(
    bench: Bench[OpenAIDouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", bench.wire.url + "/v1")
    bench.wire.will(bench.vendor.reply("ok"))
    assert (await bench.build(api_key=None, base_url=None).complete(TEXT)).text == "ok"
