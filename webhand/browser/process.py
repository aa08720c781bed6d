"""The browser's process, when it has outlived the one that started it."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

NAMES = ("chrom", "msedge")


def end_browser(pid: int) -> bool:
    """End the process if it is a browser still; True when it was. A number given to another program since is left."""
    if not any(mark in _name(pid).lower() for mark in NAMES):
        return False
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        return True
    return False


def _name(pid: int) -> str:
    if sys.platform == "win32":
        command = ["tasklist", "/fi", f"PID eq {pid}", "/fo", "csv", "/nh"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except FileNotFoundError:
        command = ["ps", "-p", str(pid), "-o", "comm="]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout if _has_ps() else ""


def _has_ps() -> bool:
    return sys.platform == "darwin"
