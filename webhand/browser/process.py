"""The browser's process, when it has outlived the one that started it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

NAMES = ("chrom", "msedge")
GONE_LIMIT = 5.0
"""Seconds that a process may take to be gone after it was ended."""


def end_browser(pid: int) -> bool:
    """End the process if it is a browser still, with all that it has started, and wait until it is gone.

    True when it was one. A number given to another program since is left alone. The processes of a browser outlive it
    for a moment, in which the one for the network would send what was on its way.
    """
    if not _is_browser(pid):
        return False
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32" or os.getpgid(pid) == pid:
            end_group(pid)
        else:
            os.kill(pid, signal.SIGKILL)
            _wait(pid)
        return True
    return False


def end_group(pid: int) -> None:
    """End all of the group that a process of ours is, or was, at the head of, and wait until they are gone."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/f", "/t", "/pid", str(pid)], capture_output=True, check=False)
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    for one in (pid, *_led_by(pid)):
        _wait(one)


def is_running(pid: int) -> bool:
    """Whether there is such a process, whatever it is by now."""
    return f'"{pid}"' in _name(pid) if sys.platform == "win32" else _name(pid) != ""


def _led_by(pid: int) -> Iterator[int]:
    """The processes of a group, as far as the system has files that tell."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended, or is somebody else's
            if file.read_text().rpartition(")")[2].split()[2] == str(pid):
                yield int(file.parent.name)


def _wait(pid: int) -> None:
    until = time.monotonic() + GONE_LIMIT
    while is_running(pid) and time.monotonic() < until:
        time.sleep(0.01)


def _is_browser(pid: int) -> bool:
    return any(mark in _name(pid).lower() for mark in NAMES)


def _name(pid: int) -> str:
    if sys.platform == "win32":
        command = ["tasklist", "/fi", f"PID eq {pid}", "/fo", "csv", "/nh"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    try:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
        return "" if rest.split()[0] in "ZX" else name  # one that has ended and is not yet cleared away is no process
    except (FileNotFoundError, ProcessLookupError):
        command = ["ps", "-p", str(pid), "-o", "comm="]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout if _has_ps() else ""


def _has_ps() -> bool:
    return sys.platform == "darwin"
