"""The command line of a Chromium: what we add to Playwright's, and the whole of one that we start ourselves."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from webhand.browser.config import BrowserConfig, Proxy

QUIET = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Quiet the browser's own traffic and its first-run pages."""

ALIKE = (
    "--allow-pre-commit-input",
    "--disable-back-forward-cache",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-breakpad",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-features=DestroyProfileOnBrowserClose,HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,MediaRouter,"
    "OptimizationHints,PaintHolding,PreconnectToSearch,ThirdPartyStoragePartitioning",
    "--disable-field-trial-config",
    "--disable-hang-monitor",
    "--disable-infobars",
    "--disable-ipc-flooding-protection",
    "--disable-popup-blocking",
    "--disable-prompt-on-repost",
    "--disable-renderer-backgrounding",
    "--disable-search-engine-choice-screen",
    "--force-color-profile=srgb",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--password-store=basic",
    "--use-mock-keychain",
)
"""Those of Playwright's own that pages and pictures depend on: a kept browser behaves as any other."""


def added(config: BrowserConfig) -> list[str]:
    """What we add to the switches of a browser that Playwright starts."""
    return [*QUIET, *(["--no-sandbox"] if _is_root() else []), *config.args]


def kept(config: BrowserConfig, profile: Path) -> list[str]:
    """All switches and the first page of a browser that listens on loopback and is configured by nothing else."""
    given: dict[str, object] = {
        "--user-data-dir": profile,
        "--window-size": config.viewport and f"{config.viewport[0]},{config.viewport[1]}",
        "--user-agent": config.user_agent,
        "--force-device-scale-factor": config.device_scale,
        "--accept-lang": config.locale,
        "--lang": config.locale,
    }
    if config.proxy is not None:
        given |= _proxy(config.proxy)
    plain = {
        "--headless": config.headless,
        "--hide-scrollbars": config.headless,
        "--mute-audio": config.headless,
        "--ignore-certificate-errors": config.ignore_https_errors,
        # Else a bar on top of the page tells of the switches.
        "--test-type": config.ignore_https_errors or _is_root(),
    }
    return [
        *ALIKE,
        "--remote-debugging-port=0",
        *(f"{name}={value}" for name, value in given.items() if value is not None),
        *(name for name, wanted in plain.items() if wanted),
        *added(config),
        "about:blank",
    ]


def environment(config: BrowserConfig) -> Mapping[str, str]:
    """The variables of a kept browser: the time zone, and the language on Linux, have no switch."""
    own = {"TZ": config.timezone, "LANGUAGE": config.locale and config.locale.replace("-", "_")}
    return {**os.environ, **{name: value for name, value in own.items() if value is not None}}


def _proxy(proxy: Proxy) -> Mapping[str, object]:
    # As Playwright has it: this machine's own addresses go through the proxy too unless `bypass` names them.
    bypass = [host.strip() for host in (proxy.bypass or "").split(",") if host.strip()]
    return {"--proxy-server": proxy.server, "--proxy-bypass-list": ";".join([*bypass, "<-loopback>"])}


def _is_root() -> bool:
    # Chromium's sandbox refuses to start as root, which is what containers run as.
    return sys.platform != "win32" and os.geteuid() == 0
