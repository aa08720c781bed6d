"""One connection: reads requests, writes responses."""

import socket
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from webhand.testing.shop.fields import Fields
from webhand.testing.shop.message import Refusal, Request, Response
from webhand.testing.shop.pages.errors import refusal_page
from webhand.testing.shop.routes import answer
from webhand.testing.shop.session import Ledger, Session
from webhand.testing.shop.static_files import static_files

MOST_BODY = 64 * 1024
_DRAINED = 1024 * 1024
_POLICY = "frame-ancestors 'self'; form-action 'self'; base-uri 'none'"


class Served(Protocol):
    """What a handler needs of its server."""

    ledger: Ledger
    cookie_name: str


class ShopHandler(BaseHTTPRequestHandler):
    """Answers every method in the same way; the routes know which ones are allowed."""

    protocol_version = "HTTP/1.1"
    server_version = "webhand-shop"
    sys_version = ""
    timeout = 60
    wbufsize = -1
    disable_nagle_algorithm = True

    def __getattr__(self, name: str) -> Any:
        # The base class looks for `do_GET` and the like, and answers 501 where there is none.
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: tests and the command line have their own output."""

    def _serve(self) -> None:
        served = cast(Served, self.server)
        try:
            path, query = self._address()
            form = self._form()
        except Refusal as refusal:
            self.close_connection = True
            bare = Request(self.command, "/", Fields(), Fields(), Session())
            self._send(refusal_page(bare, refusal))
            self._drain()
            return
        if path.startswith("/static/") or path == "/favicon.ico":
            name = "icon.svg" if path == "/favicon.ico" else path.removeprefix("/static/")
            found = static_files().get(name)
            if found is not None and self.command in ("GET", "HEAD"):
                self._send(found)
                return
        key = self._cookie(served.cookie_name)
        session = served.ledger.session(key)
        scripted = self.headers.get("Accept", "") == "application/json"
        request = Request(self.command, path, query, form, session, scripted)
        response = answer(request, served.ledger)
        fresh = session.key if session.key != key else None
        self._send(response, response.session if response.session is not None else fresh)

    def _address(self) -> tuple[str, Fields]:
        try:
            parts = urlsplit(self.path)
            return parts.path or "/", Fields.parse(parts.query)
        except ValueError:
            raise Refusal(400, "The address cannot be read.") from None

    def _form(self) -> Fields:
        if "Transfer-Encoding" in self.headers:
            raise Refusal(411, "Say how long the body is.")
        length = self._length()
        if length > MOST_BODY:
            raise Refusal(413, "That is more than this shop reads.")
        body = self.rfile.read(length)
        if len(body) < length:
            raise Refusal(400, "The body ends too early.")
        if self.headers.get_content_type() != "application/x-www-form-urlencoded":
            return Fields()
        try:
            return Fields.parse(body.decode("utf-8", "replace"))
        except ValueError:
            raise Refusal(400, "The form cannot be read.") from None

    def _length(self) -> int:
        text = self.headers.get("Content-Length", "0").strip()
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise Refusal(400, "The length of the body makes no sense.")
        return int(text)

    def _cookie(self, name: str) -> str | None:
        try:
            found = SimpleCookie(self.headers.get("Cookie", "")).get(name)
        except CookieError:
            return None
        return found.value if found else None

    def _send(self, response: Response, session: str | None = None) -> None:
        self.send_response(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        if session is not None:
            self.send_header("Set-Cookie", self._new_cookie(session))
        self.send_header("Content-Type", response.media_type)
        self.send_header("Content-Length", str(len(response.body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", _POLICY)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)
        self.wfile.flush()

    def _new_cookie(self, session: str) -> str:
        name = cast(Served, self.server).cookie_name
        age = "; Max-Age=0" if not session else ""
        return f"{name}={session}; Path=/; HttpOnly; SameSite=Lax{age}"

    def _drain(self) -> None:
        """Read what the client is still sending: closing on unread data would lose the response on its way."""
        left = _DRAINED
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(1)
            while left > 0 and (read := len(self.rfile.read(min(left, 16384)))):
                left -= read
