"""The demo shop as tests, examples and the command line start it."""

import asyncio
from types import TracebackType
from typing import Self

from webhand.errors import ConfigError, InvalidSetting
from webhand.testing.shop.order import Order
from webhand.testing.shop.server import HOST, ShopServer
from webhand.testing.shop.session import Ledger


class DemoShop:
    """A small web shop on a loopback port, for `with` and `async with`; every start begins afresh.

    Without `port` a free one is taken. One account exists: `anna` with the password `boots-and-tea`.
    """

    def __init__(self, *, port: int = 0) -> None:
        self._port = port
        self._ledger = Ledger()
        self._server: ShopServer | None = None

    @property
    def url(self) -> str:
        """Where the shop is, such as `http://127.0.0.1:54321`, without a slash at the end."""
        if self._server is None:
            raise ConfigError("the demo shop is closed; use it inside `with DemoShop() as shop`")
        return f"http://{HOST}:{self._server.port}"

    @property
    def orders(self) -> tuple[Order, ...]:
        """The orders taken since the last start, the oldest first; they can be read after the end too."""
        return self._ledger.orders

    def start(self) -> None:
        """Open the shop; InvalidSetting where the port cannot be had."""
        if self._server is not None:
            raise ConfigError("the demo shop is open already")
        ledger = Ledger()
        try:
            server = ShopServer(ledger, self._port)
        except (OSError, OverflowError) as error:
            raise InvalidSetting(f"the demo shop cannot use port {self._port}: {error}") from error
        server.start()
        self._ledger, self._server = ledger, server

    def close(self) -> None:
        """Close the shop and all connections to it; does nothing where it is closed."""
        server, self._server = self._server, None
        if server is not None:
            server.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.close)
