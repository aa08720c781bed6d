"""Signing in by hand once, and beginning from there."""

import asyncio
import json
import os
import stat
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.cli.command import called
from tests.cli.pseudo_terminal import LIMIT, terminal
from tests.conftest import Configured
from webhand.browser import BrowserConfig
from webhand.cli.app import run
from webhand.cli.people import Person
from webhand.cli.state import through

HANDED = r"Sign in in the browser's window, then press Enter here, or close it\.\s+> $"
SITE = """<!doctype html><title>Members</title><p id=who></p><p id=noted></p><p id=kept></p>
<script>
  who.textContent = document.cookie.includes("member=anna") ? "Welcome back" : "Who are you?";
  noted.textContent = localStorage.getItem("noted") ?? "nothing noted";
  document.cookie = "member=anna-7c1f; max-age=9999";
  localStorage.setItem("noted", "blue-9d2e");
  const opened = indexedDB.open("members", 1);
  opened.onupgradeneeded = () => opened.result.createObjectStore("kept");
  opened.onsuccess = () => {
    const store = opened.result.transaction("kept", "readwrite").objectStore("kept"), had = store.get("key");
    had.onsuccess = () => { kept.textContent = had.result ?? "nothing kept"; };
    store.put("deep-51aa", "key").onsuccess = () => fetch("/ready");
  };
</script>"""


class Site:
    def __init__(self) -> None:
        self.ready = Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/ready":
                    site.ready.set()
                body = SITE.encode() if self.path == "/" else b""
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.mark.usefixtures("windowless")
def test_what_was_signed_in_by_hand_is_there_again(site: Site, tmp_path: Path) -> None:
    with terminal("state", "save", "members", site.url) as tty:
        tty.until(HANDED)
        assert site.ready.wait(LIMIT)
        tty.keys("\n")
        assert tty.ended() == 0, tty.text
    file = tmp_path / "webhand-home" / "states" / "members.json"
    assert f"kept in {file}: 1 cookie, storage of 1 site (127.0.0.1, {site.url.rstrip('/')})" in tty.text
    assert "7c1f" not in tty.text
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent)] == [0o600, 0o700]
    assert [path.name for path in file.parent.iterdir()] == ["members.json"]

    fresh, again = called("snapshot", site.url), called("snapshot", site.url, "--state", "members")
    assert "Who are you?\nnothing noted\nnothing kept" in fresh.stdout
    assert "Welcome back\nblue-9d2e\ndeep-51aa" in again.stdout
    told = called("run", "tell me the title", "--model", "offline", "--url", site.url, "--state", "members", "--json")
    text = Path(json.loads(told.stdout)["steps"][0]["observation"]["text"]).read_text()
    assert "Welcome back" in text


@pytest.fixture
def nobody_types(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    ours, theirs = os.pipe()
    with open(ours) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield
        os.close(theirs)


@pytest.mark.usefixtures("nobody_types")
async def test_closing_the_last_tab_is_as_good_as_enter(site: Site, configured: Configured) -> None:
    browser = await configured(BrowserConfig())
    first, second = await browser.open(site.url), await browser.open()
    waiting = asyncio.ensure_future(through(browser, Person()))
    await first.close()
    assert not waiting.done()
    await second.close()
    await waiting
    kept = json.loads(await browser.context.state())
    assert [one["value"] for one in kept["cookies"]] == ["anna-7c1f"]
    assert kept["origins"][0]["localStorage"] == [{"name": "noted", "value": "blue-9d2e"}]


@pytest.mark.usefixtures("windowless")
def test_leaving_keeps_nothing(site: Site, tmp_path: Path) -> None:
    with terminal("state", "save", "members", site.url) as tty:
        tty.until(HANDED)
        tty.keys("\x03")
        assert tty.ended() == 130, tty.text
    assert not (tmp_path / "webhand-home" / "states").exists()


def test_states_are_listed_and_deleted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["state", "list"]) == 0
    assert capsys.readouterr() == ("", "there are no states yet; webhand state save NAME URL makes one\n")
    folder = tmp_path / "webhand-home" / "states"
    folder.mkdir(parents=True)
    for name in ("work", "home"):
        (folder / f"{name}.json").write_text("{}")
    assert run(["state", "list"]) == 0
    assert run(["state", "delete", "work"]) == 0
    assert run(["state", "list"]) == 0
    assert capsys.readouterr().out == "home\nwork\nwork is deleted\nhome\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("state", "delete", "other"), "there is no state 'other'; known are: home"),
        (("run", "x", "--model", "offline", "--state", "other"), "known are: home"),
        (("snapshot", "about:blank", "--state", "other"), "known are: home"),
        (("snapshot", "about:blank", "--state", "../home"), "no name for a state"),
        (("state", "save", "a/b", "about:blank"), "no name for a state"),
        (("state", "delete", ""), "no name for a state"),
    ],
)
def test_a_name_that_is_not_known_or_none(
    arguments: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "webhand-home" / "states"
    folder.mkdir(parents=True)
    (folder / "home.json").write_text("{}")
    assert run(list(arguments)) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert (folder / "home.json").exists()


def test_without_a_command_its_help_is_shown() -> None:
    told = called("state")
    assert (told.returncode, told.stderr) == (2, "")
    assert "save" in told.stdout


@pytest.mark.parametrize("content", ['{"cook', "[]", '{"cookies": [{"name": 1}]}'])
def test_a_damaged_state_is_a_mistake_in_the_setup(content: str, tmp_path: Path) -> None:
    folder = tmp_path / "webhand-home" / "states"
    folder.mkdir(parents=True)
    (folder / "bad.json").write_text(content)
    told = called("run", "open about:blank", "--model", "offline", "--state", "bad")
    assert told.returncode == 2
    assert told.stderr.strip().endswith("bad.json is damaged; webhand state save bad URL makes it anew")


@pytest.mark.parametrize("seconds", ["-1", "nan", "0"])
def test_the_time_of_a_model_is_above_zero(seconds: str) -> None:
    told = called("run", "x", "--model", "offline", f"--model-timeout={seconds}")
    assert (told.returncode, told.stderr[:55]) == (2, "error: --model-timeout must be a number of seconds abov")
