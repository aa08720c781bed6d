"""The browser of a run: an own one, a context in a given one, or what the caller has open already."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import BrowserContext as PlaywrightContext
from playwright.async_api import Page as PlaywrightPage

from webhand.agent.config import AgentConfig
from webhand.browser import Browser, BrowserConfig, Context, Kept
from webhand.browser.context import StorageState
from webhand.errors import ConfigError, LaunchFailed

JOIN_LIMIT = 5.0
"""Seconds after which a page of a kept browser is taken to wait for the answer to a question."""
UNSEEN = (
    "pause_on hands a page to a person, and {browser} is headless, where nobody sees it: give "
    "browser=BrowserConfig(headless=False), or AgentConfig(ask=...) to ask somebody who can deal with it"
)
RULES = ("allowed", "blocked", "allow_private_networks", "strict_subresources")
BrowserLike = Browser | BrowserConfig | PlaywrightContext | PlaywrightPage | None


def checked(browser: object) -> None:
    """Raises ConfigError for what no run can work in."""
    if isinstance(browser, PlaywrightBrowser):
        raise ConfigError("browser is a Playwright browser: give one of its contexts or pages, or Browser.wrap(it)")
    if not (browser is None or isinstance(browser, (Browser, BrowserConfig, PlaywrightContext, PlaywrightPage))):
        told = "a Browser, a BrowserConfig, or a page or context of playwright.async_api"
        raise ConfigError(f"browser must be {told}, not {type(browser).__name__}")


def check_window(browser: BrowserLike, config: AgentConfig) -> None:
    """Raises ConfigError where a run would wait for a person before a page that nobody can see.

    Whoever gives a Browser may reach its pages in another way: they are warned. A kept one can be joined, and for what
    else is Playwright's, its owner knows.
    """
    if not config.pause_on or config.ask is not None:
        return
    if isinstance(browser, Browser):
        if browser.pid is not None and browser.config.headless:
            warnings.warn(UNSEEN.format(browser="the Browser that was given"), stacklevel=3)
    elif browser is None or (isinstance(browser, BrowserConfig) and browser.headless and not browser.keep_open):
        raise ConfigError(UNSEEN.format(browser="its browser"))


def check_start(browser: BrowserLike, url: str | None) -> None:
    """Raises ConfigError for a first page that the browser's own list of sites does not have."""
    if url is None or (config := _ruled(browser)) is None or (rules := config.rules) is None:
        return
    if not (verdict := rules.with_own(url).judge(url)).allowed:
        raise ConfigError(f"start_url {url} is not opened: {verdict.reason}")


def rules_told(browser: BrowserLike) -> dict[str, Any]:
    """What a run's first event holds of its browser's address rules."""
    config = _ruled(browser)
    return {} if config is None else {"address_rules": config.model_dump(mode="json", include=set(RULES))}


def with_rules(browser: BrowserLike, told: Mapping[str, Any]) -> BrowserLike:
    """The browser that a run goes on in, held to the rules that it was begun with, unless it has some itself.

    Raises ConfigError for one that was opened without any.
    """
    rules = told.get("address_rules")
    if not rules or _ruled(browser) is not None:
        return browser
    if not isinstance(browser, BrowserConfig | None):
        raise ConfigError("the run was begun with address rules, and the browser that is given has none: give it some")
    return BrowserConfig.checked({**dict(browser or BrowserConfig()), **rules})


def _ruled(browser: BrowserLike) -> BrowserConfig | None:
    """The settings of a browser that has address rules."""
    config = browser.config if isinstance(browser, Browser) else browser
    return config if isinstance(config, BrowserConfig) and config.rules is not None else None


def check_loop(browser: BrowserLike) -> None:
    """Raises ConfigError for what was opened in another event loop than this one: no call of it would come back."""
    if browser is None or isinstance(browser, BrowserConfig):
        return
    inner = browser.context.inner if isinstance(browser, Browser) else browser
    home = getattr(inner, "_loop", None)  # Playwright tells it nowhere else
    if home not in (None, asyncio.get_running_loop()):
        told = "the browser that was given was opened in another event loop, and works in that one alone"
        raise ConfigError(f"{told}: use `await agent.run()` there, or give a BrowserConfig")


@dataclass(frozen=True, slots=True)
class Hand:
    """What a run works with. `kept` is a browser that outlives it; `joined` one of these that was there before."""

    browser: Browser
    context: Context
    kept: Kept | None = None
    joined: bool = False


@asynccontextmanager
async def hand(browser: BrowserLike, downloads: Path, state: Mapping[str, Any]) -> AsyncGenerator[Hand]:
    """A context to work in; what was opened for it is closed at the end, what was given or is kept is left open.

    `state` is what an earlier part of the run has left: the cookies and storage to begin with, and the browser that
    was kept, which is joined if it still answers. A Playwright object keeps its own state.
    """
    storage = state.get("storage")
    if isinstance(browser, (PlaywrightContext, PlaywrightPage)):
        wrapped = await Browser.wrap(browser, BrowserConfig(downloads_dir=downloads))
        try:
            yield Hand(wrapped, wrapped.context)
        finally:
            await wrapped.close()
        return
    if isinstance(browser, Browser):
        context = await browser.new_context(storage, downloads)
        try:
            yield Hand(browser, context)
        finally:
            if not browser.config.keep_open:
                await context.close()
        return
    config, before = browser or BrowserConfig(), state.get("browser")
    if before is not None and not config.lost_when_kept:
        config = config.model_copy(update={"keep_open": True})
    if before is None and not config.keep_open:
        async with Browser(config) as own, await own.new_context(storage, downloads) as context:
            yield Hand(own, context)
        return
    kept = await _kept(config.model_copy(update={"downloads_dir": downloads}), before, storage)
    try:
        yield kept
    finally:
        await kept.browser.close()


async def _kept(config: BrowserConfig, before: Mapping[str, Any] | None, storage: StorageState | None) -> Hand:
    """The browser that was kept, else a new one with its state.

    Contexts of ours end with our connection, so that a kept browser is worked with in the one it has itself.
    """
    if before is not None:
        kept = Kept.model_validate(before)
        joined = await _joined(kept, config)
        if joined is not None:
            return Hand(joined, joined.context, kept, joined=True)
    own = await Browser.launch(config)
    try:
        if storage is not None:
            await own.context.put_state(storage)
    except BaseException:
        await own.close()
        if own.kept is not None:
            await own.kept.end()
        raise
    return Hand(own, own.context, own.kept)


async def _joined(kept: Kept, config: BrowserConfig) -> Browser | None:
    """The browser that was kept; None when it was closed, or a page of it hangs and lets nobody in."""
    soon = config.model_copy(update={"launch_timeout": min(JOIN_LIMIT, config.launch_timeout)})
    with suppress(LaunchFailed):
        return await Browser.connect(kept.cdp_url, soon)
    if await kept.clear_questions():
        with suppress(LaunchFailed):
            return await Browser.connect(kept.cdp_url, config)
    return None
