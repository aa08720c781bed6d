"""SDK clients, one per event loop: a connection pool cannot leave the loop it was born in."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar
from weakref import WeakKeyDictionary


class Client(Protocol):
    """What every SDK's asynchronous client has."""

    def close(self) -> Awaitable[None]:
        """Close its connections."""
        ...


C = TypeVar("C", bound=Client)


class Clients(Generic[C]):
    """Makes a client when one is first needed in a loop and gives it again afterwards."""

    def __init__(self, make: Callable[[], C]) -> None:
        self._make = make
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, C] = WeakKeyDictionary()

    def here(self) -> C:
        """The client of the running loop."""
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            self._clients[loop] = self._make()
        return self._clients[loop]

    async def aclose(self) -> None:
        """Close the running loop's client; the next `here` makes a new one."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.close()
