"""A context: tabs that share cookies and storage, and the references of all their elements."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeAlias, cast

from playwright.async_api import Error as PlaywrightError

from webhand.browser.dialogs import Question
from webhand.browser.guard.guard import Guard
from webhand.browser.observation import TabInfo
from webhand.browser.refs import Refs
from webhand.browser.tab import Tab
from webhand.browser.uninterrupted import uninterrupted
from webhand.errors import BrowserCrashed, TabClosed
from webhand.forms import replaced
from webhand.secrets import Secret

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Download, Page
    from playwright.async_api import StorageState as PlaywrightState

    from webhand.browser.config import BrowserConfig

StorageState: TypeAlias = dict[str, Any]
"""Cookies and storage as `Context.state` gives them, decoded."""
DOWNLOAD_LIMIT = 60.0
"""Seconds that an action waits for a download that it started."""
OPEN_LIMIT = 10.0
"""Seconds that an action waits for a window that it opened: for the server's answer, with which its page begins."""


class Context:
    """Tabs with cookies and storage of their own; `owned` contexts are closed by `close`, others left open."""

    def __init__(
        self, inner: BrowserContext, config: BrowserConfig, downloads_dir: Path, guard: Guard | None, *, owned: bool
    ) -> None:
        self.inner = inner
        self.guard = guard
        """What its addresses and connections are judged by, where there are rules."""
        self.refs = Refs()
        self.downloads: list[Path] = []
        self.text_tokens = config.text_tokens
        self.navigation_timeout = config.navigation_timeout
        self.last_number = 0
        self.secrets: Sequence[Secret] = ()
        """Values that no picture may show, each looked for on the sites that may have it."""
        self._owned = owned
        self._downloads_dir = downloads_dir
        self._downloading: set[asyncio.Task[None]] = set()
        self._saving: asyncio.Future[Any] | None = None
        self._tabs: dict[int, Tab] = {}
        self._active: int | None = None
        self._hold_dialogs = False
        self._closing = False
        self._grown = asyncio.Event()
        for page in inner.pages:
            self._adopt(page)
        inner.on("page", self._opened)

    @property
    def tabs(self) -> tuple[Tab, ...]:
        """The open tabs in the order they were opened."""
        return tuple(self._tabs.values())

    @property
    def active(self) -> Tab | None:
        """The tab in front; a new one comes to the front, and the one before it when it closes."""
        return None if self._active is None else self._tabs[self._active]

    async def open(self, url: str | None = None) -> Tab:
        """A new tab, at an address if one is given.

        Raises NavigationFailed when that does not open, BrowserCrashed when the browser gives no tab.
        """
        try:
            page = await self.inner.new_page()
        except PlaywrightError as error:
            raise BrowserCrashed(f"the browser opens no new tab: {error.message.splitlines()[0]}") from None
        tab = self._adopt(page)
        if url is not None:
            await tab.goto(url)
        return tab

    def own(self, urls: Sequence[str]) -> None:
        """Addresses that the user has named: without a list they are allowed, in a private network too."""
        if self.guard is not None:
            for url in urls:
                self.guard.own(url)

    def check(self, url: str) -> None:
        """Raises BlockedURL for an address that the rules, where there are any, do not allow."""
        if self.guard is not None:
            self.guard.check(url)

    def get(self, number: int) -> Tab | None:
        """The open tab with this number."""
        return self._tabs.get(number)

    async def switch(self, number: int) -> Tab:
        """Bring a tab to the front; TabClosed, naming the open ones, when it is not there."""
        tab = self._need(number)
        self._active = number
        await tab.page.bring_to_front()
        return tab

    def arrange(self, addresses: Sequence[str]) -> None:
        """Number the tabs in the order of these addresses, all others after them.

        A browser that is joined lists its tabs in no order. To be called before anything refers to a tab.
        """
        active = self.active
        places = {address: place for place, address in enumerate(addresses)}
        tabs = sorted(self.tabs, key=lambda tab: places.get(tab.url, len(places)))
        for number, tab in enumerate(tabs, start=1):
            tab.number = number
        self._tabs = {tab.number: tab for tab in tabs}
        self._active = active and active.number

    async def close_tab(self, number: int) -> None:
        """Close one tab."""
        await self._need(number).page.close()

    def adopt(self, page: Page) -> Tab:
        """The tab of a Playwright page of this context, brought to the front."""
        tab = self._adopt(page)
        self._active = tab.number
        return tab

    async def list_tabs(self) -> tuple[TabInfo, ...]:
        """All tabs with their titles; a tab that does not answer has none."""
        tabs = self.tabs
        titles = await asyncio.gather(*(_title(tab) for tab in tabs)) if len(tabs) > 1 else [""] * len(tabs)
        return tuple(tab.info(title, tab.number == self._active) for tab, title in zip(tabs, titles, strict=True))

    def hold_dialogs(self, hold: bool) -> None:
        """Keep questions open until they are answered, in all tabs: somebody will answer them."""
        self._hold_dialogs = hold
        for tab in self.tabs:
            tab.dialogs.hold = hold

    def questions(self) -> tuple[Question, ...]:
        """The dialogs that are open now and wait for an answer."""
        return tuple(question for tab in self.tabs if (question := tab.dialogs.question) is not None)

    async def dismiss(self, questions: tuple[Question, ...]) -> None:
        """Close those of these dialogs that nobody has answered meanwhile."""
        for tab in self.tabs:
            if tab.dialogs.question in questions:
                await tab.dialogs.dismiss()

    async def opened(self, number: int) -> None:
        """Wait until as many tabs as this were opened, within a limit."""
        with suppress(TimeoutError):
            async with asyncio.timeout(OPEN_LIMIT):
                while self.last_number < number:
                    self._grown.clear()
                    await self._grown.wait()

    async def downloads_done(self, before: int) -> None:
        """Wait for downloads that are under way."""
        if self._downloading:
            await asyncio.wait(self._downloading, timeout=DOWNLOAD_LIMIT)

    async def save_state(self, path: Path) -> None:
        """Write cookies and storage to a file that only its owner can read."""
        _write_private(path, await self.state())

    async def state(self) -> str:
        """Cookies and storage of all origins, as JSON that `BrowserConfig.storage_state` reads."""
        if self._saving is None or self._saving.done():
            self._saving = asyncio.ensure_future(self.inner.storage_state(indexed_db=True))
            self._saving.add_done_callback(_look_at_failure)
        # Where asking is broken off, Playwright leaves a tab behind that it had opened for it.
        return json.dumps(await asyncio.shield(self._saving))

    async def put_state(self, state: StorageState | Path) -> None:
        """Put a saved state in the place of all cookies and storage that are there."""
        try:
            await self.inner.set_storage_state(cast("PlaywrightState | Path", state))
        except PlaywrightError as error:
            raise BrowserCrashed(f"the browser takes no saved state: {error.message.splitlines()[0]}") from None

    async def close(self) -> None:
        """Close the tabs and forget cookies and storage; a context that was open before stays open."""
        await uninterrupted(self._close())

    async def _close(self) -> None:
        self._closing = True
        self.inner.remove_listener("page", self._opened)
        for tab in self.tabs:
            tab.dispose()
        for task in self._downloading:
            task.cancel()
        await asyncio.gather(*self._downloading, return_exceptions=True)
        if self._owned:
            with suppress(PlaywrightError):  # the browser is gone, and the context with it
                await self.inner.close()
        if self.guard is not None:
            await self.guard.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _need(self, number: int) -> Tab:
        tab = self._tabs.get(number)
        if tab is None:
            known = ", ".join(str(one) for one in self._tabs) or "none"
            raise TabClosed(f"there is no tab {number}; open tabs: {known}")
        return tab

    def _adopt(self, page: Page) -> Tab:
        known = next((tab for tab in self.tabs if tab.page is page), None)
        if known is not None:
            return known
        self.last_number += 1
        tab = Tab(page, self.last_number, self)
        tab.dialogs.hold = self._hold_dialogs
        self._tabs[tab.number] = tab
        self._active = tab.number
        self._grown.set()
        page.on("close", lambda _: self._closed(tab))
        page.on("download", lambda download: self._download(tab, download))
        return tab

    def _opened(self, page: Page) -> None:
        self._adopt(page)

    def _closed(self, tab: Tab) -> None:
        tab.dispose()
        self._tabs.pop(tab.number, None)
        self.refs.forget(tab.number)
        if self._active == tab.number:
            self._active = max(self._tabs, default=None)

    def _download(self, tab: Tab, download: Download) -> None:
        if self._closing:  # the page is its owner's again
            return
        task = asyncio.ensure_future(self._save(tab, download))
        self._downloading.add(task)
        task.add_done_callback(self._downloading.discard)

    async def _save(self, tab: Tab, download: Download) -> None:
        name = _safe(self._unnamed(download.suggested_filename))
        try:
            path = _reserved(self._downloads_dir, name)
            try:
                await download.save_as(path)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
        except (PlaywrightError, OSError) as error:
            tab.tell(f"the download of {name} failed: {str(error).splitlines()[0]}")
        else:
            self.downloads.append(path)
            tab.tell(f"downloaded {path.name}")

    def _unnamed(self, suggested: str) -> str:
        """The name without the values of secrets, such as those that stood in the file's address."""
        for secret in self.secrets:
            for value in filter(None, secret.known):
                suggested = replaced(suggested, value, "secret", secret.totp_codes is not None)
        return suggested


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text, "utf-8")


def _look_at_failure(saving: asyncio.Future[Any]) -> None:
    """Nobody may be waiting any more for what has failed."""
    if not saving.cancelled():
        saving.exception()


async def _title(tab: Tab) -> str:
    try:
        async with asyncio.timeout(1):
            return await tab.page.title()
    except (PlaywrightError, TimeoutError):
        return ""


def _safe(suggested: str) -> str:
    """A name for a file; names come from pages and may hold anything."""
    return re.sub(r"[^\w.() -]+", "_", suggested.replace("\\", "/").rpartition("/")[2]).strip(". ")[-100:] or "download"


def _reserved(folder: Path, name: str) -> Path:
    """A new, empty file in the folder: downloads of one name may begin at the same time."""
    folder.mkdir(parents=True, exist_ok=True)
    for count in itertools.count(1):
        path = folder / (name if count == 1 else f"{Path(name).stem} ({count}){Path(name).suffix}")
        with suppress(FileExistsError):
            path.touch(exist_ok=False)
            return path
    raise AssertionError
