"""Pages: launched, looked at and acted on through a Chromium."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webhand.browser.config import BrowserConfig, HttpCredentials, Proxy
    from webhand.browser.context import Context
    from webhand.browser.guard.rules import AddressRules, Verdict
    from webhand.browser.kept import Kept
    from webhand.browser.observation import (
        Box,
        DialogInfo,
        Effect,
        Element,
        Fingerprint,
        FrameInfo,
        Observation,
        Scroll,
        TabInfo,
    )
    from webhand.browser.session import Browser
    from webhand.browser.tab import Tab

__all__ = [
    "AddressRules",
    "Box",
    "Browser",
    "BrowserConfig",
    "Context",
    "DialogInfo",
    "Effect",
    "Element",
    "Fingerprint",
    "FrameInfo",
    "HttpCredentials",
    "Kept",
    "Observation",
    "Proxy",
    "Scroll",
    "Tab",
    "TabInfo",
    "Verdict",
]

_HOMES = {
    "AddressRules": "guard.rules",
    "Browser": "session",
    "BrowserConfig": "config",
    "Context": "context",
    "HttpCredentials": "config",
    "Kept": "kept",
    "Proxy": "config",
    "Tab": "tab",
    "Verdict": "guard.rules",
}


def __getattr__(name: str) -> object:
    # Loaded on first use, so that importing the package does not load Playwright.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'observation')}"), name)
