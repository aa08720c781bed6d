"""What is special about Bedrock. Numbers are those of the contract's cases."""

import asyncio
import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from tests.llm.providers.bench import TEXT, Bench, Fruit, on
from tests.llm.providers.double import KEY
from tests.llm.providers.doubles.bedrock import BedrockDouble
from tests.llm.providers.wire import Answer
from webhand.errors import (
    AuthError,
    BadRequest,
    ContentBlocked,
    ContextTooLong,
    InvalidSetting,
    LLMError,
    MissingKey,
    ModelNotFound,
    Overloaded,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    UnsupportedInput,
)
from webhand.llm.messages import AssistantMessage, SystemMessage, Text, UserMessage
from webhand.llm.model import ModelSettings, Usage
from webhand.llm.retry import RetryPolicy

pytestmark = on("bedrock")
BedrockBench = Bench[BedrockDouble]

LLAMA = "meta.llama3-3-70b-instruct-v1:0"
NOVA = "us.amazon.nova-pro-v1:0"
PROFILE = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00"
TOKEN = "FwoGZXIvYXdzEBYaDExampleSessionToken0123456789"


class Leaf(BaseModel):
    colour: Literal["red"]


class Tree(BaseModel):
    left: Leaf
    right: Leaf


def point() -> dict[str, Any]:
    return {"cachePoint": {"type": "default"}}


