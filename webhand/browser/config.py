"""How a browser is launched and what its pages are told about it."""

import sys
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


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
    navigation_timeout: float = 30.0
    """Seconds that a page may take until its document is there."""
    text_tokens: int = 4000
    """Budget for the text of an observation, in tokens."""

    @property
    def lost_when_kept(self) -> tuple[str, ...]:
        """The settings made here that hold only as long as the process that made them."""
        given = {
            "har": self.har,
            "record_video": self.record_video,
            "http_credentials": self.http_credentials,
            "proxy.username": self.proxy and self.proxy.username,
            "timezone on Windows": sys.platform == "win32" and self.timezone,
        }
        return tuple(name for name, value in given.items() if value)

    @model_validator(mode="after")
    def _can_be_kept(self) -> Self:
        if self.keep_open and self.lost_when_kept:
            lost = " and ".join(self.lost_when_kept)
            raise ValueError(f"a browser with keep_open goes on without this process, and {lost} cannot: leave one out")
        return self
