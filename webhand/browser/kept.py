"""A browser that outlives the process that started it: nobody's child, and found again by its address."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Page
from pydantic import BaseModel, ConfigDict

from webhand.browser.config import BrowserConfig
from webhand.browser.process import end_browser, end_group, is_running
from webhand.browser.switches import environment, kept
from webhand.browser.uninterrupted import uninterrupted
from webhand.browser.world import PageHangs, WorldGone, send
from webhand.errors import LaunchFailed

PREFIX = "webhand-kept-"
HTTP_LIMIT = 5.0
"""Seconds in which a browser answers what it can answer without its pages."""
POLL = 0.02
"""Seconds between two looks for what the browser has written."""
CLEAR_LIMIT = 5.0
"""Seconds in which the folder of a browser that has ended can be removed."""
_LISTENS = re.compile(r"^DevTools listening on (ws://\S+)$", re.MULTILINE)

# A child of ours would be told of our signals, and be a zombie once it ends. This one starts it and is gone.
_DETACH = """
import socket, subprocess, sys
folder, *command = sys.argv[1:]
apart = {"creationflags": 0x208} if sys.platform == "win32" else {"start_new_session": True}
with open(folder + "/stderr", "wb") as said:
    nothing = subprocess.DEVNULL
    browser = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=said, **apart)
with open(folder + "/process", "w") as process:
    process.write(f"{socket.gethostname()} {browser.pid}")
"""


class Kept(BaseModel):
    """A browser that stays open: where it listens, its process, and the folder with its profile."""

    model_config = ConfigDict(frozen=True)

    cdp_url: str
    """Joined by `Browser.connect`. It names this very browser: another one on the same port does not answer to it."""
    pid: int
    folder: Path

    async def end(self) -> None:
        """End the browser and remove its folder; one that is gone already does no harm."""
        await uninterrupted(asyncio.to_thread(self._end))

    async def clear_questions(self) -> bool:
        """Have the browser dismiss what pages ask, as a page that waits for an answer lets nobody join.

        It does that by itself when another tab comes to the front: an empty one is opened for a moment. False when
        this browser does not answer at all.
        """
        return await asyncio.to_thread(self._cover)

    def _cover(self) -> bool:
        address = urlsplit(self.cdp_url)
        browser = HTTPConnection(str(address.hostname), address.port, timeout=HTTP_LIMIT)
        try:
            if _asked(browser, "GET", "/json/version")["webSocketDebuggerUrl"] != self.cdp_url:
                return False
            tab = _asked(browser, "PUT", "/json/new?about:blank")
            browser.request("GET", f"/json/close/{tab['id']}")
            return browser.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException, ValueError, KeyError):
            return False
        finally:
            browser.close()

    def _end(self) -> None:
        if _process(self.folder) == self.pid:
            end_browser(self.pid)
            _remove(self.folder)


async def start(executable: Path, config: BrowserConfig) -> Kept:
    """Start a browser that does not end with us; LaunchFailed when it does not listen in time. Then nothing is left."""
    await asyncio.to_thread(_sweep)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        return await _started(executable, config, folder)
    except BaseException:
        await uninterrupted(asyncio.to_thread(_clear, folder))
        raise


async def size_view(page: Page, width: int, height: int) -> None:
    """Give the page's window a view of this size, which its tabs keep when nobody is connected any more."""
    session = await page.context.new_cdp_session(page)
    try:
        window = (await send(session, "Browser.getWindowForTarget"))["windowId"]
        await send(session, "Browser.setContentsSize", windowId=window, width=width, height=height)
    except (WorldGone, PageHangs):  # older browsers have no such command
        await page.set_viewport_size({"width": width, "height": height})
    finally:
        await session.detach()


async def _started(executable: Path, config: BrowserConfig, folder: Path) -> Kept:
    refused = await uninterrupted(_detach([str(executable), *kept(config, folder)], folder, config))
    pid, said = _process(folder), folder / "stderr"
    if pid is None:
        raise _failed(executable, "it could not be executed", refused)
    try:
        async with asyncio.timeout(config.launch_timeout):
            while is_running(pid):
                if found := _LISTENS.search(said.read_text(errors="replace")):
                    return Kept(cdp_url=found[1], pid=pid, folder=folder)
                await asyncio.sleep(POLL)
    except TimeoutError:
        why = f"it did not listen within {config.launch_timeout:g} s"
        raise _failed(executable, why, said.read_text(errors="replace")) from None
    raise _failed(executable, "it ended at once", said.read_text(errors="replace"))


async def _detach(command: Sequence[str], folder: Path, config: BrowserConfig) -> str:
    """Start the browser by a process in between; what that one says when it cannot."""
    between = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", "-c", _DETACH, str(folder), *command),
        env=environment(config),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    return (await between.communicate())[1].decode(errors="replace")


def _asked(browser: HTTPConnection, method: str, path: str) -> dict[str, Any]:
    browser.request(method, path)
    return json.loads(browser.getresponse().read())


def _failed(executable: Path, why: str, said: str) -> LaunchFailed:
    last = next((f": {line.strip()}" for line in reversed(said.splitlines()) if line.strip()), "")
    return LaunchFailed(f"{executable} did not start: {why}{last}; `webhand doctor` looks for the cause")


def _process(folder: Path) -> int | None:
    """The browser that was started in this folder, unless another machine did that."""
    try:
        machine, pid = (folder / "process").read_text().split()
    except (OSError, ValueError):
        return None
    return int(pid) if machine == socket.gethostname() else None


def _sweep() -> None:
    """Remove the folders of browsers that were closed meanwhile: they hold cookies."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = _process(folder)
        if pid is not None and not is_running(pid):
            _remove(folder)


def _clear(folder: Path) -> None:
    if (pid := _process(folder)) is not None:
        end_group(pid)
    _remove(folder)


def _remove(folder: Path) -> None:
    """Remove the folder; the last processes of a browser may still write into it."""
    until = time.monotonic() + CLEAR_LIMIT
    while folder.exists() and time.monotonic() < until:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(POLL)
