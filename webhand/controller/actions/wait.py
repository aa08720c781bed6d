"""Waiting for what the page does by itself."""

from webhand.browser import Effect, Tab
from webhand.controller.action import Family

family = Family()


@family.action(changes=False)
async def wait(tab: Tab, seconds: float | None = None, text: str | None = None, gone: str | None = None) -> Effect:
    """Wait for a text, until one is gone, or seconds."""
    return await tab.wait(seconds, text, gone)
