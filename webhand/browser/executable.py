"""Which Chromium is started, and where one is looked for."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from webhand.errors import BrowserMissing, InvalidSetting
from webhand.settings import load_settings

INSTALL_COMMAND = "webhand install"
VERSION_SECONDS = 20


@dataclass(frozen=True)
class Product:
    """Where one kind of Chromium lies: commands on PATH, the macOS application and the folder on Windows."""

    commands: tuple[str, ...]
    application: str
    folder: str
    program: str


CHANNELS: Mapping[str, Product] = {
    "chromium": Product(("chromium", "chromium-browser"), "Chromium", "Chromium", "chrome.exe"),
    "chrome": Product(("google-chrome", "google-chrome-stable"), "Google Chrome", "Google/Chrome", "chrome.exe"),
    "msedge": Product(
        ("microsoft-edge", "microsoft-edge-stable", "msedge"), "Microsoft Edge", "Microsoft/Edge", "msedge.exe"
    ),
    "chrome-beta": Product(("google-chrome-beta",), "Google Chrome Beta", "Google/Chrome Beta", "chrome.exe"),
    "chrome-dev": Product(("google-chrome-unstable",), "Google Chrome Dev", "Google/Chrome Dev", "chrome.exe"),
    "chrome-canary": Product(("google-chrome-canary",), "Google Chrome Canary", "Google/Chrome SxS", "chrome.exe"),
    "msedge-beta": Product(("microsoft-edge-beta",), "Microsoft Edge Beta", "Microsoft/Edge Beta", "msedge.exe"),
    "msedge-dev": Product(("microsoft-edge-dev",), "Microsoft Edge Dev", "Microsoft/Edge Dev", "msedge.exe"),
}
UNASKED = ("chromium", "chrome", "msedge")

# Playwright renamed its folders and the macOS application over time; a download of any age is fine.
DOWNLOADED = (
    "chrome-linux*/chrome",
    "chrome-mac*/*.app/Contents/MacOS/*",
    "chrome-win*/chrome.exe",
)


def find_executable(executable: Path | str | None = None, channel: str | None = None) -> Path:
    """The Chromium to start: `executable`, `channel`, the one that is set, Playwright's download, the system's.

    `executable` is a path or the name of a command. `channel` is one of `CHANNELS` and leaves all others out. Raises
    InvalidSetting when what is named cannot be started, BrowserMissing when nothing is found.
    """
    if executable is not None:
        return _named(executable, "the browser")
    if channel is not None:
        return _of_channel(channel)
    if browser := load_settings().browser:
        source = "WEBHAND_BROWSER" if os.environ.get("WEBHAND_BROWSER", "").strip() else "browser in the settings file"
        return _named(browser, source)
    for found in (*downloads(), *_system(UNASKED)):
        return found
    raise BrowserMissing(f"no Chromium, Chrome or Edge was found; this installs one: {INSTALL_COMMAND}")


def browser_version(executable: Path) -> str | None:
    """The version that `executable` tells, such as `159.0.8154.6`; None when it cannot be started."""
    if sys.platform == "win32":
        # Chrome on Windows opens a window instead of answering; its version names a folder beside it.
        versions = (entry.name for entry in executable.parent.iterdir() if re.fullmatch(r"[\d.]+", entry.name))
        return max(versions, key=_numbers, default=None)
    try:
        told = subprocess.run(
            [executable, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=VERSION_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.search(r"\d+(\.\d+)+", told.stdout)
    return version[0] if told.returncode == 0 and version else None


def downloads() -> Iterator[Path]:
    """The Chromiums that Playwright has downloaded completely, newest first."""
    folders = [folder for folder in _registry().glob("chromium-*") if (folder / "INSTALLATION_COMPLETE").exists()]
    for folder in sorted(folders, key=lambda folder: _numbers(folder.name), reverse=True):
        for pattern in DOWNLOADED:
            yield from (file for file in folder.glob(pattern) if _starts(file))


def system_places(product: Product, platform: str, environment: Mapping[str, str], home: Path) -> Iterator[Path]:
    """Where `product` is usually found on `platform` (as in `sys.platform`), whether it is there or not."""
    for folder in environment.get("PATH", "").split(os.pathsep):
        yield from (Path(folder, command) for command in product.commands if folder)
    if platform == "darwin":
        application = Path(f"{product.application}.app", "Contents", "MacOS", product.application)
        yield from (root / "Applications" / application for root in (Path("/"), home))
    if platform == "win32":
        roots = (environment.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"))
        yield from (Path(root, product.folder, "Application", product.program) for root in roots if root)


def _named(executable: Path | str, source: str) -> Path:
    path = Path(executable).expanduser()
    # The text as it was given: a Path forgets a leading "./", which says that no command on PATH is meant.
    if command := shutil.which(os.path.expanduser(executable)):
        return Path(command).absolute()
    problem = "is a folder" if path.is_dir() else "cannot be executed" if path.exists() else "is not there"
    raise InvalidSetting(f"{source}: {path} {problem}; correct it, or leave it out and a browser is looked for")


def _of_channel(channel: str) -> Path:
    if channel not in CHANNELS:
        raise InvalidSetting(f"unknown channel {channel!r}; the channels are {', '.join(CHANNELS)}")
    own = downloads() if channel == "chromium" else ()
    for found in (*own, *_system((channel,))):
        return found
    advice = f"this installs one: {INSTALL_COMMAND}" if channel == "chromium" else "install it, or leave channel out"
    raise BrowserMissing(f"no browser of the channel {channel!r} was found; {advice}")


def _system(channels: tuple[str, ...]) -> Iterator[Path]:
    for channel in channels:
        places = system_places(CHANNELS[channel], sys.platform, os.environ, Path.home())
        yield from (place for place in places if _starts(place))


def _registry() -> Path:
    """The folder Playwright downloads to, by the same rules as its own."""
    chosen = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    if chosen == "0":
        package = importlib.util.find_spec("playwright")
        origin = Path((package.origin if package else None) or "playwright")
        return origin.parent / "driver" / "package" / ".local-browsers"
    return Path(chosen).absolute() if chosen else _cache() / "ms-playwright"


def _cache() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _starts(file: Path) -> bool:
    return file.is_file() and os.access(file, os.X_OK)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))