async def test_case_01_the_body_holds_what_is_needed_and_nothing_else(bench: BedrockBench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    model = bench.build(LLAMA, settings=ModelSettings(temperature=0.5))
    await model.complete([SystemMessage("be kind"), *TEXT])
    [request] = bench.wire.requests
    assert request.body == {
        "system": [{"text": "be kind"}],
        "messages": [{"role": "user", "content": [{"text": "hello"}]}],
        "inferenceConfig": {"maxTokens": 8192, "temperature": 0.5},
    }


async def test_case_07_neighbours_of_one_role_become_one_turn(bench: BedrockBench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    late = SystemMessage("second")
    await bench.build().complete([SystemMessage("first"), *TEXT, late, UserMessage(" "), *TEXT, AssistantMessage("hi")])
    [request] = bench.wire.requests
    assert bench.vendor.turns(request) == [
        ("system", "first"),
        ("system", "second"),
        ("user", "hello\nhello"),
        ("assistant", "hi"),
    ]


@pytest.mark.parametrize(("effort", "told"), [("minimal", "low"), ("high", "high"), ("none", None)])
async def test_case_32_thought_is_set_as_the_model_takes_it(bench: BedrockBench, effort: Any, told: str | None) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    settings = ModelSettings(reasoning=effort, temperature=0.0)
    await bench.build("global.anthropic.claude-sonnet-5", settings=settings).complete(TEXT)
    [request] = bench.wire.requests
    body = request.body
    assert body.get("outputConfig", {}).get("effort") == told
    assert ("additionalModelRequestFields" in body) == (effort == "none")
    assert "temperature" not in body["inferenceConfig"]


async def test_case_55_points_to_cache_at_stand_at_the_ends_and_are_never_too_many(bench: BedrockBench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    system = SystemMessage((Text("rules", stable=True), Text("actions", stable=True)))
    history = UserMessage(tuple(Text(f"step {number}", stable=True) for number in range(6)))
    await bench.build().complete([system, history, UserMessage("page")])
    await bench.build(LLAMA).complete([system, history, UserMessage("page")])
    cached, plain = (request.body for request in bench.wire.requests)
    assert cached["system"] == [{"text": "rules"}, {"text": "actions"}, point()]
    blocks = cached["messages"][0]["content"]
    before = [blocks[at - 1]["text"] for at, block in enumerate(blocks) if block == point()]
    assert before == ["step 3", "step 4", "step 5"]
    assert "cachePoint" not in json.dumps(plain)


async def test_case_51_usage_counts_the_caches_in(bench: BedrockBench) -> None:
    usage = {"inputTokens": 10, "outputTokens": 9, "cacheReadInputTokens": 4, "cacheWriteInputTokens": 3}
    bench.wire.will(bench.vendor.message({"text": "ok"}, usage=usage))
    done = await bench.build().complete(TEXT)
    assert done.usage == Usage(prompt=17, cached=4, cache_write=3, completion=9)
    assert len(bench.wire.requests) == 1


@pytest.mark.parametrize("name", [PROFILE, "us.anthropic.claude-opus-4-6-v1", "amazon.nova-lite-v1:0:300k", "a/b c"])
async def test_case_61_the_id_arrives_as_it_was_given(bench: BedrockBench, name: str) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(name).complete(TEXT)
    [request] = bench.wire.requests
    assert bench.vendor.model_of(request) == name
    assert request.path == bench.vendor.path(name)


async def test_case_61_the_schema_is_a_text(bench: BedrockBench) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig"}'))
    await bench.build(PROFILE).complete(TEXT, Fruit)
    [request] = bench.wire.requests
    told = request.body["outputConfig"]["textFormat"]
    assert told["type"] == "json_schema"
    named = told["structure"]["jsonSchema"]
    assert named["name"] == "Fruit"
    assert isinstance(named["schema"], str)
    assert json.loads(named["schema"])["additionalProperties"] is False


@pytest.mark.parametrize(
    ("status", "code", "message", "error", "tries"),
    [
        (429, "ThrottlingException", "Too many tokens, please wait", RateLimited, 3),
        (429, "ModelNotReadyException", "not ready", Overloaded, 3),
        (408, "ModelTimeoutException", "took too long", ProviderTimeout, 3),
        (500, "InternalServerException", "", ProviderUnavailable, 3),
        (503, "ServiceUnavailableException", "", Overloaded, 3),
        (424, "ModelErrorException", "The model failed", ProviderUnavailable, 2),
        (400, "ValidationException", "Input is too long for requested model.", ContextTooLong, 1),
        (400, "ValidationException", "input length and `max_tokens` exceed context limit", ContextTooLong, 1),
        (400, "ValidationException", "The provided model identifier is invalid.", ModelNotFound, 1),
        (400, "ValidationException", "on-demand throughput isn’t supported. Use a profile.", ModelNotFound, 1),
        (400, "ValidationException", "This model doesn't support the image content block", UnsupportedInput, 1),
        (400, "ValidationException", "The moon is wrong", BadRequest, 1),
        (400, "ServiceQuotaExceededException", "", QuotaExhausted, 1),
        (403, "AccessDeniedException", "You don't have access to the model", AuthError, 1),
        (403, "ExpiredTokenException", "The security token is expired", AuthError, 1),
        (400, "ExpiredToken", "The security token is expired", AuthError, 1),
        (404, "ResourceNotFoundException", "", ModelNotFound, 1),
    ],
)
async def test_case_61_errors_have_their_names_and_only_ours_are_the_tries(
    bench: BedrockBench, status: int, code: str, message: str, error: type[LLMError], tries: int
) -> None:
    bench.wire.will(bench.vendor.error(status, message, code))
    with pytest.raises(error) as caught:
        await bench.build(retry=RetryPolicy(attempts=3, sleep=bench.waits)).complete(TEXT)
    assert type(caught.value) is error
    assert (caught.value.status, caught.value.code, caught.value.request_id) == (status, code, "req-1")
    assert len(bench.wire.requests) == tries
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "body", [{"__type": "com.amazon.coral#ThrottlingException", "message": "x"}, {"code": "ThrottlingException"}]
)
async def test_case_61_the_code_may_stand_in_the_body(bench: BedrockBench, body: dict[str, str]) -> None:
    bench.wire.will(Answer(body, 400))
    with pytest.raises(RateLimited):
        await bench.build(retry=RetryPolicy(attempts=1)).complete(TEXT)
    assert len(bench.wire.requests) == 1


@pytest.mark.parametrize("raw", [b"[" * 100_000, b"[]", b'"x"', b"null", b"\xff\xfe{", b"", b"<html>"])
async def test_case_16_an_error_that_cannot_be_read_is_told(bench: BedrockBench, raw: bytes) -> None:
    bench.wire.will(Answer(raw, 500))
    with pytest.raises(ProviderUnavailable):
        await bench.build(retry=RetryPolicy(attempts=1)).complete(TEXT)
    assert len(bench.wire.requests) == 1


async def test_case_61_the_loop_goes_on_during_a_long_reply(bench: BedrockBench) -> None:
    """The server shares the loop with the call and answers only when a ticker in it has ticked."""
    ticks = asyncio.Semaphore(0)

    async def tick() -> None:
        while True:
            await asyncio.sleep(0.01)
            ticks.release()

    bench.wire.will(Answer(hold=True))
    call = asyncio.create_task(bench.build().complete(TEXT))
    await bench.wire.asked(1)
    ticker = asyncio.create_task(tick())
    async with asyncio.timeout(30):
        for _ in range(20):
            await ticks.acquire()
    assert not call.done()
    for task in (ticker, call):
        task.cancel()
    await asyncio.gather(ticker, call, return_exceptions=True)
    assert len(bench.wire.requests) == 1


async def test_case_17_a_call_that_was_left_does_not_hold_the_next(bench: BedrockBench) -> None:
    bench.wire.will(Answer(hold=True), bench.vendor.reply("ok"))
    model = bench.build(connections=1, timeout=60.0)
    call = asyncio.create_task(model.complete(TEXT))
    await bench.wire.asked(1)
    call.cancel()
    async with asyncio.timeout(20):
        assert (await model.complete(TEXT)).text == "ok"
    assert len(bench.wire.requests) == 2


def test_case_17_a_call_that_was_left_does_not_keep_the_process(bench: BedrockBench, pem: Path) -> None:
    """Threads of an executor would be waited for at the end, here for a minute.

    No request gets as far as to be counted: the server accepts the connection and never greets.
    """
    program = f"""
import asyncio, socket
held = []
from webhand.llm import BedrockModel, UserMessage

async def main():
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = "https://127.0.0.1:%d" % server.getsockname()[1]
        model = BedrockModel("m", region="us-east-1", api_key={KEY!r}, base_url=url, timeout=60)
        call = asyncio.create_task(model.complete([UserMessage("hello")]))
        held.append(await asyncio.to_thread(server.accept))
        call.cancel()

asyncio.run(main())
"""
    subprocess.run([sys.executable, "-c", program], timeout=40, check=True)


async def test_case_18_waiting_for_a_place_is_not_the_vendors_time(bench: BedrockBench) -> None:
    bench.wire.will(bench.vendor.reply("ok"), Answer(hold=True), bench.vendor.reply("ok"))
    model = bench.build(connections=1, timeout=1.0, retry=RetryPolicy(attempts=1))
    await model.complete(TEXT)
    held, waiting = (asyncio.create_task(model.complete(TEXT)) for _ in range(2))
    asked: list[int] = []
    held.add_done_callback(lambda _: asked.append(len(bench.wire.requests)))
    with pytest.raises(ProviderTimeout):
        await held
    assert (await waiting).text == "ok"
    assert len(bench.wire.requests) == 3
    assert asked == [2], "the second of them went out after the first"


async def test_case_62_llama_is_asked_in_words(bench: BedrockBench) -> None:
    bench.wire.will(bench.vendor.reply('{"left": {"colour": "red"}, "right": {"colour": "red"}}'))
    done = await bench.build(LLAMA).complete(TEXT, Tree)
    assert done.rung == "prompt_only"
    [request] = bench.wire.requests
    assert bench.vendor.rung(request) == "prompt_only"
    assert "JSON schema" in bench.vendor.texts(request)[0]


async def test_case_62_a_forced_tool_has_no_references(bench: BedrockBench) -> None:
    bench.wire.will(bench.vendor.tool({"left": {"colour": "red"}, "right": {"colour": "red"}}))
    done = await bench.build(NOVA).complete(TEXT, Tree)
    assert done.rung == "forced_tool"
    [request] = bench.wire.requests
    tool = request.body["toolConfig"]["tools"][0]["toolSpec"]
    assert tool["name"] == "Tree"
    assert tool["inputSchema"]["json"]["properties"]["left"]["properties"] == {
        "colour": {"type": "string", "enum": ["red"]}
    }
    assert "$" not in json.dumps(tool)


@pytest.mark.parametrize("stop", ["malformed_tool_use", "malformed_model_output"])
async def test_case_62_a_malformed_answer_is_asked_for_again(bench: BedrockBench, stop: str) -> None:
    bench.wire.will(bench.vendor.message(stop=stop), bench.vendor.tool({"name": "fig"}))
    assert (await bench.build(NOVA).complete(TEXT, Fruit)).output == Fruit(name="fig")
    assert len(bench.wire.requests) == 2


@pytest.mark.parametrize("stop", ["guardrail_intervened", "content_filtered"])
@pytest.mark.parametrize("output", [None, Fruit])
async def test_case_62_a_guardrail_blocks(bench: BedrockBench, stop: str, output: type[Fruit] | None) -> None:
    bench.wire.will(bench.vendor.message({"text": "Sorry, not here."}, stop=stop))
    with pytest.raises(ContentBlocked, match="not here"):
        await bench.build().complete(TEXT, output)
    assert len(bench.wire.requests) == 1


async def test_case_52_a_full_window_is_a_prompt_too_long(bench: BedrockBench) -> None:
    bench.wire.will(bench.vendor.message(stop="model_context_window_exceeded"))
    with pytest.raises(ContextTooLong):
        await bench.build().complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 1


async def test_case_50_the_answer_is_found_behind_the_thoughts(bench: BedrockBench) -> None:
    thought = {"reasoningContent": {"reasoningText": {"text": '{"name": "draft"}', "signature": "s"}}}
    bench.wire.will(bench.vendor.message(thought, {"text": '{"name": "fig"}'}))
    done = await bench.build().complete(TEXT, Fruit)
    assert (done.output, done.text) == (Fruit(name="fig"), '{"name": "fig"}')
    assert len(bench.wire.requests) == 1


@pytest.mark.parametrize(
    "said",
    [
        "This model doesn't support tool use.",
        "This model doesn't support the toolConfig.toolChoice.tool field. Remove it and try again.",
    ],
)
async def test_case_31_a_model_without_tools_is_asked_in_words(bench: BedrockBench, said: str) -> None:
    refused = bench.vendor.error(400, said, "ValidationException")
    bench.wire.will(refused, bench.vendor.reply('{"name": "fig"}'))
    done = await bench.build("somebody.new-v1:0").complete(TEXT, Fruit)
    assert (done.output, done.rung) == (Fruit(name="fig"), "prompt_only")
    assert [bench.vendor.rung(request) for request in bench.wire.requests] == ["forced_tool", "prompt_only"]


# Credentials, region, address.


@pytest.fixture
def signing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_SESSION_TOKEN", TOKEN)


@pytest.mark.usefixtures("signing")
async def test_case_22_requests_are_signed_without_a_token(bench: BedrockBench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(api_key=None, region="eu-west-1").complete(TEXT)
    [request] = bench.wire.requests
    assert request.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/")
    assert "/eu-west-1/bedrock/aws4_request" in request.headers["authorization"]
    assert request.headers["x-amz-security-token"] == TOKEN


@pytest.mark.usefixtures("signing")
async def test_case_10_signing_keys_are_never_shown(bench: BedrockBench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    said = f"The request signature does not match.\n'POST\n/model\nx-amz-security-token:{TOKEN}\nhost' {SECRET}"
    bench.wire.will(bench.vendor.error(403, said, "InvalidSignatureException"))
    model = bench.build(api_key=None)
    with pytest.raises(AuthError, match="AWS credentials \\(env\\)") as caught:
        await model.complete(TEXT)
    assert len(bench.wire.requests) == 1
    shown = caplog.text + str(caught.value) + repr(caught.value) + repr(model) + repr(model.endpoint) + str(model.way)
    assert "Sending http request" in caplog.text
    assert TOKEN not in shown
    assert "AKIAIOSFODNN7EXAMPLE" not in shown
    assert SECRET not in caplog.text + repr(model)


@pytest.mark.usefixtures("signing")
@pytest.mark.parametrize(
    "echo", [f"x-amz-security-token: {TOKEN}", f'{{"X-Amz-Security-Token": "{TOKEN}"}}', f"the token {TOKEN} is old"]
)
async def test_case_10_a_session_token_is_not_shown_however_it_is_told(bench: BedrockBench, echo: str) -> None:
    bench.wire.will(bench.vendor.error(403, f"{echo} {SECRET}", "AccessDeniedException"), bench.vendor.reply(echo))
    model = bench.build(api_key=None)
    with pytest.raises(AuthError) as caught:
        await model.complete(TEXT)
    shown = repr(caught.value) + str(vars(caught.value)) + (await model.complete(TEXT)).text
    assert TOKEN not in shown
    assert SECRET not in shown
    assert len(bench.wire.requests) == 2


@pytest.mark.usefixtures("signing")
async def test_case_22_a_profile_is_not_outdone_by_a_token_of_the_environment(
    bench: BedrockBench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "aws-credentials"
    file.write_text("[work]\naws_access_key_id = AKIAWORKWORKWORKWORK\naws_secret_access_key = hush\n")
    (tmp_path / "aws-config").write_text("[profile work]\nregion = eu-north-1\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws-config"))
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", KEY)
    bench.wire.will(bench.vendor.reply("ok"))
    model = bench.build(api_key=None, profile="work", region=None)
    await model.complete(TEXT)
    [request] = bench.wire.requests
    signed = request.headers["authorization"]
    assert "Credential=AKIAWORKWORKWORKWORK/" in signed
    assert "/eu-north-1/" in signed
    assert model.way == {"base_url": bench.wire.url, "timeout": 20.0, "profile": "work"}


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_case_22_the_region_is_read_from_the_environment(
    bench: BedrockBench, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "eu-west-3")
    model = bench.build(region=None, base_url=None)
    assert model.endpoint.base_url == "https://bedrock-runtime.eu-west-3.amazonaws.com"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"region": None}, "AWS_REGION.*region="),
        ({"region": "us east"}, "us east"),
        ({"profile": "nobody"}, "nobody"),
        ({"connections": 0}, "connections"),
        ({"base_url": "http://127.0.0.1:1"}, "https only"),
    ],
    ids=str,
)
def test_case_22_what_cannot_work_is_told_when_it_is_built(
    bench: BedrockBench, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidSetting, match=said) as caught:
        bench.build(**wrong)
    assert KEY not in str(caught.value)


