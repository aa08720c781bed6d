"""Clicking and hovering: real mouse events, after it is certain that the element receives them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from webhand.browser.change import Change, changing, check_word
from webhand.browser.frames import Frame
from webhand.browser.observation import Effect
from webhand.browser.refs import Target
from webhand.browser.world import WorldGone
from webhand.errors import InvalidArguments, NotInteractable, TabClosed

if TYPE_CHECKING:
    from webhand.browser.tab import Tab

Button = Literal["left", "right", "middle"]
Modifier = Literal["Alt", "Control", "Meta", "Shift"]

AIM_LIMIT = 3.0
"""Seconds that an element gets to become visible, enabled, still and uncovered."""
MOST = 3
"""Clicks that are told apart: one, a double and a triple click."""
PACE = 0.3
"""Seconds that a moving element gets to come to rest."""
TRIES = 3
"""Clicks at something that slips away from under the pointer."""
TOLD_LIMIT = 0.5
"""Seconds in which a page says what a click has hit; one that is about to be left says nothing."""
HOVER_PATIENCE = 0.5
"""Seconds: menus open a moment after the pointer has come to rest, so as not to flicker."""


@dataclass(frozen=True, slots=True)
class Aim:
    """A point of the main frame's view where an element receives input."""

    x: float
    y: float


async def aim(tab: Tab, target: Target, limit: float = AIM_LIMIT, *, pace: float = PACE, watching: bool = False) -> Aim:
    """Where to point at an element; scrolls to it and waits for it.

    What does not come to rest within `pace` seconds is pointed at where it will be. With `watching` the script can be
    asked afterwards what the next press has hit.
    Raises StaleRef when it is gone and NotInteractable, with the reason, when it cannot be reached.
    """
    found = await tab.on(target, "aim", limit * 1000, pace * 1000, watching)
    if "problem" in found:
        raise NotInteractable(f"{target.ref} {is_so(found['problem'])}")
    return await aim_at(tab, target.frame, target.ref, found["x"], found["y"], limit)


async def aim_at(tab: Tab, frame: Frame, ref: str, x: float, y: float, limit: float = AIM_LIMIT) -> Aim:
    """A point of a frame's own view, where the frames around it let input through within the limit (seconds).

    Raises NotInteractable, with what lies over it, where they do not.
    """
    if frame.parent is None:
        return Aim(x, y)
    if cover := await tab.frames.cover(frame, x, y, limit):
        raise NotInteractable(f"{ref} {is_so(f'covered by {cover}')}")
    return Aim(*await tab.frames.point(frame, x, y))


def is_so(problem: str) -> str:
    """What keeps an element from being pointed at, in the words after its name, with what to do about it."""
    advice = {
        "disabled": "do what it waits for first, such as filling in a field, or finishing what hangs on the pointer",
        "hidden": "open what holds it first",
        "moving": "wait until it stands still",
    }
    more = advice.get(problem) or ("deal with what covers it first" if problem.startswith("covered") else "")
    verb = "" if problem.startswith("has") else "is "
    return f"{verb}{problem}" + (f"; {more}" if more else "")


async def tap(tab: Tab, at: Aim, button: Button = "left", count: int = 1, modifiers: Sequence[Modifier] = ()) -> None:
    """Press and let go at a point, with keys held."""
    for key in modifiers:
        await tab.page.keyboard.down(key)
    try:
        await tab.page.mouse.click(at.x, at.y, button=button, click_count=count)
    finally:
        for key in modifiers:
            await tab.page.keyboard.up(key)


async def click(tab: Tab, ref: str, button: Button, count: int, modifiers: Sequence[Modifier]) -> Effect:
    """Click an element at a point where it receives the click."""
    target = tab.target(ref)
    how = clicked(button, count)
    for key in modifiers:
        check_word("a modifier", key, get_args(Modifier))
    what = await tab.describe(target)
    async with changing(tab, target.frame) as change:
        outcome = await strike(tab, target, change, button, count, modifiers)
    if outcome.failed and change.stayed:
        raise NotInteractable(f"{ref} {outcome.failed}; look again")
    return change.effect(f"{how} {what}{outcome.note}")


def clicked(button: Button, count: int) -> str:
    """What a click is called; InvalidArguments when there is none of so many, or no such button."""
    if not 1 <= count <= MOST:
        raise InvalidArguments(f"count is 1 to {MOST}, not {count}")
    check_word("button", button, get_args(Button))
    how = {1: "clicked", 2: "double-clicked"}.get(count, f"clicked {count} times")
    return how if button == "left" else f"{button}-clicked"


@dataclass(frozen=True, slots=True)
class Struck:
    """What became of a click: why it `failed`, in the words after the element's name, or a `note` on what was done."""

    failed: str = ""
    note: str = ""


async def strike(
    tab: Tab,
    target: Target,
    change: Change,
    button: Button = "left",
    count: int = 1,
    modifiers: Sequence[Modifier] = (),
) -> Struck:
    """Click an element; once more where it slipped away, and neither it nor something else got the click."""
    struck, lost = Struck(), False
    for _ in range(TRIES):
        at = await aim(tab, target, watching=True)
        with suppress(TabClosed):  # by the press already, before the button is let go: the effect says so
            await change.perform(tap(tab, at, button, count, modifiers))
        if tab.dialogs.open is not None or not change.stayed:
            return Struck()
        try:
            async with asyncio.timeout(TOLD_LIMIT):
                outcome = await target.frame.world.call("on", target.document, "pressed")
        except (WorldGone, TabClosed, TimeoutError):  # the click brought another page, or one is on its way
            return Struck()
        if outcome is None:
            return Struck()
        if outcome["missed"] is not None:
            struck = Struck(f"was not where the click went, which reached {outcome['missed']}")
            if outcome["acts"]:
                return struck
        elif outcome["lost"] is None:
            return Struck()
        elif outcome["lost"] in ("gone", "anew"):
            how = "went away" if outcome["lost"] == "gone" else "was drawn anew"
            return Struck(note=f"; it {how} as it was pressed, before a click came of it")
        else:
            struck = Struck("moved away as it was pressed, so that no click came of it")
            if lost or outcome["lost"] == "moved":
                return struck
            lost = True
    return struck


async def point(tab: Tab, at: Aim, change: Change) -> None:
    """Move the pointer to a point; where something hears it come, what follows gets the time that menus take."""
    main = await tab.frames.main()
    if await main.world.ask("hearsHover", at.x, at.y, main.listeners.asked):
        change.patience, change.expected = HOVER_PATIENCE, tab.activity.mark()
    else:
        change.patience = 0.0
    await change.perform(tab.page.mouse.move(at.x, at.y))


async def hover(tab: Tab, ref: str) -> Effect:
    """Move the pointer onto an element."""
    target = tab.target(ref)
    what = await tab.describe(target)
    async with changing(tab, target.frame) as change:
        await point(tab, await aim(tab, target, pace=0.0), change)
    return change.effect(f"the pointer is on {what}")
