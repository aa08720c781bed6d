"""Moving the view."""

from typing import Literal

from webhand.browser import Effect, Tab
from webhand.controller.action import Family

family = Family()


@family.action(changes=False)
async def scroll(
    tab: Tab,
    direction: Literal["up", "down", "left", "right", "top", "bottom"],
    amount: float = 1,
    ref: str | None = None,
) -> Effect:
    """Scroll by views, or to top or bottom; with ref the box around it."""
    return await tab.scroll(direction, amount, ref)


@family.action(changes=False)
async def find(tab: Tab, text: str) -> Effect:
    """Find a text on the whole page and scroll to it."""
    return await tab.find(text)
