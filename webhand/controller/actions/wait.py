"""Waiting for what the page does by itself."""

from webhand.browser import Effect, Tab
from webhand.controller.action import Family

family = Family()


@family.action(changes=False)
async def wait(tab: Tab, seconds: float | None = None, text: str | None = None, gone: str | None = None) -> Effect:
    """Wait until a text has come or is gone, or some seconds; you are shown settled pages anyway."""
    return await tab.wait(seconds, text, gone)
