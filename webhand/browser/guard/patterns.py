"""Patterns of addresses: `[scheme "://"] host [":" port] ["/" | "/*"]`. Pure.

To allow and to block read the same text differently: what is left out narrows the one and widens the other.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Self

from ada_url import URL

from webhand.browser.guard.hosts import Host, host_of, inner_ipv4

DEFAULT_PORTS = {"http": 80, "https": 443}
SCHEMES = {"http": frozenset(("http",)), "https": frozenset(("https",)), "http*": frozenset(("http", "https"))}
NEVER = re.compile(r"[\s\x00-\x20\x7f-\x9f%@,;/?#\\<>^|]")
"""What stands in no host: white space, what an address is made of besides, and lists of several."""
HOST_AND_PORT = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>\*|[0-9]+))?")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One of them, as it was written in `text`; what it leaves out is None."""

    text: str
    schemes: frozenset[str] | None
    host: Host | None
    """None for `*`, every one."""
    below: bool
    """`*.host`: it, and every name below it."""
    port: int | str | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError, saying what is wrong with it."""
        try:
            return cls._parsed(text)
        except ValueError as error:
            raise ValueError(f"{text!r}: {error}") from None

    @classmethod
    def _parsed(cls, text: str) -> Self:
        scheme, separator, rest = text.strip(" ").rpartition("://")
        scheme = scheme.lower()
        if separator and scheme not in SCHEMES:
            raise ValueError(f"the scheme {scheme!r} cannot be listed: http, https, or http* for both")
        rest = rest.removesuffix("*") if rest.endswith("/*") else rest
        rest = rest.removesuffix("/")
        if (wrong := NEVER.search(rest)) is not None:
            told = "a path is no border" if wrong[0] in "/?#\\" else "it stands in no host"
            raise ValueError(f"{wrong[0]!r} cannot be in it: {told}")
        parts = HOST_AND_PORT.fullmatch(rest)
        if parts is None:
            raise ValueError("host and port cannot be told apart; an IPv6 address stands in brackets")
        name = parts["host"].removeprefix("*.")
        host, below = None if name == "*" else _host(name), name != parts["host"]
        if below and (host is None or not _may_have_below(host)):
            raise ValueError("'*.' stands before a name of two labels or more, or before localhost")
        return cls(text, SCHEMES.get(scheme), host, below, _port(parts["port"]))

    def covers(self, scheme: str, host: Host, port: int) -> bool:
        """Whether it allows this: https alone and its usual port, where it names no others."""
        schemes = self.schemes or SCHEMES["https"]
        ports = DEFAULT_PORTS[scheme] if self.port is None else self.port
        return scheme in schemes and ports in ("*", port) and self._is_or_holds(host, self.below)

    def blocks(self, scheme: str, host: Host, port: int) -> bool:
        """Whether it blocks this: any scheme and port where it names none, and all that is below a name."""
        if self.schemes is not None and scheme not in self.schemes:
            return False
        return self.port in (None, "*", port) and (self._is_or_holds(host, True) or self._is_inside(host.ip))

    def names(self, host: Host) -> bool:
        """Whether it is this very host that is written."""
        return not self.below and self.host == host

    def _is_or_holds(self, host: Host, below: bool) -> bool:
        if self.host is None or self.host == host:
            return True
        return below and host.ip is None and host.text.endswith(f".{self.host.text}")

    def _is_inside(self, ip: IPv4Address | IPv6Address | None) -> bool:
        inner = inner_ipv4(ip) if isinstance(ip, IPv6Address) else None
        return self.host is not None and inner is not None and inner == self.host.ip


def _host(text: str) -> Host:
    """As a browser reads it; only the usual spelling of an address is taken, so that none is allowed unawares."""
    if "*" in text:
        raise ValueError("'*' stands for a whole host, or with a dot before one")
    try:
        host = host_of(URL(f"https://{text}/"))
    except ValueError:
        host = None
    if host is None:
        raise ValueError(f"{text!r} is no host")
    if isinstance(host.ip, IPv4Address) and host.text != text:
        raise ValueError(f"an address is written in its usual form: {host.text}")
    return host


def _may_have_below(host: Host) -> bool:
    return host.ip is None and ("." in host.text or host.text == "localhost")


def _port(text: str | None) -> int | str | None:
    if text is None or text == "*":
        return text
    number = int(text) if len(text.lstrip("0")) <= 5 else 0
    if not 1 <= number <= 65535:
        raise ValueError("a port is a number from 1 to 65535, or *")
    return number
