"""A browser that stays open outlives its process, and its settings hold without us; a failed launch leaves none."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from webhand.browser import Browser, BrowserConfig, HttpCredentials, Kept, Proxy
from webhand.browser.executable import find_executable
from webhand.browser.process import end_browser, is_running
from webhand.browser.switches import kept as switches_of_kept
from webhand.errors import BrowserCrashed, LaunchFailed

Site = Callable[..., str]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes and signals are those of POSIX")
SHOWN = """[innerWidth, innerHeight, devicePixelRatio, navigator.language, navigator.userAgent,
            Intl.DateTimeFormat().resolvedOptions().timeZone]"""


def children() -> set[str]:
    """The processes below this one, those that have ended and were not cleared away too."""
    told = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True)
    return {line.split()[0] for line in told.stdout.splitlines() if " ps -o " not in line}


async def keep(config: BrowserConfig | None = None) -> tuple[Browser, Kept]:
    browser = await Browser.launch((config or BrowserConfig()).model_copy(update={"keep_open": True}))
    assert browser.kept is not None
    return browser, browser.kept


async def test_it_stays_as_it_is_and_is_joined_again(keeping: Path) -> None:
    before, tasks = children(), asyncio.all_tasks()
    browser, kept = await keep()
    assert (browser.cdp_url, browser.pid) == (kept.cdp_url, kept.pid)
    (tab,) = browser.tabs
    assert tab.url == "about:blank"
    await tab.goto("data:text/html,<title>Here</title>")
    await tab.page.evaluate("window.count = 3")
    apart = await browser.new_context()
    await apart.open("about:blank")
    await browser.close()
    assert not browser.connected
    assert is_running(kept.pid)
    assert children() <= before
    assert asyncio.all_tasks() <= tasks

    joined = await Browser.connect(kept.cdp_url)
    (tab,) = joined.tabs
    assert await tab.page.evaluate("[document.title, count]") == ["Here", 3]
    assert (joined.cdp_url, joined.pid, joined.kept) == (kept.cdp_url, None, None)
    await joined.close()

    assert kept.folder.parent == keeping
    assert kept.folder.stat().st_mode & 0o077 == 0
    await kept.end()
    await kept.end()
    assert not is_running(kept.pid)
    assert list(keeping.glob("webhand-kept-*")) == []
    with pytest.raises(LaunchFailed, match="no browser answers at ws://127"):
        await Browser.connect(kept.cdp_url)


async def test_another_browser_on_the_same_port_is_not_taken_for_it(keeping: Path) -> None:
    browser, kept = await keep()
    await browser.close()
    with pytest.raises(LaunchFailed, match="no browser answers"):
        await Browser.connect(kept.cdp_url.rpartition("/")[0] + "/00000000-0000-4000-8000-000000000000")


async def test_its_settings_hold_without_us(site: Site, keeping: Path) -> None:
    config = BrowserConfig(
        viewport=(640, 480), device_scale=2, locale="de-DE", user_agent="Mine/1", timezone="Asia/Tokyo"
    )
    shown = [640, 480, 2, "de-DE", "Mine/1", "Asia/Tokyo"]
    browser, kept = await keep(config)
    (tab,) = browser.tabs
    assert await tab.page.evaluate(SHOWN) == shown
    await browser.close()
    joined = await Browser.connect(kept.cdp_url)
    first, second = joined.tabs[0], await joined.open(site("/page", html="Two"))
    assert await first.page.evaluate(SHOWN) == shown
    assert await second.page.evaluate(SHOWN) == shown
    await joined.close()


async def test_it_begins_with_a_saved_state(browser: Browser, site: Site, keeping: Path, tmp_path: Path) -> None:
    url = site("/page", html="<script>document.title = document.cookie + (localStorage.name ?? '')</script>")
    async with await browser.new_context() as context:
        tab = await context.open(url)
        await tab.page.evaluate("document.cookie = 'a=1; max-age=3600'; localStorage.name = 'Anna'")
        await context.save_state(tmp_path / "state.json")
    kept_browser, _ = await keep(BrowserConfig(storage_state=tmp_path / "state.json"))
    (tab,) = kept_browser.tabs
    await tab.goto(url)
    assert (await tab.observe()).title == "a=1Anna"
    await kept_browser.close()


async def test_what_pages_may_do_and_where_files_go(site: Site, keeping: Path, tmp_path: Path) -> None:
    config = BrowserConfig(permissions=("geolocation",), downloads_dir=tmp_path / "files")
    browser, kept = await keep(config)
    for again in (False, True):
        joined = await Browser.connect(kept.cdp_url, config) if again else browser
        tab = joined.tabs[0]
        await tab.goto(site("/page", html=f"<a href='{site('/file', name='a.txt', html='1')}'>Get</a>"))
        asked = "navigator.permissions.query({name: 'geolocation'}).then(answer => answer.state)"
        assert await tab.page.evaluate(asked) == "granted"
        await tab.observe()
        await tab.click("e1")
        assert [file.read_text() for file in joined.context.downloads] == ["1"]
        await joined.close()
    assert sorted(file.name for file in (tmp_path / "files").iterdir()) == ["a (2).txt", "a.txt"]


async def test_it_goes_through_the_proxy(keeping: Path) -> None:
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 3\r\nconnection: close\r\n\r\nOut")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        browser, _ = await keep(BrowserConfig(proxy=Proxy(server=f"http://127.0.0.1:{port}")))
        (tab,) = browser.tabs
        await tab.goto("http://shop.example/cart")
        assert (await tab.observe()).text == "Out"
        await browser.close()
    assert b"GET http://shop.example/cart HTTP/1.1\r\n" in asked


def test_hosts_beside_the_proxy_and_certificates_on_the_command_line() -> None:
    config = BrowserConfig(
        proxy=Proxy(server="http://p.example:1", bypass="a.example, b.example"),
        ignore_https_errors=True,
        headless=False,
    )
    switches = switches_of_kept(config, Path("profile"))
    assert "--proxy-bypass-list=a.example;b.example;<-loopback>" in switches
    assert "--ignore-certificate-errors" in switches
    assert "--headless" not in switches


async def test_a_question_is_dismissed_when_we_leave(keeping: Path) -> None:
    browser, kept = await keep()
    (tab,) = browser.tabs
    browser.context.hold_dialogs(True)
    await tab.goto("data:text/html,<button onclick='answer = confirm(1)'>Go</button>")
    await tab.observe()
    await tab.click("e1")
    assert tab.dialogs.open is not None
    await browser.close()
    joined = await Browser.connect(kept.cdp_url)
    assert await joined.tabs[0].page.evaluate("answer") is False
    await joined.close()


async def test_what_one_leaves_that_was_closed_by_hand_is_removed_later(keeping: Path) -> None:
    browser, first = await keep()
    await browser.close()
    end_browser(first.pid)
    assert first.folder.exists()
    browser, second = await keep()
    await browser.close()
    assert not first.folder.exists()
    assert second.folder.exists()


# It lives through two of the signals, so that one browser meets more of them. Handlers are not inherited; that a signal
# is ignored is, and whoever starts the tests may do so, as `nohup` and a shell's background do.
CHILD = """
import asyncio, signal
from webhand import Browser, BrowserConfig

