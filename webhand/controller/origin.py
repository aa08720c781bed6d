"""The site that an address belongs to."""

import re
from urllib.parse import unquote

DEFAULT_PORTS = {"http": 80, "https": 443}


ADDRESS = re.compile(
    r"([a-z][a-z0-9+.-]*)://(?:[^\x00-\x20/\\?#<>]*@)?([\w.-]+|\[[0-9a-f:.]+\])(?::(\d{0,5}))?(?=[/?#]|\Z)",
    re.IGNORECASE,
)
"""The beginning of an address that reads the same to everybody.

Browsers take a `\\` for a `/`, leave out tabs and the ends of lines and mend a good deal more: an address in which
anything depends on that has no site at all here.
"""
NAMED = re.compile(r"(?:\b[a-z][a-z0-9+.-]*:)?[/\\]{2}[^/\\\s?#&]*", re.IGNORECASE)
"""A site's address within another one."""
BARE = re.compile(r"(?<==)(?:[^\s/\\?#&=@]*@)?(?:(?:[\w-]+\.)+[\w-]+(?::\d+)?|[\w-]+:\d+)(?=[/\\?#])")
"""The same as a bare host, as a parameter holds it."""


def sites_in(url: str) -> list[str]:
    """The sites that an address leads to: its own, and those it names, to which its server may send people on."""
    scheme, _, rest = url.strip().partition("://")
    while (decoded := unquote(rest)) != rest:  # it may be encoded, and again
        rest = decoded
    rest = re.sub(r"[\t\r\n]", "", rest)
    named = [found if ":" in found.partition("/")[0] else f"{scheme}:{found}" for found in NAMED.findall(rest)]
    named += [f"{scheme}://{found}" for found in BARE.findall(rest)]
    return [origin_of(url), *(origin_of(one.replace("\\", "/")) for one in named)]


def origin_of(url: str) -> str:
    """Scheme, host and port as browsers compare them, such as `https://shop.example`; empty for what has no site."""
    found = ADDRESS.match(url.strip())
    if found is None:
        return ""
    scheme, host, port = found[1].lower(), found[2].lower(), int(found[3] or 0)
    if port > 65535:
        return ""
    return f"{scheme}://{host}" + ("" if port in (0, DEFAULT_PORTS.get(scheme)) else f":{port}")
