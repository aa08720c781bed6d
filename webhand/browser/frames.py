"""The frames of a tab: which there are, in which process each lives, where each lies in the view."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as PlaywrightError

from webhand.browser.hosts import open_roots
from webhand.browser.listeners import Listeners
from webhand.browser.world import PageHangs, World, WorldGone, heed_crash, send
from webhand.errors import BrowserError, TabClosed

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page
    from playwright.async_api import Frame as PlaywrightFrame

LISTENERS_LIMIT = 1.5
"""Seconds in which a frame says who listens in it; those that do not are read without."""
UNHEARD = "what listens for clicks could not be found out in time; what only a script makes clickable may be missing"
"""What a look says where that limit was reached."""
FRAME_LIMIT = 3.0
"""Seconds that one frame may take to be read; the others do not wait longer for it."""


@dataclass(slots=True)
class Frame:
    """One frame; `number` is 1 for the main frame and never used again in the tab."""

    number: int
    frame_id: str
    world: World
    parent: Frame | None
    url: str
    listeners: Listeners
    owner: int | None = None
    """The parent world's number for the iframe element."""


@dataclass(frozen=True, slots=True)
class FrameReading:
    """What the script collected in one frame, or why it could not."""

    frame: Frame
    raw: dict[str, Any] | None
    problem: str | None = None