async def main():
    browser = await Browser.launch(BrowserConfig(keep_open=True))
    print(browser.kept.model_dump_json(), flush=True)
    await asyncio.Event().wait()

signal.signal(signal.SIGINT, signal.default_int_handler)
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, lambda *_: None)
asyncio.run(main())
"""


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
async def test_signals_to_our_group_do_not_end_it(end: signal.Signals, keeping: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CHILD),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    assert child.stdout is not None
    kept = Kept.model_validate_json(await child.stdout.readline())
    for number in (signal.SIGTERM, signal.SIGHUP, end):
        os.killpg(child.pid, number)
    assert await child.wait() == -end
    joined = await Browser.connect(kept.cdp_url)
    assert joined.connected
    await joined.close()
    await kept.end()


@pytest.mark.parametrize("moments", [0, 3, 20])
async def test_cancelling_a_launch_leaves_nothing(moments: int, keeping: Path) -> None:
    before, tasks = children(), asyncio.all_tasks()
    launch = asyncio.create_task(Browser.launch(BrowserConfig(keep_open=True)))
    for _ in range(moments):
        await asyncio.sleep(0)
    launch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await launch
    assert running_from(keeping) == []
    assert list(keeping.glob("webhand-kept-*")) == []
    assert children() <= before
    assert asyncio.all_tasks() <= tasks


async def test_cancelling_a_launch_ends_a_browser_that_is_there(keeping: Path, tmp_path: Path) -> None:
    begun, program = tmp_path / "begun", tmp_path / "chromium"
    os.mkfifo(begun)
    program.write_text(f'#!/bin/sh\necho begun > "{begun}"\nexec "{find_executable()}" "$@"\n')
    program.chmod(0o755)
    launch = asyncio.create_task(Browser.launch(BrowserConfig(executable=program, keep_open=True)))
    assert await asyncio.to_thread(begun.read_text) == "begun\n"
    launch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await launch
    assert running_from(keeping) == []
    assert list(keeping.glob("webhand-kept-*")) == []


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("#!/bin/sh\necho first >&2; echo 'no screen' >&2; exit 1", "it ended at once: no screen"),
        ("#!/bin/sh\nexit 0", "it ended at once; `webhand doctor`"),
        (f"#!{sys.executable}\nimport signal\nsignal.pause()\n", "it did not listen within 0.5 s"),
        ("neither script nor program", "it could not be executed: .*Exec format error"),
    ],
    ids=["says why", "says nothing", "hangs", "is no program"],
)
async def test_a_launch_that_fails_leaves_nothing(script: str, told: str, keeping: Path, tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text(script)
    program.chmod(0o755)
    before, tasks = children(), asyncio.all_tasks()
    limit = 0.5 if "0.5 s" in told else 30
    with pytest.raises(LaunchFailed, match=f"chromium did not start: {told}"):
        await Browser.launch(BrowserConfig(executable=program, launch_timeout=limit, keep_open=True))
    assert running_from(keeping) == []
    assert list(keeping.glob("webhand-kept-*")) == []
    assert children() <= before
    assert asyncio.all_tasks() <= tasks


async def test_a_launch_that_cannot_be_finished_leaves_nothing(keeping: Path, tmp_path: Path) -> None:
    """The browser is there and refuses its saved state."""
    state = tmp_path / "state.json"
    state.write_text('{"cookies": [{"name": "", "value": "", "domain": "", "path": ""}], "origins": []}')
    with pytest.raises(BrowserCrashed, match="takes no saved state"):
        await Browser.launch(BrowserConfig(storage_state=state, keep_open=True))
    assert running_from(keeping) == []
    assert list(keeping.glob("webhand-kept-*")) == []


def running_from(folder: Path) -> list[str]:
    """The command lines of all living processes that name this folder."""
    told = subprocess.run(["ps", "-e", "-o", "stat=,args="], capture_output=True, text=True).stdout
    return [line for line in told.splitlines() if str(folder) in line and not line.startswith("Z")]


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"har": Path("a.har")}, "har"),
        ({"record_video": Path("videos")}, "record_video"),
        ({"http_credentials": HttpCredentials(username="a", password="b", origin="https://a.example")}, "http_cred"),
        ({"proxy": Proxy(server="http://p.example:1", username="a", password="b")}, "proxy.username"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_only_a_connection_can_hold_is_refused(config: dict[str, object], named: str) -> None:
    with pytest.raises(ValidationError, match=f"keep_open.*{named}"):
        BrowserConfig.model_validate({**config, "keep_open": True})
    BrowserConfig.model_validate(config)
