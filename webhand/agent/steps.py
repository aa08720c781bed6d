"""A run that is made step by step."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Self

from webhand.agent.controls import Controls
from webhand.agent.history import Step
from webhand.agent.loop import Loop
from webhand.agent.record import Status
from webhand.agent.run import Run
from webhand.agent.setup import Setup
from webhand.errors import ConfigError

ONE_LOOP = (
    "all steps of a run are made in one event loop, and this is another than it was begun in: make them in one "
    "`asyncio.run`, or use `agent.run_sync()`; `await agent.close()` before the next run"
)


class Steps:
    """The steps of one run, which stays open between them; in the event loop that it began in."""

    def __init__(self, run: Run, loop: Loop, stack: AsyncExitStack) -> None:
        self.ended = False
        self._run = run
        self._loop = loop
        self._stack = stack
        self._home = asyncio.get_running_loop()

    @classmethod
    async def begun(cls, opened: AbstractAsyncContextManager[Run], setup: Setup, controls: Controls) -> Self:
        """The run is entered here, and left with its last step, an error or `close`."""
        stack = AsyncExitStack()
        run = await stack.enter_async_context(opened)
        return cls(run, Loop(setup, run, controls), stack)

    async def step(self) -> Step | None:
        """The next one, None where the run has ended; an error ends it as it would end `Agent.run`.

        Raises ConfigError in another event loop.
        """
        if self.ended:
            return None
        if self._home is not asyncio.get_running_loop():
            raise ConfigError(ONE_LOOP)
        try:
            step = await self._loop.step()
        except BaseException as error:
            self.ended = True
            await self._stack.__aexit__(type(error), error, error.__traceback__)
            raise
        if step is None or step.done:
            await self._end("done")
        return step

    async def close(self) -> None:
        """End the run where it is; an event loop that is closed has ended it already.

        Raises ConfigError in another event loop while its own goes on.
        """
        if self.ended:
            return
        if self._home is not asyncio.get_running_loop() and not self._home.is_closed():
            raise ConfigError(ONE_LOOP)
        await self._end("stopped")

    async def _end(self, status: Status) -> None:
        self.ended = True
        async with self._stack:
            await self._run.end(status)
