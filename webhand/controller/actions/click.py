"""Acting with the pointer."""

from typing import Literal

from webhand.browser import Effect, Tab
from webhand.controller.action import Family

family = Family()


@family.action()
async def click(
    tab: Tab,
    ref: str,
    button: Literal["left", "right", "middle"] = "left",
    count: int = 1,
    modifiers: tuple[Literal["Alt", "Control", "Meta", "Shift"], ...] = (),
) -> Effect:
    """Click; count 2 is a double click."""
    return await tab.click(ref, button, count, modifiers)


@family.action(changes=False)
async def hover(tab: Tab, ref: str) -> Effect:
    """Point at an element."""
    return await tab.hover(ref)


@family.action()
async def drag(tab: Tab, ref: str, to: str) -> Effect:
    """Drag onto another; in a list it takes the other's place."""
    return await tab.drag(ref, to)


@family.action()
async def click_at(
    tab: Tab, x: float, y: float, button: Literal["left", "right", "middle"] = "left", count: int = 1
) -> Effect:
    """Click a pixel of the picture where no reference is exact."""
    return await tab.click_at(x, y, button, count)


@family.action(changes=False)
async def hover_at(tab: Tab, x: float, y: float) -> Effect:
    """Point at a pixel of the picture."""
    return await tab.hover_at(x, y)


@family.action()
async def drag_at(tab: Tab, x1: float, y1: float, x2: float, y2: float, via: tuple[list[float], ...] = ()) -> Effect:
    """Drag between pixels of the picture; via are [x, y] on the way."""
    return await tab.drag_at(x1, y1, x2, y2, via)


@family.action(changes=False)
async def select_text(tab: Tab, text: str = "", ref: str | None = None) -> Effect:
    """Select text of the page, to copy or format it; without text all of ref."""
    return await tab.select_text(text, ref)
