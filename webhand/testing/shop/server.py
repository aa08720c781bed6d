"""The web server: the standard library's, ended without leftovers."""

import socket
import socketserver
import sys
from contextlib import suppress
from threading import Lock, Thread
from typing import Any

from webhand.testing.shop.handler import ShopHandler
from webhand.testing.shop.session import Ledger

HOST = "127.0.0.1"
_MISTAKE = (
    b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain\r\nContent-Length: 29\r\n"
    b"Connection: close\r\n\r\nThe shop has made a mistake.\n"
)
_Socket = socket.socket | tuple[bytes, socket.socket]


class ShopServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """A thread for each connection, and one that accepts them, from `start` to `stop`."""

    allow_reuse_address = True
    request_queue_size = 64
    block_on_close = False

    def __init__(self, ledger: Ledger, port: int = 0) -> None:
        super().__init__((HOST, port), ShopHandler)
        self.ledger = ledger
        self.port = int(self.socket.getsockname()[1])
        # Cookies do not know ports: two shops in one browser need two names.
        self.cookie_name = f"webhand-shop-{self.port}"
        self._lock = Lock()
        self._connections: dict[socket.socket, Thread] = {}
        self._acceptor = Thread(target=self.serve_forever, args=(0.02,), name="demo shop", daemon=True)

    def start(self) -> None:
        """Begin to accept connections."""
        self._acceptor.start()

    def stop(self) -> None:
        """Stop accepting, end all connections and wait for their threads."""
        self.shutdown()
        self._acceptor.join()
        self.server_close()
        with self._lock:
            open_now = dict(self._connections)
        for connection in open_now:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in open_now.values():
            thread.join()

    def process_request(self, request: _Socket, client_address: Any) -> None:
        """Hand a connection to a thread of its own."""
        assert isinstance(request, socket.socket)
        thread = Thread(target=self._process, args=(request, client_address), name="demo shop visitor", daemon=True)
        with self._lock:
            self._connections[request] = thread
        thread.start()

    def _process(self, request: socket.socket, client_address: Any) -> None:
        try:
            self.process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._connections.pop(request, None)

    def handle_error(self, request: _Socket, client_address: Any) -> None:
        """Forget visitors that hung up; a mistake of the shop is printed and answered with 500."""
        if isinstance(sys.exception(), OSError):
            return
        super().handle_error(request, client_address)
        assert isinstance(request, socket.socket)
        with suppress(OSError):
            request.sendall(_MISTAKE)
