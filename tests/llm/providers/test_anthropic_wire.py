"""What is special about Anthropic. The numbers are those of the contract's cases."""

from typing import Any

import pytest

from tests.llm.providers.conftest import KEY, Answer, Bench, Fruit
from webhand.errors import ContextTooLong, OutputInvalid, QuotaExhausted, Refused
from webhand.llm.messages import SystemMessage, Text, UserMessage
from webhand.llm.model import ModelSettings, Usage

TEXT = [UserMessage(parts=(Text("hello"),))]


def message(*blocks: dict[str, Any], stop: str = "end_turn", **more: Any) -> Answer:
    return Answer({"type": "message", "content": list(blocks), "stop_reason": stop, **more})


def tool(value: object) -> Answer:
    return message({"type": "tool_use", "id": "t", "name": "Fruit", "input": value}, stop="tool_use")


async def test_01_the_body_holds_what_is_needed_and_nothing_else(anthropic_bench: Bench) -> None:
    anthropic_bench.wire.will(anthropic_bench.vendor.reply("ok"))
    await anthropic_bench.build().complete([SystemMessage(parts=(Text("be kind"),)), *TEXT])
    assert anthropic_bench.wire.requests[0].body == {
        "model": "claude-sonnet-5-5",
        "max_tokens": 8192,
        "system": [{"type": "text", "text": "be kind", "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "hello"}]}],
    }


async def test_01_the_schema_stands_in_the_output_config(anthropic_bench: Bench) -> None:
    anthropic_bench.wire.will(anthropic_bench.vendor.reply('{"name": "fig"}'))
    await anthropic_bench.build(settings=ModelSettings(reasoning="minimal")).complete(TEXT, Fruit)
    config = anthropic_bench.wire.requests[0].body["output_config"]
    assert config["effort"] == "low"
    assert config["format"]["type"] == "json_schema"
    assert config["format"]["schema"]["additionalProperties"] is False


async def test_06_all_system_text_goes_together(anthropic_bench: Bench) -> None:
    anthropic_bench.wire.will(anthropic_bench.vendor.reply("ok"))
    late = SystemMessage(parts=(Text("second"),))
    await anthropic_bench.build().complete([SystemMessage(parts=(Text("first"),)), *TEXT, late, *TEXT])
    body = anthropic_bench.wire.requests[0].body
    assert [block["text"] for block in body["system"]] == ["first", "second"]
    assert [turn["role"] for turn in body["messages"]] == ["user"]
    assert [block["text"] for block in body["messages"][0]["content"]] == ["hello", "hello"]


async def test_49_the_version_is_new_and_no_temperature_is_sent(anthropic_bench: Bench) -> None:
    anthropic_bench.wire.will(anthropic_bench.vendor.reply("ok"))
    for model in ("claude-sonnet-5-5", "claude-opus-4-7", "claude-of-tomorrow"):
        await anthropic_bench.build(model, settings=ModelSettings(temperature=0.0)).complete(TEXT)
    for request in anthropic_bench.wire.requests:
        assert request.headers["anthropic-version"] == "2026-10-21"
        assert request.headers["authorization"] == f"Bearer {KEY}"
        assert "temperature" not in request.body


async def test_49_an_older_model_gets_its_temperature_in_the_older_version(anthropic_bench: Bench) -> None:
    anthropic_bench.wire.will(anthropic_bench.vendor.reply("ok"))
    model = anthropic_bench.build("claude-haiku-4-5-20251001", settings=ModelSettings(temperature=0.0))
    await model.complete(TEXT)
    [request] = anthropic_bench.wire.requests
    assert request.headers["anthropic-version"] == "2023-06-01"
    assert request.body["temperature"] == 0.0


async def test_50_the_answer_is_found_behind_the_thoughts(anthropic_bench: Bench) -> None:
    thought = {"type": "thinking", "thinking": '{"name": "draft"}', "signature": "s"}
    anthropic_bench.wire.will(message(thought, {"type": "text", "text": '{"name": "fig"}'}))
    assert (await anthropic_bench.build().complete(TEXT, Fruit)).output == Fruit(name="fig")


async def test_50_the_arguments_of_a_tool_are_taken_as_they_are(anthropic_bench: Bench) -> None:
    anthropic_bench.wire.will(tool({"name": "fig"}))
    done = await anthropic_bench.build(structured="tool").complete(TEXT, Fruit)
    assert (done.output, done.stop, done.text) == (Fruit(name="fig"), "tool", '{"name": "fig"}')


async def test_51_usage_counts_the_caches_in(anthropic_bench: Bench) -> None:
    usage = {
        "input_tokens": 10,
        "cache_creation_input_tokens": 3,
        "cache_read_input_tokens": 4,
        "output_tokens": 9,
        "output_tokens_details": {"thinking_tokens": 5},
    }
    anthropic_bench.wire.will(message({"type": "text", "text": "ok"}, usage=usage))
    done = await anthropic_bench.build().complete(TEXT)
    assert done.usage == Usage(prompt=17, cached=4, cache_write=3, completion=9, reasoning=5)


@pytest.mark.parametrize("output", [None, Fruit])
async def test_52_a_refusal_has_its_category(anthropic_bench: Bench, output: type[Fruit] | None) -> None:
    details = {"category": "cyber", "explanation": "not this"}
    anthropic_bench.wire.will(message(stop="refusal", stop_details=details))
    with pytest.raises(Refused, match="not this") as caught:
        await anthropic_bench.build().complete(TEXT, output)
    assert caught.value.code == "cyber"
    assert len(anthropic_bench.wire.requests) == 1


async def test_52_a_full_window_is_a_prompt_too_long(anthropic_bench: Bench) -> None:
    anthropic_bench.wire.will(message(stop="model_context_window_exceeded"))
    with pytest.raises(ContextTooLong):
        await anthropic_bench.build().complete(TEXT, Fruit)


async def test_53_overload_passes(anthropic_bench: Bench) -> None:
    busy = anthropic_bench.vendor.error(529, "Overloaded", "overloaded_error")
    anthropic_bench.wire.will(busy, busy, anthropic_bench.vendor.reply("ok"))
    assert (await anthropic_bench.build().complete(TEXT)).text == "ok"
    assert len(anthropic_bench.wire.requests) == 3


async def test_53_a_request_too_large_is_told_once(anthropic_bench: Bench) -> None:
    anthropic_bench.wire.will(anthropic_bench.vendor.error(413, "Request exceeds the maximum", "request_too_large"))
    with pytest.raises(ContextTooLong) as caught:
        await anthropic_bench.build().complete(TEXT)
    assert len(anthropic_bench.wire.requests) == 1
    assert (caught.value.code, caught.value.request_id) == ("request_too_large", "req-1")


async def test_30_no_credit_is_told_once(anthropic_bench: Bench) -> None:
    words = "Your credit balance is too low to access the API"
    anthropic_bench.wire.will(anthropic_bench.vendor.error(400, words, "invalid_request_error"))
    with pytest.raises(QuotaExhausted):
        await anthropic_bench.build().complete(TEXT)


async def test_54_a_grammar_too_large_is_asked_for_by_a_loose_tool(anthropic_bench: Bench) -> None:
    refusal = anthropic_bench.vendor.error(400, "The compiled grammar is too large", "invalid_request_error")
    anthropic_bench.wire.will(refusal, tool({"name": "fig"}))
    model = anthropic_bench.build()
    assert (await model.complete(TEXT, Fruit)).rung == "forced_tool"
    body = anthropic_bench.wire.requests[1].body
    assert "output_config" not in body
    [loose] = body["tools"]
    assert "strict" not in loose
    assert body["tool_choice"] == {"type": "tool", "name": loose["name"], "disable_parallel_tool_use": True}
    await model.complete(TEXT, Fruit)
    assert len(anthropic_bench.wire.requests) == 3


@pytest.mark.parametrize("name", ["claude-fable-5-1", "claude-mythos-5"])
@pytest.mark.parametrize("structured", [None, "tool"])
async def test_54_some_models_are_never_forced(anthropic_bench: Bench, name: str, structured: str | None) -> None:
    anthropic_bench.wire.will(anthropic_bench.vendor.reply("nonsense"))
    with pytest.raises(OutputInvalid):
        await anthropic_bench.build(name, structured=structured).complete(TEXT, Fruit)
    assert all("tool_choice" not in request.body for request in anthropic_bench.wire.requests)
    assert len(anthropic_bench.wire.requests) == 3


async def test_55_a_large_answer_may_be_asked_for(anthropic_bench: Bench) -> None:
    anthropic_bench.wire.will(anthropic_bench.vendor.reply("ok"))
    await anthropic_bench.build(settings=ModelSettings(max_tokens=64_000)).complete(TEXT)
    assert anthropic_bench.wire.requests[0].body["max_tokens"] == 64_000


async def test_55_breakpoints_are_set_at_the_ends_and_never_too_many(anthropic_bench: Bench) -> None:
    anthropic_bench.wire.will(anthropic_bench.vendor.reply("ok"))
    system = SystemMessage(parts=(Text("rules", stable=True), Text("actions", stable=True)))
    history = UserMessage(parts=tuple(Text(f"step {number}", stable=True) for number in range(6)))
    page = UserMessage(parts=(Text("page"),))
    await anthropic_bench.build().complete([system, history, page])
    body = anthropic_bench.wire.requests[0].body
    blocks = [*body["system"], *body["messages"][0]["content"]]
    assert [block["text"] for block in blocks if "cache_control" in block] == ["actions", "step 3", "step 4", "step 5"]


async def test_05_empty_text_is_left_out(anthropic_bench: Bench) -> None:
    anthropic_bench.wire.will(anthropic_bench.vendor.reply("ok"))
    await anthropic_bench.build().complete(
        [SystemMessage(parts=(Text(""),)), UserMessage(parts=(Text(" "), Text("x")))]
    )
    body = anthropic_bench.wire.requests[0].body
    assert "system" not in body
    assert body["messages"] == [{"role": "user", "content": [{"type": "text", "text": "x"}]}]


async def test_31_without_schemas_the_tool_comes_first_and_words_last(anthropic_bench: Bench) -> None:
    anthropic_bench.wire.will(anthropic_bench.vendor.reply("nonsense"))
    with pytest.raises(OutputInvalid):
        await anthropic_bench.build("claude-without-schemas", structured="tool").complete(TEXT, Fruit)
    last = anthropic_bench.wire.requests[-1].body
    assert "tools" not in last
    assert "JSON schema" in last["system"][0]["text"]


@pytest.mark.filterwarnings("ignore:The model:DeprecationWarning")
async def test_49_a_model_that_is_being_retired_still_works(anthropic_bench: Bench) -> None:
    anthropic_bench.wire.will(tool({"name": "fig"}))
    model = anthropic_bench.build("claude-3-haiku-20240307")
    assert (await model.complete(TEXT, Fruit)).rung == "forced_tool"
    assert model.row.retired


@pytest.mark.parametrize("suffix", ["", "/", "/v1", "/v1/"])
async def test_the_address_may_be_given_with_or_without_its_version(anthropic_bench: Bench, suffix: str) -> None:
    anthropic_bench.wire.will(anthropic_bench.vendor.reply("ok"))
    await anthropic_bench.build(base_url=anthropic_bench.wire.url + suffix).complete(TEXT)
    assert anthropic_bench.wire.requests[0].path == "/v1/messages"
