"""Pointer actions: real mouse events, after it is certain that the element receives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from webhand.browser.change import changing
from webhand.browser.frames import Frame
from webhand.browser.observation import Effect
from webhand.browser.refs import Target
from webhand.errors import NotInteractable

if TYPE_CHECKING:
    from webhand.browser.tab import Tab

Button = Literal["left", "right", "middle"]
Modifier = Literal["Alt", "Control", "Meta", "Shift"]

AIM_LIMIT = 3.0
"""Seconds that an element gets to become visible, enabled, still and uncovered."""
DRAG_STEPS = 12
HOVER_PATIENCE = 0.5
"""Seconds: menus open a moment after the pointer has come to rest, so as not to flicker."""


@dataclass(frozen=True, slots=True)
class Aim:
    """A point of the main frame's view where an element receives input."""

    x: float
    y: float


async def aim(tab: Tab, target: Target, limit: float = AIM_LIMIT) -> Aim:
    """Where to point at an element; scrolls to it and waits for it.

    Raises StaleRef when it is gone and NotInteractable, with the reason, when it cannot be reached.
    """
    found = await tab.on(target, "aim", limit * 1000)
    if "problem" in found:
        raise NotInteractable(f"{target.ref} {_is(found['problem'])}")
    if target.frame.parent is None:
        return Aim(found["x"], found["y"])
    return await _in_frame(tab, target.frame, target.ref, found["x"], found["y"])


async def _in_frame(tab: Tab, frame: Frame, ref: str, x: float, y: float) -> Aim:
    point = await tab.frames.point(frame, x, y)
    if cover := await tab.frames.cover(frame, x, y):
        raise NotInteractable(f"{ref} {_is(f'covered by {cover}')}")
    return Aim(*point)


def _is(problem: str) -> str:
    advice = {
        "disabled": "fill in or choose what it waits for first",
        "hidden": "open what holds it first",
        "moving": "wait until it stands still",
    }
    more = advice.get(problem) or ("deal with what covers it first" if problem.startswith("covered") else "")
    verb = "" if problem.startswith("has") else "is "
    return f"{verb}{problem}" + (f"; {more}" if more else "")


async def click(tab: Tab, ref: str, button: Button, count: int, modifiers: Sequence[Modifier]) -> Effect:
    """Click an element at a point where it receives the click."""
    target = tab.target(ref)
    what = await tab.describe(target)
    async with changing(tab, target.frame) as change:
        at = await aim(tab, target)
        for key in modifiers:
            await tab.page.keyboard.down(key)
        try:
            await change.perform(tab.page.mouse.click(at.x, at.y, button=button, click_count=count))
        finally:
            for key in modifiers:
                await tab.page.keyboard.up(key)
    how = {1: "clicked", 2: "double-clicked"}.get(count, f"clicked {count} times")
    return change.effect(f"{how if button == 'left' else f'{button}-clicked'} {what}")


async def click_at(tab: Tab, x: float, y: float) -> Effect:
    """Click a point of the view."""
    async with changing(tab) as change:
        await change.perform(tab.page.mouse.click(x, y))
    return change.effect(f"clicked at {x:g}, {y:g}")


async def hover(tab: Tab, ref: str) -> Effect:
    """Move the pointer onto an element."""
    target = tab.target(ref)
    what = await tab.describe(target)
    async with changing(tab, target.frame) as change:
        change.patience, change.insist = HOVER_PATIENCE, True
        at = await aim(tab, target)
        await change.perform(tab.page.mouse.move(at.x, at.y))
    return change.effect(f"the pointer is on {what}")


async def drag(tab: Tab, ref: str, to: str) -> Effect:
    """Press on one element, move to another, let go."""
    source, goal = tab.target(ref), tab.target(to)
    what, where = await tab.describe(source), await tab.describe(goal)
    async with changing(tab, source.frame, goal.frame) as change:
        await aim(tab, goal)
        begin = await aim(tab, source)
        await tab.page.mouse.move(begin.x, begin.y)
        await tab.page.mouse.down()
        try:
            end = await aim_over(tab, goal)
            await tab.page.mouse.move(end.x, end.y, steps=DRAG_STEPS)
        finally:
            await change.perform(tab.page.mouse.up())
    return change.effect(f"dragged {what} to {where}")


async def aim_over(tab: Tab, target: Target) -> Aim:
    """The middle of an element, whatever lies over it: while dragging, that is what is dragged."""
    box = await tab.on(target, "middle")
    return Aim(*await tab.frames.point(target.frame, box["x"], box["y"]))
