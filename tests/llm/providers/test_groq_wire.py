"""What is special about Groq. The numbers are those of the contract's cases."""

from typing import Any

import pytest
from pydantic import BaseModel

from tests.llm.providers.bench import PNG, TEXT, Bench, Fruit, on
from tests.llm.providers.double import KEY, Picture
from tests.llm.providers.doubles.groq import GroqDouble
from tests.llm.providers.wire import Answer
from webhand.errors import BadRequest, ContextTooLong, OutputInvalid, Overloaded, RateLimited
from webhand.llm.messages import Image, Text, UserMessage
from webhand.llm.model import ModelSettings, Usage
from webhand.llm.retry import RetryPolicy

pytestmark = on("groq")

OSS = "openai/gpt-oss-120b"


class Tree(BaseModel):
    name: str
    below: list["Tree"] = []


class Command(BaseModel):
    name: str
    arguments: dict[str, Any] = {}


class Pick(BaseModel):
    ref: str


@pytest.mark.parametrize(("model", "strict"), [(OSS, True), ("moonshotai/kimi-k2-instruct", False)])
async def test_case_44_schema_models_are_held_as_firmly_as_they_can_be(
    bench: Bench[GroqDouble], model: str, strict: bool
) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig", "count": 1}'))
    await bench.build(model).complete(TEXT, Fruit)
    [request] = bench.wire.requests
    body = request.body
    assert body["response_format"]["json_schema"]["strict"] is strict
    assert "tools" not in body


async def test_case_44_llama_is_asked_by_tool_and_never_with_a_format_too(bench: Bench[GroqDouble]) -> None:
    bench.wire.will(bench.vendor.reply("nonsense"))
    with pytest.raises(OutputInvalid):
        await bench.build("llama-3.3-70b-versatile").complete(TEXT, Fruit)
    asked = [("tools" in request.body, "response_format" in request.body) for request in bench.wire.requests]
    assert asked == [(True, False), (True, False), (False, True)]


# As Groq has been seen to word what a model wrote.
WRITTEN = {
    "bare": '{"ref": "e1"}',
    "fence": 'Here:\n```json\n{"ref": "e1"}\n```',
    "function": '<function=out>{"ref": "e1"}</function>',
    "function with =": '<function=out={"ref": "e1"}</function>',
    "function without a bracket": '<function=out{"ref": "e1"}</function>',
    "call": '{"name": "out", "arguments": {"ref": "e1"}}',
    "call with text": '{"name": "out", "arguments": "{\\"ref\\": \\"e1\\"}"}',
    "calls in a fence": '```\n{"tool_calls": [{"name": "out", "arguments": {"ref": "e1"}}]}\n```',
    "list of a call": '[{"name": "out", "parameters": {"ref": "e1"}}]',
    "tool-use": '<tool-use>{"name": "out", "parameters": {"ref": "e1"}}</tool-use>',
    "tool_call": '<tool_call>\n{"name": "out", "arguments": {"ref": "e1"}}\n</tool_call>',
    "python tag": '<|python_tag|>{"name": "out", "parameters": {"ref": "e1"}}',
    "parameters beside the function": (
        '<tool-use>{"tool_calls": [{"id": "pending", "type": "function", "function": {"name": "Pick"},'
        ' "parameters": {"ref": "e1"}}]}</tool-use>'
    ),
    "one call": (
        '{"tool_call": {"id": "pending", "type": "function", "function": {"name": "Pick"},'
        ' "parameters": {"ref": "e1"}}}</tool-use>'
    ),
    "one call as others are": '{"tool_call": {"name": "Pick", "arguments": "{\\"ref\\": \\"e1\\"}"}}',
    "thoughts before": '<think>perhaps {"ref": "e9"}</think>{"ref": "e1"}',
    "decoded": {"ref": "e1"},
}


async def rescued(bench: Bench[GroqDouble], code: str | None, written: object, model: str = OSS) -> None:
    bench.wire.will(bench.vendor.spoilt(code, written))
    done = await bench.build(model).complete(TEXT, Pick)
    assert done.output == Pick(ref="e1")
    assert done.usage == Usage()
    assert (done.stop, done.raw_stop) == ("error", code)
    assert len(bench.wire.requests) == 1
    assert bench.waits.seconds == []


@pytest.mark.parametrize("form", WRITTEN)
async def test_case_45_a_good_answer_is_rescued_from_a_refused_format(bench: Bench[GroqDouble], form: str) -> None:
    await rescued(bench, "json_validate_failed", WRITTEN[form])


@pytest.mark.parametrize("form", WRITTEN)
async def test_case_46_a_good_answer_is_rescued_from_a_refused_call(bench: Bench[GroqDouble], form: str) -> None:
    await rescued(bench, "tool_use_failed", WRITTEN[form], "llama-3.3-70b-versatile")


# Of another code than the usual two, or of none.
@pytest.mark.parametrize("code", ["output_parse_failed", None])
async def test_case_46_what_was_written_is_rescued_whatever_the_code(
    bench: Bench[GroqDouble], code: str | None
) -> None:
    await rescued(bench, code, WRITTEN["fence"])


