"""Signals while a run goes on."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, TypeVar

from webhand.cli.codes import INTERRUPTED, TERMINATED

T = TypeVar("T")

GRACE = 5.0
"""Seconds that the step may take to its end after the first signal."""
CODES = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: TERMINATED}


class Interruption:
    """The first signal lets the step that is being made end, for 5 s at most; the second ends the run at once.

    `stop` asks the run to end after its step, `say` is called once with what to tell the person. `code` is the exit
    code that the signal asks for, None as long as none came.
    """

    def __init__(self, stop: Callable[[], None], say: Callable[[str], None]) -> None:
        self.code: int | None = None
        self._count = 0
        self._stop = stop
        self._say = say

    async def watch(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What the work gives; None when a signal ended it before it was through."""
        task = asyncio.ensure_future(work)
        with self._handlers(task):
            try:
                return await task
            except asyncio.CancelledError:
                if self.code is None:
                    raise
                return None

    def _received(self, number: signal.Signals, task: asyncio.Task[Any]) -> None:
        self._count += 1
        if self.code is not None:
            if self._count > 2:  # somebody who insists need not wait for what is being closed
                os._exit(self.code)
            task.cancel()
            return
        self.code = CODES[number]
        self._stop()
        self._say(f"stopping after this step, in {GRACE:g} s at the latest; once more stops at once")
        asyncio.get_running_loop().call_later(GRACE, task.cancel)

    @contextmanager
    def _handlers(self, task: asyncio.Task[Any]) -> Generator[None]:
        loop = asyncio.get_running_loop()
        before = {number: signal.getsignal(number) for number in CODES}
        for number in CODES:
            try:
                loop.add_signal_handler(number, self._received, number, task)
            except NotImplementedError:  # Windows: the handler runs between two instructions and may not touch the loop

                def later(came: int, frame: FrameType | None) -> None:
                    loop.call_soon_threadsafe(self._received, signal.Signals(came), task)

                signal.signal(number, later)
        try:
            yield
        finally:
            for number, handler in before.items():
                with suppress(NotImplementedError):
                    loop.remove_signal_handler(number)
                signal.signal(number, handler)
