"""A site of any pages, as slow, endless or broken as a test wants it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.async_api import Frame, Page

from webhand.browser import Browser, Tab
from webhand.browser.refs import Refs


class _Site(BaseHTTPRequestHandler):
    """Answers `/page?html=...&after=300` with that HTML after so many milliseconds; other paths see below."""

    over: Event

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        asked = dict(parse_qsl(address.query))
        if self.over.wait(int(asked.get("after", 0)) / 1000):
            return
        match address.path:
            case "/page":
                self._send(200, asked.get("html", ""))
            case "/file":
                self._send(
                    200, asked.get("html", ""), **{"Content-Disposition": f'attachment; filename="{asked["name"]}"'}
                )
            case "/to":
                self._send(302, "", Location=asked["url"])
            case "/circle":
                self._send(302, "", Location=self.path)
            case "/none":
                self._send(204, "")
            case "/never":
                self.over.wait()
            case "/endless":  # the document begins and does not end
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(asked.get("html", "").encode())
                self.over.wait()
            case "/torn":  # a file that ends before its end
                self.send_response(200)
                self.send_header("Content-Disposition", f'attachment; filename="{asked["name"]}"')
                self.send_header("Content-Length", "1000000")
                self.end_headers()
                self.wfile.write(b"x" * 1000)
            case "/broken":
                self.close_connection = True
            case _:
                self._send(404, "not here")

    def _send(self, status: int, text: str, **headers: str) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="session")
def site() -> Iterator[Callable[..., str]]:
    """Makes addresses: `site("/page", html="<p>Hello", after=300)`; `host="localhost"` is another site's."""
    over = Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("_OneSite", (_Site,), {"over": over}))
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()

    def address(path: str, *, host: str = "127.0.0.1", **asked: object) -> str:
        return f"http://{host}:{server.server_port}{path}?{urlencode(asked)}"

    yield address
    over.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
async def shown_again(browser: Browser) -> AsyncIterator[Callable[[str], Awaitable[Tab]]]:
    """Like `show`, in one and the same tab, which is quicker: for tests that leave nothing behind but a page."""
    async with await browser.new_context() as context:
        tab = await context.open()

        async def shown(html: str) -> Tab:
            await tab.page.goto("about:blank")
            await tab.page.mouse.move(1279, 799)
            context.refs = Refs()
            await tab.page.set_content(html)
            return tab

        yield shown


KINDS = (
    "input change click dblclick auxclick contextmenu keydown keypress keyup beforeinput focusin focusout mousedown "
    "mouseup mousemove mouseover pointerdown pointerup pointermove wheel select dragstart dragover drop dragend"
)
Heard = Callable[..., Awaitable[list[str]]]


@pytest.fixture
def heard() -> Heard:
    """What a page has seen since the last call: `await heard(tab.page, "input change")` gives `change Large`, ...

    The first call begins to listen. An event that no person's hand could have made fails the test.
    """

    async def taken(page: Page | Frame, kinds: str = KINDS) -> list[str]:
        seen: list[list[str]] = await page.evaluate(
            """(kinds) => {
              if (!window.seen) {
                window.seen = [];
                const told = (event) => [event.type, event.key || event.target?.value || "", event.isTrusted];
                for (const kind of kinds) addEventListener(kind, (event) => { window.seen.push(told(event)); }, true);
              }
              return window.seen.splice(0);
            }""",
            KINDS.split(),
        )
        assert [one for one in seen if not one[2]] == []
        return [f"{kind} {value}" for kind, value, _ in seen if kind in kinds.split()]

    return taken


async def only(tab: Tab) -> str:
    """The reference of the one element of the page."""
    (found,) = (await tab.observe()).elements
    return found


async def ref(tab: Tab, name: str) -> str:
    """The reference of the first element of this name."""
    seen = await tab.observe()
    return next(one.ref for one in seen.elements.values() if one.name == name)
