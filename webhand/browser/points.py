"""Acting at points of the picture, for what has no reference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from webhand.browser.change import changing
from webhand.browser.drag import carry, trace
from webhand.browser.observation import Effect
from webhand.browser.pointer import Aim, Button, clicked, point, tap
from webhand.browser.world import answered
from webhand.errors import InvalidArguments

if TYPE_CHECKING:
    from webhand.browser.frames import Frame
    from webhand.browser.tab import Tab


FAR = 1e6
"""Pixels at which a point lies outside of any view; numbers that are none do not travel to the page."""


async def click_at(tab: Tab, x: float, y: float, button: Button, count: int) -> Effect:
    """Click a point of the last picture."""
    how = clicked(button, count)
    at, what, frames = await _point(tab, x, y)
    async with changing(tab, *frames) as change:
        await change.perform(tap(tab, at, button, count))
    return change.effect(f"{how} at {x:g}, {y:g}: {what}")


async def hover_at(tab: Tab, x: float, y: float) -> Effect:
    """Move the pointer to a point of the last picture."""
    at, what, frames = await _point(tab, x, y)
    async with changing(tab, *frames) as change:
        await point(tab, at, change)
    return change.effect(f"the pointer is at {x:g}, {y:g}: {what}")


async def drag_at(tab: Tab, x1: float, y1: float, x2: float, y2: float, via: Sequence[Sequence[float]]) -> Effect:
    """Drag what is at one point of the last picture to another, through the points of `via` if there are any."""
    begin, what, frames = await _point(tab, x1, y1)
    end, goal, others = await _point(tab, x2, y2)
    if wrong := next((list(at) for at in via if len(at) != 2), None):
        raise InvalidArguments(f"a point of via is [x, y], not {wrong}")
    between = [(await _point(tab, x, y))[0] for x, y in via]

    async def there() -> Aim:
        return end

    async with changing(tab, *frames, *others) as change:
        if via:
            await trace(tab, change, [begin, *between, end])
        else:
            await carry(tab, change, begin, end, there)
    through = f" through {len(via)} points" if via else ""
    return change.effect(f"dragged from {x1:g}, {y1:g} ({what}){through} to {x2:g}, {y2:g} ({goal})")


async def _point(tab: Tab, x: float, y: float) -> tuple[Aim, str, list[Frame]]:
    """A point of the picture as one of the view, what is there, and the frames to watch."""
    tab.ready()
    at = Aim(x * tab.picture_scale, y * tab.picture_scale)
    with answered():
        near = [min(max(side, -1.0), FAR) if math.isfinite(side) else -1.0 for side in (at.x, at.y)]
        found = await (await tab.frames.main()).world.ask("pointed", *near)
        if "what" not in found:
            width, height = (round(found[side] / tab.picture_scale) for side in ("width", "height"))
            raise InvalidArguments(f"{x:g}, {y:g} is outside of the picture, which is {width} x {height}")
        return at, found["what"], await tab.frames.list() if found["frame"] else []
