"""What webhand needs of a machine, and whether it is there."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import monotonic
from typing import Literal

from webhand.browser.executable import INSTALL_COMMAND, browser_version, find_executable
from webhand.errors import InvalidSetting, WebhandError
from webhand.settings import KEY_VARIABLES, Settings, load_settings, settings_file

OLDEST_PYTHON = (3, 11)
LOW_DISK_GB = 1.0
PAGE_SECONDS = 30
HEADING = "It works"
PAGE = f"data:text/html,<title>webhand</title><h1>{HEADING}</h1>"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")


@dataclass(frozen=True)
class Finding:
    """One line of the examination: `state` is fail when webhand cannot work so, `advice` what to do about it."""

    state: Literal["ok", "warn", "fail"]
    what: str
    found: str
    advice: str | None = None


def examine() -> Iterator[Finding]:
    """Everything that is checked, in the order in which one thing needs the other."""
    yield python()
    yield package("webhand")
    yield package("playwright")
    try:
        settings = load_settings()
    except InvalidSetting as error:
        yield Finding("fail", "settings", str(error), "correct the file or take the key out")
        return
    yield Finding("ok", "settings", f"{settings_file()}{'' if settings_file().exists() else ' (none, that is fine)'}")
    yield model(settings)
    yield keys()
    yield data_folder(settings.home)
    if sys.platform.startswith("linux"):
        yield fonts()
    try:
        executable = find_executable()
    except WebhandError as error:
        yield Finding("fail", "browser", str(error), f"run: {INSTALL_COMMAND}")
        return
    yield browser(executable)
    yield page(executable)


def python() -> Finding:
    """The version of Python."""
    running = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= OLDEST_PYTHON:
        return Finding("ok", "python", f"{running} at {sys.executable}")
    return Finding("fail", "python", running, f"use Python {'.'.join(map(str, OLDEST_PYTHON))} or newer")


def package(name: str) -> Finding:
    """The version of an installed package."""
    try:
        return Finding("ok", name, version(name))
    except PackageNotFoundError:
        return Finding("fail", name, "not installed", "run: pip install webhand")


def model(settings: Settings) -> Finding:
    """The model that is used when none is named."""
    if settings.model:
        return Finding("ok", "model", settings.model)
    advice = "give --model PROVIDER/NAME each time or set WEBHAND_MODEL; offline needs no key"
    return Finding("warn", "model", "none is chosen", advice)


def keys() -> Finding:
    """The names of the key variables that are set, and of an AWS profile; never any part of a value."""
    from webhand.llm.providers.aws_profile import aws_profile

    names = [name for names in KEY_VARIABLES.values() for name in names]
    present = [name for name in names if os.environ.get(name)]
    if profile := aws_profile():
        present.append(f"the AWS profile {profile}")
    if present:
        return Finding("ok", "keys", " ".join(present))
    return Finding("warn", "keys", "none is set", f"set one of {' '.join(names)}; --model offline needs none")


def data_folder(home: Path) -> Finding:
    """Whether runs can be kept in `home`, and the room left there."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home) as file:
            file.write(b"webhand")
        free = shutil.disk_usage(home).free / 1e9
    except OSError as error:
        return Finding("fail", "data", f"{home}: {error.strerror}", "make it writable or set WEBHAND_HOME")
    found = f"{home}, {free:.1f} GB free"
    if free < LOW_DISK_GB:
        return Finding("warn", "data", found, "make room or set WEBHAND_HOME to another disk")
    return Finding("ok", "data", found)


def fonts() -> Finding:
    """Whether a page's text can be drawn; a minimal Linux often comes without any font."""
    count = font_count()
    if count:
        return Finding("ok", "fonts", f"{count} found")
    return Finding(
        "warn", "fonts", "none, pictures of pages will show no text", "install a package such as fonts-liberation"
    )


def font_count() -> int:
    """How many fonts fontconfig lists, or how many font files lie in the usual folders where it is missing."""
    if command := shutil.which("fc-list"):
        try:
            listed = subprocess.run(
                [command], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=20
            )
        except (OSError, subprocess.TimeoutExpired):
            return 0
        return len(listed.stdout.splitlines())
    files = (file for folder in FONT_FOLDERS for file in Path(folder).expanduser().rglob("*"))
    return sum(file.suffix.lower() in {".ttf", ".otf", ".ttc", ".pfb"} for file in files)


def browser(executable: Path) -> Finding:
    """Whether the browser that was found starts at all."""
    if found := browser_version(executable):
        return Finding("ok", "browser", f"{found} at {executable}")
    return Finding("fail", "browser", f"{executable} does not start", _libraries_advice(executable))


def page(executable: Path) -> Finding:
    """Whether a page can be opened and read."""
    began = monotonic()
    try:
        read = asyncio.run(_read_page(executable))
    except TimeoutError:
        return Finding("fail", "page", f"no page within {PAGE_SECONDS} s", _libraries_advice(executable))
    except WebhandError as error:
        told = str(error).partition("; `webhand doctor`")[0]  # that is what runs already
        return Finding("fail", "page", told, _libraries_advice(executable))
    if HEADING not in read:
        return Finding("fail", "page", f"a page was opened, but reads {read!r}", f"try another one: {INSTALL_COMMAND}")
    return Finding("ok", "page", f"opened and read in {monotonic() - began:.1f} s")


async def _read_page(executable: Path) -> str:
    """The text of a page, as an agent would see it."""
    from webhand.browser import Browser, BrowserConfig

    async with asyncio.timeout(PAGE_SECONDS), Browser(BrowserConfig(executable=executable)) as browser:
        tab = await browser.open(PAGE)
        return (await tab.observe()).text


def _libraries_advice(executable: Path) -> str:
    return f"run {executable} --version to see why; missing libraries: python -m playwright install-deps chromium"
