"""Values that no model, log or page of another origin may see."""

import asyncio
import inspect
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

from webhand.errors import InvalidSetting
from webhand.totp import Totp

Fetch = Callable[[], str | Awaitable[str]]
SITE = re.compile(r"https?://(?:[\w.-]+|\[[0-9a-f:.]+\])(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
"""The address of a site, as `origins` takes it."""


class Secret:
    """A value that stays out of sight: its `repr` and `str` never show it.

    `value` is the text itself, or a function, async or not, that fetches it each time it is used. `origins` are the
    sites that may get it, such as `https://shop.example`; without any, the origin of the run's start page.

    Raises InvalidSetting for a value or origins that cannot work.
    """

    def __init__(self, value: str | Fetch, *, origins: Sequence[str] = ()) -> None:
        _check(value, origins)
        self._value: str | Fetch | Totp = value
        self._given: dict[str, None] = {}
        self.origins = tuple(origins)

    @classmethod
    def totp(
        cls,
        key: str,
        *,
        origins: Sequence[str] = (),
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> "Secret":
        """One-time codes of a key as sites show it, or of an `otpauth://` address; made when they are typed.

        Raises InvalidSetting for a key that cannot be one.
        """
        codes = Totp(key, now, sleep)
        secret = cls(codes.now, origins=origins)
        secret._value = codes
        return secret

    @property
    def totp_codes(self) -> Totp | None:
        """What makes the codes, where these are one-time codes."""
        return self._value if isinstance(self._value, Totp) else None

    @property
    def fixed(self) -> bool:
        """Whether it is always the same value."""
        return isinstance(self._value, str)

    @property
    def known(self) -> tuple[str, ...]:
        """Every value that there is to keep out of sight: a fixed one, or those that were given out so far."""
        return (self._value,) if isinstance(self._value, str) else tuple(self._given)

    async def fetch(self) -> str:
        """The value itself, for now; call it only where it is used. A function that blocks does so in a thread."""
        if isinstance(self._value, Totp):
            return self.remember(await self._value.fresh())
        if not callable(self._value):
            return self._value
        brought = (
            self._value()
            if inspect.iscoroutinefunction(self._value)
            else await asyncio.to_thread(_brought, self._value)
        )
        return self.remember(await brought if inspect.isawaitable(brought) else brought)

    def reveal(self) -> str:
        """As `fetch`, where nothing can be awaited; InvalidSetting for a value that an async function brings."""
        if isinstance(self._value, Totp):
            return self.remember(self._value.now())
        if not callable(self._value):
            return self._value
        brought = self._value()
        if inspect.isawaitable(brought):
            if inspect.iscoroutine(brought):
                brought.close()
            raise InvalidSetting("this secret is brought by an async function: use `await secret.fetch()`")
        return self.remember(brought)

    def remember(self, value: str) -> str:
        """The value, which is kept out of sight from now on."""
        if not isinstance(value, str) or not value:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidSetting(f"a secret is a text, and {type(value).__name__} was brought; or it is empty")
        self._given[value] = None
        return value

    def bound_to(self, origins: Sequence[str]) -> "Secret":
        """The same value for these origins only."""
        bound = Secret(self.reveal)
        bound._value, bound._given, bound.origins = self._value, self._given, tuple(origins)
        return bound

    def __repr__(self) -> str:
        return "Secret(***)"


def _check(value: object, origins: object) -> None:
    if not (isinstance(value, str) or callable(value)):
        raise InvalidSetting(f"a secret is a text, or a function that brings one, not {type(value).__name__}")
    if value == "":
        raise InvalidSetting("a secret cannot be empty; look whether the variable that it comes from is set")
    if isinstance(origins, (str, bytes)) or not isinstance(origins, Sequence):
        raise InvalidSetting('origins must be a list of sites, such as ["https://shop.example"]')
    for site in cast("Sequence[object]", origins):
        if not isinstance(site, str) or not SITE.fullmatch(site.strip()):
            told = f"{site!r} in origins is no site; write each as https://shop.example, with its scheme and in full"
            raise InvalidSetting(told)


def _brought(fetch: Fetch) -> str | Awaitable[str]:
    try:
        return fetch()
    except StopIteration:  # of an iterator that is used up; no future takes it, and it would be waited for without end
        raise InvalidSetting("the function has nothing more to bring") from None
