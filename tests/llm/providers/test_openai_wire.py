"""What is special about OpenAI and servers that speak its dialect. The numbers are those of the contract's cases."""

from typing import Any, Generic, TypeVar

import pytest
from pydantic import BaseModel

from tests.llm.providers.conftest import KEY, Answer, Bench, Fruit
from webhand.errors import (
    BadRequest,
    ContentBlocked,
    InvalidSetting,
    MissingKey,
    Overloaded,
    QuotaExhausted,
    RateLimited,
    Refused,
    SchemaRefused,
)
from webhand.llm.messages import SystemMessage, Text, UserMessage
from webhand.llm.model import Abilities, ModelSettings, Usage
from webhand.llm.retry import RetryPolicy

TEXT = [UserMessage(parts=(Text("hello"),))]
X = TypeVar("X")


class Box(BaseModel, Generic[X]):
    content: X
    title: str = "box"


def choice(message: dict[str, Any], stop: str = "stop", **more: Any) -> Answer:
    return Answer({"choices": [{"message": message, "finish_reason": stop, **more}]})


def tool(arguments: object) -> Answer:
    return choice({"content": None, "tool_calls": [{"function": {"name": "Fruit", "arguments": arguments}}]}, "stop")


async def test_01_the_body_holds_what_is_needed_and_nothing_else(openai_bench: Bench) -> None:
    openai_bench.wire.will(openai_bench.vendor.reply("ok"))
    await openai_bench.build().complete([SystemMessage(parts=(Text("be kind"),)), *TEXT])
    assert openai_bench.wire.requests[0].body == {
        "model": "gpt-6-luna",
        "messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hello"}],
        "max_completion_tokens": 8192,
    }


async def test_23_the_schema_is_strict_and_its_name_clean(openai_bench: Bench) -> None:
    openai_bench.wire.will(openai_bench.vendor.reply('{"content": 1, "title": "t"}'))
    done = await openai_bench.build().complete(TEXT, Box[int])
    told = openai_bench.wire.requests[0].body["response_format"]
    assert told["type"] == "json_schema"
    assert told["json_schema"]["strict"] is True
    assert all(sign.isalnum() or sign in "_-" for sign in told["json_schema"]["name"])
    assert done.output == Box[int](content=1, title="t")


async def test_24_the_schema_is_compiled_for_strict_mode(openai_bench: Bench) -> None:
    openai_bench.wire.will(openai_bench.vendor.reply('{"content": 1, "title": "t"}'))
    await openai_bench.build().complete(TEXT, Box[int])
    schema = openai_bench.wire.requests[0].body["response_format"]["json_schema"]["schema"]
    assert schema["additionalProperties"] is False
    assert sorted(schema["required"]) == sorted(schema["properties"]) == ["content", "title"]


async def test_25_null_for_a_field_with_a_default_is_the_default(openai_bench: Bench) -> None:
    openai_bench.wire.will(openai_bench.vendor.reply('{"name": "fig", "count": null}'))
    assert (await openai_bench.build().complete(TEXT, Fruit)).output == Fruit(name="fig", count=1)


@pytest.mark.parametrize("output", [None, Fruit])
async def test_26_a_refusal_is_told_once(openai_bench: Bench, output: type[Fruit] | None) -> None:
    openai_bench.wire.will(choice({"content": None, "refusal": "no"}))
    with pytest.raises(Refused, match="no"):
        await openai_bench.build().complete(TEXT, output)
    assert len(openai_bench.wire.requests) == 1


async def test_28_a_filtered_answer_is_blocked(openai_bench: Bench) -> None:
    openai_bench.wire.will(choice({"content": ""}, "content_filter"))
    with pytest.raises(ContentBlocked):
        await openai_bench.build().complete(TEXT, Fruit)
    assert len(openai_bench.wire.requests) == 1


async def test_28_a_filtered_prompt_is_blocked(openai_bench: Bench) -> None:
    openai_bench.wire.will(openai_bench.vendor.error(400, "filtered", "content_filter"))
    with pytest.raises(ContentBlocked):
        await openai_bench.build().complete(TEXT)


@pytest.mark.parametrize(("status", "code"), [(429, "insufficient_quota"), (402, "insufficient_balance")])
async def test_30_an_empty_account_is_told_once(openai_bench: Bench, status: int, code: str) -> None:
    openai_bench.wire.will(openai_bench.vendor.error(status, "You exceeded your current quota", code))
    with pytest.raises(QuotaExhausted):
        await openai_bench.build().complete(TEXT)
    assert len(openai_bench.wire.requests) == 1


