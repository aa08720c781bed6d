"""Where a model is reached and with which key, checked before anything is sent."""

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from webhand.errors import InvalidSetting, MissingKey
from webhand.secrets import Secret


@dataclass(frozen=True)
class Endpoint:
    """An address and its key; `variable` is the environment variable that holds the key, None where there is none."""

    base_url: str
    key: str | None = field(repr=False)
    variable: str | None

    @property
    def host(self) -> str:
        """Host and port, as a person would look for them."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2]


def find_key(provider: str, given: str | Secret | None, variable: str | None, *, required: bool = True) -> str | None:
    """The key: the one given, else the one in the environment.

    Raises MissingKey where one is needed and there is none or it is empty, InvalidSetting where it cannot be a key.
    """
    source = "api_key" if given is not None else (variable or "api_key")
    if isinstance(given, Secret):
        given = given.reveal()
    key = given if given is not None else os.environ.get(variable or "")
    if not key or not key.strip():
        if required:
            raise MissingKey(_how_to(provider, variable))
        return None
    return checked_key(provider, source, key)


def checked_key(provider: str, source: str, key: str) -> str:
    """The key; raises InvalidSetting, which says where it is from, where it cannot be one."""
    if not all("!" <= sign <= "~" for sign in key):
        raise InvalidSetting(
            f"The key for {provider} in {source} holds a blank, a line break or a foreign sign; copy it anew"
        )
    return key


def _how_to(provider: str, variable: str | None) -> str:
    ways = "pass api_key=" if variable is None else f"set {variable}, or pass api_key="
    return f"There is no API key for {provider}: {ways}"


def find_base_url(provider: str, given: str | None, variable: str | None, default: str | None) -> str:
    """The address: the one given, else the one in the environment, else the vendor's own.

    Raises InvalidSetting where there is none or it is no http address.
    """
    url = given if given is not None else (os.environ.get(variable or "") or default)
    if url is None:
        ways = "" if variable is None else f"set {variable}, or "
        raise InvalidSetting(f"{provider} needs an address: {ways}pass base_url=, such as http://127.0.0.1:8000/v1")
    if not _is_http(url):
        raise InvalidSetting(f"The base_url {url!r} for {provider} is no address; write it like https://host/v1")
    return url


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and not _has_blank(url)
    except ValueError:
        return False


def _has_blank(url: str) -> bool:
    return any(sign.isspace() for sign in url)
