"""The charset of bodies: JSON is UTF-8, whatever a server says of it."""

from typing import Protocol


class Body(Protocol):
    """What is used of the response of an HTTP library."""

    encoding: str | None


async def as_utf8(body: Body) -> None:
    """Have the library read the body as UTF-8; some charsets that a server may name are codecs that read no text."""
    body.encoding = "utf-8"


HOOKS = {"response": [as_utf8]}
"""The argument `event_hooks` of a client of httpx or httpx2."""
