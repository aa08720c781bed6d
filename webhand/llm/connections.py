"""The connections of an HTTP library to one server."""

import socket
from types import ModuleType
from typing import Any

from webhand.llm.authorities import authorities
from webhand.llm.proxies import proxy_for

# An answer may be thought about for minutes, in which some networks forget a silent connection.
ALIVE = (
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *(
        (socket.IPPROTO_TCP, getattr(socket, name), 60)
        for name in ("TCP_KEEPIDLE", "TCP_KEEPINTVL")
        if hasattr(socket, name)
    ),
)


def connections(library: ModuleType, base_url: str, limits: Any) -> Any:
    """Connections of httpx or httpx2, over the proxy that stands before the server.

    Left to themselves, these libraries read all proxies and exceptions of the environment anew, each in its own way,
    and fail on some that have nothing to do with the server.
    """
    proxy = proxy_for(base_url)
    return library.AsyncHTTPTransport(
        verify=authorities(library),
        limits=limits,
        proxy=None if proxy is None else library.Proxy(proxy),
        socket_options=ALIVE,
    )
