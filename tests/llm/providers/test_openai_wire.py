"""What OpenAI and Azure have in common, and OpenRouter where it can. The numbers are those of the contract's cases."""

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any, Generic, Literal, TypeVar, cast

import pytest
from pydantic import BaseModel, Field

from tests.llm.providers.bench import TEXT, Bench, Fruit, on
from tests.llm.providers.double import KEY
from tests.llm.providers.doubles.openai import OpenAIDouble
from webhand.errors import ContentBlocked, Refused
from webhand.llm.messages import SystemMessage, Text
from webhand.llm.model import ModelSettings, Usage

OURS = on("openai", "azure", "azure-v1")
STRICT = on("openai", "azure", "azure-v1", "openrouter")

X = TypeVar("X")


class Box(BaseModel, Generic[X]):
    content: X
    title: str = "box"


class Apple(BaseModel):
    kind: Literal["apple"] = "apple"
    weight: float = Field(default=1, title="Weight in kg", ge=0)


class Pear(BaseModel):
    kind: Literal["pear"] = "pear"
    inside: Annotated[Apple | None, Field(description="what the pear hides")] = None


class Basket(BaseModel):
    title: str = "basket"
    fruit: list[Annotated[Apple | Pear, Field(discriminator="kind")]] = []


def subschemas(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema in a compiled one; the names of properties are no keywords."""
    if isinstance(schema, list):
        for one in cast(list[Any], schema):
            yield from subschemas(one)
    if isinstance(schema, dict):
        told = cast(dict[str, Any], schema)
        yield told
        for keyword, inner in told.items():
            yield from subschemas(list(inner.values()) if keyword in ("properties", "$defs") else inner)


@OURS
async def test_case_01_the_body_holds_what_is_needed_and_nothing_else(bench: Bench[OpenAIDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build().complete([SystemMessage(parts=(Text("be kind"),)), *TEXT])
    [request] = bench.wire.requests
    assert request.body == {
        "model": bench.vendor.model,
        "messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hello"}],
        "max_completion_tokens": 8192,
    }


@STRICT
async def test_case_23_the_schema_is_strict_and_its_name_clean(bench: Bench[OpenAIDouble]) -> None:
    bench.wire.will(bench.vendor.reply('{"content": 1, "title": "t"}'))
    done = await bench.build().complete(TEXT, Box[int])
    [request] = bench.wire.requests
    told = request.body["response_format"]
    assert told["type"] == "json_schema"
    assert told["json_schema"]["strict"] is True
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", told["json_schema"]["name"])
    assert done.output == Box[int](content=1, title="t")


@STRICT
async def test_case_24_the_schema_is_compiled_for_strict_mode(bench: Bench[OpenAIDouble]) -> None:
    basket = {"title": "t", "fruit": [{"kind": "pear", "inside": None}]}
    bench.wire.will(bench.vendor.reply(json.dumps(basket)))
    done = await bench.build().complete(TEXT, Basket)
    assert done.output == Basket(title="t", fruit=[Pear()])
    [request] = bench.wire.requests
    schema = request.body["response_format"]["json_schema"]["schema"]
    assert "title" in schema["properties"]
    schemas = list(subschemas(schema))
    assert len(schemas) > 8
    for one in schemas:
        assert not {"oneOf", "discriminator", "default", "title"} & set(one)
        assert "$ref" not in one or len(one) == 1
        if one.get("type") == "object":
            assert one["additionalProperties"] is False
            assert sorted(one["required"]) == sorted(one["properties"])


@pytest.mark.parametrize("output", [None, Fruit])
@STRICT
async def test_case_26_a_refusal_is_told_once(bench: Bench[OpenAIDouble], output: type[Fruit] | None) -> None:
    bench.wire.will(bench.vendor.choice({"content": None, "refusal": "no"}))
    with pytest.raises(Refused, match="no"):
        await bench.build().complete(TEXT, output)
    assert len(bench.wire.requests) == 1


@STRICT
async def test_case_28_a_filtered_answer_is_blocked(bench: Bench[OpenAIDouble]) -> None:
    bench.wire.will(bench.vendor.choice({"content": ""}, "content_filter"))
    with pytest.raises(ContentBlocked):
        await bench.build().complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 1


@OURS
async def test_case_31_the_tool_is_named_and_the_only_call(bench: Bench[OpenAIDouble]) -> None:
    bench.wire.will(bench.vendor.tool('{"name": "fig", "count": 2}'))
    done = await bench.build(structured="tool").complete(TEXT, Fruit)
    assert (done.output, done.text) == (Fruit(name="fig", count=2), '{"name": "fig", "count": 2}')
    [request] = bench.wire.requests
    body = request.body
    assert body["tool_choice"] == {"type": "function", "function": {"name": body["tools"][0]["function"]["name"]}}
    assert body["parallel_tool_calls"] is False


@STRICT
async def test_case_31_one_refused_schema_says_nothing_about_another(bench: Bench[OpenAIDouble]) -> None:
    refusal = bench.vendor.error(400, "Invalid schema for response_format")
    bench.wire.will(refusal, bench.vendor.tool('{"name": "fig"}'), bench.vendor.reply('{"content": 1, "title": "t"}'))
    model = bench.build()
    await model.complete(TEXT, Fruit)
    assert (await model.complete(TEXT, Box[int])).rung == "native_schema"
    asked = [bench.vendor.rung(request) for request in bench.wire.requests]
    assert asked == ["native_schema", "forced_tool", "native_schema"]


@OURS
async def test_case_32_a_thinking_model_gets_effort_and_no_temperature(bench: Bench[OpenAIDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build("gpt-6-luna", settings=ModelSettings(temperature=0.0, reasoning="low")).complete(TEXT)
    [request] = bench.wire.requests
    body = request.body
    assert "temperature" not in body
    assert "max_tokens" not in body
    assert body["max_completion_tokens"] == 8192
    assert body["reasoning_effort"] == "low"


@OURS
async def test_case_32_a_plain_model_gets_temperature_and_no_effort(bench: Bench[OpenAIDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    settings = ModelSettings(temperature=0.0, reasoning="low")
    await bench.build("gpt-4o-2024-08-06", settings=settings).complete(TEXT)
    [request] = bench.wire.requests
    body = request.body
    assert body["temperature"] == 0.0
    assert "reasoning_effort" not in body


@STRICT
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
    assert len(bench.wire.requests) == 1


@STRICT
async def test_case_19_usage_that_is_nonsense_is_unknown(bench: Bench[OpenAIDouble]) -> None:
    usage = {"prompt_tokens": "many", "completion_tokens": True, "prompt_tokens_details": None}
    bench.wire.will(bench.vendor.choice({"content": "ok"}, usage=usage))
    assert (await bench.build().complete(TEXT)).usage == Usage()
    assert len(bench.wire.requests) == 1


@OURS
async def test_an_older_model_starts_with_a_tool(bench: Bench[OpenAIDouble]) -> None:
    bench.wire.will(bench.vendor.tool({"name": "fig"}))
    done = await bench.build("gpt-4-turbo").complete(TEXT, Fruit)
    assert (done.output, done.rung) == (Fruit(name="fig"), "forced_tool")


@on("openai")
async def test_the_environment_may_name_key_and_address(
    bench: Bench[OpenAIDouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", bench.wire.url + "/v1")
    bench.wire.will(bench.vendor.reply("ok"))
    assert (await bench.build(api_key=None, base_url=None).complete(TEXT)).text == "ok"
