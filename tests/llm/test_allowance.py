"""What the headers of answers tell of an account's limits, and how a limit fills again."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from webhand.llm.allowance import Allowance, Bucket, allowances


def test_the_headers_of_openai_groq_and_azure() -> None:
    told = allowances(
        {
            "x-ratelimit-limit-requests": "14400",
            "x-ratelimit-remaining-requests": "14370",
            "x-ratelimit-reset-requests": "2m59.56s",
            "x-ratelimit-limit-tokens": "18000",
            "x-ratelimit-remaining-tokens": "17997",
            "x-ratelimit-reset-tokens": "7.66ms",
        }
    )
    assert list(told) == [Allowance("requests", 14370, 179.56, 14400), Allowance("tokens", 17997, 0.00766, 18000)]


def test_the_headers_of_anthropic() -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=30)).isoformat().replace("+00:00", "Z")
    [one] = allowances(
        {
            "anthropic-ratelimit-input-tokens-limit": "40000",
            "anthropic-ratelimit-input-tokens-remaining": "0",
            "anthropic-ratelimit-input-tokens-reset": soon,
            "anthropic-ratelimit-requests-remaining": "3",
        }
    )
    assert (one.kind, one.remaining, one.limit) == ("input-tokens", 0, 40000)
    assert 28 < one.reset <= 30


def test_the_headers_of_openrouter_come_back_at_once() -> None:
    reset = str(int((time.time() + 20) * 1000))
    [one] = allowances({"x-ratelimit-limit": "20", "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset})
    assert (one.kind, one.remaining, one.limit) == ("requests", 0, None)
    assert 18 < one.reset <= 20


@pytest.mark.parametrize("reset", ["2020-05-01T12:00:30Z", "1588334430", "1588334430000"])
def test_a_moment_is_read_by_the_servers_clock_where_it_tells_its_own(reset: str) -> None:
    headers = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": reset}
    [one] = allowances(headers | {"date": "Fri, 01 May 2020 12:00:00 GMT"})
    assert one.reset == 30, "the clock of this machine may be hours ahead or behind"


@pytest.mark.parametrize("reset", ["", "soon", "-3", "nan", "inf"])
def test_a_reset_that_cannot_be_read_tells_nothing(reset: str) -> None:
    assert not list(allowances({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": reset}))


def test_a_moment_that_is_past_is_no_wait() -> None:
    [one] = allowances({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "2020-01-01T00:00:00"})
    assert one.reset == 0
    assert Bucket(one, 5.0).wait(1, 5.0) == 0


def test_a_limit_that_is_known_fills_evenly() -> None:
    bucket = Bucket(Allowance("requests", 0, 10, limit=20), now=100)
    assert bucket.wait(1, 100) == pytest.approx(0.5)
    assert bucket.wait(1, 100.5) == pytest.approx(0)
    bucket.take(1, 100.5)
    assert bucket.wait(1, 100.5) == pytest.approx(0.5), "the next one waits for its own"
    assert bucket.wait(50, 100.5) == pytest.approx(10), "what is larger than all goes when all is there"
    assert bucket.wait(20, 200) == 0, "it never holds more than its limit"
    bucket.take(20, 200)
    assert bucket.wait(1, 200) == pytest.approx(0.5)


def test_a_limit_that_is_not_told_comes_back_at_once() -> None:
    bucket = Bucket(Allowance("requests", 1, 10), now=100)
    assert bucket.wait(1, 100) == 0
    bucket.take(1, 100)
    assert bucket.wait(1, 104) == 6
    assert bucket.wait(1, 110) == 0
    bucket.take(1, 110)
    assert bucket.wait(1, 110) == 0, "nothing is known any more"
