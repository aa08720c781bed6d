"""The one place where a model call is tried again."""

import asyncio
import math
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

from webhand.errors import InvalidSetting, LLMError, Overloaded, ProviderTimeout, ProviderUnavailable, RateLimited
from webhand.llm.faults import NO_TLS
from webhand.llm.kinds import check_option
from webhand.llm.patience import Patience, Sleep

T = TypeVar("T")

RETRIED = (RateLimited, Overloaded, ProviderTimeout, ProviderUnavailable)
LONGEST_HINT = 60.0
LONGEST_BACKOFF = 30.0
# By status or code. 424: the model itself failed over this request; once more is worth it, more is not.
MOST_TRIES: Mapping[int | str | None, int] = {424: 2, NO_TLS: 1}


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how long one request is tried.

    `attempts` counts the first try; `budget` bounds the seconds from the first try to the start of the last. `sleep`
    waits, async or not, `jitter` gives a number from 0 to 1: both can be replaced, so that tests take no time and
    repeat.
    """

    attempts: int = 5
    budget: float = 120.0
    sleep: Sleep = asyncio.sleep
    jitter: Callable[[], float] = random.random

    def __post_init__(self) -> None:
        check_option("attempts", self.attempts, int)
        check_option("budget", self.budget, float)
        check_option("sleep", self.sleep, Callable[..., Any])
        check_option("jitter", self.jitter, Callable[..., Any])
        if self.attempts < 1:
            raise InvalidSetting(
                f"RetryPolicy attempts is {self.attempts}; it counts the first try, so give at least 1"
            )
        if not (math.isfinite(self.budget) and self.budget >= 0):
            raise InvalidSetting(f"RetryPolicy budget is {self.budget}; give a number of seconds from 0 up")


async def with_retries(call: Callable[[Patience], Awaitable[T]], policy: RetryPolicy) -> T:
    """What `call` returns, tried again while its error may pass; what it waits itself, it waits with the Patience.

    A wait that the server asked for is kept, up to a minute, and so is the time until a limit is reset, if it is not
    shorter than the waits would be anyhow. One that is longer than the budget raises at once, with `retry_after` in the
    error. Cancelling goes through at any moment.
    """
    patience = Patience(policy.budget, policy.sleep)
    tries = AsyncRetrying(
        sleep=patience.sleep,
        stop=lambda state: _is_over(state, policy, patience),
        wait=lambda state: _pause(state, policy),
        retry=retry_if_exception_type(RETRIED),
        reraise=True,
    )

    async def attempt() -> T:
        return await call(patience)

    return await tries(attempt)


def _pause(state: RetryCallState, policy: RetryPolicy) -> float:
    error, hint = _error(state), min(_hint(state) or 0.0, LONGEST_HINT)
    if hint and error is not None and not error.guessed:
        return hint
    share = policy.jitter()
    check_option("what jitter gives", share, float)
    highest = min(LONGEST_BACKOFF, 2.0**state.attempt_number)
    return max(1.0, highest * (0.5 + share / 2), hint)


def _is_over(state: RetryCallState, policy: RetryPolicy, patience: Patience) -> bool:
    hint = _hint(state)
    if state.attempt_number >= _most(state, policy) or (hint is not None and hint > policy.budget):
        return True
    return not patience.allows(state.upcoming_sleep)


def _most(state: RetryCallState, policy: RetryPolicy) -> int:
    error = _error(state)
    known = (error.status, error.code) if error is not None else ()
    return min([policy.attempts, *(MOST_TRIES.get(one, policy.attempts) for one in known)])


def _hint(state: RetryCallState) -> float | None:
    error = _error(state)
    return None if error is None else error.retry_after


def _error(state: RetryCallState) -> LLMError | None:
    error = state.outcome.exception() if state.outcome is not None else None
    return error if isinstance(error, LLMError) else None
