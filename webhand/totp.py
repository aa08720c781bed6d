"""One-time codes that change with the time."""

import hashlib
import re
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from webhand.errors import InvalidSetting, MissingExtra

if TYPE_CHECKING:
    from pyotp.totp import TOTP

NEARLY_OVER = 2.0
"""Seconds before its end at which a code is not given out any more: it would be over when the site reads it."""


class Totp:
    """The codes of a key: base32 as sites show it, blanks and small letters too, or a whole `otpauth://` address.

    Raises InvalidSetting, which does not show the key, for what is neither. `now` tells the time in seconds since
    1970, `sleep` waits.
    """

    def __init__(self, key: str, now: Callable[[], float], sleep: Callable[[float], Awaitable[Any]]) -> None:
        self._codes = _codes(key)
        self._now = now
        self._sleep = sleep

    async def fresh(self) -> str:
        """The code of now; when it is nearly over, the next one, which is waited for: sites refuse it before."""
        left = self._codes.interval - self._now() % self._codes.interval
        if left <= NEARLY_OVER:
            await self._sleep(left)
        return self.now()

    def now(self) -> str:
        """The code of now, however long it is good for."""
        return self._codes.at(int(self._now()))

    def between(self, begin: float, end: float) -> list[str]:
        """The codes that were good at some time between these."""
        period = self._codes.interval
        return [self._codes.at(count * period) for count in range(int(begin // period), int(end // period) + 1)]


def _codes(key: str) -> "TOTP":
    try:
        from pyotp.totp import TOTP  # loaded when a code is wanted
    except ImportError as error:
        raise MissingExtra("The package pyotp is needed for one-time codes: pip install pyotp") from error

    class Codes(TOTP):
        min_secret_length_bits = 80  # many sites hand out keys that are shorter than pyotp likes

    try:
        text, settings = _read(key.strip())
        made = Codes(text, **settings)
        if made.interval > 0 and made.byte_secret():
            made.at(int(time.time()))
            return made
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):  # its text may hold the key
        pass
    raise InvalidSetting(
        "the key of a one-time code cannot be used; give the base32 text that the site shows beside its QR code, or "
        "the otpauth://totp/ address in it"
    )


def _read(key: str) -> tuple[str, dict[str, Any]]:
    """The key without blanks, and what an address says of its codes."""
    if not key.startswith("otpauth:"):
        return re.sub(r"[\s-]", "", key), {}
    parts = urlsplit(key)
    if parts.netloc != "totp":
        raise ValueError("codes of another kind")
    given = dict(parse_qsl(parts.query))
    digest = {"SHA1": hashlib.sha1, "SHA256": hashlib.sha256, "SHA512": hashlib.sha512}
    return given["secret"], {
        "digits": int(given.get("digits", 6)),
        "interval": int(given.get("period", 30)),
        "digest": digest[given.get("algorithm", "SHA1").upper()],
    }
