"""How long is waited, and what in a server's headers says so."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from webhand.errors import AuthError, InvalidSetting, LLMError, RateLimited
from webhand.llm.hints import duration, reset_after, retry_after
from webhand.llm.retry import RetryPolicy, with_retries


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1s", 1), ("6m0s", 360), ("7.66s", 7.66), ("2m59.56s", 179.56), ("120ms", 0.12), ("1h2m", 3720), ("3", 3)],
)
def test_durations_are_read(text: str, seconds: float) -> None:
    assert duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "soon", "1x", "-1", "nan", "inf", "1s?", "9" * 400 + "s"])
def test_what_is_no_duration_is_none(text: str) -> None:
    assert duration(text) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "7", "retry-after-ms": "250"}, 0.25),
        ({"retry-after": "0"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
    ],
)
def test_hints_are_read(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


TOKENS = "rate limit reached on tokens per min (tpm): limit 30000, used 29850, requested 4000"


@pytest.mark.parametrize(
    ("headers", "words", "seconds"),
    [
        ({}, "", None),
        ({"x-ratelimit-reset-requests": "2s"}, "", 2),
        ({"x-ratelimit-reset-requests": "12ms", "x-ratelimit-reset-tokens": "45s"}, "too many requests", 45),
        ({"x-ratelimit-reset-requests": "3m", "x-ratelimit-reset-tokens": "45s"}, TOKENS, 45),
        ({"x-ratelimit-reset-requests": "20s", "x-ratelimit-reset-tokens": "3m"}, "limit 3 rpm, used 3", 20),
        ({"x-ratelimit-reset-requests": "3m"}, TOKENS, 180),
        ({"x-ratelimit-reset-requests": "20h", "x-ratelimit-remaining-requests": "300"}, "too many", None),
        ({"x-ratelimit-reset-tokens": "7s", "x-ratelimit-remaining-tokens": "150"}, "too many", 7),
        (
            {
                "x-ratelimit-reset-requests": "3m",
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-tokens": "2s",
            },
            TOKENS,
            180,
        ),
    ],
)
def test_the_reset_of_the_limit_that_is_meant_is_taken(
    headers: dict[str, str], words: str, seconds: float | None
) -> None:
    assert reset_after(headers, words) == seconds


@pytest.mark.parametrize(
    "date",
    [
        "Fri, 01 May 99999999999999999999 12:00:00 GMT",
        "Fri, 01 May 2020 12:00:00 +99999999999999999999",
        "Fri, 01 May 0001 00:00:00 +2359",
        "Fri, 99 May 2020 99:00:00 GMT",
        "1 May",
        ", ,",
        str(10**400),
    ],
)
def test_an_odd_date_says_nothing(date: str) -> None:
    headers = {"retry-after": date, "date": date, "x-ratelimit-reset-tokens": date}
    assert retry_after(headers) is None
    assert reset_after(headers, "") is None


@pytest.mark.parametrize("offset", [-60, 60])
def test_a_date_counts_from_now_and_a_past_one_says_nothing(offset: int) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=offset), usegmt=True)
    seconds = retry_after({"retry-after": date})
    assert seconds is None if offset < 0 else seconds is not None and 50 < seconds <= 60


async def failing(error: LLMError, policy: RetryPolicy) -> int:
    """How often a call that always fails is made."""
    calls = 0

    async def call(_: object) -> None:
        nonlocal calls
        calls += 1
        raise error

    with pytest.raises(type(error)) as caught:
        await with_retries(call, policy)
    assert caught.value is error
    return calls


class Slept:
    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


async def test_waits_double_within_their_bounds_and_repeat_with_a_seed() -> None:
    runs: list[list[float]] = []
    for _ in range(2):
        slept = Slept()
        policy = RetryPolicy(attempts=8, budget=1000, sleep=slept, jitter=random.Random(7).random)
        assert await failing(RateLimited("slow"), policy) == 8
        runs.append(slept.seconds)
    assert runs[0] == runs[1]
    for number, seconds in enumerate(runs[0], start=1):
        highest = min(30.0, 2.0**number)
        assert max(1.0, highest / 2) <= seconds <= highest


async def test_a_sleep_need_not_be_async() -> None:
    slept: list[float] = []
    policy = RetryPolicy(attempts=3, sleep=slept.append, jitter=lambda: 1)
    assert await failing(RateLimited("slow"), policy) == 3
    assert slept == [2, 4]


@pytest.mark.parametrize("odd", ["x", None, 10**400])
async def test_a_jitter_that_gives_no_number_is_told(odd: Any) -> None:
    async def call(_: object) -> None:
        raise RateLimited("slow")

    with pytest.raises(InvalidSetting, match="what jitter gives is of type"):
        await with_retries(call, RetryPolicy(sleep=Slept(), jitter=lambda: odd))


async def test_a_hint_is_kept_up_to_a_minute_and_never_above_the_budget() -> None:
    slept = Slept()
    assert await failing(RateLimited("slow", retry_after=100), RetryPolicy(attempts=2, sleep=slept)) == 2
    assert slept.seconds == [60]
    assert await failing(RateLimited("slow", retry_after=100), RetryPolicy(budget=99, sleep=slept)) == 1
    assert slept.seconds == [60]


async def test_what_will_not_pass_is_not_tried_again() -> None:
    assert await failing(AuthError("no"), RetryPolicy(sleep=Slept())) == 1


@pytest.mark.parametrize("wrong", [{"attempts": 0}, {"budget": -1.0}, {"budget": float("nan")}], ids=str)
def test_a_policy_that_cannot_work_is_told(wrong: dict[str, float]) -> None:
    with pytest.raises(InvalidSetting):
        RetryPolicy(**wrong)  # pyright: ignore[reportArgumentType]


def test_a_date_is_read_by_the_servers_clock_where_it_tells_its_own() -> None:
    headers = {"retry-after": "Fri, 01 May 2020 12:00:07 GMT", "date": "Fri, 01 May 2020 12:00:00 GMT"}
    assert retry_after(headers) == 7, "the clock of this machine may be hours ahead or behind"
    assert retry_after(headers | {"date": "noon"}) is None, "it is long past by ours"