async def test_31_a_refused_schema_is_asked_for_by_tool_from_then_on(openai_bench: Bench) -> None:
    refusal = openai_bench.vendor.error(400, "Invalid schema for response_format 'Fruit': no")
    openai_bench.wire.will(refusal, tool('{"name": "fig", "count": 2}'))
    model = openai_bench.build()

    first = await model.complete(TEXT, Fruit)
    second = await model.complete(TEXT, Fruit)

    assert first.output == second.output == Fruit(name="fig", count=2)
    assert (first.rung, first.text) == ("forced_tool", '{"name": "fig", "count": 2}')
    bodies = [request.body for request in openai_bench.wire.requests]
    assert [("response_format" in body, "tools" in body) for body in bodies] == [
        (True, False),
        (False, True),
        (False, True),
    ]
    name = bodies[1]["tools"][0]["function"]["name"]
    assert bodies[1]["tool_choice"] == {"type": "function", "function": {"name": name}}
    assert bodies[1]["parallel_tool_calls"] is False


async def test_31_a_schema_refused_at_every_rung_is_told(openai_bench: Bench) -> None:
    openai_bench.wire.will(openai_bench.vendor.error(400, "Invalid schema for response_format 'Fruit': no"))
    with pytest.raises(BadRequest):
        await openai_bench.build().complete(TEXT, Fruit)
    assert len(openai_bench.wire.requests) == 4


async def test_31_one_refused_schema_says_nothing_about_another(openai_bench: Bench) -> None:
    refusal = openai_bench.vendor.error(400, "Invalid schema for response_format")
    openai_bench.wire.will(refusal, tool('{"name": "fig"}'), openai_bench.vendor.reply('{"content": 1, "title": "t"}'))
    model = openai_bench.build()
    await model.complete(TEXT, Fruit)
    assert (await model.complete(TEXT, Box[int])).rung == "native_schema"


async def test_32_a_thinking_model_gets_effort_and_no_temperature(openai_bench: Bench) -> None:
    openai_bench.wire.will(openai_bench.vendor.reply("ok"))
    await openai_bench.build(settings=ModelSettings(temperature=0.0, reasoning="low")).complete(TEXT)
    body = openai_bench.wire.requests[0].body
    assert "temperature" not in body
    assert "max_tokens" not in body
    assert body["max_completion_tokens"] == 8192
    assert body["reasoning_effort"] == "low"


async def test_32_a_plain_model_gets_temperature_and_no_effort(openai_bench: Bench) -> None:
    openai_bench.wire.will(openai_bench.vendor.reply("ok"))
    settings = ModelSettings(temperature=0.0, reasoning="low")
    await openai_bench.build("gpt-4o-2024-08-06", settings=settings).complete(TEXT)
    body = openai_bench.wire.requests[0].body
    assert body["temperature"] == 0.0
    assert "reasoning_effort" not in body


async def test_33_usage_counts_caches_and_thoughts(openai_bench: Bench) -> None:
    usage = {
        "prompt_tokens": 10,
        "completion_tokens": 5,
        "prompt_tokens_details": {"cached_tokens": 4},
        "completion_tokens_details": {"reasoning_tokens": 2},
    }
    openai_bench.wire.will(Answer({"choices": [{"message": {"content": "ok"}}], "usage": usage}))
    done = await openai_bench.build().complete(TEXT)
    assert done.usage == Usage(prompt=10, cached=4, completion=5, reasoning=2)


async def test_19_usage_that_is_nonsense_is_unknown(openai_bench: Bench) -> None:
    usage = {"prompt_tokens": "many", "completion_tokens": True, "prompt_tokens_details": None}
    openai_bench.wire.will(Answer({"choices": [{"message": {"content": "ok"}}], "usage": usage}))
    assert (await openai_bench.build().complete(TEXT)).usage == Usage()


async def test_an_older_model_starts_with_a_tool(openai_bench: Bench) -> None:
    openai_bench.wire.will(tool({"name": "fig"}))
    done = await openai_bench.build("gpt-4-turbo").complete(TEXT, Fruit)
    assert (done.output, done.rung) == (Fruit(name="fig"), "forced_tool")


