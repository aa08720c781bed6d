"""One account's limits on one model, shared by all that call it in this process.

What one call's answer tells of the limits, all later calls keep to: they wait for their turn instead of being refused.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from weakref import WeakValueDictionary

from webhand.errors import RateLimited
from webhand.llm.allowance import Bucket, allowances
from webhand.llm.endpoint import Endpoint
from webhand.llm.loops import PerLoop
from webhand.llm.patience import Patience
from webhand.usage import Usage

BELIEVED = 60.0
"""Seconds for which a call is held back by what earlier answers told; then one may try."""

MOMENT = 0.001
"""Waits below this are none; they come of rounding."""


class _Lane:
    """The calls of one event loop: before the door, those that have to wait for a place; in the line, all others.

    Each is first come, first served.
    """

    def __init__(self) -> None:
        self.door = asyncio.Lock()
        self.line = asyncio.Lock()
        self.freed = asyncio.Event()
        self.running = 0


class Limiter:
    """Holds calls back until the account may make them.

    Requests and tokens are counted as token buckets, which is how the vendors describe their limits. A call is taken
    for as large as the last one was.
    """

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}
        self._needs: dict[str, int] = {}
        self._closed_until = 0.0
        self._lanes = PerLoop(_Lane)

    @asynccontextmanager
    async def turn(self, patience: Patience, most: int | None = None) -> AsyncGenerator[None]:
        """Entered when the call may be made; `most` bounds how many are being made at once in this event loop.

        Waiting for the vendor counts against the budget: RateLimited where it is too long for it. Waiting for one of
        the `most` places does not: it ends by itself.
        """
        lane = self._lanes.here()
        async with _place(lane, patience, most):
            async with _ahead(lane, patience):
                await self._open(patience)
                began = patience.now
                self._take(began)
            async with self._heeded(began):
                yield

    @asynccontextmanager
    async def _heeded(self, began: float) -> AsyncGenerator[None]:
        """What a call that began then says of the limit holds for all others."""
        try:
            yield
        except RateLimited as error:
            self._closed_until = max(self._closed_until, time.monotonic() + min(error.retry_after or 0.0, BELIEVED))
            raise
        else:
            if began >= self._closed_until:
                self._closed_until = 0.0

    def told(self, headers: Mapping[str, str]) -> None:
        """Learn from the headers of an answer, whose names are lower case."""
        now = time.monotonic()
        for one in allowances(headers):
            self._buckets[one.kind] = Bucket(one, now)

    def used(self, usage: Usage) -> None:
        """Learn how large a call is."""
        prompt, completion = usage.prompt or 0, usage.completion or 0
        # What is read from a cache does not count as input where input is counted alone.
        sizes = {
            "tokens": prompt + completion,
            "input-tokens": prompt - (usage.cached or 0),
            "output-tokens": completion,
        }
        self._needs.update({kind: size for kind, size in sizes.items() if size > 0})

    async def _open(self, patience: Patience) -> None:
        """Return when nothing that is known keeps the call back."""
        while (wait := self._wait(patience.now)) > MOMENT:
            if not patience.allows(wait):
                raise _used_up(f"for {wait:.1f} s more", wait)
            await patience.sleep(wait)

    def _wait(self, now: float) -> float:
        waits = [self._closed_until - now]
        for kind, bucket in self._known():
            waits.append(min(bucket.wait(self._needs.get(kind, 1), now), bucket.told + BELIEVED - now))
        return max(waits)

    def _take(self, now: float) -> None:
        for kind, bucket in self._known():
            bucket.take(self._needs.get(kind, 1), now)

    def _known(self) -> Sequence[tuple[str, Bucket]]:
        """A copy: calls in other threads may tell of limits meanwhile."""
        return list(self._buckets.items())


@asynccontextmanager
async def _place(lane: _Lane, patience: Patience, most: int | None) -> AsyncGenerator[None]:
    """Entered with one of `most` places; those without a bound need none, and wait for nobody's."""
    if most is not None:
        began = patience.now
        async with lane.door:
            while lane.running >= most:
                lane.freed.clear()
                await lane.freed.wait()
            lane.running += 1
        patience.excuse(patience.now - began)
    else:
        lane.running += 1
    try:
        yield
    finally:
        lane.running -= 1
        lane.freed.set()


@asynccontextmanager
async def _ahead(lane: _Lane, patience: Patience) -> AsyncGenerator[None]:
    """Entered at the head of the line; RateLimited where those before take longer than there is patience."""
    try:
        async with asyncio.timeout(patience.left):
            await lane.line.acquire()
    except TimeoutError:
        raise _used_up("for longer", None) from None
    try:
        yield
    finally:
        lane.line.release()


def _used_up(how_long: str, wait: float | None) -> RateLimited:
    return RateLimited(
        f"other calls have used the limit up {how_long}, which the RetryPolicy's budget does not allow for; make fewer"
        " calls at once, or raise the budget",
        retry_after=wait,
    )


_LIMITERS: WeakValueDictionary[tuple[str, str, str], Limiter] = WeakValueDictionary()


def shared_limiter(endpoint: Endpoint, model: str) -> Limiter:
    """The limiter of all models of this process with the same address, key and name.

    A key that is brought anew for each request tells none from another.
    """
    lasting = endpoint.authorization if endpoint.key is None or endpoint.key.fixed else None
    # The key itself is kept in one place only.
    place = (endpoint.base_url, sha256((lasting or "").encode()).hexdigest(), model)
    found = _LIMITERS.get(place)
    if found is None:
        found = _LIMITERS[place] = Limiter()
    return found
