"""An address where nobody listens. No request gets there to be counted; what is counted is each try to connect."""

import socket
import sys
from typing import Any


class Connects:
    """Every address that this process tries to connect to, while this is in use; whatever library does it."""

    def __init__(self) -> None:
        self._tried: list[Any] = []
        sys.addaudithook(self._heard)

    def to(self, address: tuple[str, int]) -> int:
        """How often this address was tried."""
        return self._tried.count(address)

    def _heard(self, event: str, told: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            self._tried.append(told[1])


class Closed:
    """A port of the loopback address that is taken, so that nobody else gets it, and refuses connections."""

    def __init__(self, connects: Connects) -> None:
        self._connects = connects
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._address: tuple[str, int] = self._socket.getsockname()
        self._before = connects.to(self._address)  # another test may have had this port

    @property
    def host(self) -> str:
        """Host and port."""
        return "{}:{}".format(*self._address)

    @property
    def tries(self) -> int:
        """How many connections were tried."""
        return self._connects.to(self._address) - self._before

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()
