"""The site that an address belongs to."""

import re
from urllib.parse import unquote, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


NAMED = re.compile(r"(?:\b[a-z][a-z0-9+.-]*:)?[/\\]{2}[^/\\\s?#&]*", re.IGNORECASE)
"""A site's address within another one."""


def sites_in(url: str) -> list[str]:
    """The sites that an address leads to: its own, and those it names, to which its server may send people on."""
    scheme, _, rest = url.strip().partition("://")
    for _ in range(3):  # it may be encoded, and again
        rest = unquote(rest)
    named = [found if ":" in found.partition("/")[0] else f"{scheme}:{found}" for found in NAMED.findall(rest)]
    return [origin_of(url), *(origin_of(one.replace("\\", "/")) for one in named)]


def origin_of(url: str) -> str:
    """Scheme, host and port as browsers compare them, such as `https://shop.example`; empty for what has no site."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:  # not an address at all
        return ""
    if not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + ("" if port in (None, DEFAULT_PORTS.get(parts.scheme)) else f":{port}")
