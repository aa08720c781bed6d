"""Sites of any HTML on loopback: two names of one server are two sites."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from webhand.browser import Browser, Context, Tab
from webhand.browser.refs import Refs

At = Callable[..., Awaitable[Tab]]


class _Echo(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        html = parse_qs(urlsplit(self.path).query).get("html", [""])[0].encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(html)))
        self.end_headers()
        self.wfile.write(html)


@pytest.fixture(scope="session")
def port() -> Iterator[int]:
    """Where a server sends back the HTML that it is asked for: `http://127.0.0.1:{port}/?html=...`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def at(context: Context, port: int) -> At:
    """Opens a tab that was looked at: `await at("<button>Go</button>", host="localhost")`."""

    async def opened(html: str, host: str = "127.0.0.1") -> Tab:
        tab = await context.open(f"http://{host}:{port}/?{urlencode({'html': html})}")
        await tab.observe()
        return tab

    return opened


@pytest.fixture(scope="session")
async def at_again(browser: Browser, port: int) -> AsyncIterator[At]:
    """Like `at`, in one and the same tab, which is quicker: for tests that leave nothing behind but a page."""
    async with await browser.new_context() as context:
        tab = await context.open()

        async def opened(html: str) -> Tab:
            await tab.page.goto(f"http://127.0.0.1:{port}/?{urlencode({'html': html})}")
            context.refs = Refs()
            await tab.observe()
            return tab

        yield opened
