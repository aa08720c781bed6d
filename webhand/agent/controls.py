"""What a person says to a run while it goes on: hold on, go on, stop, and a word besides."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from threading import Lock
from typing import TypeVar

T = TypeVar("T")


class Stopped(BaseException):
    """Somebody has ended the run while its step waited for something; no part of the step may take it for a failure."""


class Controls:
    """Wishes for one agent's run, given from any thread and taken between two steps.

    One that is given while no run goes on is for the next one.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._told: list[str] = []
        self._waiting: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self.paused = False
        self.stopped = False

    def pause(self) -> None:
        """Wait before the next step until `proceed` or `stop`."""
        self.paused = True

    def proceed(self) -> None:
        """Go on after `pause`."""
        self.paused = False
        self._wake()

    def stop(self) -> None:
        """End after the step that is being made."""
        self.stopped = True
        self._wake()

    def tell(self, text: str) -> None:
        """Something the model is to know from its next step on."""
        with self._lock:
            self._told.append(text)

    def taken(self) -> tuple[str, ...]:
        """What was told since it was last taken."""
        with self._lock:
            told, self._told = tuple(self._told), []
        return told

    def end(self) -> None:
        """A run has ended: a wish to stop is fulfilled with it, and so is one to pause that it came on top of."""
        if self.stopped:
            self.stopped = self.paused = False

    async def clear(self) -> None:
        """Return once nobody wants the run to wait."""
        while self.paused and not self.stopped:
            bell = self._bell()
            if self.paused and not self.stopped:  # said meanwhile, it has found nobody to wake
                await bell.wait()

    async def unless_stopped(self, work: Awaitable[T]) -> T:
        """What the work gives; where the run is to end meanwhile, the work is cancelled and Stopped raised."""
        task = asyncio.ensure_future(work)
        try:
            while not task.done():
                ringing = asyncio.ensure_future(self._bell().wait())
                try:
                    if self.stopped:
                        raise Stopped
                    await asyncio.wait({task, ringing}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    ringing.cancel()
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _bell(self) -> asyncio.Event:
        """Rings with the next `proceed` or `stop`; whoever takes it looks at these once more before they wait."""
        bell = asyncio.Event()
        with self._lock:
            self._waiting = (asyncio.get_running_loop(), bell)
        return bell

    def _wake(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, None
        if waiting is not None:
            loop, bell = waiting
            with suppress(RuntimeError):  # that loop is closed, and who waited there gone: it is for the next run
                loop.call_soon_threadsafe(bell.set)
