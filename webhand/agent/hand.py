"""The browser of a run: an own one, a context in a given one, or what the caller has open already."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import BrowserContext as PlaywrightContext
from playwright.async_api import Page as PlaywrightPage

from webhand.browser import Browser, BrowserConfig, Context
from webhand.errors import ConfigError

BrowserLike = Browser | BrowserConfig | PlaywrightContext | PlaywrightPage | None


def checked(browser: object) -> None:
    """Raises ConfigError for what no run can work in."""
    if isinstance(browser, PlaywrightBrowser):
        raise ConfigError("browser is a Playwright browser: give one of its contexts or pages, or Browser.wrap(it)")
    if not (browser is None or isinstance(browser, (Browser, BrowserConfig, PlaywrightContext, PlaywrightPage))):
        told = "a Browser, a BrowserConfig, or a page or context of playwright.async_api"
        raise ConfigError(f"browser must be {told}, not {type(browser).__name__}")


@asynccontextmanager
async def hand(
    browser: BrowserLike, downloads: Path, state: dict[str, Any] | None
) -> AsyncGenerator[tuple[Browser, Context]]:
    """A context to work in; what was opened for it is closed at the end, what was given is left open.

    `state` are cookies and storage to begin with; a Playwright object keeps its own.
    """
    if isinstance(browser, (PlaywrightContext, PlaywrightPage)):
        wrapped = await Browser.wrap(browser, BrowserConfig(downloads_dir=downloads))
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
