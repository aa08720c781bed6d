"""What is special about Gemini. Numbers are those of the contract's cases."""

import base64
import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from tests.llm.providers.bench import PNG, TEXT, Bench, Fruit, on
from tests.llm.providers.double import KEY
from tests.llm.providers.doubles.gemini import GeminiDouble
from tests.llm.providers.wire import Answer
from webhand.errors import (
    AuthError,
    BadRequest,
    ContentBlocked,
    InvalidSetting,
    LLMError,
    ModelNotFound,
    OutputInvalid,
    OutputTruncated,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
)
from webhand.llm.messages import AssistantMessage, Image, SystemMessage, Text, UserMessage
from webhand.llm.model import ModelSettings, Usage
from webhand.llm.retry import RetryPolicy

pytestmark = on("gemini")
GeminiBench = Bench[GeminiDouble]


class Cat(BaseModel):
    kind: Literal["cat"]
    title: str = Field(default="Tom", title="Its title")


class Dog(BaseModel):
    kind: Literal["dog"]
    bark: int = Field(default=3, gt=0)


class Pet(BaseModel):
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]


async def test_case_01_the_body_holds_what_is_needed_and_nothing_else(bench: GeminiBench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    model = bench.build(settings=ModelSettings(temperature=0.0))
    await model.complete([SystemMessage("be kind"), UserMessage((Text("look"), Image(data=PNG)))])
    [request] = bench.wire.requests
    blob = {"data": base64.urlsafe_b64encode(PNG).decode(), "mime_type": "image/png"}
    assert request.body == {
        "contents": [{"role": "user", "parts": [{"text": "look"}, {"inlineData": blob}]}],
        "systemInstruction": {"role": "user", "parts": [{"text": "be kind"}]},
        "generationConfig": {"temperature": 0.0, "maxOutputTokens": 8192},
    }


@pytest.mark.parametrize(
    ("details", "resolution"),
    [
        (("low",), "MEDIA_RESOLUTION_LOW"),
        (("low", "high"), "MEDIA_RESOLUTION_HIGH"),
        (("low", None), None),
        (("auto",), None),
    ],
)
async def test_case_02_the_detail_of_the_pictures_is_that_of_the_request(
    bench: GeminiBench, details: tuple[Any, ...], resolution: str | None
) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build().complete([UserMessage(tuple(Image(data=PNG, detail=detail) for detail in details))])
    [request] = bench.wire.requests
    assert request.body["generationConfig"].get("mediaResolution") == resolution


async def test_case_06_only_system_text_is_nothing_to_answer(bench: GeminiBench) -> None:
    with pytest.raises(BadRequest, match="message of a user"):
        await bench.build().complete([SystemMessage("rules"), UserMessage(" ")])
    assert bench.wire.requests == []


async def test_case_07_neighbours_of_one_role_become_one_turn(bench: GeminiBench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build().complete([*TEXT, UserMessage("more"), AssistantMessage("hi"), AssistantMessage(""), *TEXT])
    [request] = bench.wire.requests
    assert [turn["role"] for turn in request.body["contents"]] == ["user", "model", "user"]
    assert bench.vendor.turns(request) == [("user", "hello\nmore"), ("assistant", "hi"), ("user", "hello")]


async def test_case_56_the_key_is_in_the_header_and_the_schema_is_plain(bench: GeminiBench) -> None:
    bench.wire.will(bench.vendor.reply('{"pet": {"kind": "dog", "bark": 2}}'))
    done = await bench.build().complete(TEXT, Pet)
    assert done.output == Pet(pet=Dog(kind="dog", bark=2))
    [request] = bench.wire.requests
    assert request.path == f"/v1/models/{bench.vendor.model}:generateContent"
    assert request.headers["x-goog-api-key"] == KEY
    assert KEY not in request.path
    schema = request.body["generationConfig"]["responseJsonSchema"]
    written = json.dumps(schema)
    for keyword in ("const", "discriminator", "oneOf", "default", "exclusiveMinimum"):
        assert f'"{keyword}":' not in written
    cat = schema["properties"]["pet"]["anyOf"][0]
    assert cat["properties"]["kind"] == {"type": "string", "enum": ["cat"]}
    assert cat["properties"]["title"] == {"type": "string"}, "a property may be called title"
    assert "title" not in cat


async def test_case_56_a_function_may_be_forced_instead(bench: GeminiBench) -> None:
    bench.wire.will(bench.vendor.tool({"pet": {"kind": "cat"}}))
    done = await bench.build(structured="tool").complete(TEXT, Pet)
    assert done.output == Pet(pet=Cat(kind="cat"))
    [request] = bench.wire.requests
    [tool] = request.body["tools"]
    assert '"oneOf":' not in json.dumps(tool)
    assert "responseMimeType" not in request.body["generationConfig"]


async def test_case_57_thoughts_are_no_answer(bench: GeminiBench) -> None:
    usage = {
        "promptTokenCount": 20,
        "cachedContentTokenCount": 12,
        "candidatesTokenCount": 7,
        "thoughtsTokenCount": 30,
        "totalTokenCount": 57,
    }
    thought = {"text": '{"name": "draft"}', "thought": True}
    answer = {"text": '{"name": "fig"}', "thoughtSignature": "c2ln"}
    bench.wire.will(bench.vendor.candidate(thought, answer, usageMetadata=usage))
    done = await bench.build().complete(TEXT, Fruit)
    assert (done.output, done.text) == (Fruit(name="fig"), '{"name": "fig"}')
    assert done.usage == Usage(prompt=20, cached=12, completion=37, reasoning=30)
    assert len(bench.wire.requests) == 1


@pytest.mark.parametrize("output", [None, Fruit])
async def test_case_58_a_blocked_prompt_is_told_with_its_reason(bench: GeminiBench, output: type[Fruit] | None) -> None:
    bench.wire.will(Answer({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "responseId": "req-1"}))
    with pytest.raises(ContentBlocked, match="PROHIBITED_CONTENT") as caught:
        await bench.build().complete(TEXT, output)
    assert (caught.value.code, caught.value.request_id) == ("PROHIBITED_CONTENT", "req-1")
    assert len(bench.wire.requests) == 1


@pytest.mark.parametrize("stop", ["SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"])
async def test_case_58_a_blocked_answer_is_told_with_its_reason(bench: GeminiBench, stop: str) -> None:
    bench.wire.will(Answer({"candidates": [{"finishReason": stop}]}))
    with pytest.raises(ContentBlocked, match=stop) as caught:
        await bench.build().complete(TEXT, Fruit)
    assert caught.value.code == stop
    assert len(bench.wire.requests) == 1


async def test_case_58_no_room_for_a_word_is_a_cut_answer(bench: GeminiBench) -> None:
    bench.wire.will(Answer({"candidates": [{"content": {"role": "model"}, "finishReason": "MAX_TOKENS"}]}))
    with pytest.raises(OutputTruncated, match="max_tokens"):
        await bench.build().complete(TEXT, Fruit)
    assert [bench.vendor.cap(request) for request in bench.wire.requests] == [8192, 16384]


MALFORMED = "Malformed function call: "


@pytest.mark.parametrize("about", ['print(Fruit(name="pear"))', '{"name": "pear"}', None])
@pytest.mark.parametrize("draft", [(), ({"text": '{"name": "pear"}'},)], ids=["no text", "a draft"])
async def test_case_58_a_malformed_call_is_told_and_asked_for_again(
    bench: GeminiBench, about: str | None, draft: tuple[dict[str, str], ...]
) -> None:
    said = {} if about is None else {"finishMessage": MALFORMED + about}
    malformed = {"content": {"parts": draft}, "finishReason": "MALFORMED_FUNCTION_CALL", **said}
    bench.wire.will(Answer({"candidates": [malformed]}), bench.vendor.tool({"name": "fig"}))
    done = await bench.build(structured="tool").complete(TEXT, Fruit)
    assert done.output == Fruit(name="fig")
    _, again = bench.wire.requests
    turns = bench.vendor.turns(again)
    assert [text for role, text in turns if role == "assistant"] == [part["text"] for part in draft]
    assert (MALFORMED + about if about else "MALFORMED_FUNCTION_CALL") in turns[-1][1]


@pytest.mark.parametrize("stop", ["OTHER", "MALFORMED_FUNCTION_CALL"])
async def test_case_58_what_the_vendor_says_of_the_end_is_not_the_models_answer(bench: GeminiBench, stop: str) -> None:
    bench.wire.will(Answer({"candidates": [{"finishReason": stop, "finishMessage": '{"name": "pear"}'}]}))
    done = await bench.build().complete(TEXT)
    assert (done.text, done.stop, done.raw_stop) == ("", "error", stop)
    with pytest.raises(OutputInvalid, match="pear") as caught:
        await bench.build().complete(TEXT, Fruit)
    assert caught.value.raw == ""
    assert len(bench.wire.requests) == 4


async def test_case_58_a_filter_says_why_in_the_vendors_words(bench: GeminiBench) -> None:
    bench.wire.will(Answer({"candidates": [{"finishReason": "SAFETY", "finishMessage": "too sharp"}]}))
    with pytest.raises(ContentBlocked, match="too sharp"):
        await bench.build().complete(TEXT)
    assert len(bench.wire.requests) == 1


async def test_case_58_an_answer_that_is_to_be_continued_is_not_continued_by_the_sdk(bench: GeminiBench) -> None:
    token = {"content": {"parts": [{"text": "once"}]}, "finishReason": "CONTINUATION", "continuationToken": "dG8="}
    bench.wire.will(Answer({"candidates": [token]}))
    done = await bench.build().complete(TEXT)
    assert (done.text, done.stop, done.raw_stop) == ("once", "error", "CONTINUATION")
    assert len(bench.wire.requests) == 1


async def test_case_59_a_bad_key_is_no_bad_request(bench: GeminiBench) -> None:
    bench.wire.will(bench.vendor.trouble("bad_key"))
    with pytest.raises(AuthError, match="the key in api_key") as caught:
        await bench.build().complete(TEXT, Fruit)
    assert (caught.value.status, caught.value.code) == (400, "API_KEY_INVALID")
    assert len(bench.wire.requests) == 1


async def test_case_59_the_wait_in_the_details_is_kept(bench: GeminiBench) -> None:
    status, code, said = bench.vendor.troubles["throttled"]
    per_minute = {"violations": [{"quotaId": "GenerateRequestsPerMinutePerProjectPerModel"}]}
    throttled = bench.vendor.error(status, said, code, details=(per_minute, {"retryDelay": "34s"}))
    bench.wire.will(throttled, bench.vendor.reply("ok"))
    await bench.build().complete(TEXT)
    assert bench.waits.seconds == [34.0]
    assert len(bench.wire.requests) == 2


@pytest.mark.parametrize("wait", ["300s", "301.5s"])
async def test_case_59_a_wait_above_the_budget_is_told(bench: GeminiBench, wait: str) -> None:
    status, code, said = bench.vendor.troubles["throttled"]
    bench.wire.will(bench.vendor.error(status, said, code, details=({"retryDelay": wait},)))
    with pytest.raises(RateLimited) as caught:
        await bench.build().complete(TEXT)
    assert caught.value.retry_after == float(wait.removesuffix("s"))
    assert len(bench.wire.requests) == 1


async def test_case_59_a_used_up_day_is_not_waited_for(bench: GeminiBench) -> None:
    status, code, said = bench.vendor.troubles["throttled"]
    per_day = {"violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}
    bench.wire.will(bench.vendor.error(status, said, code, details=(per_day, {"retryDelay": "34s"})))
    with pytest.raises(QuotaExhausted):
        await bench.build().complete(TEXT)
    assert len(bench.wire.requests) == 1


HELP = {"@type": "type.googleapis.com/google.rpc.Help", "links": [{"url": "https://ai.google.dev/credits"}]}


@pytest.mark.parametrize(
    ("said", "more", "error"),
    [
        ("Please retry in 34s. See https://console.x.example/settings/billing/credits", {}, RateLimited),
        ("Slow down. [Upgrade](https://x.example/credits)", {}, RateLimited),
        ("Slow down.", HELP, RateLimited),
        ("100 requests a minute; limit: 0.5 rps", {}, RateLimited),
        ("Quota exceeded, limit: 0, model: gemini-2.5-pro", {}, QuotaExhausted),
        ("Quota exceeded, limit: 0. Try another model.", {}, QuotaExhausted),
        ("Your prepayment credits are depleted. See https://ai.google.dev", {}, QuotaExhausted),
    ],
)
async def test_case_59_where_a_link_leads_is_no_reason(
    bench: GeminiBench, said: str, more: dict[str, Any], error: type[LLMError]
) -> None:
    bench.wire.will(bench.vendor.error(429, said, "RESOURCE_EXHAUSTED", details=(more,)))
    with pytest.raises(error) as caught:
        await bench.build(retry=RetryPolicy(attempts=1)).complete(TEXT)
    assert type(caught.value) is error


async def test_case_59_a_timeout_of_the_transport_is_ours(bench: GeminiBench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.wire.will(bench.vendor.reply("ok"), Answer(hold=True))
    model = bench.build(timeout=0.5, retry=RetryPolicy(attempts=1))
    await model.complete(TEXT)
    # Longer than the SDK's own clock, which runs out first then.
    model.timeout = 15.0
    with pytest.raises(ProviderTimeout) as caught:
        await model.complete(TEXT)
    assert caught.value.__context__ is None
    assert len(bench.wire.requests) == 2


@pytest.mark.parametrize("name", ["httpx", "nonsense"])
async def test_case_59_the_ways_of_the_environment_change_nothing(
    bench: GeminiBench, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Variables that turn the SDK to another service, version or transport are not ours."""
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_GENAI_API_VERSION", "v9")
    monkeypatch.setenv("GOOGLE_GENAI_HTTP_CLIENT", name)
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "somebody")
    bench.wire.will(Answer(drop=0), bench.vendor.reply("ok"))
    assert (await bench.build().complete(TEXT)).text == "ok"
    assert [request.path for request in bench.wire.requests] == [bench.vendor.path(bench.vendor.model)] * 2


async def test_case_59_too_many_states_is_asked_for_by_a_function(bench: GeminiBench) -> None:
    bench.wire.will(bench.vendor.trouble("schema_refused"), bench.vendor.tool({"name": "fig"}))
    done = await bench.build().complete(TEXT, Fruit)
    assert (done.output, done.rung) == (Fruit(name="fig"), "forced_tool")
    assert len(bench.wire.requests) == 2


async def test_a_redirect_does_not_take_the_key_along(bench: GeminiBench) -> None:
    bench.wire.will(Answer({}, 307, {"location": bench.wire.url + "/elsewhere"}))
    with pytest.raises(BadRequest):
        await bench.build().complete(TEXT)
    assert len(bench.wire.requests) == 1


@pytest.mark.parametrize(
    ("suffix", "path"), [("", "/v1"), ("/", "/v1"), ("/v1", "/v1"), ("/v1beta/", "/v1beta"), ("/proxy/v1", "/proxy/v1")]
)
async def test_the_address_may_end_with_the_version(bench: GeminiBench, suffix: str, path: str) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(base_url=bench.wire.url + suffix).complete(TEXT)
    assert bench.wire.requests[0].path == f"{path}/models/{bench.vendor.model}:generateContent"


async def test_case_22_googles_own_variable_wins(bench: GeminiBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "sk-test-of-gemini")
    monkeypatch.setenv("GOOGLE_API_KEY", KEY)
    bench.wire.will(bench.vendor.trouble("bad_key"))
    with pytest.raises(AuthError, match="GOOGLE_API_KEY"):
        await bench.build(api_key=None).complete(TEXT)
    [request] = bench.wire.requests
    assert bench.vendor.key(request) == KEY


@pytest.mark.parametrize("blank", ["", " ", "\n"])
def test_case_22_a_variable_that_holds_nothing_hides_no_other(
    bench: GeminiBench, monkeypatch: pytest.MonkeyPatch, blank: str
) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", blank)
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    assert bench.build(api_key=None).endpoint.source == "GEMINI_API_KEY"


@pytest.mark.parametrize("name", ["a?b", "a&b", "../x", "a b", "a#b"])
async def test_case_21_a_name_that_would_change_the_address_is_refused(bench: GeminiBench, name: str) -> None:
    with pytest.raises(InvalidSetting, match="name of a Gemini model"):
        bench.build(name)
    assert bench.wire.requests == []


@pytest.mark.parametrize("name", ["models/gemini-2.5-flash", "gemini-2.5-flash-001"])
async def test_case_21_a_name_may_be_written_in_full(bench: GeminiBench, name: str) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    model = bench.build(name)
    await model.complete(TEXT)
    [request] = bench.wire.requests
    assert bench.vendor.model_of(request) == name.removeprefix("models/")
    assert model.row.thinks_by_budget


@pytest.mark.parametrize(
    ("model", "effort", "told"),
    [
        ("gemini-3.8-flash", "none", {"thinking_level": "MINIMAL"}),
        ("gemini-3.8-flash", "medium", {"thinking_level": "MEDIUM"}),
        ("gemini-3.8-flash", "max", {"thinking_level": "XHIGH"}),
        ("gemini-3.7-flash", "minimal", {"thinking_level": "LOW"}),
        ("gemini-2.5-flash", "none", {"thinking_budget": 0}),
        ("gemini-2.5-flash", "high", {"thinking_budget": 24_576}),
        ("gemini-2.5-pro", "none", {"thinking_budget": 512}),
        ("gemini-2.0-flash", "high", None),
    ],
)
async def test_case_32_thought_is_set_as_the_model_takes_it(
    bench: GeminiBench, model: str, effort: Any, told: Any
) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(model, settings=ModelSettings(reasoning=effort)).complete(TEXT)
    [request] = bench.wire.requests
    config = request.body["generationConfig"].get("thinkingConfig")
    assert (
        config and {key.replace("thinking_budget", "thinking_budget"): value for key, value in config.items()}
    ) == told


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"[" * 100_000, ProviderUnavailable),
        (b"\xff\xfe{", ProviderUnavailable),
        (b"[]", ModelNotFound),
        (b'"x"', ModelNotFound),
        (b"", ModelNotFound),
    ],
    ids=["deep", "no text", "list", "string", "empty"],
)
async def test_case_16_an_error_that_cannot_be_read_is_told(
    bench: GeminiBench, raw: bytes, error: type[LLMError]
) -> None:
    bench.wire.will(Answer(raw, 404))
    with pytest.raises(error) as caught:
        await bench.build(retry=RetryPolicy(attempts=1)).complete(TEXT)
    assert type(caught.value) is error
    assert len(bench.wire.requests) == 1
