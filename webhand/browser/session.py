"""A browser: launched, connected to, or wrapped around Playwright objects that are there already."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Self

from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import BrowserContext as PlaywrightContext
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as PlaywrightPage
from playwright.async_api import Playwright, async_playwright

from webhand.browser.config import BrowserConfig
from webhand.browser.context import Context, StorageState
from webhand.browser.executable import find_executable
from webhand.browser.guard.guard import SWITCHES, Guard
from webhand.browser.kept import Kept, size_view, start
from webhand.browser.switches import added
from webhand.browser.tab import Tab
from webhand.browser.uninterrupted import uninterrupted
from webhand.browser.world import send
from webhand.errors import BrowserCrashed, ConfigError, LaunchFailed


class Browser:
    """A Chromium with one context of its own; `new_context` gives more that share nothing with it.

    `async with Browser(BrowserConfig(...)) as browser:` launches and closes it. `Browser.connect` joins one that runs,
    `Browser.wrap` takes over a Playwright browser, context or page; both leave it open. So is one launched with
    `keep_open`, whose own context is the one that the browser has always.
    """

    def __init__(self, config: BrowserConfig | None = None) -> None:
        self.config = config or BrowserConfig()
        self._playwright: Playwright | None = None
        self._inner: PlaywrightBrowser | None = None
        self._context: Context | None = None
        self._contexts: list[Context] = []
        self._owned = False
        self._downloads: tempfile.TemporaryDirectory[str] | None = None
        self.pid: int | None = None
        """The browser's process, where it is ours."""
        self.cdp_url: str | None = None
        """Where a browser listens that was kept open or joined, for `Browser.connect`."""
        self.kept: Kept | None = None
        """What stays of a browser that was launched with `keep_open`; its `end` ends it for good."""

    # --- ways to a browser --------------------------------------------------------------------------------------

    @classmethod
    async def launch(cls, config: BrowserConfig | None = None) -> Self:
        """Start a browser; BrowserMissing or LaunchFailed when that cannot be. Close it with `close`."""
        browser = cls(config)
        await browser._launch()
        return browser

    @classmethod
    async def connect(cls, cdp_url: str, config: BrowserConfig | None = None) -> Self:
        """Join a browser that listens for the debugging protocol, such as `http://127.0.0.1:9222`."""
        browser = cls(config)
        browser._check_enforced()
        try:
            playwright = await uninterrupted(browser._drive())
            await browser._join(playwright, cdp_url)
        except PlaywrightError as error:
            await browser.close()
            raise LaunchFailed(f"no browser answers at {cdp_url}: {_first(error)}") from None
        except BaseException:
            await browser.close()
            raise
        return browser

    @classmethod
    async def wrap(
        cls, inner: PlaywrightBrowser | PlaywrightContext | PlaywrightPage, config: BrowserConfig | None = None
    ) -> Self:
        """Use Playwright's own object; it is left open. Only Chromium: a ConfigError for other browsers."""
        context = inner.context if isinstance(inner, PlaywrightPage) else inner
        browser_object = context.browser if isinstance(context, PlaywrightContext) else context
        if browser_object is not None and browser_object.browser_type.name != "chromium":
            raise ConfigError(f"webhand works with Chromium only, not with {browser_object.browser_type.name}")
        browser = cls(config)
        browser._check_enforced()
        browser._inner = browser_object
        if isinstance(context, PlaywrightContext):
            browser._context = browser._take(context)
        else:
            browser._context = await browser.new_context()
        if isinstance(inner, PlaywrightPage):
            browser._context.adopt(inner)
        return browser

    # --- using it -----------------------------------------------------------------------------------------------

    @property
    def context(self) -> Context:
        """The browser's own context."""
        if self._context is None:
            raise ConfigError(
                "the browser is not running; use `async with Browser(...)` or `await Browser.launch(...)`"
            )
        return self._context

    @property
    def tabs(self) -> tuple[Tab, ...]:
        """The open tabs of the browser's own context."""
        return self.context.tabs

    @property
    def connected(self) -> bool:
        """Whether the browser still answers."""
        return self._inner is not None and self._inner.is_connected()

    async def open(self, url: str | None = None) -> Tab:
        """A new tab in the browser's own context."""
        return await self.context.open(url)

    async def new_context(
        self, storage_state: StorageState | Path | None = None, downloads_dir: Path | None = None
    ) -> Context:
        """A context that shares no cookies and no storage with others.

        It begins with a saved state, and keeps downloads in a folder of its own, where these are given.
        """
        if self._inner is None:
            raise ConfigError(
                "the browser is not running; use `async with Browser(...)` or `await Browser.launch(...)`"
            )
        options = _context_options(self.config)
        if storage_state is not None:
            options["storage_state"] = storage_state
        guard = self._guard()
        try:
            if guard is not None and self._owned:
                options["proxy"] = {"server": await guard.open()}
            inner = await _made(self._inner.new_context(**options))
        except BaseException as error:
            if guard is not None:
                await guard.close()
            if not isinstance(error, PlaywrightError):
                raise
            raise BrowserCrashed(f"the browser gives no new context: {_first(error)}") from None
        context = self._take(inner, downloads_dir, guard, owned=True)
        self._contexts.append(context)
        return context

    async def save_state(self, path: Path) -> None:
        """Write the own context's cookies and storage to a file that only its owner can read."""
        await self.context.save_state(path)

    async def close(self) -> None:
        """Close what was opened here; what was there before stays. Not cut short by a cancellation."""
        await uninterrupted(self._close())

    async def _close(self) -> None:
        for context in self._contexts:
            await context.close()
        if self._context is not None and self.cdp_url is not None:
            # Once nobody is connected, nobody could answer them, and the page would let nobody in.
            await self._context.dismiss(self._context.questions())
        if self._context is not None and self._context not in self._contexts:
            await self._context.close()
        self._contexts, self._context = [], None
        try:
            if self._owned and self._inner is not None:
                await self._inner.close()
        except PlaywrightError:  # it is gone already
            pass
        finally:
            self._inner = None
            await self._stop()

    async def __aenter__(self) -> Self:
        await self._launch()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # --- within -------------------------------------------------------------------------------------------------

    async def _launch(self) -> None:
        try:
            await uninterrupted(self._keep() if self.config.keep_open else self._start())
        except BaseException:
            await self.close()
            if self.kept is not None:
                await self.kept.end()
            raise

    async def _start(self) -> None:
        config = self.config
        executable = find_executable(config.executable, config.channel)
        playwright = await self._drive()
        self._owned = True
        try:
            self._inner = await playwright.chromium.launch(
                executable_path=executable,
                headless=config.headless,
                args=[*added(config), *(SWITCHES if config.rules else ())],
                proxy=_proxy(config),
                slow_mo=config.slow_mo * 1000,
                timeout=config.launch_timeout * 1000,
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
            self._context = await self.new_context()
            self.pid = await self._process()
        except PlaywrightError as error:
            raise LaunchFailed(
                f"{executable} did not start: {_first(error)}; `webhand doctor` looks for the cause"
            ) from None

    async def _keep(self) -> None:
        executable = find_executable(self.config.executable, self.config.channel)
        self.kept = await start(executable, self.config)
        self.pid = self.kept.pid
        try:
            await self._join(await self._drive(), self.kept.cdp_url)
            if self.config.viewport is not None:
                await size_view(self.tabs[0].page, *self.config.viewport)
            if self.config.storage_state is not None:
                await self.context.put_state(self.config.storage_state)
        except PlaywrightError as error:
            raise LaunchFailed(f"{executable} was started and cannot be used: {_first(error)}") from None

    async def _join(self, playwright: Playwright, cdp_url: str) -> None:
        self._inner = await playwright.chromium.connect_over_cdp(
            cdp_url, timeout=self.config.launch_timeout * 1000, slow_mo=self.config.slow_mo * 1000
        )
        self.cdp_url = cdp_url
        contexts = self._inner.contexts
        self._context = self._take(contexts[0]) if contexts else await self.new_context()
        if contexts and self.config.permissions:
            await contexts[0].grant_permissions(self.config.permissions)

    def _check_enforced(self) -> None:
        if self.config.rules is not None and not self.config.allow_unenforced:
            raise ConfigError(
                "address rules hold in a browser that webhand launches; in this one nothing judges what pages connect "
                "to: launch it with the BrowserConfig, leave the rules out, or accept that with allow_unenforced=True"
            )

    async def _drive(self) -> Playwright:
        self._playwright = await async_playwright().start()
        return self._playwright

    async def _process(self) -> int | None:
        assert self._inner is not None
        session = await self._inner.new_browser_cdp_session()
        reply = await send(session, "SystemInfo.getProcessInfo")
        await session.detach()
        return next((int(one["id"]) for one in reply["processInfo"] if one["type"] == "browser"), None)

    def _take(
        self,
        inner: PlaywrightContext,
        downloads_dir: Path | None = None,
        guard: Guard | None = None,
        *,
        owned: bool = False,
    ) -> Context:
        folder = downloads_dir or self.config.downloads_dir
        if folder is None:
            self._downloads = self._downloads or tempfile.TemporaryDirectory(prefix="webhand-downloads-")
            folder = Path(self._downloads.name)
        return Context(inner, self.config, folder, guard or self._guard(), owned=owned)

    def _guard(self) -> Guard | None:
        rules = self.config.rules
        return None if rules is None else Guard(rules)

    async def _stop(self) -> None:
        if self._playwright is not None:
            await self._playwright.stop()
            self._playwright = None
        if self._downloads is not None:
            self._downloads.cleanup()
            self._downloads = None


async def _made(making: Coroutine[Any, Any, PlaywrightContext]) -> PlaywrightContext:
    """The context; one that nobody waits for any more is closed as soon as it is there."""
    made: list[PlaywrightContext] = []

    async def make() -> None:
        made.append(await making)

    try:
        await uninterrupted(make())
    except asyncio.CancelledError:
        for context in made:
            await uninterrupted(context.close())
        raise
    return made[0]


def _context_options(config: BrowserConfig) -> dict[str, Any]:
    viewport = config.viewport and {"width": config.viewport[0], "height": config.viewport[1]}
    options: dict[str, Any] = {
        "no_viewport": True if viewport is None else None,
        "viewport": viewport,
        "locale": config.locale,
        "timezone_id": config.timezone,
        "user_agent": config.user_agent,
        "device_scale_factor": config.device_scale,
        "storage_state": config.storage_state,
        "permissions": list(config.permissions) or None,
        "http_credentials": config.http_credentials and config.http_credentials.model_dump(),
        "ignore_https_errors": config.ignore_https_errors or None,
        "record_video_dir": config.record_video,
        "record_har_path": config.har,
    }
    return {name: value for name, value in options.items() if value is not None}


def _proxy(config: BrowserConfig) -> Any:
    return None if config.proxy is None else config.proxy.model_dump(exclude_none=True)


def _first(error: PlaywrightError) -> str:
    lines = [line for line in error.message.splitlines() if line.strip()]
    return next((line.strip() for line in lines if "[err]" in line), lines[0] if lines else "no reason given")