async def test_the_environment_may_name_key_and_address(openai_bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", openai_bench.wire.url + "/v1")
    openai_bench.wire.will(openai_bench.vendor.reply("ok"))
    assert (await openai_bench.build(api_key=None, base_url=None).complete(TEXT)).text == "ok"


async def test_38_thoughts_are_never_the_answer(compatible_bench: Bench) -> None:
    thought = choice({"content": "", "reasoning_content": '{"name": "draft"}'})
    compatible_bench.wire.will(thought, compatible_bench.vendor.reply('{"name": "fig"}'))
    assert (await compatible_bench.build().complete(TEXT, Fruit)).output == Fruit(name="fig")
    assert len(compatible_bench.wire.requests) == 2


async def test_39_a_cache_hit_at_the_top_counts(compatible_bench: Bench) -> None:
    usage = {"prompt_tokens": 10, "prompt_cache_hit_tokens": 8}
    compatible_bench.wire.will(Answer({"choices": [{"message": {"content": "ok"}}], "usage": usage}))
    assert (await compatible_bench.build().complete(TEXT)).usage == Usage(prompt=10, cached=8)


async def test_39_a_busy_server_is_tried_again(compatible_bench: Bench) -> None:
    compatible_bench.wire.will(compatible_bench.vendor.error(503, "busy"))
    with pytest.raises(Overloaded):
        await compatible_bench.build(retry=RetryPolicy(attempts=3, sleep=compatible_bench.waits)).complete(TEXT)
    assert len(compatible_bench.wire.requests) == 3


async def test_40_an_error_with_status_200_is_an_error(compatible_bench: Bench) -> None:
    throttled = Answer({"error": {"code": 429, "message": "slow down"}})
    compatible_bench.wire.will(throttled)
    with pytest.raises(RateLimited):
        await compatible_bench.build().complete(TEXT)
    assert len(compatible_bench.wire.requests) == 5
    compatible_bench.wire.will(Answer({"error": {"code": 402, "message": "add credits"}}))
    with pytest.raises(QuotaExhausted):
        await compatible_bench.build().complete(TEXT)
    assert len(compatible_bench.wire.requests) == 6


async def test_41_an_error_in_a_choice_is_tried_again(compatible_bench: Bench) -> None:
    broken = choice({"content": ""}, "error", error={"code": 502, "message": "upstream"})
    compatible_bench.wire.will(broken, compatible_bench.vendor.reply("ok"))
    assert (await compatible_bench.build().complete(TEXT)).text == "ok"


@pytest.mark.parametrize("words", ["Unknown field: response_format", "Bad Request"])
async def test_43_a_server_that_knows_no_formats_is_asked_in_words(compatible_bench: Bench, words: str) -> None:
    def picky(request: Any) -> Answer:
        if {"response_format", "tools"} & set(request.body):
            return compatible_bench.vendor.error(400, words)
        return compatible_bench.vendor.reply('{"name": "fig"}')

    compatible_bench.wire.will(picky)
    model = compatible_bench.build()
    done = await model.complete([SystemMessage(parts=(Text("be kind"),)), *TEXT], Fruit)
    assert (done.output, done.rung) == (Fruit(name="fig"), "prompt_only")
    assert len(compatible_bench.wire.requests) == 4
    *_, json_mode, words_only = compatible_bench.wire.requests
    assert json_mode.body["response_format"] == {"type": "json_object"}
    [system, user] = compatible_bench.vendor.texts(words_only)
    assert system.startswith("be kind\n")
    assert "JSON schema" in system
    assert '"count"' in system
    assert user == "hello"
    await model.complete(TEXT, Fruit)
    assert len(compatible_bench.wire.requests) == 5


async def test_43_a_request_that_is_wrong_for_another_reason_ends_with_that_reason(compatible_bench: Bench) -> None:
    compatible_bench.wire.will(compatible_bench.vendor.error(400, "the moon is wrong"))
    with pytest.raises(BadRequest, match="the moon is wrong") as caught:
        await compatible_bench.build().complete(TEXT, Fruit)
    assert not isinstance(caught.value, SchemaRefused)


@pytest.mark.parametrize(
    ("structured", "rung"),
    [
        ("json_schema", "native_schema"),
        ("tool", "forced_tool"),
        ("json_object", "json_object"),
        ("prompt", "prompt_only"),
    ],
)
async def test_43_the_first_way_of_asking_can_be_set(compatible_bench: Bench, structured: str, rung: str) -> None:
    compatible_bench.wire.will(compatible_bench.vendor.reply('{"name": "fig"}'))
    done = await compatible_bench.build(structured=structured).complete(TEXT, Fruit)
    assert done.rung == rung


async def test_a_compatible_server_gets_nothing_that_is_meant_for_openai(
    compatible_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai-secret")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: custom-secret")
    compatible_bench.wire.will(compatible_bench.vendor.reply("ok"))
    await compatible_bench.build(api_key=None).complete(TEXT)
    [request] = compatible_bench.wire.requests
    assert "secret" not in str(request.headers)
    assert request.body["max_tokens"] == 8192
    assert "max_completion_tokens" not in request.body


def test_a_compatible_server_needs_an_address_and_a_named_key(compatible_bench: Bench) -> None:
    with pytest.raises(InvalidSetting, match="base_url"):
        compatible_bench.build(base_url=None)
    with pytest.raises(MissingKey, match="MY_SERVER_KEY"):
        compatible_bench.build(api_key=None, api_key_env="MY_SERVER_KEY")


async def test_abilities_can_be_told_by_the_caller(compatible_bench: Bench) -> None:
    compatible_bench.wire.will(tool({"name": "fig"}))
    model = compatible_bench.build(abilities=Abilities(schema=False, context=4096))
    assert (await model.complete(TEXT, Fruit)).rung == "forced_tool"
    assert model.abilities.context == 4096


async def test_content_in_pieces_is_joined(compatible_bench: Bench) -> None:
    compatible_bench.wire.will(choice({"content": [{"type": "text", "text": "o"}, {"type": "text", "text": "k"}]}))
    assert (await compatible_bench.build().complete(TEXT)).text == "ok"
