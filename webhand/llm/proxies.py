"""Proxies that the environment names: whether they can be used, and which one stands before a server."""

from importlib.util import find_spec
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from webhand.errors import InvalidSetting, MissingExtra

WAYS = ("http", "https", "all")
SOCKS = ("socks5", "socks5h")


def check_proxies(*, socks: bool = True) -> None:
    """Raises InvalidSetting for a proxy that no request could go through, MissingExtra where a package is missing.

    The SDKs make their connections ready for all of them, whatever address they are to ask. `socks` says that the SDK
    knows SOCKS proxies.
    """
    for way, address in _named().items():
        variable, parts = f"{way.upper()}_PROXY", _parts(address)
        if parts is None or parts.scheme not in ("http", "https", *(SOCKS if socks else ())):
            ways = "http:// or https://" if not socks else "http://, https:// or socks5://"
            raise InvalidSetting(f"{variable} names no proxy that can be used here; it begins with {ways} and a host")
        if parts.scheme in SOCKS and find_spec("socksio") is None:
            raise MissingExtra(f"{variable} names a SOCKS proxy, which takes one more package: pip install socksio")


def proxy_before(url: str) -> str | None:
    """Host and port of the proxy that requests to this address go through, None where they go straight."""
    target, named = urlsplit(url), _named()
    parts = _parts(named.get(target.scheme) or named.get("all") or "")
    return None if parts is None or proxy_bypass(_place(target)) else _place(parts)


def proxy_passwords() -> tuple[str, ...]:
    """The passwords of all proxies, to be kept out of what is shown."""
    written = {parts.password for address in _named().values() if (parts := _parts(address)) and parts.password}
    return tuple(written | {unquote(password) for password in written})


def _named() -> dict[str, str]:
    named = getproxies()
    return {way: named[way] for way in WAYS if named.get(way)}


def _parts(address: str) -> SplitResult | None:
    """A proxy's address, which may be written without http:// before it; None for what is none."""
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def _place(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]
