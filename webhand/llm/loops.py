"""What belongs to one event loop, kept for as long as that loop runs."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(eq=False)
class _Kept(Generic[V]):
    value: V
    keeper: AsyncGenerator[None] = field(repr=False)


async def _nothing(_: object) -> None:
    """For values that there is nothing to close of."""


class PerLoop(Generic[V]):
    """One value for each event loop: made when it is first needed there, closed and let go when the loop ends.

    Locks and connections lead back to their loop, so a dictionary with weak keys would keep both for ever.
    """

    def __init__(self, make: Callable[[], V], close: Callable[[V], Awaitable[None]] = _nothing) -> None:
        self._make = make
        self._close = close
        self._kept: dict[asyncio.AbstractEventLoop, _Kept[V]] = {}

    def here(self) -> V:
        """The value of the running loop."""
        loop = asyncio.get_running_loop()
        kept = self._kept.get(loop)
        if kept is None:
            self._forget_closed()
            value = self._make()
            kept = self._kept[loop] = _Kept(value, _begun(self._until_the_end(loop, value)))
        return kept.value

    async def aclose(self) -> None:
        """Close the running loop's value; the next `here` makes a new one."""
        kept = self._kept.pop(asyncio.get_running_loop(), None)
        if kept is not None:
            await kept.keeper.aclose()

    async def _until_the_end(self, loop: asyncio.AbstractEventLoop, value: V) -> AsyncGenerator[None]:
        # The one word that a loop gives of its end: while it still runs, it closes the generators that began in it.
        try:
            yield
        finally:
            kept = self._kept.get(loop)
            if kept is not None and kept.value is value:
                del self._kept[loop]
            await self._close(value)

    def _forget_closed(self) -> None:
        """Let go of the values of loops that were closed without a word; their sockets close as they are collected."""
        for loop in [loop for loop in list(self._kept) if loop.is_closed()]:
            self._kept.pop(loop, None)


def _begun(generator: AsyncGenerator[None]) -> AsyncGenerator[None]:
    """The generator at its first yield, to which it comes without waiting for anything."""
    with suppress(StopIteration):
        generator.__anext__().__await__().__next__()
    return generator
