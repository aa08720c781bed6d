"""Dragging with a real pointer: for pages that follow its events as for those that use HTML's own drag and drop."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from webhand.browser.change import Change, changing
from webhand.browser.observation import Effect
from webhand.browser.pointer import Aim, aim
from webhand.browser.refs import Target
from webhand.errors import InvalidArguments

if TYPE_CHECKING:
    from webhand.browser.tab import Tab

STEPS = 12
"""Moves between two points."""
STRIDE = 8.0
"""Pixels between two moves along a path."""
NUDGE = 12.0
"""Pixels that begin a drag: pages take less for a click."""
SLOW = 3.0
"""Pixels of each of the last two moves."""


async def drag(tab: Tab, ref: str, to: str) -> Effect:
    """Drag one element onto another; an item of a list takes the place of the item that it is dragged onto."""
    source, goal = tab.target(ref), tab.target(to)
    if source == goal:
        await tab.describe(source)
        raise InvalidArguments(f"{ref} is dragged onto itself; name two elements")
    what, where = await tab.describe(source), await tab.describe(goal)
    async with changing(tab, source.frame, goal.frame) as change:
        rough = await aim(tab, goal)
        begin = await aim(tab, source)
        await carry(tab, change, begin, rough, lambda: _landing(tab, source, goal))
    return change.effect(f"dragged {what} to {where}")


async def carry(tab: Tab, change: Change, begin: Aim, rough: Aim, end: Callable[[], Awaitable[Aim]]) -> None:
    """Press at `begin`, move towards `rough` until the page has taken the drag up, then to `end`, and let go.

    `end` is asked for only then, as pages make room for what is dragged.
    """
    mouse, world = tab.page.mouse, (await tab.frames.main()).world
    await change.perform(mouse.move(begin.x, begin.y))
    await change.perform(mouse.down())
    first = _towards(begin, rough, NUDGE)
    try:
        if tab.dialogs.open is None:
            await change.perform(mouse.move(first.x, first.y, steps=3))
            await change.perform(world.call("drawn"))
        if tab.dialogs.open is None:
            last = await end()
            # The last bit slowly: only when they rest do pages make out anew where all things lie.
            for left, steps in ((2 * SLOW, STEPS), (SLOW, 1), (0.0, 1)):
                near = _before(last, first, left)
                await change.perform(mouse.move(near.x, near.y, steps=steps))
                await change.perform(world.call("drawn"))
    finally:
        await change.perform(mouse.up())


async def trace(tab: Tab, change: Change, points: Sequence[Aim]) -> None:
    """Press at the first point, move in straight lines through all others, and let go at the last."""
    mouse, (begin, *others) = tab.page.mouse, points
    await change.perform(mouse.move(begin.x, begin.y))
    await change.perform(mouse.down())
    try:
        before = begin
        for at in others:
            if tab.dialogs.open is not None:
                break
            steps = max(1, min(round(math.dist((before.x, before.y), (at.x, at.y)) / STRIDE), STEPS))
            await change.perform(mouse.move(at.x, at.y, steps=steps))
            before = at
        await change.perform((await tab.frames.main()).world.call("drawn"))
    finally:
        await change.perform(mouse.up())


def _towards(begin: Aim, end: Aim, far: float) -> Aim:
    """A point on the way, at most half of it."""
    distance = max(((end.x - begin.x) ** 2 + (end.y - begin.y) ** 2) ** 0.5, 1.0)
    share = min(far / distance, 0.5)
    return Aim(begin.x + (end.x - begin.x) * share, begin.y + (end.y - begin.y) * share)


def _before(end: Aim, begin: Aim, left: float) -> Aim:
    """A point just before the end, so many pixels away on each axis that there is a way to go on."""

    def back(to: float, since: float) -> float:
        return to - min(left, abs(to - since)) * (1 if to > since else -1)

    return Aim(back(end.x, begin.x), back(end.y, begin.y))


async def _landing(tab: Tab, source: Target, goal: Target) -> Aim:
    """Where to let go, whatever lies over it: while dragging, that is what is dragged."""
    item = source.node if source.document == goal.document else None
    box = await tab.on(goal, "landing", item)
    return Aim(*await tab.frames.point(goal.frame, box["x"], box["y"]))
