"""Elements that a secret is put into: what they, and those that the page moves it on to, hold is not told."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from playwright.async_api import Error as PlaywrightError

from webhand.browser.refs import Target
from webhand.browser.world import PageHangs, WorldGone
from webhand.errors import BrowserError

if TYPE_CHECKING:
    from webhand.browser.tab import Tab


async def begin(tab: Tab, target: Target, values: Sequence[str]) -> None:
    """These values go into the element from now on; StaleRef when it is gone."""
    await end(tab)
    tab.secret_refs.add(target.ref)
    await tab.on(target, "confide", values)
    tab.confiding = target


async def end(tab: Tab) -> None:
    """They are in: fields that change from now on are told of again. While a dialog is open they may still come."""
    target = tab.confiding
    if target is None or tab.dialogs.open is not None:
        return
    tab.confiding = None
    with suppress(WorldGone, PageHangs, BrowserError, PlaywrightError):  # the fields have gone with their document
        await target.frame.world.call("on", target.document, "confidedAll")
