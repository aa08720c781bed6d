"""A script of the model's own in the page: only for those who ask for it."""

import json

from playwright.async_api import Error as PlaywrightError

from webhand.browser import Effect, Tab
from webhand.browser.change import changing
from webhand.controller.action import Family
from webhand.errors import InvalidArguments

family = Family()
SHOWN = 6000
"""Characters of the value that are shown."""


@family.action()
async def evaluate(tab: Tab, script: str) -> Effect:
    """Run JavaScript in the page, an expression or a function; its value comes back."""
    async with changing(tab) as change:
        try:
            value = await change.perform(tab.page.evaluate(script))
        except PlaywrightError as error:
            raise InvalidArguments(f"the script failed: {error.message.splitlines()[0]}") from None
    text = json.dumps(value, ensure_ascii=False, default=str)
    more = f"… {len(text) - SHOWN:,} more characters" if len(text) > SHOWN else ""
    return change.effect(text[:SHOWN] + more, text)