@pytest.mark.parametrize("code", ["output_parse_failed", None])
async def test_case_47_what_was_written_badly_is_asked_for_again_whatever_the_code(
    bench: Bench[GroqDouble], code: str | None
) -> None:
    bench.wire.will(bench.vendor.spoilt(code, "There is no fruit"))
    with pytest.raises(OutputInvalid) as caught:
        await bench.build(OSS).complete(TEXT, Fruit)
    assert caught.value.raw == "There is no fruit"
    assert len(bench.wire.requests) == 3


# The tool's own name stands where the schema has a field: what is around the arguments is a call all the same.
CALLS = {
    "call": '{"name": "Fruit", "arguments": {"name": "fig"}}',
    "call with text": '{"name": "Fruit", "parameters": "{\\"name\\": \\"fig\\"}"}',
    "call with an id": '{"id": "c", "type": "function", "name": "Fruit", "arguments": {"name": "fig"}}',
    "function": '{"type": "function", "function": {"name": "Fruit", "arguments": {"name": "fig"}}}',
    "list": '[{"name": "Fruit", "arguments": {"name": "fig"}}]',
    "calls": '```\n{"tool_calls": [{"name": "Fruit", "arguments": {"name": "fig"}}]}\n```',
    "one call": '{"tool_call": {"function": {"name": "Fruit"}, "parameters": {"name": "fig"}}}',
    "markup": '<tool_call>{"name": "Fruit", "arguments": {"name": "fig"}}</tool_call>',
    "decoded": {"name": "Fruit", "arguments": {"name": "fig"}},
    "no call": '{"name": "fig"}',
}


@pytest.mark.parametrize("form", CALLS)
async def test_case_46_a_call_is_not_taken_for_its_arguments(bench: Bench[GroqDouble], form: str) -> None:
    bench.wire.will(bench.vendor.spoilt("tool_use_failed", CALLS[form]))
    assert (await bench.build("llama-3.3-70b-versatile").complete(TEXT, Fruit)).output == Fruit(name="fig")
    assert len(bench.wire.requests) == 1


async def test_case_46_a_call_whose_arguments_do_not_fit_is_no_answer(bench: Bench[GroqDouble]) -> None:
    bench.wire.will(bench.vendor.spoilt("tool_use_failed", '{"name": "Fruit", "arguments": {"colour": "red"}}'))
    with pytest.raises(OutputInvalid):
        await bench.build("llama-3.3-70b-versatile").complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 3


async def test_case_46_fields_of_these_names_stay_fields(bench: Bench[GroqDouble]) -> None:
    written = '{"name": "Command", "arguments": {"name": "x", "arguments": {}}}'
    bench.wire.will(bench.vendor.spoilt("tool_use_failed", written))
    done = await bench.build("llama-3.3-70b-versatile").complete(TEXT, Command)
    assert done.output == Command(name="Command", arguments={"name": "x", "arguments": {}})


async def test_case_46_free_text_has_nothing_to_rescue(bench: Bench[GroqDouble]) -> None:
    bench.wire.will(bench.vendor.spoilt("tool_use_failed", "a fig"))
    with pytest.raises(BadRequest):
        await bench.build(OSS).complete(TEXT)
    assert len(bench.wire.requests) == 1


@pytest.mark.parametrize("written", [None, "", "There is no fruit"])
async def test_case_47_a_useless_answer_is_asked_for_again_and_cooler(
    bench: Bench[GroqDouble], written: str | None
) -> None:
    bench.wire.will(bench.vendor.spoilt("json_validate_failed", written))
    with pytest.raises(OutputInvalid) as caught:
        await bench.build(OSS).complete(TEXT, Fruit)
    assert caught.value.raw == (written or "")
    assert len(bench.wire.requests) == 3
    heat = [request.body.get("temperature") for request in bench.wire.requests]
    assert heat == [None, 0.5, 0.2]


@pytest.mark.parametrize("code", ["json_validate_failed", "tool_use_failed"])
async def test_case_47_an_answer_that_had_no_room_gets_more_of_it(bench: Bench[GroqDouble], code: str) -> None:
    said = "max completion tokens reached before generating a valid document"
    bench.wire.will(bench.vendor.spoilt(code, said), bench.vendor.reply('{"name": "fig", "count": 1}'))
    assert (await bench.build(OSS).complete(TEXT, Fruit)).output == Fruit(name="fig")
    assert [bench.vendor.cap(request) for request in bench.wire.requests] == [8192, 16384]
    assert said not in str(bench.wire.requests[1].body), "it is no answer of the model's"


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
    assert len(bench.wire.requests) == 2
    assert bench.waits.seconds == [7.66]


