"""Proxies that the environment names: whether they can be used, and which one stands before a server."""

from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from webhand.errors import InvalidSetting, MissingExtra
from webhand.llm.endpoint import readable

WAYS = ("http", "https", "all")
SOCKS = ("socks5", "socks5h")


def check_proxies(*, socks: bool = True) -> None:
    """Raises InvalidSetting for a proxy that no request could go through, MissingExtra where a package is missing.

    The SDKs make their connections ready for all of them, whatever address they are to ask. `socks` says that the SDK
    knows SOCKS proxies.
    """
    for way, address in _named().items():
        variable, parts = f"{way.upper()}_PROXY", _parts(address)
        known = ("http", "https", *(SOCKS if socks else ()))
        if parts is None or parts.scheme not in known or not readable(_whole(address)):
            ways = "http:// or https://" if not socks else "http://, https:// or socks5://"
            raise InvalidSetting(f"{variable} names no proxy that can be used here; it begins with {ways} and a host")
        if parts.scheme in SOCKS and find_spec("socksio") is None:
            raise MissingExtra(f"{variable} names a SOCKS proxy, which takes one more package: pip install socksio")


def proxy_before(url: str) -> str | None:
    """Host and port of the proxy that requests to this address go through, None where they go straight."""
    address = proxy_for(url)
    parts = None if address is None else _parts(address)
    return None if parts is None else _place(parts)


def proxy_for(url: str) -> str | None:
    """The whole address of that proxy, which may hold a login."""
    target, named = urlsplit(url), _named()
    address = named.get(target.scheme) or named.get("all")
    return None if address is None or _excepted(target) else _whole(address)


def proxy_passwords() -> tuple[str, ...]:
    """The passwords of all proxies, to be kept out of what is shown."""
    written = {parts.password for address in _named().values() if (parts := _parts(address)) and parts.password}
    return tuple(written | {unquote(password) for password in written})


def _named() -> dict[str, str]:
    named = getproxies()
    return {way: named[way] for way in WAYS if named.get(way)}


def _excepted(target: SplitResult) -> bool:
    """Whether NO_PROXY names the server: by its name or the end of it, its number, or the network that it is in."""
    names = [name.strip().lower() for name in getproxies().get("no", "").split(",")]
    return bool(proxy_bypass(_place(target))) or any(_covers(name, target) for name in names if name)


def _covers(name: str, target: SplitResult) -> bool:
    """Whether this is the server, for the ways of naming one that Python's own reading does not know."""
    scheme, _, place = name.rpartition("://")
    host = target.hostname or ""
    try:
        # As ::1, [::1], 10.0.0.0/8 and [fd00::]/8.
        return ip_address(host) in ip_network(name.replace("[", "").replace("]", ""), strict=False)
    except ValueError:
        return (
            name == "*"
            or (name.startswith("*.") and host.endswith(name[1:]))
            or (scheme in ("all", target.scheme) and place in (host, _place(target).lower()))
        )


def _whole(address: str) -> str:
    """A proxy's address, which may be written without http:// before it."""
    return address if "://" in address else f"http://{address}"


def _parts(address: str) -> SplitResult | None:
    """A proxy's address in its parts, None for what is none."""
    try:
        parts = urlsplit(_whole(address))
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def _place(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]
