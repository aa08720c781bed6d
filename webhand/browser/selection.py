"""Selecting a text, as with a mouse drawn over it, or in a field with the arrow keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webhand.browser.change import Change, changing, cut
from webhand.browser.frames import Frame
from webhand.browser.observation import Effect
from webhand.browser.pointer import Aim, aim_at
from webhand.errors import InvalidArguments, NotInteractable

if TYPE_CHECKING:
    from webhand.browser.tab import Tab

SHOWN = 80
"""Characters of a selection that are told."""
STEPS = 6
"""Moves of the mouse from the beginning of a text to its end."""
NOTICED = 0.15
"""Seconds after which editors have taken a selection up; they wait so as not to do so at each move of the mouse."""
LONGEST = 2000
"""Characters of a field up to which they are passed one by one."""


async def select_text(tab: Tab, text: str, ref: str | None) -> Effect:
    """Select a text where it stands first, in an element if one is given; all of the element when no text is.

    Raises InvalidArguments where the text is not there, and NotInteractable where it cannot be selected.
    """
    target = None if ref is None else tab.target(ref)
    if not text.strip() and target is None:
        raise InvalidArguments("select_text needs a text or an element")
    frames = await tab.frames.list() if target is None else [target.frame]
    async with changing(tab, *frames) as change:
        change.patience, change.expected = NOTICED, tab.activity.mark()
        if target is not None:
            frame, found = target.frame, await tab.on(target, "selection", text)
        else:
            frame, found = await _find(frames, text)
        if "missing" in found:
            where = "on the page" if target is None else f"in {target.ref}"
            raise InvalidArguments(f'"{text}" is not {where}')
        if "field" in found:
            await _pass_over(tab, change, found)
        else:
            await _draw_over(tab, change, frame, ref or "the text", found)
        got = await frame.world.ask("selected")
    wanted = text if "field" in found and text else found.get("text", got)
    if got != wanted:
        meant = cut(wanted, SHOWN)
        raise NotInteractable(f'"{cut(got, SHOWN)}" is selected in place of "{meant}"; try press or drag_at')
    more = "; it stands in other places, too" if found["many"] else ""
    return change.effect(f'selected "{cut(got, SHOWN)}"{more}', got)


async def _find(frames: list[Frame], text: str) -> tuple[Frame, dict[str, Any]]:
    for frame in frames:
        found = await frame.world.ask("selection", None, text)
        if found is not None and "missing" not in found:
            return frame, found
    return frames[0], {"missing": True}


async def _pass_over(tab: Tab, change: Change, found: dict[str, Any]) -> None:
    """In a field that has the focus: to the beginning of the text, and with Shift to its end."""
    keyboard = tab.page.keyboard
    if found["before"] + found["length"] > LONGEST:
        raise NotInteractable(f"the text is further than {LONGEST:,} characters into the field")
    await change.perform(keyboard.press("Control+Home"))
    for _ in range(found["before"]):
        await change.perform(keyboard.press("ArrowRight"))
    for _ in range(found["length"]):
        await change.perform(keyboard.press("Shift+ArrowRight"))


async def _draw_over(tab: Tab, change: Change, frame: Frame, what: str, found: dict[str, Any]) -> None:
    """With the mouse held from the beginning of the text to its end."""
    if found["held"]:
        raise NotInteractable(f"the text begins in {found['held']}, which the mouse would take along")
    if not found["inside"]:
        raise NotInteractable("the text does not fit into the view; select it in parts, or press Control+A")
    begin, end = await _point(tab, frame, what, found["begin"]), await _point(tab, frame, what, found["end"])
    mouse = tab.page.mouse
    await change.perform(mouse.move(begin.x, begin.y))
    await change.perform(mouse.down())
    try:
        await change.perform(mouse.move(end.x, end.y, steps=STEPS))
    finally:
        await change.perform(mouse.up())


async def _point(tab: Tab, frame: Frame, what: str, at: dict[str, float]) -> Aim:
    return await aim_at(tab, frame, what, at["x"], at["y"])
