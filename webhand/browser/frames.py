"""The frames of a tab: which there are, in which process each lives, where each lies in the view."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as PlaywrightError

from webhand.browser.listeners import Listeners
from webhand.browser.world import PageHangs, World, WorldGone, send
from webhand.errors import BrowserError

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page
    from playwright.async_api import Frame as PlaywrightFrame

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
    """What `page.js` collected in one frame, or why it could not."""

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
        self._last = 0
        page.on("framenavigated", self._forget)
        page.on("framedetached", self._forget)

    def _forget(self, frame: PlaywrightFrame) -> None:
        self._apart.pop(frame, None)

    async def session(self) -> CDPSession:
        """The debugging session of the main frame's process."""
        if self._main is None:
            self._main = await self._page.context.new_cdp_session(self._page)
        return self._main

    async def main(self) -> Frame:
        """The main frame."""
        for frame in self._known.values():
            if frame.number == 1:
                return frame
        return (await self.list())[0]

    async def list(self) -> list[Frame]:
        """All frames, parents before children, the main frame first."""
        sessions = [await self.session(), *await self._own_processes()]
        trees = await asyncio.gather(*(send(session, "Page.getFrameTree") for session in sessions))
        found: list[Frame] = []
        for session, tree in zip(sessions, trees, strict=True):
            self._add(session, tree["frameTree"], None, found)
        self._known = {frame.frame_id: frame for frame in found}
        return found

    async def collect(self) -> list[FrameReading]:
        """Every frame's reading, side by side, each within its own limit."""
        frames = await self.list()
        return list(await asyncio.gather(*(self._read(frame) for frame in frames)))

    async def offset(self, frame: Frame) -> tuple[float, float]:
        """Where the frame's view begins in the view of the main frame; scrolls it there when it is outside."""
        x = y = 0.0
        while frame.parent is not None:
            box = await frame.parent.world.call("frameBox", await self._owner(frame))
            if box is None:
                raise WorldGone("the frame is gone")
            x, y, frame = x + box[0], y + box[1], frame.parent
        return x, y

    async def cover(self, frame: Frame, x: float, y: float) -> str | None:
        """What lies over this point of a frame, seen from the frames around it."""
        while frame.parent is not None:
            owner = await self._owner(frame)
            box = await frame.parent.world.call("frameBox", owner)
            x, y = x + box[0], y + box[1]
            hit = await frame.parent.world.call("hitFrame", owner, x, y)
            if hit is None:
                raise WorldGone("the frame is gone")
            if "cover" in hit:
                return str(hit["cover"])
            frame = frame.parent
        return None

    async def _own_processes(self) -> list[CDPSession]:
        sessions: list[CDPSession] = []
        for frame in self._page.frames[1:]:
            if frame not in self._apart:
                try:
                    self._apart[frame] = await self._page.context.new_cdp_session(frame)
                except PlaywrightError:  # it lives in its parent's process, or has just gone
                    self._apart[frame] = None
            if session := self._apart.get(frame):
                sessions.append(session)
        return sessions

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
        known.url, known.parent = info["url"], parent
        found.append(known)
        for child in tree.get("childFrames", []):
            self._add(session, child, known, found)

    async def _owner(self, frame: Frame) -> int:
        assert frame.parent is not None
        owner = await send(frame.parent.world.session, "DOM.getFrameOwner", frameId=frame.frame_id)
        frame.owner = await frame.parent.world.id_of(owner["backendNodeId"])
        return frame.owner

    async def _read(self, frame: Frame) -> FrameReading:
        try:
            async with asyncio.timeout(FRAME_LIMIT):
                try:
                    text = await _collected(frame)
                except WorldGone:  # a reading has no effect: once more, on the new document
                    text = await _collected(frame)
                if frame.parent is not None:
                    await self._owner(frame)
            return FrameReading(frame, json.loads(text))
        except TimeoutError:
            return FrameReading(frame, None, f"{frame.url} did not answer within {FRAME_LIMIT:g} s")
        except (WorldGone, PageHangs, BrowserError) as error:
            if frame.parent is None and isinstance(error, BrowserError):
                raise
            return FrameReading(frame, None, f"{frame.url} could not be read: {error}")


async def _collected(frame: Frame) -> str:
    await frame.listeners.tell()
    return await frame.world.call("collect")
