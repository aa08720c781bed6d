"""A run while it lasts: its record, its browser and its history, opened, resumed and ended in one place."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as PlaywrightPage

from webhand.agent.eyes import Eyes, Look
from webhand.agent.hand import BrowserLike, Hand, hand
from webhand.agent.history import History, Seen, Step
from webhand.agent.people import unanswered
from webhand.agent.record import Record, Status
from webhand.agent.reuse import Pending
from webhand.agent.stopwatch import Stopwatch
from webhand.browser import Browser, Tab
from webhand.browser.standing import Standing, stand, standing
from webhand.controller import Question
from webhand.errors import BrowserCrashed, BrowserError, LLMError, TabClosed
from webhand.events import EventType
from webhand.llm.borders import one_line

STATE_LIMIT = 5.0
"""Seconds that a page may take to give its storage; one that hangs never does."""
LOOKS = 3
"""Tabs that are tried for one look when each is gone by the time it is looked at."""
BLANK = "about:blank"
STATE_LOST = (
    "the state of the browser of before the interruption is lost: this one is new, without its tabs and cookies; "
    "look how far things are, and sign in again where need be"
)

BEHIND = (
    "the run was interrupted before step {step} was at its end: the browser stands where it stood before step {step}, "
    "while what that step sent to servers was sent"
)


class Run:
    """What a run has at hand; `number` is that of the step being made."""

    def __init__(self, record: Record, given: BrowserLike, hand: Hand, workspace: Path) -> None:
        self.log = record.log
        self.workspace = workspace
        """The folder for its files."""
        self.browser = hand.browser
        self.context = hand.context
        self.kept = hand.kept
        """The browser, where it outlives the run."""
        events = record.log.events()
        self.history = History.of(events)
        self.questions = sum(event.type == "asked" for event in events)
        """How many questions were asked before this process went on with the run."""
        self.unanswered = unanswered(events)
        """The question that the run was waiting for when it was interrupted."""
        self._record = record
        self._given = given
        self._joined = hand.joined
        self._resumed = any(event.type == "resumed" for event in events)
        self.watch = Stopwatch(sum((step.seconds for step in self.history.steps), 0.0))
        """The time that the run has worked so far, what came before an interruption included."""
        self._step_began: float = self.watch.seconds
        self.earlier = len(self.history.steps)
        """How many steps were made before this process went on with the run."""
        self.pending: Pending | None = None
        """A decision that was made before an interruption and not begun."""
        self._looked = False

    @property
    def number(self) -> int:
        """The number of the step that is being made."""
        return len(self.history.steps) + 1

    async def emit(self, type: EventType, data: Mapping[str, Any]) -> None:
        """Write an event to the log, then tell the sinks."""
        await self._record.emit(type, data)

    async def told(self, text: str, question: Question | None = None) -> None:
        """Somebody has said something: besides, or late to a question of before an interruption."""
        text = self._record.veiled(text)
        if question is not None:
            text = f"You asked: {one_line(question.text)} The answer: {text}"
        data = {"text": text, "question": question and question.id, "late": question is not None}
        await self.emit("told", data)
        self.history = replace(self.history, told=(*self.history.told, text))
        self.pending = self.pending and replace(self.pending, overruled=True)

    async def begin_step(self, told: Sequence[str] = ()) -> Step:
        """The next step, still empty. The pid of a browser that was given or is to stay open is nobody's to know."""
        self._step_began = self.watch.seconds
        pid = None if isinstance(self._given, Browser) or self.kept else self.browser.pid
        await self.emit("step.started", {"step": self.number, "browser_pid": pid})
        for text in told:
            await self.told(text)
        return Step(number=self.number)

    async def look(self, start_url: str | None, eyes: Eyes) -> tuple[Tab, Look]:
        """The tab in front and what it shows; a page that crashed is opened again, for one that closed the next is.

        Raises BrowserError when that does not help.
        """
        for _ in range(LOOKS - 1):
            tab = await self._tab(start_url)
            try:
                return tab, await eyes.look(tab, self.history, self.earlier)
            except (BrowserCrashed, TabClosed) as error:
                if self._disconnected:
                    raise BrowserCrashed(f"the browser is gone: {error}") from None
                if isinstance(error, BrowserCrashed):
                    await self._replace(tab)
        tab = await self._tab(start_url)
        return tab, await eyes.look(tab, self.history, self.earlier)

    async def saw(self, step: Step, look: Look) -> Step:
        """The step with what it looked at; page text and picture are kept beside the log."""
        seen = look.seen
        summary = Seen(
            url=seen.url,
            title=seen.title,
            tokens=seen.tokens,
            elements=len(seen.elements),
            text=self.log.save(seen.text.encode("utf-8", "replace"), ".txt"),
            page=look.page,
            notices=seen.notices,
            partial=seen.partial,
            pictured=seen.screenshot is not None,
            repainted=look.repainted,
            stuck=look.stuck and look.stuck.reason,
            force=look.stuck.force if look.stuck else 0,
        )
        picture = None if look.picture is None else self.log.save(look.picture, ".jpg")
        data = summary.model_dump(mode="json") | {"step": step.number, "screenshot": picture and str(picture)}
        await self.emit("observed", data)
        return step.model_copy(update={"observation": summary, "screenshot": picture})

    async def finish_step(self, step: Step) -> Step:
        """The step with its time; it is in the log and in the history, and the browser's state is saved."""
        step = step.model_copy(update={"seconds": round(self.watch.seconds - self._step_began, 3)})
        if not (step.done and self._record.state()):  # a run that follows one of a single step needs it too
            await self._save_state()
        await self.emit("step.finished", step.model_dump(mode="json"))
        self.history = self.history.add(step)
        return step

    async def end(self, status: Status, *, limit: str | None = None, error: str | None = None) -> None:
        """Write how the run ended; only the first end counts."""
        url = self.context.active.url if self.context.active else None
        await self._record.end(status, self.watch.seconds, limit=limit, error=error, final_url=url)

    # --- tabs ---------------------------------------------------------------------------------------------------

    @property
    def _disconnected(self) -> bool:
        inner = self.context.inner.browser
        return inner is not None and not inner.is_connected()

    async def _tab(self, start_url: str | None) -> Tab:
        if not self._looked:
            self._looked = True
            await self._begin(start_url)
        if self.context.active is None:
            tab = await self.context.open()
            tab.tell("no tab was open any more; this one is new and empty")
        return self.context.active or await self.context.open()

    async def _begin(self, start_url: str | None) -> None:
        """The tabs of before an interruption, or the start page; what is open already is used as it is."""
        state = self._record.state()
        saved = [Standing.model_validate(one) for one in state.get("tabs", [])]
        blank = self._blank()
        given = None if blank else self.context.active
        if given is None and saved:
            await self._restore(saved, blank)
            if self.context.active is not None and state.get("step") == (done := len(self.history.steps)) - 1:
                self.context.active.tell(BEHIND.format(step=done))
        elif given is None:
            await self._open(start_url, blank)
            if self.history.steps and self.context.active is not None:
                self.context.active.tell(STATE_LOST)
        elif self._joined and (self._resumed or start_url is None):
            await self._arrange(saved)
        elif start_url is not None and not self.history.steps:
            await self._open(start_url, given if isinstance(self._given, PlaywrightPage) else None)

    def _blank(self) -> Tab | None:
        """The empty tab that a kept browser begins with, as long as nothing was done in it."""
        tabs = self.context.tabs
        begins = self.kept is not None and not (self._joined and self.history.steps)
        return tabs[0] if begins and [tab.url for tab in tabs] == [BLANK] else None

    async def _open(self, url: str | None, tab: Tab | None) -> None:
        tab = tab or await self.context.open()
        if url is not None:
            await tab.goto(url)

    async def _arrange(self, saved: Sequence[Standing]) -> None:
        """Give the tabs of a joined browser the numbers that they had, and bring the same one to the front."""
        self.context.arrange([one.url for one in saved])
        addresses = [one.url for one in saved if one.active]
        tab = next((tab for tab in self.context.tabs if tab.url in addresses), None)
        if tab is not None:
            await self.context.switch(tab.number)

    async def _restore(self, saved: Sequence[Standing], blank: Tab | None) -> None:
        front = None
        for one in saved:
            tab = await stand(self.context, one, blank)
            front, blank = tab if one.active else front, None
        if front is not None:
            await self.context.switch(front.number)

    async def _replace(self, tab: Tab) -> None:
        url = tab.url
        with suppress(PlaywrightError, TabClosed):  # it is gone already
            await tab.close()
        (await stand(self.context, Standing(url=url))).tell("the page had crashed and was opened again")

    async def _save_state(self) -> None:
        storage, *tabs = await asyncio.gather(self._storage(), *map(standing, self.context.tabs))
        self._keep_state({"storage": storage, "tabs": [tab.model_dump() for tab in tabs], "step": self.number})

    def keep_browser(self) -> None:
        """Write down which browser outlives the run: a process that is killed from now on leaves one to be found."""
        state = self._record.state()
        if self.kept or state.get("browser"):
            self._keep_state(state)

    def _keep_state(self, state: Mapping[str, Any]) -> None:
        self._record.keep_state({**state, "browser": self.kept and self.kept.model_dump(mode="json")})

    async def _storage(self) -> Any:
        """Cookies and storage now, or as they were last known: a page with an open dialog or in a loop gives none."""
        if not self.context.questions():
            with suppress(TimeoutError, PlaywrightError):
                async with asyncio.timeout(STATE_LIMIT):
                    return json.loads(await self.context.state())
        return self._record.state().get("storage")


