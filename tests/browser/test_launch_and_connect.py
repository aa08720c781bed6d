"""Ways to a browser: launched, joined, wrapped; what was there before is left open, what was started is gone."""

import asyncio
import os
import re
import shutil
import stat
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from webhand.browser import Browser, BrowserConfig
from webhand.browser.executable import find_executable
from webhand.errors import BrowserCrashed, ConfigError, InvalidSetting, LaunchFailed

Site = Callable[..., str]


def children() -> set[str]:
    """The ids of the processes that this one has started and that are not dead."""
    found: set[str] = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            if state not in "ZX" and parent == str(os.getpid()):
                found.add(folder.name)
    return found


def started_with(switch: str) -> list[str]:
    """The ids of the processes, whoever their parent is by now, that were started with this switch."""
    found: list[str] = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            if switch in (folder / "cmdline").read_text(errors="replace").split("\0"):
                found.append(folder.name)
    return found


linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are counted in /proc")


async def test_launching_and_closing() -> None:
    browser = await Browser.launch(BrowserConfig(viewport=(640, 480), locale="de-DE", timezone="Asia/Tokyo"))
    tab = await browser.open("about:blank")
    assert browser.connected
    assert browser.tabs == (tab,)
    told = "[innerWidth, innerHeight, navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone]"
    assert await tab.page.evaluate(told) == [640, 480, "de-DE", "Asia/Tokyo"]
    await browser.close()
    assert not browser.connected
    await browser.close()
    with pytest.raises(ConfigError, match="the browser is not running"):
        await browser.open()
    with pytest.raises(ConfigError, match="the browser is not running"):
        await browser.new_context()


async def test_what_is_no_browser(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting):
        await Browser.launch(BrowserConfig(executable=tmp_path / "none"))
    false = shutil.which("false")
    assert false
    with pytest.raises(LaunchFailed, match="false did not start: .*`webhand doctor` looks for the cause"):
        await Browser.launch(BrowserConfig(executable=Path(false)))


@linux
@pytest.mark.parametrize("moments", [0, 3, 20])
async def test_cancelling_a_launch_leaves_nothing(moments: int, tmp_path: Path) -> None:
    mark = f"--made-for={tmp_path}"
    before, tasks = children(), asyncio.all_tasks()
    launch = asyncio.create_task(Browser.launch(BrowserConfig(args=(mark,))))
    for _ in range(moments):
        await asyncio.sleep(0)
    launch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await launch
    assert started_with(mark) == []
    assert children() <= before
    assert asyncio.all_tasks() <= tasks


