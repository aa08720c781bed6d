"""What a person says to a run while it goes on: hold on, go on, stop, and a word besides."""

from __future__ import annotations

import asyncio
from threading import Lock


class Controls:
    """Wishes for one agent's run, given from any thread and taken between two steps."""

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

    def begin(self) -> None:
        """Forget a wish to stop: another run begins."""
        self.stopped = False

    async def clear(self) -> None:
        """Return once nobody wants the run to wait."""
        while self.paused and not self.stopped:
            event = asyncio.Event()
            with self._lock:
                self._waiting = (asyncio.get_running_loop(), event)
            if self.paused and not self.stopped:  # said meanwhile, it has found nobody to wake
                await event.wait()

    def _wake(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, None
        if waiting is not None:
            loop, event = waiting
            loop.call_soon_threadsafe(event.set)