class Frames:
    """All frames of one tab, found anew at each look and kept apart by their protocol id."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._main: CDPSession | None = None
        self._known: dict[str, Frame] = {}
        self._apart: dict[PlaywrightFrame, CDPSession | None] = {}
        self._sessions: dict[Page | PlaywrightFrame, CDPSession] = {}
        self.silent: tuple[str, ...] = ()
        """What is wrong with frames that could not even be listed when they last were."""
        self._last = 0
        self._moves, self._listed = 1, 0
        """How often a frame has come, gone or been navigated, and how often it had when they were last listed."""
        self.windows = 0
        """How many windows the tab's documents have opened so far; their pages come a moment later."""
        for event in ("frameattached", "framenavigated", "framedetached"):
            page.on(event, self._on_moved)

    def _on_moved(self, frame: PlaywrightFrame) -> None:
        self._apart.pop(frame, None)
        self._sessions.pop(frame, None)
        self._moves += 1

    async def session(self) -> CDPSession:
        """The debugging session of the main frame's process."""
        if self._main is None:
            self._main = await self._attended(self._page)
        return self._main

    async def _attended(self, whose: Page | PlaywrightFrame) -> CDPSession:
        if whose not in self._sessions:
            try:
                session = await self._page.context.new_cdp_session(whose)
            except PlaywrightError:
                if self._page.is_closed():
                    raise TabClosed("the tab was closed") from None
                raise
            session.on("Page.windowOpen", self._on_window)
            heed_crash(session)
            self._sessions[whose] = session
        await asyncio.gather(*(send(self._sessions[whose], f"{domain}.enable") for domain in ("Page", "Inspector")))
        return self._sessions[whose]

    def _on_window(self, _: object) -> None:
        self.windows += 1

    async def main(self) -> Frame:
        """The main frame."""
        for frame in self._known.values():
            if frame.number == 1:
                return frame
        return (await self.list())[0]

    async def focused(self) -> Frame:
        """The frame that gets the keys."""
        frame = await self.main()
        while (owner := await frame.world.ask("focusedFrame")) is not None:
            within = [one for one in self._known.values() if one.parent is frame and await self._owner(one) == owner]
            if not within:
                break
            frame = within[0]
        return frame

    async def list(self) -> list[Frame]:
        """All frames, parents before children, the main frame first; asked for only when any has moved."""
        if self._listed == self._moves:
            return list(self._known.values())
        moves = self._moves
        sessions = [await self.session(), *await self._own_processes()]
        limits = (FRAME_LIMIT, *[FRAME_LIMIT / 3] * (len(sessions) - 1))
        trees = await asyncio.gather(*map(_tree, sessions, limits), return_exceptions=True)
        found: list[Frame] = []
        for session, tree in zip(sessions, trees, strict=True):
            if not isinstance(tree, BaseException):
                self._add(session, tree["frameTree"], None, found)
            elif session is self._main or isinstance(tree, asyncio.CancelledError):
                raise tree
            elif isinstance(tree, PageHangs):  # as it was, so that its reading says so
                found += [frame for frame in self._known.values() if frame.world.session is session]
        self._known = {frame.frame_id: frame for frame in found}
        if not self.silent and not any(isinstance(tree, BaseException) for tree in trees):
            self._listed = moves
        return found

    async def collect(self, room: int) -> list[FrameReading]:
        """Every frame's reading, side by side, each within its own limit.

        Around the view, about `room` characters of each are read; what can be acted on, everywhere.
        """
        begun = {id(frame): asyncio.create_task(self._first(frame, room)) for frame in self._known.values()}
        try:
            frames = await self.list()  # those of before are read meanwhile, as they are nearly always those of now
            firsts = await asyncio.gather(*(begun.pop(id(frame), None) or self._first(frame, room) for frame in frames))
        finally:
            for task in begun.values():
                task.cancel()
            await asyncio.gather(*begun.values(), return_exceptions=True)
        return list(await asyncio.gather(*(self._second(*one, room) for one in zip(frames, firsts, strict=True))))

    async def point(self, frame: Frame, x: float, y: float) -> tuple[float, float]:
        """A point of a frame's view in the view of the main frame; scrolls it there when it is outside."""
        while frame.parent is not None:
            box = await frame.parent.world.call("frameBox", await self._owner(frame), x, y)
            if box is None:
                raise WorldGone("the frame is gone")
            x, y, frame = x + box[0], y + box[1], frame.parent
        return x, y

    async def cover(self, frame: Frame, x: float, y: float, limit: float) -> str | None:
        """What lies over this point of a frame, seen from the frames around it; None when it goes within the limit."""
        while frame.parent is not None:
            owner = await self._owner(frame)
            box = await frame.parent.world.call("frameBox", owner, x, y)
            x, y = (x + box[0], y + box[1]) if box else (x, y)
            hit = await frame.parent.world.call("hitFrame", owner, x, y, limit * 1000)
            if box is None or hit is None:
                raise WorldGone("the frame is gone")
            if "cover" in hit:
                return str(hit["cover"])
            frame = frame.parent
        return None

    async def _own_processes(self) -> list[CDPSession]:
        frames = self._page.frames[1:]
        silent = await asyncio.gather(*(self._attend(frame) for frame in frames if frame not in self._apart))
        self.silent = tuple(filter(None, silent))
        return [session for frame in frames if (session := self._apart.get(frame))]

    async def _attend(self, frame: PlaywrightFrame) -> str | None:
        """Find out whether a frame lives in a process of its own; what is wrong where it does not say so in time."""
        try:
            async with asyncio.timeout(FRAME_LIMIT / 3):
                self._apart[frame] = await self._attended(frame)
        except (PlaywrightError, WorldGone, TabClosed):  # it lives in its parent's process, or has just gone
            self._apart[frame] = None
            self._sessions.pop(frame, None)
        except TimeoutError:  # asked again at the next look
            return f"{frame.url} did not answer within {FRAME_LIMIT / 3:g} s"

    def _add(self, session: CDPSession, tree: dict[str, Any], parent: Frame | None, found: list[Frame]) -> None:
        info = tree["frame"]
        parent = parent or next((one for one in found if one.frame_id == info.get("parentId")), None)
        known = self._known.get(info["id"])
        if known is None or known.world.session is not session:
            self._last += known is None
            world = World(session, info["id"])
            nested = parent is not None and parent.world.session is session
            number = known.number if known else self._last
            known = Frame(number, info["id"], world, parent, info["url"], Listeners(world, nested=nested))
        if known.parent is not parent:
            known.parent, known.owner = parent, None
        known.url = info["url"]
        found.append(known)
        for child in tree.get("childFrames", []):
            self._add(session, child, known, found)

    async def _owner(self, frame: Frame) -> int:
        assert frame.parent is not None
        if frame.owner is None:  # a frame that moves to another element is another frame
            owner = await send(frame.parent.world.session, "DOM.getFrameOwner", frameId=frame.frame_id)
            frame.owner = await frame.parent.world.id_of(owner["backendNodeId"])
        return frame.owner

    async def _first(self, frame: Frame, room: int) -> FrameReading | None:
        """A reading made while it is asked who listens, which seldom is news; None where nothing was known before."""
        if not frame.listeners.asked:
            await _heard(frame)
            return None
        if not frame.listeners.slow:
            return (await asyncio.gather(self._read(frame, room), _heard(frame)))[0]
        reading = await self._read(frame, room)
        if reading.raw is not None:
            await _heard(frame, reading.raw["revision"])
        return reading

    async def _second(self, frame: Frame, first: FrameReading | None, room: int) -> FrameReading:
        """The first reading, or another when it did not know of everything that listens."""
        within = [one for one in self._known.values() if _is_within(one, frame)]
        news = frame.listeners.news({node for one in within for node in one.listeners.heard})
        if first is None:
            reading = await self._read(frame, room, news)
        elif first.raw is not None and news:
            reading = await self._read(frame, room, news, first.raw["dead"])
        else:
            reading = first
        if reading.raw is not None and not frame.listeners.asked:
            reading.raw["partial"] = reading.raw["partial"] or UNHEARD
        return reading

    async def _read(
        self, frame: Frame, room: int, news: Mapping[int, str] | None = None, dead: Sequence[int] = ()
    ) -> FrameReading:
        try:
            async with asyncio.timeout(FRAME_LIMIT):
                if frame.parent is not None:
                    await self._owner(frame)
                try:
                    reading = await _collected(frame, room, news, dead)
                except WorldGone:  # a reading has no effect: once more, on the new document
                    reading = await _collected(frame, room, news, dead)
            return FrameReading(frame, reading)
        except TimeoutError:
            return FrameReading(frame, None, f"{frame.url} did not answer within {FRAME_LIMIT:g} s")
        except (WorldGone, PageHangs, BrowserError) as error:
            if frame.parent is None and isinstance(error, BrowserError):
                raise
            return FrameReading(frame, None, f"{frame.url} could not be read: {error}")


