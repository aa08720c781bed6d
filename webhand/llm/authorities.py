"""The authorities that TLS connections trust."""

import os
from functools import lru_cache
from ssl import SSLContext
from types import ModuleType


def authorities(transport: ModuleType) -> SSLContext:
    """What the HTTP library `transport`, httpx or httpx2, trusts where it is left to itself, shared by all its clients.

    To load it takes 40 ms of the processor, in which an event loop with many agents would stand still for each model.
    The environment names other authorities (https://www.python-httpx.org/environment_variables/).
    """
    return _loaded(transport, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache(maxsize=8)
def _loaded(transport: ModuleType, *_: str | None) -> SSLContext:
    return transport.create_ssl_context()
