"""What every vendor's model keeps to, whatever its wire looks like. The numbers are those of the contract's cases."""

import asyncio
import base64
import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from tests.llm.providers.conftest import KEY, PNG, Answer, Bench, Fruit, Messages, Request
from webhand.errors import (
    AuthError,
    ContextTooLong,
    InvalidSetting,
    LLMError,
    MissingKey,
    ModelNotFound,
    OutputInvalid,
    OutputTruncated,
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
    Refused,
    UnsupportedInput,
)
from webhand.llm.messages import AssistantMessage, Image, PageView, SystemMessage, Text, UserMessage
from webhand.llm.model import Model, ModelSettings, Usage
from webhand.llm.retry import RetryPolicy

TEXT = [UserMessage(parts=(Text("hello"),))]


def with_picture(image: Image) -> list[UserMessage]:
    return [UserMessage(parts=(Text("look"), image))]


def fits_an_error(error: LLMError) -> bool:
    """What all error texts keep to."""
    text = str(error)
    return len(text) < 500 and "\n" not in text and "<html" not in text.lower() and KEY not in text


async def test_01_text_goes_out_and_comes_back(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("hi there"))
    model = bench.build()

    done = await model.complete(TEXT)

    assert isinstance(model, Model)
    assert (done.output, done.text, done.stop, done.rung) == (None, "hi there", "stop", None)
    assert done.usage.prompt == 11
    assert done.usage.completion == 7
    assert done.model == model.name == f"{bench.vendor.name}/{bench.vendor.model}"
    assert done.request_id == "req-1"
    assert done.seconds >= 0
    [request] = bench.wire.requests
    assert request.path.endswith(bench.vendor.path)
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body["model"] == bench.vendor.model
    assert bench.vendor.texts(request)[-1] == "hello"


