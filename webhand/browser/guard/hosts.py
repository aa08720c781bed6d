"""Hosts as browsers read them, and how far into a network each would reach. Pure.

The special addresses are those of IANA's registries, with the metadata services of the large clouds. `ipaddress`
itself is not asked: what it takes for private differs between versions of Python and misses several.
"""

from dataclasses import dataclass
from enum import IntEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Self

from ada_url import URL, HostType

PROTECTED_NAMES = frozenset(
    (
        "metadata",
        "metadata.google.internal",
        "metadata.goog",
        "instance-data",
        "instance-data.ec2.internal",
        "metadata.azure.internal",
        "metadata.tencentyun.com",
    )
)
PRIVATE_NAMES = (
    "localhost",
    "local",
    "internal",
    "home.arpa",
    "lan",
    "localdomain",
    "intranet",
    "corp",
    "home",
    "private",
)
"""These, and all below them."""


class Reach(IntEnum):
    """What a host would let somebody in to; a greater one is the worse."""

    PUBLIC = 0
    PRIVATE = 1
    PROTECTED = 2
    """Metadata of clouds, link-local, and what is no real destination."""


def _v4(reach: Reach, *networks: str) -> list[tuple[IPv4Network, Reach]]:
    return [(IPv4Network(each), reach) for each in networks]


def _v6(reach: Reach, *networks: str) -> list[tuple[IPv6Network, Reach]]:
    return [(IPv6Network(each), reach) for each in networks]


IPV4 = (
    *_v4(Reach.PROTECTED, "100.100.100.200", "168.63.129.16", "0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24"),
    *_v4(Reach.PROTECTED, "192.0.2.0/24", "192.88.99.0/24", "198.51.100.0/24", "203.0.113.0/24"),
    *_v4(Reach.PROTECTED, "224.0.0.0/4", "240.0.0.0/4"),
    *_v4(Reach.PRIVATE, "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
    *_v4(Reach.PRIVATE, "198.18.0.0/15"),
)
"""The first that holds an address decides; any other is public."""
IPV6_FIRST = (
    *_v6(Reach.PROTECTED, "fd00:ec2::254", "fd20:ce::254"),
    *_v6(Reach.PRIVATE, "::1", "fc00::/7", "fec0::/10"),
)
IPV6_LAST = (
    *_v6(Reach.PROTECTED, "2001::/23", "2001:db8::/32", "3fff::/20"),
    *_v6(Reach.PUBLIC, "2000::/3"),
)
"""Where there is no IPv4 address inside; any other is protected."""
HOLDING_IPV4 = tuple(map(IPv6Network, ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
"""Their last 32 bits are an IPv4 address."""
SIX_TO_FOUR = IPv6Network("2002::/16")


@dataclass(frozen=True, slots=True)
class Host:
    """A name in ASCII without a dot at its end, or an address; `text` is its only spelling."""

    text: str
    ip: IPv4Address | IPv6Address | None = None

    @classmethod
    def at(cls, ip: IPv4Address | IPv6Address) -> Self:
        """The host that an address is by itself."""
        return cls(f"[{ip}]" if ip.version == 6 else str(ip), ip)

    @property
    def reach(self) -> Reach:
        """How far in it is, by its own name or address; what the name resolves to is another matter."""
        return _reach_of_name(self.text) if self.ip is None else reach_of(self.ip)


def host_of(url: URL) -> Host | None:
    """The host of an address that was read; None where it has none, or one with an empty label."""
    if url.host_type in (HostType.IPV4, HostType.IPV6):
        return Host.at(ip_address(url.hostname.strip("[]")))
    name = url.hostname.removesuffix(".")
    return Host(name) if all(name.split(".")) else None


def reach_of(ip: IPv4Address | IPv6Address) -> Reach:
    """How far in an address is; one that holds an IPv4 address is where that is."""
    if isinstance(ip, IPv4Address):
        return next((reach for network, reach in IPV4 if ip in network), Reach.PUBLIC)
    for network, reach in IPV6_FIRST:
        if ip in network:
            return reach
    if (inner := inner_ipv4(ip)) is not None:
        return reach_of(inner)
    return next((reach for network, reach in IPV6_LAST if ip in network), Reach.PROTECTED)


def inner_ipv4(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that one of a translating or mapped kind leads to."""
    if any(ip in network for network in HOLDING_IPV4):
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return IPv4Address(int(ip) >> 80 & 0xFFFFFFFF) if ip in SIX_TO_FOUR else None


def _reach_of_name(name: str) -> Reach:
    if name in PROTECTED_NAMES:
        return Reach.PROTECTED
    inside = "." not in name or any(name == each or name.endswith(f".{each}") for each in PRIVATE_NAMES)
    return Reach.PRIVATE if inside else Reach.PUBLIC
