"""Files that pages are given, and those that they give."""

from webhand.browser import Effect, Tab
from webhand.controller.action import ActionContext, Family

family = Family()


@family.action()
async def upload(tab: Tab, context: ActionContext, ref: str, files: list[str]) -> Effect:
    """Give files to a file input or button."""
    return await tab.upload(ref, [context.room.readable(file) for file in files])


@family.action()
async def download(tab: Tab, ref: str | None = None, url: str | None = None) -> Effect:
    """Save what a link, button or address gives as a file."""
    return await tab.download(ref, url)
