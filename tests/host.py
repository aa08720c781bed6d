"""A site for tests: it shows pages, sends people on, and keeps what it is sent."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

TRAP = "<!doctype html><title>Trap</title><form><label>Word <input></label><button>Go</button></form>"


class Host:
    """A site that keeps all that it is sent; `/out` sends people on to where `to` says."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.received: list[bytes] = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                host.received.append(f"{self.requestline}\n{self.headers}\n".encode() + self.rfile.read(length))
                parts = urlsplit(self.path)
                body = host.pages.get(parts.path, TRAP).encode()
                self.send_response(302 if parts.path == "/out" else 200)
                if parts.path == "/out":
                    self.send_header("location", parse_qs(parts.query)["to"][0])
                self.send_header("content-type", "text/html; charset=utf-8")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
