"""Commands in a terminal of their own."""

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from tests.cli.command import COMMAND

if sys.platform == "win32":
    pytest.skip("terminals are those of POSIX", allow_module_level=True)

import pty

IN_A_SESSION = """import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])"""
CONTROL = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")
LIMIT = 30.0
STILL = 0.4
"""Seconds in which a spinner would have moved several times."""


class Terminal:
    """A command in a terminal of its own; `text` is all that it has written there, without colours and moves."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        self.process = process
        self.text = ""
        self._descriptor = descriptor
        self._typed_at = 0

    def until(self, wanted: str) -> None:
        """Read until what was written since the last keys has something that matches."""
        ends = time.monotonic() + LIMIT
        while not re.search(wanted, self.text[self._typed_at :]):
            assert time.monotonic() < ends, self.text
            assert self._read(ends - time.monotonic()), self.text

    def keys(self, typed: str) -> None:
        self._typed_at = len(self.text)
        os.write(self._descriptor, typed.encode())

    def writes_nothing(self) -> bool:
        return not select.select([self._descriptor], [], [], STILL)[0]

    def ended(self) -> int:
        """The exit code, once all is read."""
        while self._read(LIMIT):
            pass
        return self.process.wait(LIMIT)

    def _read(self, seconds: float) -> bool:
        if not select.select([self._descriptor], [], [], max(0.0, seconds))[0]:
            return False
        try:
            came = os.read(self._descriptor, 65536)
        except OSError:  # nobody has the terminal open any more
            return False
        self.text += CONTROL.sub("", came.decode()).replace("\r", "")
        return bool(came)


@contextmanager
def terminal(*arguments: str) -> Generator[Terminal]:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", IN_A_SESSION, COMMAND, *arguments]
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        try:
            yield Terminal(process, ours)
        finally:
            process.kill()
            os.close(ours)
