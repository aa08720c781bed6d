"""Writing into fields and pressing keys."""

from webhand.browser import Effect, Tab
from webhand.controller.action import Family

family = Family()


@family.action()
async def type_(tab: Tab, ref: str, text: str, clear: bool = True, submit: bool = False) -> Effect:
    """Fill a field; clear false adds to what it holds, submit presses Enter."""
    return await tab.type(ref, text, clear, submit)


@family.action()
async def press(tab: Tab, keys: str, ref: str | None = None) -> Effect:
    """Press a key or chord: Enter, Control+A, ArrowDown*12."""
    return await tab.press(keys, ref)
