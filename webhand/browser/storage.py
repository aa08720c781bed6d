"""A saved state of a browser, its cookies and storage: what it has to be for a browser to begin with it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    """What else is there is Playwright's own, and is passed on."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)


class Cookie(_Part):
    """One cookie; `expires` is -1 for one that ends with the browser."""

    name: str
    value: str
    domain: str
    path: str
    expires: float = -1
    httpOnly: bool = False
    secure: bool = False
    sameSite: Literal["Strict", "Lax", "None"] = "Lax"


class Item(_Part):
    """One value of a local storage."""

    name: str
    value: str


class Origin(_Part):
    """What one origin keeps."""

    origin: str
    localStorage: list[Item] = []
    indexedDB: list[dict[str, Any]] = []


class Storage(_Part):
    """The state as `Context.state` gives it, decoded; checked with it, and then used as it is."""

    cookies: list[Cookie] = []
    origins: list[Origin] = []
