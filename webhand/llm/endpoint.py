"""Where a model is reached and with which key, checked before anything is sent."""

import os
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from webhand.errors import InvalidSetting
from webhand.llm.login import Login, without_login
from webhand.secrets import Secret

LONGEST = 4000
"""Signs that an address may have: servers take hardly more, and something is added to it."""


@dataclass(frozen=True)
class Endpoint:
    """An address, without a login, and what opens it.

    `source` is what holds the key, for people: a variable, an argument; None where there is none. `login` stood in the
    address.
    `added` may be secrets too: they stand in headers that the environment adds.
    """

    base_url: str
    key: Secret | None
    source: str | None
    login: Login | None = None
    added: tuple[Secret, ...] = field(default=(), repr=False)

    @property
    def host(self) -> str:
        """Host and port, as a person would look for them."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2]

    @property
    def revealed(self) -> str | None:
        """The key itself: for what sends it, and nothing else."""
        return None if self.key is None else self.key.reveal()

    @property
    def authorization(self) -> str | None:
        """The header that lets a request in at most servers: with the key, else with the login."""
        if self.key is None:
            return None if self.login is None else self.login.authorization
        return f"Bearer {self.revealed}"

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """All that must be shown nowhere."""
        key = () if self.key is None else (self.key,)
        return (*key, *(() if self.login is None else self.login.secrets), *self.added)


def find_base_url(provider: str, given: str | None, variable: str | None, default: str | None) -> str:
    """The address: the one given, else the one in the environment, else the vendor's own.

    Raises InvalidSetting where there is none or it cannot be one. The text does not show it: a key may have been put in
    its place.
    """
    found = os.environ.get(variable or "")
    source, url = (variable, found) if given is None and found else ("base_url", default if given is None else given)
    if url is None:
        ways = "" if variable is None else f"set {variable}, or "
        raise InvalidSetting(f"{provider} needs an address: {ways}pass base_url=, such as http://127.0.0.1:8000/v1")
    return checked_url(provider, source, url)


def checked_url(provider: str, source: str | None, url: str) -> str:
    """The address; raises InvalidSetting, which says where it is from, where it cannot be one."""
    if wrong := _unfit(url):
        raise InvalidSetting(f"The address for {provider} in {source} {wrong}; write it like https://host/v1")
    return url


def with_login(provider: str, endpoint: Endpoint) -> Endpoint:
    """The endpoint with the login of its address apart; raises InvalidSetting where there is a key as well."""
    base_url, login = without_login(endpoint.base_url)
    if endpoint.key is not None and login is not None:
        raise InvalidSetting(
            f"The address for {provider} holds a login, and there is a key: one of them can be sent only; "
            "take the login out of the address, or give no key"
        )
    return replace(endpoint, base_url=base_url, login=login)


def _unfit(url: str) -> str | None:
    """What keeps this from being an address, None where it is one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "has a host or a port that cannot be read"
    if any(sign.isspace() for sign in url):
        return "holds a blank or a line break"
    if parts.scheme not in ("http", "https"):
        return "begins with neither http:// nor https://"
    if not parts.hostname or port == 0:
        return "names no host, or a port that is none"
    if "?" in url or "#" in url:
        return "goes on after its path with ? or #, which is not sent"
    if "@" in parts.path:
        return "holds an @ after its host; in a login write %2F for /, in a path %40 for @"
    return None if len(url) <= LONGEST and readable(url) else "is none that a request can be sent to"


def readable(url: str) -> bool:
    """Whether the HTTP library can read the address: each request would fail otherwise."""
    import httpx2  # comes with OpenAI's SDK; httpx, which Groq's uses, reads addresses in the same way

    try:
        return bool(httpx2.URL(url).host)
    except (httpx2.InvalidURL, ValueError):
        return False