async def test_01_an_output_is_asked_for_by_schema_and_validated(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig", "count": 3}'))

    done = await bench.build().complete(TEXT, Fruit)

    assert done.output == Fruit(name="fig", count=3)
    assert done.rung == "native_schema"
    assert done.text == '{"name": "fig", "count": 3}'
    assert len(bench.wire.requests) == 1


def expected_source(bench: Bench, url: str, detail: str | None) -> Any:
    """The picture part as this vendor wants it."""
    if not isinstance(bench.vendor, Messages):
        return {"type": "image_url", "image_url": {"url": url} | ({"detail": detail} if detail else {})}
    if url.startswith("data:"):
        head, _, data = url.partition(",")
        kind = head.removeprefix("data:").removesuffix(";base64")
        return {"type": "image", "source": {"type": "base64", "media_type": kind, "data": data}}
    return {"type": "image", "source": {"type": "url", "url": url}}


async def test_02_picture_bytes_are_sent_as_base64_with_the_type_they_have(bench: Bench, tmp_path: Path) -> None:
    bench.wire.will(bench.vendor.reply("a fig"))
    file = tmp_path / "picture.jpg"
    file.write_bytes(PNG)
    as_data = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    model = bench.build()

    images = [Image(data=PNG, detail="low"), Image(path=file, detail="low"), Image(url=as_data, detail="low")]
    for image in images:
        await model.complete(with_picture(image))

    expected = expected_source(bench, as_data, "low")
    assert [bench.vendor.picture(request) for request in bench.wire.requests] == [expected] * 3


async def test_03_picture_address_is_passed_on(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("a fig"))
    await bench.build().complete(with_picture(Image(url="https://pictures.example/x.png")))
    assert bench.vendor.picture(bench.wire.requests[0]) == expected_source(
        bench, "https://pictures.example/x.png", None
    )


async def test_05_detail_unset_is_not_sent(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("a fig"))
    await bench.build().complete(with_picture(Image(data=PNG)))
    assert "detail" not in str(bench.wire.requests[0].body)


@pytest.mark.parametrize(
    "image",
    [
        Image(data=b"just words"),
        Image(url="file:///etc/hostname"),
        Image(url="data:image/png;base64,!!!"),
        Image(path=Path("/no/such/picture.png")),
        Image(data=PNG + bytes(16_000_000)),
    ],
    ids=["no picture", "file url", "broken data url", "no file", "too big"],
)
async def test_03_what_is_no_usable_picture_is_refused_before_sending(bench: Bench, image: Image) -> None:
    bench.wire.will(bench.vendor.reply("a fig"))
    with pytest.raises(UnsupportedInput) as caught:
        await bench.build().complete(with_picture(image))
    assert bench.wire.requests == []
    assert (caught.value.provider, caught.value.model) == (bench.vendor.name, bench.vendor.model)
    assert fits_an_error(caught.value)


async def test_03_page_and_text_are_sent_as_text_without_lone_surrogates(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build().complete([UserMessage(parts=(Text("task \ud83d"), PageView(text="[e1] button Go")))])
    assert bench.vendor.texts(bench.wire.requests[0])[-1] == "task \ufffd\n[e1] button Go"


async def test_06_system_messages_keep_their_order(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    rules = [SystemMessage(parts=(Text(text),)) for text in ("first", "second")]
    await bench.build().complete([*rules, *TEXT])
    [request] = bench.wire.requests
    assert "\n".join(bench.vendor.texts(request)) == "first\nsecond\nhello"
    assert [turn["role"] for turn in request.body["messages"]][-1] == "user"


async def test_07_history_goes_out_in_turns(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    history = [*TEXT, AssistantMessage(parts=(Text("hi"),)), UserMessage(parts=(Text("go on"),))]
    await bench.build().complete(history)
    roles = [turn["role"] for turn in bench.wire.requests[0].body["messages"]]
    assert roles == ["user", "assistant", "user"]


def in_seven_seconds() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=7), usegmt=True)


@pytest.mark.parametrize(
    ("header", "value", "least", "most"),
    [
        ("retry-after", lambda: "7", 7, 7),
        ("retry-after-ms", lambda: "250", 0.25, 0.25),
        ("retry-after", in_seven_seconds, 4, 7),
        ("x-ratelimit-reset-tokens", lambda: "1m2.5s", 60, 60),
    ],
    ids=["seconds", "milliseconds", "date", "reset"],
)
async def test_08_a_throttled_call_waits_as_told(
    bench: Bench, header: str, value: Any, least: float, most: float
) -> None:
    bench.wire.will(bench.vendor.error(429, "slow down", headers={header: value()}), bench.vendor.reply("ok"))
    done = await bench.build().complete(TEXT)
    assert done.text == "ok"
    assert len(bench.wire.requests) == 2
    [waited] = bench.waits.seconds
    assert least <= waited <= most


@pytest.mark.parametrize("attempts", [1, 3, 5])
async def test_09_a_lasting_throttle_is_tried_exactly_as_often_as_set(bench: Bench, attempts: int) -> None:
    bench.wire.will(bench.vendor.error(429, "slow down", headers={"retry-after": "3"}))
    model = bench.build(retry=RetryPolicy(attempts=attempts, sleep=bench.waits))
    with pytest.raises(RateLimited) as caught:
        await model.complete(TEXT)
    assert len(bench.wire.requests) == attempts
    assert bench.waits.seconds == [3.0] * (attempts - 1)
    assert (caught.value.status, caught.value.retry_after) == (429, 3.0)


async def test_10_a_bad_key_is_told_once_and_never_shown(
    bench: Bench, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("MY_KEY", KEY)
    bench.wire.will(bench.vendor.error(401, f"Incorrect API key provided: {KEY}", "invalid_api_key"))
    model = bench.build(api_key=None, api_key_env="MY_KEY")
    with pytest.raises(AuthError, match="MY_KEY") as caught:
        await model.complete(TEXT)
    assert len(bench.wire.requests) == 1
    assert fits_an_error(caught.value)
    assert (caught.value.provider, caught.value.status) == (bench.vendor.name, 401)
    assert caught.value.__context__ is None
    assert KEY not in caplog.text
    assert KEY not in repr(model) + repr(model.endpoint)


async def test_11_an_unknown_model_is_told_once(bench: Bench) -> None:
    bench.wire.will(bench.vendor.error(404, "The model does not exist", "model_not_found"))
    with pytest.raises(ModelNotFound, match="name") as caught:
        await bench.build().complete(TEXT)
    assert len(bench.wire.requests) == 1
    assert fits_an_error(caught.value)


async def test_12_a_silent_server_is_a_timeout_in_bounded_time(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("ok"), Answer(hold=True))
    model = bench.build(timeout=0.8, retry=RetryPolicy(attempts=2, sleep=bench.waits))
    await model.complete(TEXT)
    async with asyncio.timeout(10):
        with pytest.raises(ProviderTimeout, match="0.8 s") as caught:
            await model.complete(TEXT)
    assert len(bench.wire.requests) == 3
    assert caught.value.provider == bench.vendor.name


@pytest.mark.parametrize("after", [0, 60, 120], ids=["before a word", "in the head", "in the body"])
async def test_13_a_dropped_connection_is_tried_again(bench: Bench, after: int) -> None:
    whole = bench.vendor.reply("x" * 400)
    bench.wire.will(Answer(whole.body, drop=after), bench.vendor.reply("ok"))
    done = await bench.build().complete(TEXT)
    assert done.text == "ok"
    assert len(bench.wire.requests) == 2


async def test_13_a_refused_connection_names_the_host(bench: Bench, unused_tcp_port: int) -> None:
    host = f"127.0.0.1:{unused_tcp_port}"
    with pytest.raises(ProviderUnavailable, match=host) as caught:
        await bench.build(base_url=f"http://{host}/v1").complete(TEXT)
    assert len(bench.waits.seconds) == 4
    assert fits_an_error(caught.value)


async def test_14_a_gateway_page_is_tried_again_and_not_quoted(bench: Bench) -> None:
    page = f"<html><head><title>502 Bad Gateway</title></head><body>{'x' * 5000}</body></html>".encode()
    bench.wire.will(Answer(page, 502, {"content-type": "text/html"}))
    with pytest.raises(ProviderUnavailable, match="502 Bad Gateway") as caught:
        await bench.build().complete(TEXT)
    assert len(bench.wire.requests) == 5
    assert fits_an_error(caught.value)


@pytest.mark.parametrize(
    ("content_type", "raw"),
    [
        ("text/html", b"<html><body>" + b"welcome " * 500 + b"</body></html>"),
        ("application/json", b'{"choices": [{"mess'),
        ("application/json", b""),
        ("application/json", b"[]"),
        ("application/json", b"{}"),
        ("application/json", b'"a text"'),
        ("application/json", b"[" * 100_000),
        ("application/json", b'{"choices": null, "content": null}'),
    ],
    ids=["html", "broken", "empty", "list", "no content", "string", "deep", "null"],
)
async def test_15_16_a_success_that_is_no_answer_is_told(bench: Bench, content_type: str, raw: bytes) -> None:
    bench.wire.will(Answer(raw, headers={"content-type": content_type}))
    with pytest.raises(ProviderUnavailable) as caught:
        await bench.build(retry=RetryPolicy(attempts=2, sleep=bench.waits)).complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 2
    assert fits_an_error(caught.value)


async def test_16_blank_lines_before_the_answer_are_no_fault(bench: Bench) -> None:
    answer = bench.vendor.reply("ok").encoded().partition(b"\r\n\r\n")[2]
    bench.wire.will(Answer(b"\n\n \n" + answer))
    assert (await bench.build().complete(TEXT)).text == "ok"


async def test_17_cancelling_a_call_ends_it_at_once(bench: Bench) -> None:
    bench.wire.will(Answer(hold=True))
    call = asyncio.create_task(bench.build().complete(TEXT))
    await bench.wire.asked(1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert len(bench.wire.requests) == 1


async def test_17_cancelling_a_wait_ends_it_at_once(bench: Bench) -> None:
    waiting = asyncio.Event()

    async def wait_for_ever(seconds: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    bench.wire.will(bench.vendor.error(429, "slow down"))
    call = asyncio.create_task(bench.build(retry=RetryPolicy(sleep=wait_for_ever)).complete(TEXT))
    await waiting.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert len(bench.wire.requests) == 1


async def test_18_twenty_calls_at_once_do_not_mix(bench: Bench) -> None:
    def echo(request: Request) -> Answer:
        return bench.vendor.reply(bench.vendor.texts(request)[-1])

    bench.wire.will(echo)
    model = bench.build()
    texts = [f"call {number}" for number in range(20)]
    done = await asyncio.gather(*(model.complete([UserMessage(parts=(Text(text),))]) for text in texts))
    assert [one.text for one in done] == texts
    opened = bench.wire.connections
    await model.complete(TEXT)
    assert bench.wire.connections == opened, "the client and its connections are used again"


async def test_18_a_closed_model_can_be_used_again(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    model = bench.build()
    for _ in range(2):
        assert (await model.complete(TEXT)).text == "ok"
        await model.aclose()


async def test_18_each_event_loop_has_its_own_connections(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    model = bench.build()

    async def elsewhere() -> str:
        done = await model.complete(TEXT)
        await model.aclose()
        return done.text

    await model.complete(TEXT)
    assert await asyncio.to_thread(asyncio.run, elsewhere()) == "ok"
    assert (await model.complete(TEXT)).text == "ok"
    assert bench.wire.connections == 2


async def test_19_usage_that_is_not_told_is_unknown(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("ok", usage=False))
    assert (await bench.build().complete(TEXT)).usage == Usage()


async def test_20_an_unknown_stop_is_kept(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig"}', "paused_for_tea"))
    done = await bench.build().complete(TEXT, Fruit)
    assert (done.stop, done.raw_stop, done.output) == ("error", "paused_for_tea", Fruit(name="fig"))


async def test_21_an_unknown_model_goes_out_unchanged(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig"}'))
    model = bench.build("someone/brand-new:7b@x")
    await model.complete(TEXT, Fruit)
    assert bench.wire.requests[0].body["model"] == "someone/brand-new:7b@x"
    assert model.abilities.schema
    assert model.prices is None


async def test_22_a_missing_key_is_told_when_the_model_is_built(bench: Bench) -> None:
    if bench.vendor.name == "compatible":
        bench.wire.will(bench.vendor.reply("ok"))
        assert (await bench.build(api_key=None).complete(TEXT)).text == "ok"
        return
    for key in (None, "", " \n"):
        with pytest.raises(MissingKey, match=f"{bench.vendor.name.upper()}_API_KEY"):
            bench.build(api_key=key)


@pytest.mark.parametrize(
    "wrong",
    [
        {"api_key": "sk-line\nbreak"},
        {"api_key": "sk-schlüssel"},
        {"base_url": "localhost:8000"},
        {"base_url": "ftp://host/v1"},
        {"base_url": "http://"},
        {"base_url": "http://host:port/v1"},
        {"timeout": 0},
        {"timeout": float("inf")},
        {"structured": "yaml"},
        {"model": ""},
    ],
    ids=str,
)
def test_22_what_cannot_work_is_told_when_the_model_is_built(bench: Bench, wrong: dict[str, Any]) -> None:
    options: dict[str, Any] = {"api_key": KEY, "base_url": "http://127.0.0.1:1/v1", "model": "m", **wrong}
    with pytest.raises(InvalidSetting):
        bench.vendor.kind(**options)


async def test_27_a_cut_answer_never_becomes_a_value(bench: Bench) -> None:
    bench.wire.will(bench.vendor.cut('{"name": "fig"}'))
    with pytest.raises(OutputTruncated, match="max_tokens") as caught:
        await bench.build(settings=ModelSettings(max_tokens=100)).complete(TEXT, Fruit)
    assert caught.value.raw == '{"name": "fig"}'
    assert fits_an_error(caught.value)
    caps = [max(value for key, value in request.body.items() if "max" in key) for request in bench.wire.requests]
    assert caps == [100, 200]


async def test_27_a_cut_answer_gets_more_room_once(bench: Bench) -> None:
    bench.wire.will(bench.vendor.cut('{"name": "f'), bench.vendor.reply('{"name": "fig"}'))
    done = await bench.build().complete(TEXT, Fruit)
    assert done.output == Fruit(name="fig")
    assert done.usage.prompt == 22, "both calls were paid for"


async def test_27_a_refused_cap_shows_the_cut_answer(bench: Bench) -> None:
    bench.wire.will(bench.vendor.cut('{"name": "f'), bench.vendor.error(400, "max_tokens is too large: 16384"))
    with pytest.raises(OutputTruncated):
        await bench.build().complete(TEXT, Fruit)


async def test_27_cut_free_text_is_given_with_its_stop(bench: Bench) -> None:
    bench.wire.will(bench.vendor.cut("once upon"))
    done = await bench.build().complete(TEXT)
    assert (done.text, done.stop) == ("once upon", "length")


async def test_29_a_prompt_that_is_too_long_is_told_once(bench: Bench) -> None:
    bench.wire.will(bench.vendor.error(400, "prompt is too long: 9 tokens > 8 maximum", "context_length_exceeded"))
    with pytest.raises(ContextTooLong, match="shorten"):
        await bench.build().complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 1


async def test_34_a_hint_above_the_budget_is_not_waited_for(bench: Bench) -> None:
    bench.wire.will(bench.vendor.error(429, "slow down", headers={"retry-after": "300"}))
    with pytest.raises(RateLimited) as caught:
        await bench.build().complete(TEXT)
    assert caught.value.retry_after == 300
    assert len(bench.wire.requests) == 1
    assert bench.waits.seconds == []


async def test_a_bad_answer_is_shown_to_the_model_and_asked_for_again(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply('{"name": 5}'), bench.vendor.reply('{"name": "fig"}'))
    done = await bench.build().complete(TEXT, Fruit)
    assert done.output == Fruit(name="fig")
    assert (done.usage.prompt, done.usage.completion) == (22, 14)
    first, second = bench.wire.requests
    shown = bench.vendor.texts(second)
    assert shown[-2] == '{"name": 5}'
    assert shown[-1].startswith("Your answer cannot be used: invalid answer")
    assert "name" in shown[-1]
    assert len(second.body["messages"]) == len(first.body["messages"]) + 2
    assert bench.waits.seconds == []


async def test_answers_that_stay_bad_step_down_and_end_with_the_raw_text(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("no fruit today"))
    model = bench.build()
    with pytest.raises(OutputInvalid) as caught:
        await model.complete(TEXT, Fruit)
    assert caught.value.raw == "no fruit today"
    assert str(caught.value).startswith(f"{model.name}: invalid answer")
    assert (caught.value.provider, caught.value.request_id) == (bench.vendor.name, "req-1")
    assert fits_an_error(caught.value)
    tools = ["tools" in request.body for request in bench.wire.requests]
    assert tools == [False, False, True]


async def test_an_empty_answer_is_asked_for_again_without_an_empty_turn(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply(""), bench.vendor.reply('{"name": "fig"}'))
    assert (await bench.build().complete(TEXT, Fruit)).output == Fruit(name="fig")
    assert "" not in bench.vendor.texts(bench.wire.requests[1])[1:]


async def test_a_refusal_in_words_is_not_asked_again(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("I'm sorry, but I can't help with that."))
    with pytest.raises(Refused) as caught:
        await bench.build().complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 1
    assert caught.value.provider == bench.vendor.name


async def test_transport_and_output_retries_are_counted_apart(bench: Bench) -> None:
    busy = bench.vendor.error(503, "overloaded")
    bench.wire.will(busy, bench.vendor.reply("nonsense"), busy, busy, bench.vendor.reply('{"name": "fig"}'))
    assert (await bench.build().complete(TEXT, Fruit)).output == Fruit(name="fig")
    assert len(bench.wire.requests) == 5
    assert bench.waits.seconds == [2.0, 2.0, 4.0]


async def test_waits_never_pass_the_budget(bench: Bench) -> None:
    bench.wire.will(bench.vendor.error(429, "slow down", headers={"retry-after": "50"}))
    with pytest.raises(RateLimited):
        await bench.build(retry=RetryPolicy(attempts=9, budget=120, sleep=bench.waits)).complete(TEXT)
    assert bench.waits.seconds == [50, 50]


async def test_half_a_surrogate_pair_in_an_answer_breaks_nothing(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply('{"name": 5, "x": "\ud83d"}'), bench.vendor.reply("fig \ud83d"))
    model = bench.build()
    with pytest.raises(OutputInvalid) as caught:
        await model.complete(TEXT, Fruit)
    assert caught.value.raw == "fig \ufffd"
    assert (await model.complete(TEXT)).text == "fig \ufffd"
