"""Answering the questions of a page."""

from webhand.browser import Effect, Tab
from webhand.controller.action import Family

family = Family()


@family.action()
async def answer_dialog(tab: Tab, accept: bool, text: str | None = None) -> Effect:
    """Answer the open dialog."""
    return await tab.answer_dialog(accept, text)
