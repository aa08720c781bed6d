"""Something that is done once for all who want it at the same time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Shared(Generic[T]):
    """What is under way for several in one event loop; its error is everybody's, who comes later begins anew."""

    def __init__(self) -> None:
        self._doing: asyncio.Task[T] | None = None
        self._waiting = 0

    async def of(self, do: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What comes of it: begun here unless it is under way; given up when nobody waits for it any more."""
        if self._doing is None or self._doing.done():
            self._doing = asyncio.create_task(do())
        self._waiting += 1
        try:
            return await asyncio.shield(self._doing)
        finally:
            self._waiting -= 1
            if self._waiting == 0:
                self._doing.cancel()
                self._doing = None
