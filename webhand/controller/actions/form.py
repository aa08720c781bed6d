"""Choosing and ticking."""

from webhand.browser import Effect, Tab
from webhand.controller.action import Family

family = Family()


@family.action()
async def select(tab: Tab, ref: str, values: list[str]) -> Effect:
    """Choose options by what they say; their list is opened and searched."""
    return await tab.select(ref, values)


@family.action()
async def check(tab: Tab, ref: str, on: bool = True) -> Effect:
    """Turn a checkbox, radio or switch on or off."""
    return await tab.check(ref, on)