def test_case_22_half_a_key_is_a_missing_key(bench: BedrockBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    with pytest.raises(MissingKey, match="AWS_SECRET_ACCESS_KEY"):
        bench.build(api_key=None)


@pytest.mark.parametrize("variable", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
@pytest.mark.usefixtures("signing")
def test_case_22_a_key_that_cannot_be_one_is_told_when_it_is_built(
    bench: BedrockBench, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "hush\nhush")
    with pytest.raises(InvalidSetting, match="line break") as caught:
        bench.build(api_key=None)
    assert "hush" not in str(caught.value)


@pytest.mark.usefixtures("signing")
async def test_a_gateway_on_http_is_fine_for_signed_requests(
    bench: BedrockBench, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", f"http://127.0.0.1:{unused_tcp_port}/gate/")
    model = bench.build(api_key=None, base_url=None, retry=RetryPolicy(attempts=1))
    assert model.endpoint.base_url == f"http://127.0.0.1:{unused_tcp_port}/gate"
    with pytest.raises(ProviderUnavailable, match=f"127.0.0.1:{unused_tcp_port}"):
        await model.complete(TEXT)


ADDRESSES = ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_ENDPOINT_URL"]


def test_case_22_variables_of_an_address_that_are_empty_are_not_set(
    bench: BedrockBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ADDRESSES:
        monkeypatch.setenv(variable, "")
    assert bench.build(base_url=None).endpoint.base_url == "https://bedrock-runtime.us-east-1.amazonaws.com"
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://gate.example/aws/")
    assert bench.build(base_url=None).endpoint.base_url == "https://gate.example/aws"
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True")
    assert bench.build(base_url=None).endpoint.base_url == "https://bedrock-runtime.us-east-1.amazonaws.com"


@pytest.mark.parametrize("variable", ADDRESSES)
def test_case_22_an_address_of_the_environment_is_told_by_its_variable(
    bench: BedrockBench, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "gate.example")
    with pytest.raises(InvalidSetting, match=f"in {variable} begins with neither http://") as caught:
        bench.build(base_url=None)
    assert "gate.example" not in str(caught.value)


async def test_case_59_credentials_that_cannot_be_fetched_are_a_bad_key(
    bench: BedrockBench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "aws-config"
    config.write_text(
        "[profile sso]\nregion = us-east-1\nsso_start_url = https://sso.example\nsso_region = us-east-1\n"
        "sso_account_id = 123456789012\nsso_role_name = reader\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("HOME", str(tmp_path))
    model = bench.build(api_key=None, profile="sso")
    with pytest.raises(AuthError, match="sso") as caught:
        await model.complete(TEXT)
    assert bench.wire.requests == []
    assert caught.value.__context__ is None
