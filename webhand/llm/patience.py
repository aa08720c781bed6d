"""The waiting of one call, counted against its budget."""

import time
from collections.abc import Awaitable, Callable
from inspect import isawaitable

Sleep = Callable[[float], Awaitable[None] | None]
"""Waits so many seconds, async or not."""


class Patience:
    """How long one call has taken and may still wait.

    It has a clock of its own: a replaced `sleep` takes no time, so the clock goes on by what was to be slept.
    """

    def __init__(self, budget: float, sleep: Sleep) -> None:
        self._budget = budget
        self._sleep = sleep
        self._began = time.monotonic()
        self._ahead = 0.0

    @property
    def now(self) -> float:
        """The moment, in seconds of `time.monotonic`."""
        return time.monotonic() + self._ahead

    @property
    def spent(self) -> float:
        """Seconds since the call began."""
        return self.now - self._began

    def allows(self, seconds: float) -> bool:
        """Whether so long a wait ends within the budget."""
        return self.spent + seconds <= self._budget

    @property
    def left(self) -> float:
        """Seconds that the call may still wait."""
        return max(self._budget - self.spent, 0.0)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        began = time.monotonic()
        waiting = self._sleep(seconds)
        if isawaitable(waiting):
            await waiting
        self._ahead += max(0.0, seconds - (time.monotonic() - began))

    def excuse(self, seconds: float) -> None:
        """Leave so much of the time that has passed out of the count."""
        self._began += seconds
