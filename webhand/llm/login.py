"""A login in an address: it is taken out of it, and sent as basic authorization."""

from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit, urlunsplit

from webhand.secrets import Secret


@dataclass(frozen=True)
class Login:
    """A name and a password; either may be empty."""

    name: str = field(repr=False)
    password: str = field(repr=False)

    @property
    def authorization(self) -> str:
        """What is sent, as a header's value."""
        return f"Basic {self._basic}"

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """All that must not be shown: a name alone may be a token, and one with a password is none."""
        hidden = self.password or self.name
        return (Secret(self._pair), Secret(hidden), Secret(self._basic))

    @property
    def _pair(self) -> str:
        return f"{self.name}:{self.password}"

    @property
    def _basic(self) -> str:
        return b64encode(self._pair.encode()).decode()


def without_login(url: str) -> tuple[str, Login | None]:
    """An address that can be read without its login, and the login: what the HTTP library is given it logs."""
    parts = urlsplit(url)
    written, at, place = parts.netloc.rpartition("@")
    if not at:
        return url, None
    name, _, password = written.partition(":")
    login = Login(unquote(name), unquote(password)) if name or password else None
    return urlunsplit(parts._replace(netloc=place)), login
