"""Reading on, finding, scrolling and waiting: actions that change nothing but the view."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

from webhand.browser.change import Change, changing, check_word
from webhand.browser.hosts import open_all
from webhand.browser.observation import Effect
from webhand.browser.pointer import aim
from webhand.browser.refs import Target
from webhand.browser.world import PageHangs, WorldGone, answered
from webhand.errors import ActionTimeout, InvalidArguments, TabClosed

if TYPE_CHECKING:
    from webhand.browser.frames import Frame
    from webhand.browser.tab import Tab

PIECE = 6000
"""Characters of a text that are shown at once."""
WAIT = 10.0
"""Seconds that a text is waited for unless the caller says otherwise."""
LONGEST = 60.0
"""Seconds of the longest wait."""
FAR = 1e6
"""Views that nobody scrolls by."""
WHEELED = ("canvas", "map")
"""Roles of what hears the wheel itself and has nothing in it that scrolls."""
WHEEL = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
"""Which way the wheel is turned, across and down."""
NOTCH = 120
"""CSS pixels of one notch of a wheel."""
POLL = 0.1
"""Seconds between two looks for a text."""


async def read(tab: Tab, ref: str | None, offset: int) -> Effect:
    """Text from a character on; says how much there is and how to go on."""
    tab.ready()
    if ref is not None:
        target = tab.target(ref)
        with suppress(WorldGone, PageHangs, TabClosed):  # asking for the text tells what is to be told of it
            await open_all(target.frame.world)
        text = await tab.on(target, "textOf")
    else:
        with answered():
            pieces = [await _asked(frame, "textOf", None) for frame in await tab.frames.list()]
        text = "\n".join(piece for piece in pieces if piece)
    piece, more = part(text, offset, "read")
    if not piece:
        return Effect(f"there is no text after character {max(offset, 0)}; it has {len(text)}")
    return Effect(piece + more, value=piece)


async def _asked(frame: Frame, name: str, *arguments: Any) -> Any:
    """What a function says of the whole text of a frame, its closed shadow roots included."""
    with suppress(WorldGone):  # another document by now, of which it is asked as well
        await open_all(frame.world)
    return await frame.world.ask(name, *arguments)


def part(text: str, offset: int, action: str) -> tuple[str, str]:
    """What an action shows of a long text from a character on, and how to go on from there."""
    offset = max(offset, 0)
    piece = text[offset : offset + PIECE]
    end = offset + len(piece)
    more = f"\n(characters {offset} to {end} of {len(text)}; {action} on with offset {end})"
    return piece, more if end < len(text) else ""


async def markdown(tab: Tab) -> str:
    """What the page and its frames say, as Markdown."""
    tab.ready()
    with answered():
        pieces = [await _asked(frame, "markdown") for frame in await tab.frames.list()]
    return "\n\n".join(piece for piece in pieces if piece)


async def find(tab: Tab, text: str) -> Effect:
    """Lines that hold the text, over all frames."""
    if not text.strip():
        raise InvalidArguments("find needs a text")
    tab.ready()
    hits: list[str] = []
    with answered():
        for frame in await tab.frames.list():
            hits += await _asked(frame, "find", text) or []
    if not hits:
        return Effect(f'"{text}" is not on the page')
    lines = "\n".join(f"- {hit}" for hit in hits[:20])
    return Effect(
        f'"{text}" stands in {len(hits)} place{"s" if len(hits) > 1 else ""}, the first is in view now:\n{lines}'
    )


async def scroll(
    tab: Tab, direction: Literal["up", "down", "left", "right", "top", "bottom"], amount: float, ref: str | None
) -> Effect:
    """Scroll, and say where the view stands then."""
    check_word("direction", direction, (*WHEEL, "top", "bottom"))
    if not 0 < amount < FAR:
        raise InvalidArguments("amount is how many views to scroll, more than 0")
    target = None if ref is None else tab.target(ref)
    frames = [target.frame] if target else []
    async with changing(tab, *frames) as change:
        change.patience = 0.1  # what is loaded on scrolling begins at once
        if target is not None and (await tab.known(target))["role"] in WHEELED:
            return await _wheel(tab, target, direction, amount, change)
        if target is not None:
            moved = await tab.on(target, "scrollBy", direction, amount)
        else:
            moved = await (await tab.frames.main()).world.ask("scrollBy", None, direction, amount)
    where = f"{moved['above']:.0f} px above, {moved['below']:.0f} px below"
    what = f" in {moved['what']}" if moved["what"] else ""
    if not moved["moved"]:
        return change.effect(f"nothing moved{what}: it is at its end already ({where})")
    return change.effect(f"scrolled {direction}{what}: {where}")


async def _wheel(tab: Tab, target: Target, direction: str, amount: float, change: Change) -> Effect:
    """Turn the wheel over what draws itself: a map goes nearer and farther by it."""
    if direction not in WHEEL:
        raise InvalidArguments(f"{target.ref} has no end to scroll to; scroll it up or down by an amount")
    at = await aim(tab, target)
    await tab.page.mouse.move(at.x, at.y)
    for _ in range(max(round(amount), 1)):
        await change.perform(tab.page.mouse.wheel(*(NOTCH * way for way in WHEEL[direction])))
    return change.effect(f"turned the wheel {direction} over {await tab.describe(target)}")


async def wait(tab: Tab, seconds: float | None, text: str | None, gone: str | None) -> Effect:
    """Wait for a text to come or go, or for so many seconds."""
    if seconds is not None and not seconds >= 0:
        raise InvalidArguments(f"seconds are 0 to {LONGEST:g}, not {seconds:g}")
    limit = min(seconds if seconds is not None else WAIT, LONGEST)
    if text is None and gone is None:
        await asyncio.sleep(limit)
        return Effect(f"waited {limit:g} s")
    tab.ready()
    said: list[str] = []
    try:
        async with asyncio.timeout(limit):
            for wanted, there in ((text, True), (gone, False)):
                if wanted is not None:
                    said = [*said, f'"{wanted}" is {"on the page" if there else "gone"}']
                    while await _has(tab, wanted) is not there:  # noqa: ASYNC110 - pages have no signal for a text
                        await asyncio.sleep(POLL)
    except TimeoutError:
        raise ActionTimeout(f"after {limit:g} s it is not so that {said[-1]}; look at the page") from None
    return Effect(" and ".join(said))


async def _has(tab: Tab, text: str) -> bool | None:
    """Whether the text is on the page; None when a frame could not be asked and the others do not have it."""
    has: bool | None = False
    try:
        for frame in await tab.frames.list():
            try:
                await open_all(frame.world, anew=False)
                if await frame.world.ask("hasText", text):
                    return True
            except WorldGone:
                has = None
    except (WorldGone, PageHangs):
        return None
    return has
