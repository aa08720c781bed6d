"""`webhand` with any arguments: in this process, and in one of its own where that is what a test is about."""

import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from webhand.cli.app import run

COMMAND = str(Path(sys.executable).with_name("webhand"))

Ended = subprocess.CompletedProcess[str]


def called(*arguments: str) -> Ended:
    """Called here, as a process takes longer to import all than most commands take."""
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        code = run(list(arguments))
    return Ended(arguments, code, out.getvalue(), err.getvalue())


def started(*arguments: str, typed: str = "") -> Ended:
    """Started as its users start it; what is typed comes through a pipe."""
    return subprocess.run([COMMAND, *arguments], input=typed, capture_output=True, text=True, timeout=60)
