"""Reading more than the look shows."""

from webhand.browser import Effect, Tab
from webhand.controller.action import ActionResult, Family

family = Family()


@family.action(changes=False)
async def read(tab: Tab, ref: str | None = None, offset: int = 0) -> Effect:
    """Get the full text of an element, or of the page from a character on."""
    return await tab.read(ref, offset)


@family.action(changes=False)
async def screenshot() -> ActionResult:
    """Show a picture with the next look."""
    return ActionResult(action="screenshot", ok=True, text="the picture comes with the next look", include_picture=True)