@asynccontextmanager
async def opened(record: Record, browser: BrowserLike, workspace: Path, old: int = 0) -> AsyncGenerator[Run]:
    """The run with its browser; its sinks are told of the events after number `old` first.

    Whatever happens inside, the log has an end, and what was opened is closed. What a model or a browser failed with
    is an end with `failed`, not an exception; everything else, a cancellation too, passes through.
    """
    began = time.monotonic()
    try:
        await record.catch_up(old)
        async with hand(browser, workspace, record.state()) as handed:
            run, context = Run(record, browser, handed, workspace), handed.context
            run.keep_browser()
            context.hold_dialogs(True)
            try:
                yield run
            except (LLMError, BrowserError) as error:
                await run.end("failed", error=_told(error))
            except BaseException as error:
                await _end(record, run.watch.seconds, error, context.active.url if context.active else None)
                raise
            finally:
                context.hold_dialogs(False)
    except BaseException as error:
        await _end(record, time.monotonic() - began, error)
        raise
    finally:
        record.log.close()


async def _end(record: Record, seconds: float, error: BaseException, url: str | None = None) -> None:
    """The end that an exception brings; a sink that raises now does not hide it."""
    stopped = isinstance(error, (asyncio.CancelledError, GeneratorExit))  # or its event loop is over
    with suppress(Exception):
        text = None if stopped else _told(error)
        await record.end("stopped" if stopped else "failed", seconds, error=text, final_url=url)


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
