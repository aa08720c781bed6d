"""What an account may still do, as the headers of an answer tell it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from webhand.llm.hints import duration, now

CHAT = ("requests", "tokens")
ANTHROPIC = ("requests", "tokens", "input-tokens", "output-tokens")
EPOCH = 1_000_000_000
"""A reset from here on is a moment, not a length of time."""


@dataclass(frozen=True)
class Allowance:
    """So much of a `kind` (requests, tokens, input-tokens, output-tokens) is left; in `reset` seconds all of `limit`.

    `limit` is None where it is not told, or where all of it comes back at once.
    """

    kind: str
    remaining: float
    reset: float
    limit: float | None = None


def allowances(headers: Mapping[str, str]) -> Iterator[Allowance]:
    """Everything that the headers tell; what lacks a figure is left out. The names in `headers` are lower case.

    OpenAI, Azure, Groq and those like them: `x-ratelimit-remaining-requests`, with resets such as `2m59.56s`;
    Anthropic: `anthropic-ratelimit-requests-remaining`, OpenRouter: `x-ratelimit-remaining`, both with moments.
    """
    for kind in CHAT:
        yield from _read(headers, kind, f"x-ratelimit-{{}}-{kind}")
    for kind in ANTHROPIC:
        yield from _read(headers, kind, f"anthropic-ratelimit-{kind}-{{}}")
    for one in _read(headers, "requests", "x-ratelimit-{}"):
        yield Allowance(one.kind, one.remaining, one.reset)


def _read(headers: Mapping[str, str], kind: str, pattern: str) -> Iterator[Allowance]:
    remaining, limit, reset = (headers.get(pattern.format(part), "") for part in ("remaining", "limit", "reset"))
    left, seconds = duration(remaining), _seconds(reset, now(headers))
    if left is not None and seconds is not None:
        yield Allowance(kind, left, seconds, duration(limit))


def _seconds(reset: str, now: float) -> float | None:
    """Seconds from `now` in `7.66s`, `3`, a moment as text, or one in seconds or milliseconds since 1970."""
    number = duration(reset)
    if number is not None and number >= EPOCH:
        moment = number / 1000 if number >= EPOCH * 1000 else number
        return max(0.0, moment - now)
    if number is not None:
        return number
    try:
        moment = datetime.fromisoformat(reset)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, moment.timestamp() - now)


class Bucket:
    """An allowance as it goes on: it fills evenly up to its limit. Moments are seconds of any one clock."""

    def __init__(self, allowance: Allowance, now: float) -> None:
        self.told = now
        self._limit = allowance.limit
        self._left = allowance.remaining
        self._at = now
        self._full = now + allowance.reset
        missing = 0.0 if self._limit is None else self._limit - self._left
        self._rate = missing / allowance.reset if allowance.reset > 0 else 0.0

    def wait(self, need: float, now: float) -> float:
        """Seconds until so much is there; what is larger than the whole bucket has to do with a full one."""
        if self._limit is None or self._rate <= 0:
            return 0.0 if now >= self._full or self._left >= need else self._full - now
        return max(0.0, (min(need, self._limit) - self._level(now)) / self._rate)

    def take(self, amount: float, now: float) -> None:
        """So much has been used."""
        if self._limit is None or self._rate <= 0:
            self._left -= amount if now < self._full else 0.0
            return
        self._left, self._at = self._level(now) - amount, max(now, self._at)

    def _level(self, now: float) -> float:
        filled = self._left + self._rate * max(0.0, now - self._at)
        return filled if self._limit is None else min(self._limit, filled)
