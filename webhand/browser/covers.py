"""What the documents around a frame lay over its controls: the frame itself cannot see that."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from webhand.browser.elements import Entry
from webhand.browser.world import PageHangs, WorldGone
from webhand.errors import BrowserError

if TYPE_CHECKING:
    from webhand.browser.frames import Frame, FrameReading

LIMIT = 1.0
"""Seconds that the documents around a frame get to say what they lay over it; the click finds it out as well."""
STATES, COVER = Entry._fields.index("states"), Entry._fields.index("cover")


async def tell_covers(readings: Sequence[FrameReading]) -> None:
    """Note in the readings of frames which of their controls in the view the documents around them cover.

    All points of a frame are asked about at once, and only where it has such controls and is in the view itself.
    """
    views = {one.frame.number: one.raw for one in readings if one.raw is not None}
    within = [one.frame for one in readings if one.frame.parent is not None and one.raw is not None]
    await asyncio.gather(*(_tell(frame, views) for frame in within if _in_view(frame, views)))


def _in_view(frame: Frame, views: dict[int, dict[str, Any]]) -> bool:
    """Whether the element that holds a frame is in the view of the document around it."""
    if frame.parent is None or (outer := views.get(frame.parent.number)) is None:
        return False
    for what, *item in outer["items"]:
        if what == "frame" and item[0] == frame.owner:
            left, top, width, height = item[1:5]
            return bool(left < outer["width"] and top < outer["height"] and left + width > 0 and top + height > 0)
    return False


async def _tell(frame: Frame, views: dict[int, dict[str, Any]]) -> None:
    seen: list[list[Any]] = []
    points: list[tuple[float, float]] = []
    for raw in views[frame.number]["entries"]:
        entry = Entry._make(raw)
        if entry.view and not entry.cover:
            seen.append(raw)
            points.append((entry.x + entry.width / 2, entry.y + entry.height / 2))
    with suppress(TimeoutError, WorldGone, PageHangs, BrowserError):
        async with asyncio.timeout(LIMIT):
            while frame.parent is not None and seen:
                found = await frame.parent.world.call("coversOver", frame.owner, points)
                if found is None:
                    return
                for raw, cover in zip(seen, found["covers"], strict=True):
                    if cover and not raw[COVER]:
                        raw[COVER] = cover
                        raw[STATES] = ",".join(filter(None, (raw[STATES], "covered")))
                points, frame = found["points"], frame.parent
