"""A request as the pages get it, and the response that they give."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from webhand.testing.shop.fields import Fields
from webhand.testing.shop.markup import Markup
from webhand.testing.shop.session import Session


@dataclass(frozen=True, slots=True)
class Request:
    """What a browser asks for; `arguments` are the parts of the path that a route has named.

    `scripted` is true where a script of the shop asks and can read JSON.
    """

    method: str
    path: str
    query: Fields
    form: Fields
    session: Session
    scripted: bool = False
    arguments: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Response:
    """What a browser gets; `session` is the key to put into the cookie, an empty one takes it away."""

    status: int
    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    session: str | None = None


class Refusal(Exception):
    """A request that cannot be answered as asked; it becomes an error page."""

    def __init__(self, status: int, text: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = headers


def html(markup: Markup, status: int = 200) -> Response:
    """A page."""
    return Response(status, markup.encode(), headers=(("Cache-Control", "no-store"),))


def data(value: object, status: int = 200) -> Response:
    """Plain values for a script of the shop."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Response(status, body, "application/json", (("Cache-Control", "no-store"),))


def redirect(path: str, session: str | None = None) -> Response:
    """Go on to another page with GET."""
    return Response(303, headers=(("Location", path), ("Cache-Control", "no-store")), session=session)
