"""Brings a Chromium onto this machine."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from webhand.browser.executable import browser_version, find_executable
from webhand.errors import BrowserMissing

Report = Callable[[str], None]

REPORT_EVERY = 2.0
GRACE = 5.0
LINE_LENGTH = 160


@dataclass(frozen=True)
class Command:
    """One command of an attempt and the seconds it may take."""

    arguments: tuple[str, ...]
    seconds: float

    def __str__(self) -> str:
        python = sys.executable
        return " ".join("python" if argument == python else argument for argument in self.arguments)


Attempt = tuple[Command, ...]

PACKAGE_MANAGERS: Mapping[str, Attempt] = {
    "apt-get": (
        Command(("apt-get", "-o", "DPkg::Lock::Timeout=60", "update"), 300),
        Command(("apt-get", "-o", "DPkg::Lock::Timeout=60", "install", "-y", "chromium", "fonts-liberation"), 900),
    ),
    "dnf": (Command(("dnf", "install", "-y", "chromium"), 900),),
    "pacman": (Command(("pacman", "-Sy", "--noconfirm", "--needed", "chromium"), 900),),
    "apk": (Command(("apk", "add", "--no-cache", "chromium", "font-liberation"), 900),),
    "zypper": (Command(("zypper", "--non-interactive", "install", "chromium"), 900),),
}
BY_HAND: Mapping[str, str] = {
    "darwin": "brew install --cask google-chrome",
    "win32": "winget install Google.Chrome",
}


def install(report: Report) -> Path:
    """The Chromium of this machine, installed where there was none; `report` gets a line for each thing that happens.

    Raises BrowserMissing when every way failed, with what was tried and what is left to do.
    """
    with contextlib.suppress(BrowserMissing):
        present = find_executable()
        if version := browser_version(present):
            report(f"{present} {version} is there already")
            return present
        report(f"{present} does not start; looking for another")
    managers = [name for name in PACKAGE_MANAGERS if shutil.which(name)]
    attempts, advice = plan(is_root(), managers, sys.platform)
    return carry_out(attempts, advice, report)


def is_root() -> bool:
    """Whether this process may install system packages."""
    return sys.platform != "win32" and os.geteuid() == 0


def plan(root: bool, managers: Sequence[str], platform: str) -> tuple[list[Attempt], str]:
    """What to try, in order, and what a person can do when all of it fails.

    `managers` are the package managers of this machine, a subset of `PACKAGE_MANAGERS`.
    """
    libraries = ("--with-deps",) if root and "apt-get" in managers else ()
    # The headless shell is a second browser that is never started here.
    playwright = (sys.executable, "-m", "playwright", "install", "--no-shell", *libraries, "chromium")
    attempts: list[Attempt] = [(Command(playwright, 1200),)]
    system = [PACKAGE_MANAGERS[name] for name in managers]
    if root:
        attempts += system
    by_hand = " && ".join(f"sudo {command}" for command in system[0]) if system and not root else BY_HAND.get(platform)
    return attempts, by_hand or "install Chromium or Chrome by hand and set WEBHAND_BROWSER to its path"


def carry_out(attempts: Sequence[Attempt], advice: str, report: Report) -> Path:
    """The Chromium that the first successful one of `attempts` brought."""
    failures: list[str] = []
    for attempt in attempts:
        failure = _try(attempt, report)
        if isinstance(failure, Path):
            return failure
        report(failure)
        failures.append(failure)
    raise BrowserMissing(f"no browser could be installed; tried: {'; '.join(failures)}; what is left: {advice}")


def _try(attempt: Attempt, report: Report) -> Path | str:
    for command in attempt:
        report(f"$ {command}")
        if problem := _run(command, report):
            return f"{command}: {problem}"
    try:
        found = find_executable()
    except BrowserMissing:
        return f"{attempt[-1]}: it brought no browser"
    version = browser_version(found)
    if version is None:
        return f"{attempt[-1]}: {found} is there but does not start"
    report(f"{found} {version} is installed")
    return found


def _run(command: Command, report: Report) -> str | None:
    """Runs `command`; gives None when it succeeded, else what went wrong in a few words."""
    try:
        process = subprocess.Popen(
            command.arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            start_new_session=True,
        )
    except OSError as error:
        return error.strerror or "cannot be started"
    overdue = threading.Event()

    def give_up() -> None:
        overdue.set()
        _end(process)

    timer = threading.Timer(command.seconds, give_up)
    timer.start()
    try:
        lines = list(_told(process, report))
        code = process.wait()
    finally:
        timer.cancel()
        if process.poll() is None:
            _end(process)
    if overdue.is_set():
        return f"stopped after {command.seconds:g} s"
    return None if code == 0 else f"exit code {code}: {_reason(lines)}"


def _told(process: subprocess.Popen[str], report: Report) -> Iterator[str]:
    """The lines that `process` writes; one in a while is reported, to show that it goes on."""
    assert process.stdout is not None
    last = time.monotonic()
    with process.stdout:
        for line in filter(None, map(str.strip, process.stdout)):
            if time.monotonic() - last >= REPORT_EVERY:
                last = time.monotonic()
                report(f"  {line[:LINE_LENGTH]}")
            yield line


def _end(process: subprocess.Popen[str]) -> None:
    """Ends `process` with all that it started; a package manager gets the time to tidy up."""
    if sys.platform == "win32":
        process.kill()
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        # Its group bears its id, see start_new_session; the group is gone when all of it has ended.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)


def _reason(lines: Sequence[str]) -> str:
    telling = [line for line in lines if "error" in line.lower() or line.startswith(("E:", "fatal"))]
    chosen = telling[0] if telling else lines[-1] if lines else "it said nothing"
    return chosen[:LINE_LENGTH]