async def answers_soon(frame: Frame, limit: float) -> bool:
    """Whether a frame's document runs a script within so many seconds; True of one that is gone."""
    try:
        async with asyncio.timeout(limit):
            await send(frame.world.session, "Runtime.evaluate", expression="1")
    except (WorldGone, BrowserError):
        return True
    except (TimeoutError, PageHangs):
        return False
    return True


async def _collected(frame: Frame, room: int, news: Mapping[int, str] | None, dead: Sequence[int]) -> dict[str, Any]:
    """The script's reading once it knows the news and the closed roots; `dead` were told as gone by one before it."""
    if news:
        await frame.listeners.tell(news)
    reading = await _pass(frame, room, dead)
    if reading["hosts"] and await open_roots(frame.world, reading["hosts"]):
        reading = await _pass(frame, room, reading["dead"])
    return reading


async def _pass(frame: Frame, room: int, dead: Sequence[int]) -> dict[str, Any]:
    reading = json.loads(await frame.world.call("collect", room))
    reading["dead"] += dead  # the script tells of each but once
    return reading


async def _heard(frame: Frame, revision: str | None = None) -> None:
    """Who listens is known from before where it cannot be found out in time."""
    with suppress(TimeoutError, WorldGone, PageHangs, BrowserError):
        async with asyncio.timeout(LISTENERS_LIMIT):
            await frame.listeners.ask(revision)


def _is_within(frame: Frame, outer: Frame) -> bool:
    return frame.parent is not None and (frame.parent is outer or _is_within(frame.parent, outer))


async def _tree(session: CDPSession, limit: float) -> dict[str, Any]:
    try:
        async with asyncio.timeout(limit):
            return await send(session, "Page.getFrameTree")
    except TimeoutError:
        raise PageHangs(f"the page did not answer within {limit:g} s") from None
