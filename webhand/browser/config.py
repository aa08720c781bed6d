"""How a browser is launched and what its pages are told about it."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from webhand.browser.guard.rules import AddressRules
from webhand.errors import ConfigError


class Proxy(BaseModel):
    """A proxy that the browser goes through; `bypass` is a comma-separated list of hosts that it does not serve."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: str
    bypass: str | None = None
    username: str | None = None
    password: str | None = Field(default=None, repr=False)


class HttpCredentials(BaseModel):
    """Name and password for HTTP authentication, sent to `origin` only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    username: str
    password: str = Field(repr=False)
    origin: str


class BrowserConfig(BaseModel):
    """Settings of a browser; times are seconds, sizes CSS pixels."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    headless: bool = True
    """No window; False needs a screen."""
    executable: Path | None = None
    """The Chromium to start; None looks for one, see `webhand.browser.executable`."""
    channel: Literal["chrome", "chrome-beta", "chrome-dev", "msedge", "msedge-beta", "msedge-dev"] | None = None
    """An installed brand instead."""
    args: tuple[str, ...] = ()
    """More command line switches for Chromium."""
    viewport: tuple[int, int] | None = (1280, 800)
    """Width and height of the view; None takes the window's."""
    locale: str | None = None
    """Language of the pages, such as `de-DE`."""
    timezone: str | None = None
    """Time zone of the pages, such as `Europe/Berlin`."""
    user_agent: str | None = None
    """What the browser calls itself; None leaves Chromium's own."""
    device_scale: float | None = None
    """Device pixels to a CSS pixel."""
    storage_state: Path | None = None
    """Cookies and storage to begin with, as `save_state` wrote them."""
    proxy: Proxy | None = None
    """The way out to the network."""
    downloads_dir: Path | None = None
    """Where downloads go; None keeps them in a temporary folder until the browser closes."""
    permissions: tuple[str, ...] = ()
    """What pages may use without asking, such as `geolocation` or `clipboard-read`."""
    http_credentials: HttpCredentials | None = None
    """For servers that ask by HTTP authentication."""
    ignore_https_errors: bool = False
    """Open pages whose certificate is wrong."""
    slow_mo: float = 0.0
    """Seconds to wait before each input, for people who watch."""
    record_video: Path | None = None
    """Folder for a video of each tab."""
    har: Path | None = None
    """File for an HTTP archive, written when the context closes."""
    launch_timeout: float = 30.0
    """Seconds that the start may take."""
    keep_open: bool = False
    """Leave the browser open, also when this process ends; it is found again, see docs/browser.md."""
    allowed: tuple[str, ...] | None = None
    """The only sites that are connected to, such as `https://*.example.com`; see `AddressRules`. None is all."""
    blocked: tuple[str, ...] = ()
    """Sites that are never connected to."""
    allow_private_networks: bool = False
    """With rules, connect to private networks without their hosts being listed."""
    strict_subresources: bool = False
    """What pages load has to be in the list too."""
    allow_unenforced: bool = False
    """Set rules for a browser that somebody else has launched: they hold for what is opened by name alone."""
    navigation_timeout: float = 30.0
    """Seconds that a page may take until its document is there."""
    text_tokens: int = 4000
    """Budget for the text of an observation, in tokens."""

    @classmethod
    def checked(cls, given: Mapping[str, Any]) -> Self:
        """The settings of these names; ConfigError, where pydantic has its own, for such as cannot be together."""
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise ConfigError(error.errors()[0]["msg"].removeprefix("Value error, ")) from None

    @property
    def rules(self) -> AddressRules | None:
        """The rules for addresses; None where there are none.

        Raises ConfigError for a pattern that is none.
        """
        if self.allowed is None and not self.blocked:
            return None
        return AddressRules(self.allowed, self.blocked, self.allow_private_networks, self.strict_subresources)

    @property
    def lost_when_kept(self) -> tuple[str, ...]:
        """The settings made here that hold only as long as the process that made them."""
        given = {
            "har": self.har,
            "record_video": self.record_video,
            "http_credentials": self.http_credentials,
            "proxy.username": self.proxy and self.proxy.username,
            "allowed or blocked": self.rules,
            "timezone on Windows": sys.platform == "win32" and self.timezone,
        }
        return tuple(name for name, value in given.items() if value)

    @model_validator(mode="after")
    def _can_be_kept(self) -> Self:
        if self.keep_open and self.lost_when_kept:
            lost = " and ".join(self.lost_when_kept)
            raise ValueError(f"a browser with keep_open goes on without this process, and {lost} cannot: leave one out")
        return self

    @model_validator(mode="after")
    def _has_rules_that_hold(self) -> Self:
        try:
            rules = self.rules
        except ConfigError as error:
            raise ValueError(str(error)) from None
        if self.allowed and not self.strict_subresources:
            raise ValueError("a list holds for all that pages load, too: say strict_subresources=True with `allowed`")
        if rules is not None and self.proxy is not None:
            raise ValueError("address rules are kept by a proxy of our own, which goes through no other: leave one out")
        return self
