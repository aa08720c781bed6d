"""A run while it lasts: its log, its browser and its history, opened, resumed and ended in one place."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from inspect import isawaitable
from pathlib import Path
from typing import Any

from webhand.agent.hand import BrowserLike, hand
from webhand.agent.history import History, Seen, Status, Step
from webhand.browser import Browser, Context, Observation, Tab
from webhand.errors import BrowserError, LLMError, WebhandError
from webhand.events import Event, EventType, Sink
from webhand.store import RunLog

STATE = "state.json"
"""Where the browser's state is kept beside the log, for its owner alone."""


class Run:
    """What a run has at hand; `number` is that of the step being made."""

    def __init__(self, log: RunLog, browser: Browser, context: Context, sinks: Sequence[Sink]) -> None:
        self.log = log
        self.browser = browser
        self.context = context
        self.history = History.of(log.events())
        self.ended = False
        self._sinks = sinks
        self._began = time.monotonic()
        self._step_began = self._began
        self._earlier = sum(step.seconds for step in self.history.steps)

    @property
    def seconds(self) -> float:
        """Time of the run so far, what came before an interruption included."""
        return self._earlier + time.monotonic() - self._began

    @property
    def number(self) -> int:
        """The number of the step that is being made."""
        return len(self.history.steps) + 1

    async def tab(self, start_url: str | None) -> Tab:
        """The tab in front; without any, the tabs of before an interruption, or a new one at the start address."""
        if self.context.active is None:
            await self._restore() if self.history.steps else await self.context.open(start_url)
        return self.context.active or await self.context.open()

    async def emit(self, type: EventType, data: Mapping[str, Any]) -> None:
        """Write an event to the log, then tell the sinks."""
        await self.tell(self.log.append(type, data))

    async def tell(self, event: Event) -> None:
        """Tell the sinks of an event that is in the log."""
        for sink in self._sinks:
            told = sink(event)
            if isawaitable(told):
                await told

    async def begin_step(self) -> Step:
        """The next step, still empty."""
        self._step_began = time.monotonic()
        await self.emit("step.started", {"step": self.number, "browser_pid": self.browser.pid})
        return Step(number=self.number)

    async def saw(self, step: Step, seen: Observation) -> Step:
        """The step with what it looked at; page text and picture are kept beside the log."""
        summary = Seen(
            url=seen.url,
            title=seen.title,
            tokens=seen.tokens,
            elements=len(seen.elements),
            text=self.log.save(seen.text.encode("utf-8", "replace"), ".txt"),
            notices=seen.notices,
            partial=seen.partial,
        )
        picture = None if seen.screenshot is None else self.log.save(seen.screenshot, ".png")
        data = summary.model_dump(mode="json") | {"step": step.number, "screenshot": picture and str(picture)}
        await self.emit("observed", data)
        return step.model_copy(update={"observation": summary, "screenshot": picture})

    async def finish_step(self, step: Step) -> Step:
        """The step with its time; it is in the log and in the history, and the browser's state is saved."""
        step = step.model_copy(update={"seconds": round(time.monotonic() - self._step_began, 3)})
        if not step.done:
            await self._save_state()
        await self.emit("step.finished", step.model_dump(mode="json"))
        self.history = self.history.add(step)
        return step

    async def end(self, status: Status, *, limit: str | None = None, error: str | None = None) -> None:
        """Write how the run ended; only the first end counts."""
        if self.ended:
            return
        self.ended = True
        url = self.context.active.url if self.context.active else None
        await self.emit("run.ended", ending(status, self.seconds, limit=limit, error=error, final_url=url))

    async def _save_state(self) -> None:
        tabs = [{"url": tab.url, "active": tab is self.context.active} for tab in self.context.tabs]
        state = {"storage": json.loads(await self.context.state()), "tabs": tabs}
        self.log.private(STATE, json.dumps(state).encode())

    async def _restore(self) -> None:
        front = None
        for saved in saved_state(self.log).get("tabs", []):
            tab = await self.context.open(saved["url"])
            front = tab if saved["active"] else front
        if front is not None:
            await self.context.switch(front.number)


def saved_state(log: RunLog) -> dict[str, Any]:
    """The browser's state as the last step left it; empty when there is none."""
    text = log.read_private(STATE)
    return json.loads(text) if text else {}


def ending(status: Status, seconds: float, **more: str | None) -> dict[str, Any]:
    """What the event at the end of a run holds."""
    return {"status": status, "seconds": round(seconds, 3), "limit": None, "error": None, "final_url": None} | more


@asynccontextmanager
async def opened(
    log: RunLog, browser: BrowserLike, workspace: Path, sinks: Sequence[Sink], old: int = 0
) -> AsyncGenerator[Run]:
    """The run with its browser, its sinks told of the events after number `old`; whatever happens inside, its log has an end, and what was opened is closed.

    What goes wrong after the browser is there is an end with `failed`, not an exception; a cancellation passes through.
    """
    run: Run | None = None
    began = time.monotonic()
    try:
        async with hand(browser, workspace, saved_state(log).get("storage")) as (own, context):
            run = Run(log, own, context, sinks)
            context.hold_dialogs(True)
            try:
                for event in log.events(after=old):
                    await run.tell(event)
                yield run
            except (LLMError, BrowserError) as error:
                await run.end("failed", error=f"{type(error).__name__}: {error}")
            except asyncio.CancelledError:
                await run.end("stopped")
                raise
            except BaseException as error:
                await run.end("failed", error=f"{type(error).__name__}: {error}")
                raise
            finally:
                context.hold_dialogs(False)
    except (WebhandError, asyncio.CancelledError) as error:
        if run is None:
            cancelled = isinstance(error, asyncio.CancelledError)
            text = None if cancelled else f"{type(error).__name__}: {error}"
            log.append("run.ended", ending("stopped" if cancelled else "failed", time.monotonic() - began, error=text))
        raise
    finally:
        log.close()
