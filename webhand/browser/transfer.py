"""Files: handed to a page, fetched from it, made of it."""

from __future__ import annotations

import base64
import fnmatch
import mimetypes
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.async_api import FileChooser
from playwright.async_api import TimeoutError as PlaywrightTimeout

from webhand.browser.change import Change, changing
from webhand.browser.observation import Effect
from webhand.browser.pointer import Modifier, aim, tap
from webhand.browser.refs import Target
from webhand.browser.world import answered, send
from webhand.errors import ActionTimeout, InvalidArguments, NavigationFailed, NotInteractable

if TYPE_CHECKING:
    from webhand.browser.tab import Tab

CHOOSER_LIMIT = 5.0
"""Seconds in which a click that opens a file chooser opens it."""
LINK = "<a>file</a>"


async def upload(tab: Tab, ref: str, files: Sequence[Path]) -> Effect:
    """Hand files to a file input, or to the chooser that a click on the element opens."""
    target = tab.target(ref)
    what = await tab.describe(target)
    if missing := [path for path in files if not path.exists()]:
        raise InvalidArguments(f"there is no file {missing[0]}")
    if not files:
        raise InvalidArguments("there are no files to give")
    field = await tab.on(target, "fileField")
    async with changing(tab, target.frame) as change:
        if "folder" in field:
            _check(ref, files, folder=field["folder"], many=field["many"])
            node = await target.frame.world.handle(target.node)
            paths = [str(path.resolve()) for path in files]
            session = target.frame.world.session
            await change.perform(send(session, "DOM.setFileInputFiles", objectId=node.id, files=paths))
            accept = field["accept"]
        else:
            chooser = await _chooser(tab, target, change)
            accept = await chooser.element.get_attribute("accept") or ""
            folder = await chooser.element.get_attribute("webkitdirectory") is not None
            _check(ref, files, folder=folder, many=chooser.is_multiple())
            await change.perform(chooser.set_files(files[0] if folder else list(files)))
    names = ", ".join(path.name for path in files)
    odd = f"; it asks for {accept}" if accept and not all(_fits(path, accept) for path in files) else ""
    return change.effect(f"gave {names} to {what}{odd}", names)


def _check(ref: str, files: Sequence[Path], *, folder: bool, many: bool) -> None:
    if folder and (wrong := next((path for path in files if not path.is_dir()), None)):
        raise InvalidArguments(f"{ref} takes a folder, and {wrong.name} is none")
    if not folder and (wrong := next((path for path in files if path.is_dir()), None)):
        raise InvalidArguments(f"{wrong.name} is a folder, and {ref} takes files")
    if len(files) > 1 and (folder or not many):
        raise InvalidArguments(f"{ref} takes one {'folder' if folder else 'file'}, not {len(files)}")


def _fits(path: Path, accept: str) -> bool:
    kind = mimetypes.guess_type(path.name)[0] or ""
    wanted = [one.strip().lower() for one in accept.split(",")]
    return any(path.name.lower().endswith(one) if one.startswith(".") else fnmatch.fnmatch(kind, one) for one in wanted)


async def _chooser(tab: Tab, target: Target, change: Change) -> FileChooser:
    at = await aim(tab, target)
    try:
        async with tab.page.expect_file_chooser(timeout=CHOOSER_LIMIT * 1000) as chooser:
            # Playwright does not wait until the page's process lets it have the chooser; what that process is asked
            # afterwards is answered afterwards.
            await change.perform(tab.page.title())
            await change.perform(tap(tab, at))
        return await chooser.value
    except PlaywrightTimeout:
        raise NotInteractable(f"{target.ref} was clicked but opened no file chooser; look for a file input") from None


async def download(tab: Tab, ref: str | None, url: str | None) -> Effect:
    """Fetch what a link leads to, what a click on an element gives, or what is at an address, into a file."""
    if (ref is None) == (url is None):
        raise InvalidArguments("download takes a ref or a url, and not both")
    tab.ready()
    if ref is not None:
        target = tab.target(ref)
        what = await tab.describe(target)
        source = await tab.on(target, "sourceOf")
        if source["link"] or source["url"] is None:
            return await _clicked(tab, target, what, ["Alt"] if source["link"] else [])
        if source["url"].startswith(("data:", "blob:")):
            return await _kept(tab, target, what)
        return await _fetched(tab, source["url"], what)
    assert url is not None
    if not urlsplit(url).scheme:
        raise InvalidArguments("that is no address; write it with its scheme, such as https://example.com")
    return await _fetched(tab, url, url)


async def _clicked(tab: Tab, target: Target, what: str, keys: Sequence[Modifier]) -> Effect:
    """Click for a file: with Alt held, Chromium saves what a link leads to instead of going there."""
    async with changing(tab, target.frame) as change:
        at = await aim(tab, target)
        if not await _got(tab, change.perform(tap(tab, at, modifiers=keys))):
            raise NotInteractable(f"{target.ref} was clicked but gave no file; look at the page")
    return change.effect(f"fetched {what}")


async def _kept(tab: Tab, target: Target, what: str) -> Effect:
    """Save what an element shows and only its own page has."""
    async with changing(tab, target.frame) as change:
        if not await _got(tab, tab.on(target, "keep")):
            raise NotInteractable(f"{target.ref} gave no file; look at the page")
    return change.effect(f"fetched {what}")


async def _fetched(tab: Tab, url: str, what: str) -> Effect:
    """Fetch an address as a click on a link would, on a page of our own so that no other page takes part."""
    tab.context.check(url)
    was_active = tab.context.active is tab
    async with changing(tab) as change:
        change.patience = 0.0
        other = await tab.context.open()
        try:
            await other.page.set_content(LINK)
            link = other.page.locator("a")
            await link.evaluate("(link, url) => { link.href = url; }", url)
            if not await _got(other, link.click(modifiers=["Alt"])):
                limit = tab.context.navigation_timeout
                raise ActionTimeout(f"{url} gave no file within {limit:g} s; try again or another address")
            await tab.context.downloads_done(0)
        finally:
            await other.close()
            if was_active:
                await tab.context.switch(tab.number)
    effect = change.effect(f"fetched {what}")
    if not effect.downloads:
        raise NavigationFailed(f"{url} gave no file: its download was broken off; try again or another address")
    return effect


async def _got(tab: Tab, act: Awaitable[object]) -> bool:
    """Whether a file began to come after the input."""
    try:
        async with tab.page.expect_download(timeout=tab.context.navigation_timeout * 1000) as download:
            await act
        await download.value
    except PlaywrightTimeout:
        return False
    return True


async def pdf(tab: Tab) -> bytes:
    """The page as a PDF document."""
    with answered():
        session = await tab.frames.session()
        reply = await send(session, "Page.printToPDF", printBackground=True, preferCSSPageSize=True)
    return base64.b64decode(reply["data"])