@pytest.mark.parametrize(
    ("name", "switch"),
    [
        (OSS, {"include_reasoning": False}),
        ("qwen/qwen3.8-27b", {"reasoning_format": "hidden"}),
        ("qwen/qwen3.6-27b", {"reasoning_format": "hidden"}),
        ("llama-3.3-70b-versatile", {}),
        ("brand-new", {}),
    ],
)
@pytest.mark.parametrize("output", [None, Pick])
async def test_thoughts_are_kept_out_by_the_switch_that_the_model_has(
    bench: Bench[GroqDouble], name: str, switch: dict[str, object], output: type[Pick] | None
) -> None:
    bench.wire.will(bench.vendor.reply('{"ref": "e1"}'))
    await bench.build(name).complete(TEXT, output)
    body = bench.wire.requests[0].body
    assert {key: body[key] for key in ("include_reasoning", "reasoning_format") if key in body} == switch


async def test_thoughts_in_a_field_of_their_own_are_not_the_answer(bench: Bench[GroqDouble]) -> None:
    bench.wire.will(bench.vendor.choice({"content": '{"ref": "e1"}', "reasoning": 'perhaps {"ref": "e9"}'}))
    done = await bench.build(OSS).complete(TEXT, Pick)
    assert done.output == Pick(ref="e1")
    assert "e9" not in done.text


async def test_thoughts_in_the_text_are_not_the_answer(bench: Bench[GroqDouble]) -> None:
    bench.wire.will(bench.vendor.reply('<think>\nperhaps {"ref": "e9"}\n</think>\n\n{"ref": "e1"}'))
    model = bench.build("qwen/qwen3.8-27b")
    assert (await model.complete(TEXT, Pick)).output == Pick(ref="e1")
    assert (await model.complete(TEXT)).text == '{"ref": "e1"}'


@pytest.mark.parametrize("detail", [None, "auto", "low", "high"])
@pytest.mark.parametrize("name", ["qwen/qwen3.8-27b", "meta-llama/llama-4-scout-17b-16e-instruct"])
async def test_case_02_pictures_go_by_bytes_and_by_address_with_their_detail(
    bench: Bench[GroqDouble], name: str, detail: Any
) -> None:
    bench.wire.will(bench.vendor.reply("a fig"))
    model = bench.build(name)
    await model.complete([UserMessage(parts=(Text("look"), Image(data=PNG, detail=detail)))])
    await model.complete([UserMessage(parts=(Text("look"), Image(url="https://h.example/x.png", detail=detail)))])
    by_bytes, by_address = (bench.vendor.picture(request) for request in bench.wire.requests)
    assert by_bytes == Picture(PNG, media_type="image/png", detail=detail)
    assert by_address == Picture(url="https://h.example/x.png", detail=detail)


async def test_a_tier_is_asked_for_only_where_one_is_set(bench: Bench[GroqDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build().complete(TEXT)
    await bench.build(service_tier="flex").complete(TEXT)
    unsaid, flex = (request.body for request in bench.wire.requests)
    assert "service_tier" not in unsaid
    assert flex["service_tier"] == "flex"


@pytest.mark.parametrize("suffix", ["", "/", "/openai/v1", "/openai/v1/"])
async def test_the_address_may_be_given_with_or_without_its_path(
    bench: Bench[GroqDouble], suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(base_url=bench.wire.url + suffix).complete(TEXT)
    monkeypatch.setenv("GROQ_BASE_URL", bench.wire.url + suffix)
    await bench.build(base_url=None).complete(TEXT)
    assert [request.path for request in bench.wire.requests] == ["/openai/v1/chat/completions"] * 2


@pytest.mark.parametrize(
    ("name", "wanted", "sent"),
    [
        (OSS, "none", "low"),
        (OSS, "medium", "medium"),
        (OSS, "max", "high"),
        ("qwen/qwen3.8-27b", "none", "none"),
        ("qwen/qwen3.8-27b", "xhigh", "high"),
        ("qwen/qwen3.6-27b", "none", "none"),
        ("qwen/qwen3.6-27b", "low", "default"),
        ("llama-3.3-70b-versatile", "low", None),
    ],
)
async def test_effort_is_put_in_the_words_that_the_model_knows(
    bench: Bench[GroqDouble], name: str, wanted: str, sent: str | None
) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(name, settings=ModelSettings.model_validate({"reasoning": wanted})).complete(TEXT)
    assert bench.wire.requests[0].body.get("reasoning_effort") == sent


async def test_groq_names_its_requests_in_the_body(bench: Bench[GroqDouble]) -> None:
    body = {"choices": [{"message": {"content": "ok"}}], "x_groq": {"id": "req_9"}}
    bench.wire.will(Answer(body))
    assert (await bench.build(api_key=KEY).complete(TEXT)).request_id == "req_9"


async def test_case_44_a_schema_that_cannot_be_written_out_is_told_in_words(bench: Bench[GroqDouble]) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "root", "below": [{"name": "leaf"}]}'))
    done = await bench.build("llama-3.3-70b-versatile").complete(TEXT, Tree)
    assert (done.output, done.rung) == (Tree(name="root", below=[Tree(name="leaf")]), "json_object")
    [request] = bench.wire.requests
    assert "$defs" in bench.vendor.texts(request)[0]