@linux
async def test_a_failed_launch_leaves_nothing(tmp_path: Path) -> None:
    script = tmp_path / "chromium"
    script.write_text(f"#!{sys.executable}\nimport signal\nsignal.pause()\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    before, tasks = children(), asyncio.all_tasks()
    mark = f"--made-for={tmp_path}"
    with pytest.raises(LaunchFailed):
        await Browser.launch(BrowserConfig(executable=script, launch_timeout=0.5, args=(mark,)))
    assert started_with(mark) == []
    assert children() <= before
    assert asyncio.all_tasks() <= tasks


async def test_contexts_share_nothing(browser: Browser, site: Site, tmp_path: Path) -> None:
    url = site("/page", html="<script>document.title = document.cookie + (localStorage.name ?? '')</script>")
    async with await browser.new_context() as one, await browser.new_context() as two:
        tab = await one.open(url)
        await tab.page.evaluate("document.cookie = 'a=1'; localStorage.name = 'Anna'")
        other = await two.open(url)
        assert (await other.observe()).title == ""
        await one.save_state(tmp_path / "deep" / "state.json")
        assert (tmp_path / "deep" / "state.json").stat().st_mode & 0o077 == 0
    async with await browser.new_context(tmp_path / "deep" / "state.json") as three:
        assert (await (await three.open(url)).observe()).title == "a=1Anna"


@linux
async def test_a_browser_that_is_killed() -> None:
    browser = await Browser.launch()
    tab = await browser.open("about:blank")
    assert browser.pid
    gone = asyncio.Event()
    inner = tab.page.context.browser
    assert inner
    inner.on("disconnected", lambda _: gone.set())
    os.kill(browser.pid, 9)
    await gone.wait()
    assert not browser.connected
    with pytest.raises(BrowserCrashed, match="the browser opens no new tab"):
        await browser.open()
    with pytest.raises(BrowserCrashed, match="the browser gives no new context"):
        await browser.new_context()
    await browser.close()


@asynccontextmanager
async def running(folder: Path) -> AsyncGenerator[str]:
    """The address of a Chromium that somebody else has started."""
    process = await asyncio.create_subprocess_exec(
        find_executable(),
        *("--headless", "--no-sandbox", "--remote-debugging-port=0", f"--user-data-dir={folder}", "about:blank"),
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stderr
        async for line in process.stderr:
            if found := re.search(rb"DevTools listening on ws://([\d.]+:\d+)/", line):
                yield f"http://{found[1].decode()}"
                break
    finally:
        process.kill()
        await process.communicate()


async def test_joining_a_browser_that_runs(tmp_path: Path, site: Site) -> None:
    async with running(tmp_path) as address:
        browser = await Browser.connect(address)
        (there,) = browser.tabs
        assert there.url == "about:blank"
        url = site("/page", html="<button onclick='textContent = 1'>Go</button>")
        tab = await browser.open(url)
        await tab.observe()
        await tab.click("e1")
        assert (await tab.observe()).text == "e1 button 1 (focused)"
        apart = await browser.new_context()
        await apart.open("about:blank")
        await browser.close()
        again = await Browser.connect(address)
        assert {tab.url for tab in again.tabs} == {"about:blank", url}
        await again.close()


async def test_joining_where_no_browser_is(site: Site) -> None:
    address = site("/").partition("/?")[0]
    with pytest.raises(LaunchFailed, match=f"no browser answers at {address}"):
        await Browser.connect(address)


@asynccontextmanager
async def silent() -> AsyncGenerator[tuple[str, asyncio.Event]]:
    """The address of a server that never answers, and whether it was asked."""
    asked = asyncio.Event()

    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(never, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


@linux
async def test_cancelling_a_connection_leaves_nothing() -> None:
    async with silent() as (address, asked):
        before = children()
        joining = asyncio.create_task(Browser.connect(address))
        await asked.wait()
        joining.cancel()
        with pytest.raises(asyncio.CancelledError):
            await joining
        assert children() <= before


async def test_a_connection_that_takes_too_long() -> None:
    async with silent() as (address, _):
        with pytest.raises(LaunchFailed, match="no browser answers"):
            await Browser.connect(address, BrowserConfig(launch_timeout=0.3))


async def test_wrapping_playwrights_own_objects(site: Site) -> None:
    async with async_playwright() as playwright:
        own = await playwright.chromium.launch(executable_path=find_executable(), args=["--no-sandbox"])
        context = await own.new_context()
        page, other = await context.new_page(), await context.new_page()
        await page.set_content("<button onclick='o.textContent = confirm(1)'>Go</button><p id=o></p>")

        wrapped = await Browser.wrap(page)
        tab = wrapped.context.active
        assert tab
        assert tab.page is page
        assert len(wrapped.tabs) == 2
        seen = await tab.observe()
        wrapped.context.hold_dialogs(True)
        await tab.click(next(iter(seen.elements)))
        await tab.answer_dialog(True)
        assert (await tab.observe()).text.endswith("\ntrue")
        await wrapped.close()

        # It is its owner's again: nobody but Playwright itself answers its dialogs, and at once.
        await page.click("button")
        assert await page.inner_text("#o") == "false"
        assert not page.is_closed()
        assert not other.is_closed()

        again = await Browser.wrap(context)
        assert {tab.page for tab in again.tabs} == {page, other}
        await again.close()

        whole = await Browser.wrap(own)
        tab = await whole.open(site("/page", html="Apart"))
        assert (await tab.observe()).text == "Apart"
        assert tab.page not in context.pages
        await whole.close()
        assert own.is_connected()
        assert own.contexts == [context]
        await own.close()
