"""What is special about Anthropic. The numbers are those of the contract's cases."""

import pytest

from tests.llm.providers.bench import TEXT, Bench, Fruit, on
from tests.llm.providers.double import KEY
from tests.llm.providers.doubles.anthropic import UNFORCED, AnthropicDouble
from webhand.errors import ContextTooLong, OutputInvalid, Refused
from webhand.llm.catalog import model_row
from webhand.llm.messages import SystemMessage, Text, UserMessage
from webhand.llm.model import ModelSettings, Usage

pytestmark = on("anthropic")


async def test_case_01_the_body_holds_what_is_needed_and_nothing_else(bench: Bench[AnthropicDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build().complete([SystemMessage(parts=(Text("be kind"),)), *TEXT])
    [request] = bench.wire.requests
    assert request.body == {
        "model": "claude-sonnet-5-5",
        "max_tokens": 8192,
        "system": [{"type": "text", "text": "be kind", "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "hello"}]}],
    }


async def test_case_01_the_schema_stands_in_the_output_config(bench: Bench[AnthropicDouble]) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig"}'))
    await bench.build(settings=ModelSettings(reasoning="minimal")).complete(TEXT, Fruit)
    [request] = bench.wire.requests
    config = request.body["output_config"]
    assert config["effort"] == "low"
    assert config["format"]["type"] == "json_schema"
    assert config["format"]["schema"]["additionalProperties"] is False


async def test_case_06_all_system_text_goes_together(bench: Bench[AnthropicDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    late = SystemMessage(parts=(Text("second"),))
    await bench.build().complete([SystemMessage(parts=(Text("first"),)), *TEXT, late, *TEXT])
    [request] = bench.wire.requests
    body = request.body
    assert [block["text"] for block in body["system"]] == ["first", "second"]
    assert [turn["role"] for turn in body["messages"]] == ["user"]
    assert [block["text"] for block in body["messages"][0]["content"]] == ["hello", "hello"]


async def test_case_49_the_version_is_new_and_no_temperature_is_sent(bench: Bench[AnthropicDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    for model in ("claude-sonnet-5-5", "claude-opus-4-7", "claude-of-tomorrow"):
        await bench.build(model, settings=ModelSettings(temperature=0.0)).complete(TEXT)
    assert len(bench.wire.requests) == 3
    for request in bench.wire.requests:
        assert request.headers["anthropic-version"] == "2026-10-21"
        assert request.headers["authorization"] == f"Bearer {KEY}"
        assert "temperature" not in request.body


async def test_case_49_an_older_model_gets_its_temperature_in_the_older_version(bench: Bench[AnthropicDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    model = bench.build("claude-haiku-4-5-20251001", settings=ModelSettings(temperature=0.0))
    await model.complete(TEXT)
    [request] = bench.wire.requests
    assert request.headers["anthropic-version"] == "2023-06-01"
    assert request.body["temperature"] == 0.0


async def test_case_50_the_answer_is_found_behind_the_thoughts(bench: Bench[AnthropicDouble]) -> None:
    thought = {"type": "thinking", "thinking": '{"name": "draft"}', "signature": "s"}
    bench.wire.will(bench.vendor.message(thought, {"type": "text", "text": '{"name": "fig"}'}))
    done = await bench.build().complete(TEXT, Fruit)
    assert (done.output, done.text) == (Fruit(name="fig"), '{"name": "fig"}')
    assert len(bench.wire.requests) == 1


async def test_case_50_the_arguments_of_a_tool_are_taken_as_they_are(bench: Bench[AnthropicDouble]) -> None:
    bench.wire.will(bench.vendor.tool({"name": "fig"}))
    done = await bench.build(structured="tool").complete(TEXT, Fruit)
    assert (done.output, done.stop, done.text) == (Fruit(name="fig"), "tool", '{"name": "fig"}')
    assert len(bench.wire.requests) == 1


async def test_case_51_usage_counts_the_caches_in(bench: Bench[AnthropicDouble]) -> None:
    usage = {
        "input_tokens": 10,
        "cache_creation_input_tokens": 3,
        "cache_read_input_tokens": 4,
        "output_tokens": 9,
        "output_tokens_details": {"thinking_tokens": 5},
    }
    bench.wire.will(bench.vendor.message({"type": "text", "text": "ok"}, usage=usage))
    done = await bench.build().complete(TEXT)
    assert done.usage == Usage(prompt=17, cached=4, cache_write=3, completion=9, reasoning=5)
    assert len(bench.wire.requests) == 1


@pytest.mark.parametrize("output", [None, Fruit])
async def test_case_52_a_refusal_has_its_category(bench: Bench[AnthropicDouble], output: type[Fruit] | None) -> None:
    details = {"category": "cyber", "explanation": "not this"}
    bench.wire.will(bench.vendor.message(stop="refusal", stop_details=details))
    with pytest.raises(Refused, match="not this") as caught:
        await bench.build().complete(TEXT, output)
    assert caught.value.code == "cyber"
    assert len(bench.wire.requests) == 1


async def test_case_52_a_full_window_is_a_prompt_too_long(bench: Bench[AnthropicDouble]) -> None:
    bench.wire.will(bench.vendor.message(stop="model_context_window_exceeded"))
    with pytest.raises(ContextTooLong):
        await bench.build().complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 1


async def test_case_53_overload_passes(bench: Bench[AnthropicDouble]) -> None:
    busy = bench.vendor.error(529, "Overloaded", "overloaded_error")
    bench.wire.will(busy, busy, bench.vendor.reply("ok"))
    assert (await bench.build().complete(TEXT)).text == "ok"
    assert len(bench.wire.requests) == 3


async def test_case_53_a_request_too_large_is_told_once(bench: Bench[AnthropicDouble]) -> None:
    bench.wire.will(bench.vendor.error(413, "Request exceeds the maximum", "request_too_large"))
    with pytest.raises(ContextTooLong) as caught:
        await bench.build().complete(TEXT)
    assert len(bench.wire.requests) == 1
    assert (caught.value.code, caught.value.request_id) == ("request_too_large", "req-1")


async def test_case_54_a_grammar_too_large_is_asked_for_by_a_loose_tool(bench: Bench[AnthropicDouble]) -> None:
    refusal = bench.vendor.error(400, "The compiled grammar is too large", "invalid_request_error")
    bench.wire.will(refusal, bench.vendor.tool({"name": "fig"}))
    model = bench.build()
    assert (await model.complete(TEXT, Fruit)).rung == "forced_tool"
    body = bench.wire.requests[1].body
    assert "output_config" not in body
    [loose] = body["tools"]
    assert "strict" not in loose
    assert body["tool_choice"] == {"type": "tool", "name": loose["name"], "disable_parallel_tool_use": True}
    await model.complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 3


@pytest.mark.filterwarnings("ignore:The model .* is deprecated")
@pytest.mark.parametrize("name", [*UNFORCED, "claude-mythos-9-20291231"])
@pytest.mark.parametrize("structured", [None, "tool"])
async def test_case_54_some_models_are_never_forced(
    bench: Bench[AnthropicDouble], name: str, structured: str | None
) -> None:
    bench.wire.will(bench.vendor.reply("nonsense"))
    with pytest.raises(OutputInvalid):
        await bench.build(name, structured=structured).complete(TEXT, Fruit)
    assert all("tool_choice" not in request.body for request in bench.wire.requests)
    assert len(bench.wire.requests) == 3
    assert not model_row("bedrock", f"us.anthropic.{name}-v1:0").forcing
    assert len(UNFORCED) >= 6


async def test_case_55_a_large_answer_may_be_asked_for(bench: Bench[AnthropicDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(settings=ModelSettings(max_tokens=64_000)).complete(TEXT)
    [request] = bench.wire.requests
    assert request.body["max_tokens"] == 64_000


async def test_case_55_breakpoints_are_set_at_the_ends_and_never_too_many(bench: Bench[AnthropicDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    system = SystemMessage(parts=(Text("rules", stable=True), Text("actions", stable=True)))
    history = UserMessage(parts=tuple(Text(f"step {number}", stable=True) for number in range(6)))
    page = UserMessage(parts=(Text("page"),))
    await bench.build().complete([system, history, page])
    [request] = bench.wire.requests
    body = request.body
    blocks = [*body["system"], *body["messages"][0]["content"]]
    assert [block["text"] for block in blocks if "cache_control" in block] == ["actions", "step 3", "step 4", "step 5"]


async def test_case_05_empty_text_is_left_out(bench: Bench[AnthropicDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build().complete([SystemMessage(parts=(Text(""),)), UserMessage(parts=(Text(" "), Text("x")))])
    [request] = bench.wire.requests
    body = request.body
    assert "system" not in body
    assert body["messages"] == [{"role": "user", "content": [{"type": "text", "text": "x"}]}]


async def test_case_31_without_schemas_the_tool_comes_first_and_words_last(bench: Bench[AnthropicDouble]) -> None:
    bench.wire.will(bench.vendor.reply("nonsense"))
    with pytest.raises(OutputInvalid):
        await bench.build("claude-without-schemas", structured="tool").complete(TEXT, Fruit)
    asked = [bench.vendor.rung(request) for request in bench.wire.requests]
    assert asked == ["forced_tool", "forced_tool", "prompt_only"]
    last = bench.wire.requests[-1].body
    assert "tools" not in last
    assert "JSON schema" in last["system"][0]["text"]


@pytest.mark.filterwarnings("ignore:The model:DeprecationWarning")
async def test_case_49_a_model_that_is_being_retired_still_works(bench: Bench[AnthropicDouble]) -> None:
    bench.wire.will(bench.vendor.tool({"name": "fig"}))
    model = bench.build("claude-3-haiku-20240307")
    assert (await model.complete(TEXT, Fruit)).rung == "forced_tool"
    assert len(bench.wire.requests) == 1
    assert model.row.retired


@pytest.mark.parametrize("suffix", ["", "/", "/v1", "/v1/"])
async def test_the_address_may_be_given_with_or_without_its_version(bench: Bench[AnthropicDouble], suffix: str) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(base_url=bench.wire.url + suffix).complete(TEXT)
    assert bench.wire.requests[0].path == "/v1/messages"
