"""What a tab is busy with, and when it is quiet again: told by the page's own signals, never by a fixed sleep."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from webhand.browser.frames import Frame, Frames
from webhand.browser.world import PageHangs, WorldGone, send
from webhand.errors import BrowserError, TabClosed

if TYPE_CHECKING:
    from playwright.async_api import Frame as PlaywrightFrame
    from playwright.async_api import Page, Request

PATIENCE = 0.6
"""Seconds that an action which has caused nothing yet is waited for."""
LINGER = 0.4
"""Seconds after an input in which a page that waits for a pause in the typing begins to act on it."""
LIMIT = 5.0
"""Seconds after which a page that never gets quiet is taken as it is."""
LOAD_LIMIT = 10.0
"""Seconds that a new document may take to load what it is made of."""

BACKGROUND = frozenset(("image", "media", "font", "eventsource", "websocket", "ping", "manifest", "cspviolationreport"))
"""Requests that nothing on the page waits for, or that never end."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment: what had been started and where the tab had been up to then."""

    request: int
    navigation: int
    document: int


class Activity:
    """Counts a tab's navigations and the requests that are under way.

    `navigation_limit` is how long (seconds) a new document may take to begin.
    """

    def __init__(self, page: Page, frames: Frames, navigation_limit: float, tell: Callable[[str], None]) -> None:
        self._page = page
        self._tell = tell
        self._navigation_limit = navigation_limit
        self._frames = frames
        self._open: dict[Request, int] = {}
        self._requests = 0
        self._navigations = 0
        self._documents = 0
        self.leaving = False
        """Whether a new document was asked for and has not come yet; Chromium does not let the old one be read then."""
        self._moved = asyncio.Event()
        self._rest = self.mark()
        self.interrupted = asyncio.Event()
        """Set while a dialog blocks the page: nothing gets quiet then."""
        page.on("request", self._started)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)
        page.on("framenavigated", self._navigated)

    def mark(self) -> Mark:
        """This moment."""
        return Mark(self._requests, self._navigations, self._documents)

    def navigated_since(self, mark: Mark) -> bool:
        """Whether the main frame has gone elsewhere since then."""
        return self._navigations > mark.navigation

    def new_document_since(self, mark: Mark) -> bool:
        """Whether the main frame shows another document than then; one document may have many addresses."""
        return self._documents > mark.document

    async def gone(self, mark: Mark, limit: float) -> None:
        """Wait until the main frame has gone elsewhere since then, at most so many seconds."""
        until = asyncio.get_running_loop().time() + limit
        while not self.navigated_since(mark) and asyncio.get_running_loop().time() < until:
            await self._next(until)

    async def arm(self, frames: Sequence[Frame]) -> None:
        """Begin to count the changes of these frames' documents."""
        if self.interrupted.is_set():  # the script of a page with an open dialog stands still; it counts as before
            return
        await asyncio.gather(*(_unless_gone(frame.world.ask, "arm") for frame in frames))

    async def settle(
        self, mark: Mark, frames: Sequence[Frame], patience: float = PATIENCE, *, expected: Mark | None = None
    ) -> bool:
        """Wait until what happened since `mark` has come to rest; False when the limit was reached first.

        Where a request is expected after a moment, a change of the page alone does not end the patience (seconds).
        """
        watch = asyncio.create_task(self._settle(mark, frames, patience, expected))
        interrupt = asyncio.create_task(self.interrupted.wait())
        try:
            await asyncio.wait({watch, interrupt}, return_when=asyncio.FIRST_COMPLETED)
            return watch.done() and watch.result()
        finally:
            watch.cancel()
            interrupt.cancel()
            await asyncio.gather(watch, interrupt, return_exceptions=True)

    async def _settle(self, mark: Mark, frames: Sequence[Frame], patience: float, expected: Mark | None) -> bool:
        loop = asyncio.get_running_loop()
        until, arrival = loop.time() + LIMIT, loop.time() + self._navigation_limit
        seen = mark.navigation
        try:
            frames = frames or [await self._frames.main()]
            while loop.time() < (arrival if self.leaving else until):
                if self._navigations > seen:
                    seen = self._navigations
                    if not await self._loaded():
                        return False
                    frames = [await self._frames.main()]
                    await self.arm(frames)
                    until = loop.time() + LIMIT
                if self._busy(mark):
                    await self._next(arrival if self.leaving else until)
                    continue
                wait = 0.0 if self._caused(expected or mark) else patience
                quiet = asyncio.create_task(self._quiet(frames, wait, until - loop.time(), wait if expected else 0.0))
                moved = asyncio.create_task(self._next(until))
                try:
                    await asyncio.wait({quiet, moved}, return_when=asyncio.FIRST_COMPLETED)
                    if quiet.done() and not self._busy(mark) and self._navigations == seen:
                        self._rest = self.mark()
                        return quiet.result()
                finally:
                    quiet.cancel()
                    moved.cancel()
                    await asyncio.gather(quiet, moved, return_exceptions=True)
        except (PageHangs, BrowserError, PlaywrightError):
            return False  # the next look says what is wrong with the page
        if self.leaving:
            await self.stay()
            self._tell(f"the page that was asked for did not come within {self._navigation_limit:g} s; this one stays")
        return False

    async def begins(self, since: Mark, own: Sequence[tuple[Frame, Sequence[int | None]]], until: float) -> bool:
        """Whether something begins after the last rest and before a moment, or goes on from an action before it.

        That is a request, a dialog, or a change of these frames' documents other than in these nodes of each.
        """
        left = until - asyncio.get_running_loop().time()
        changes = (_unless_gone(frame.world.call, "stirs", nodes, left * 1000) for frame, nodes in own)
        signs = {asyncio.create_task(one) for one in (self.interrupted.wait(), self._starts(since, until), *changes)}
        pending = signs
        try:
            while pending and (left := until - asyncio.get_running_loop().time()) > 0:
                done, pending = await asyncio.wait(pending, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                if any(one.result() for one in done):
                    return True
            return False
        finally:
            for one in signs:
                one.cancel()
            await asyncio.gather(*signs, return_exceptions=True)

    async def _starts(self, since: Mark, until: float) -> bool:
        while not (begun := self._busy(since) or self._caused(self._rest)):
            if asyncio.get_running_loop().time() >= until:
                break
            await self._next(until)
        return begun

    async def stay(self) -> None:
        """Give up waiting for a new document, so that the old one can be read again."""
        await send(await self._frames.session(), "Page.stopLoading")

    async def _loaded(self) -> bool:
        try:
            limit = min(LOAD_LIMIT, self._navigation_limit)
            await self._page.wait_for_load_state("load", timeout=limit * 1000)
        except PlaywrightTimeout:
            return False
        except PlaywrightError:  # gone elsewhere meanwhile
            pass
        return True

    async def _quiet(self, frames: Sequence[Frame], wait: float, limit: float, least: float) -> bool:
        """Whether all these documents came to rest within the limit (seconds)."""
        times = (wait * 1000, max(limit, 0) * 1000, least * 1000)
        calls = (_unless_gone(frame.world.call, "settle", *times) for frame in frames)
        return not any(reply["busy"] for reply in await asyncio.gather(*calls) if reply)

    async def _next(self, until: float) -> None:
        """Wait until something starts, ends or navigates."""
        self._moved.clear()
        try:
            async with asyncio.timeout_at(until):
                await self._moved.wait()
        except TimeoutError:
            pass

    def _busy(self, mark: Mark) -> bool:
        return any(number > mark.request for number in self._open.values())

    def _caused(self, mark: Mark) -> bool:
        return self._requests > mark.request or self._navigations > mark.navigation

    def _started(self, request: Request) -> None:
        if request.resource_type not in BACKGROUND:
            self.leaving |= _leads_away(request)
            self._requests += 1
            self._open[request] = self._requests
            self._moved.set()

    def _ended(self, request: Request) -> None:
        if self._open.pop(request, None) is not None:
            self.leaving &= not _leads_away(request)  # it brought no document: a download, or nothing
            self._moved.set()

    def _navigated(self, frame: PlaywrightFrame) -> None:
        if frame.parent_frame is None:
            self._navigations += 1
            # The requests of a document that is gone are not always reported as ended. Those of one that only changed
            # its address go on.
            if self.leaving or not frame.url.startswith("http"):
                self._open = {one: number for one, number in self._open.items() if one.is_navigation_request()}
                self.leaving = False
                self._documents += 1
            self._moved.set()


def _leads_away(request: Request) -> bool:
    return request.is_navigation_request() and request.frame.parent_frame is None


async def _unless_gone(call: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
    try:
        return await call(*arguments)  # called here: cancelled before it begins, a coroutine would be left unawaited
    except (WorldGone, TabClosed):
        return None
