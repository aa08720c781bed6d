"""The browser of a run: an own one, a context in a given one, or what the caller has open already."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext as PlaywrightContext
from playwright.async_api import Page as PlaywrightPage

from webhand.browser import Browser, BrowserConfig, Context

BrowserLike = Browser | BrowserConfig | PlaywrightContext | PlaywrightPage | None


@asynccontextmanager
async def hand(
    browser: BrowserLike, downloads: Path, state: dict[str, Any] | None
) -> AsyncGenerator[tuple[Browser, Context]]:
    """A context to work in; what was opened for it is closed at the end, what was given is left open.

    `state` are cookies and storage to begin with; a Playwright object keeps its own.
    """
    if isinstance(browser, (PlaywrightContext, PlaywrightPage)):
        wrapped = await Browser.wrap(browser)
        try:
            yield wrapped, wrapped.context
        finally:
            await wrapped.close()
        return
    if isinstance(browser, Browser):
        async with await browser.new_context(state, downloads) as context:
            yield browser, context
        return
    async with Browser(browser) as own, await own.new_context(state, downloads) as context:
        yield own, context
