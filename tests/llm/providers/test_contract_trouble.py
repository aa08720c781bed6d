"""What every vendor's model does when a call goes wrong on the way. Numbers are those of the contract's cases."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.llm.providers.bench import TEXT, Bench, Fruit, knowing
from tests.llm.providers.closed import Closed
from tests.llm.providers.double import KEY
from tests.llm.providers.wire import Answer
from webhand.errors import (
    AuthError,
    BadRequest,
    ContentBlocked,
    ContextTooLong,
    LLMError,
    ModelNotFound,
    Overloaded,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    SchemaRefused,
)
from webhand.llm.retry import RetryPolicy


def assert_fit_to_be_shown(error: LLMError) -> None:
    """What all error texts keep to."""
    text = str(error)
    assert len(text) < 500
    assert "\n" not in text
    assert "<html" not in text.lower()
    assert KEY not in text


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
async def test_case_08_rate_limited_then_ok(
    bench: Bench, header: str, value: Callable[[], str], least: float, most: float
) -> None:
    bench.wire.will(bench.vendor.trouble("throttled", headers={header: value()}), bench.vendor.reply("ok"))
    done = await bench.build().complete(TEXT)
    assert done.text == "ok"
    assert len(bench.wire.requests) == 2
    [waited] = bench.waits.seconds
    assert least <= waited <= most


async def test_case_08_the_reset_of_another_limit_does_not_make_the_waits_short(bench: Bench) -> None:
    """Five attempts were over within a tenth of a second."""
    headers = {"x-ratelimit-remaining-requests": "4999", "x-ratelimit-reset-requests": "12ms"}
    bench.wire.will(bench.vendor.trouble("throttled", headers=headers))
    with pytest.raises(RateLimited):
        await bench.build().complete(TEXT)
    assert bench.waits.seconds == [2, 4, 8, 16]


@pytest.mark.parametrize("attempts", [1, 3, 5])
async def test_case_09_a_lasting_throttle_is_tried_exactly_as_often_as_set(bench: Bench, attempts: int) -> None:
    bench.wire.will(bench.vendor.trouble("throttled", headers={"retry-after": "3"}))
    model = bench.build(retry=RetryPolicy(attempts=attempts, sleep=bench.waits))
    with pytest.raises(RateLimited) as caught:
        await model.complete(TEXT)
    assert len(bench.wire.requests) == attempts
    assert bench.waits.seconds == [3.0] * (attempts - 1)
    assert (caught.value.status, caught.value.retry_after) == (429, 3.0)


async def test_case_10_a_bad_key_is_told_once_and_never_shown(
    bench: Bench, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("MY_KEY", KEY)
    bench.wire.will(bench.vendor.trouble("bad_key", KEY))
    model = bench.build(api_key=None, api_key_env="MY_KEY")
    with pytest.raises(AuthError, match="MY_KEY") as caught:
        await model.complete(TEXT)
    assert len(bench.wire.requests) == 1
    assert_fit_to_be_shown(caught.value)
    assert (caught.value.provider, caught.value.status) == (bench.vendor.name, bench.vendor.troubles["bad_key"][0])
    assert caught.value.__context__ is None
    assert KEY not in caplog.text
    assert KEY not in repr(model) + repr(model.endpoint)


async def test_case_11_an_unknown_model_is_told_once(bench: Bench) -> None:
    bench.wire.will(bench.vendor.trouble("no_model"))
    with pytest.raises(ModelNotFound) as caught:
        await bench.build().complete(TEXT)
    assert len(bench.wire.requests) == 1
    assert_fit_to_be_shown(caught.value)


async def test_case_12_a_silent_server_is_a_timeout_in_bounded_time(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("ok"), Answer(hold=True))
    model = bench.build(timeout=0.8, retry=RetryPolicy(attempts=2, sleep=bench.waits))
    await model.complete(TEXT)
    async with asyncio.timeout(10):
        with pytest.raises(ProviderTimeout, match="0.8 s") as caught:
            await model.complete(TEXT)
    assert len(bench.wire.requests) == 3
    assert caught.value.provider == bench.vendor.name


@pytest.mark.parametrize("after", [0, 60, 120], ids=["before a word", "in the head", "in the body"])
async def test_case_13_a_dropped_connection_is_tried_again(bench: Bench, after: int) -> None:
    whole = bench.vendor.reply("x" * 400)
    bench.wire.will(Answer(whole.body, drop=after), bench.vendor.reply("ok"))
    done = await bench.build().complete(TEXT)
    assert done.text == "ok"
    assert len(bench.wire.requests) == 2


async def test_case_13_a_server_that_always_hangs_up_is_tried_as_often_as_set(bench: Bench) -> None:
    bench.wire.will(Answer(drop=0))
    with pytest.raises(ProviderUnavailable) as caught:
        await bench.build(retry=RetryPolicy(attempts=3, sleep=bench.waits)).complete(TEXT)
    assert len(bench.wire.requests) == bench.wire.connections == 3
    assert_fit_to_be_shown(caught.value)


async def test_case_13_a_refused_connection_names_the_host(bench: Bench, closed: Closed) -> None:
    with pytest.raises(ProviderUnavailable, match=closed.host) as caught:
        await bench.build(base_url=bench.vendor.address(f"http://{closed.host}")).complete(TEXT)
    assert (closed.tries, len(bench.waits.seconds)) == (5, 4)
    assert_fit_to_be_shown(caught.value)


async def test_case_14_a_gateway_page_is_tried_again_and_not_quoted(bench: Bench) -> None:
    page = f"<html><head><title>502 Bad Gateway</title></head><body>{'x' * 5000}</body></html>".encode()
    bench.wire.will(Answer(page, 502, {"content-type": "text/html"}))
    with pytest.raises(ProviderUnavailable, match="502 Bad Gateway") as caught:
        await bench.build().complete(TEXT)
    assert len(bench.wire.requests) == 5
    assert_fit_to_be_shown(caught.value)


@pytest.mark.parametrize("charset", ["base64", "idna", "punycode", "undefined", "hex", "utf-16", "no-such", '"'])
async def test_case_14_the_charset_that_a_server_names_changes_nothing(bench: Bench, charset: str) -> None:
    headers = {"content-type": f"application/json; charset={charset}"}
    model = bench.build(retry=RetryPolicy(attempts=1))
    told = bench.vendor.trouble("throttled", "caf\u00e9", headers=headers)
    for refusal in (told, Answer("caf\u00e9".encode(), told.status, headers)):
        bench.wire.will(refusal)
        with pytest.raises(RateLimited, match="caf\u00e9"):
            await model.complete(TEXT)
    bench.wire.will(Answer(bench.vendor.reply("caf\u00e9").body, headers=headers))
    assert (await model.complete(TEXT)).text == "caf\u00e9"


async def nonsense(bench: Bench, content_type: str, raw: bytes) -> None:
    bench.wire.will(Answer(raw, headers={"content-type": content_type}))
    with pytest.raises(ProviderUnavailable) as caught:
        await bench.build(retry=RetryPolicy(attempts=2, sleep=bench.waits)).complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 2
    assert_fit_to_be_shown(caught.value)


@pytest.mark.parametrize("content_type", ["text/html", "application/json"])
async def test_case_15_a_page_is_no_answer(bench: Bench, content_type: str) -> None:
    await nonsense(bench, content_type, b"<html><body>" + b"welcome " * 500 + b"</body></html>")


@pytest.mark.parametrize(
    "raw",
    [
        b'{"choices": [{"mess',
        b"",
        b"[]",
        b"{}",
        b'"a text"',
        b"[" * 100_000,
        b'{"choices": null, "content": null}',
    ],
    ids=["broken", "empty", "list", "no content", "string", "deep", "null"],
)
async def test_case_16_json_that_is_no_answer_is_told(bench: Bench, raw: bytes) -> None:
    await nonsense(bench, "application/json", raw)


async def test_case_16_blank_lines_before_the_answer_are_no_fault(bench: Bench) -> None:
    answer = bench.vendor.reply("ok").encoded().partition(b"\r\n\r\n")[2]
    bench.wire.will(Answer(b"\n\n \n" + answer))
    assert (await bench.build().complete(TEXT)).text == "ok"
    assert len(bench.wire.requests) == 1


async def test_case_17_cancelling_a_call_ends_it_at_once(bench: Bench) -> None:
    bench.wire.will(Answer(hold=True))
    call = asyncio.create_task(bench.build().complete(TEXT))
    await bench.wire.asked(1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert len(bench.wire.requests) == 1


async def test_case_17_cancelling_a_wait_ends_it_at_once(bench: Bench) -> None:
    waiting = asyncio.Event()

    async def wait_for_ever(seconds: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    bench.wire.will(bench.vendor.trouble("throttled"))
    call = asyncio.create_task(bench.build(retry=RetryPolicy(sleep=wait_for_ever)).complete(TEXT))
    await waiting.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert len(bench.wire.requests) == 1


@knowing("blocked")
async def test_case_28_a_filtered_prompt_is_blocked(bench: Bench) -> None:
    bench.wire.will(bench.vendor.trouble("blocked"))
    with pytest.raises(ContentBlocked):
        await bench.build().complete(TEXT)
    assert len(bench.wire.requests) == 1


@knowing("too_long")
async def test_case_29_a_prompt_that_is_too_long_is_told_once(bench: Bench) -> None:
    bench.wire.will(bench.vendor.trouble("too_long"))
    with pytest.raises(ContextTooLong, match="shorten"):
        await bench.build().complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 1


@knowing("no_credit")
async def test_case_30_an_empty_account_is_told_once(bench: Bench) -> None:
    bench.wire.will(bench.vendor.trouble("no_credit"))
    with pytest.raises(QuotaExhausted, match="top it up"):
        await bench.build().complete(TEXT)
    assert len(bench.wire.requests) == 1


@knowing("schema_refused")
async def test_case_31_a_refused_schema_is_asked_for_another_way_from_then_on(bench: Bench) -> None:
    below = bench.vendor.rungs[1]
    answer = bench.vendor.answer(below, {"name": "fig", "count": 2})
    bench.wire.will(bench.vendor.trouble("schema_refused"), answer)
    model = bench.build()

    first = await model.complete(TEXT, Fruit)
    second = await model.complete(TEXT, Fruit)

    assert first.output == second.output == Fruit(name="fig", count=2)
    assert first.rung == second.rung == below
    assert [bench.vendor.rung(request) for request in bench.wire.requests] == [bench.vendor.rungs[0], below, below]


@knowing("schema_refused")
async def test_case_31_a_schema_refused_at_every_rung_is_told(bench: Bench) -> None:
    bench.wire.will(bench.vendor.trouble("schema_refused"))
    with pytest.raises(SchemaRefused, match="make it simpler") as caught:
        await bench.build().complete(TEXT, Fruit)
    assert_fit_to_be_shown(caught.value)
    assert tuple(bench.vendor.rung(request) for request in bench.wire.requests) == bench.vendor.rungs


@knowing("bad_request")
async def test_case_31_a_request_that_is_wrong_for_another_reason_ends_with_that_reason(bench: Bench) -> None:
    bench.wire.will(bench.vendor.trouble("bad_request"))
    with pytest.raises(BadRequest, match="The moon is wrong") as caught:
        await bench.build().complete(TEXT, Fruit)
    assert not isinstance(caught.value, SchemaRefused)
    assert len(bench.wire.requests) == (len(bench.vendor.rungs) if bench.vendor.doubted else 1)


async def test_case_34_a_hint_above_the_budget_is_not_waited_for(bench: Bench) -> None:
    bench.wire.will(bench.vendor.trouble("throttled", headers={"retry-after": "300"}))
    with pytest.raises(RateLimited) as caught:
        await bench.build().complete(TEXT)
    assert caught.value.retry_after == 300
    assert len(bench.wire.requests) == 1
    assert bench.waits.seconds == []


async def test_case_34_waits_never_pass_the_budget(bench: Bench) -> None:
    bench.wire.will(bench.vendor.trouble("throttled", headers={"retry-after": "50"}))
    with pytest.raises(RateLimited):
        await bench.build(retry=RetryPolicy(attempts=9, budget=120, sleep=bench.waits)).complete(TEXT)
    assert len(bench.wire.requests) == 3
    assert bench.waits.seconds == [50, 50]


async def test_case_39_a_busy_server_is_tried_again(bench: Bench) -> None:
    bench.wire.will(bench.vendor.trouble("busy"))
    with pytest.raises(Overloaded):
        await bench.build(retry=RetryPolicy(attempts=3, sleep=bench.waits)).complete(TEXT)
    assert len(bench.wire.requests) == 3
