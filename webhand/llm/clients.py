"""SDK clients, one per event loop: a connection pool cannot leave the loop it was born in."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from webhand.llm.loops import PerLoop


class Client(Protocol):
    """What every SDK's asynchronous client has."""

    def close(self) -> Awaitable[None]:
        """Close its connections."""
        ...


C = TypeVar("C", bound=Client)


class Clients(PerLoop[C]):
    """Makes a client when one is first needed in a loop and gives it again afterwards."""

    def __init__(self, make: Callable[[], C]) -> None:
        super().__init__(make, lambda client: client.close())
