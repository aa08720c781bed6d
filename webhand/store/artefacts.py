"""Files beside the log: pictures and texts named by their content, and browser state that is nobody else's."""

import os
import re
from hashlib import sha256
from itertools import count
from pathlib import Path

from webhand.errors import StoreError

_SUFFIX = re.compile(r"(\.[a-z0-9]{1,12}){1,2}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")
_LONGEST_NAME = 100


class Artefacts:
    """The files of one run under `folder`.

    What is half written bears the run's id and the end `.part`; `sweep` removes what a killed process left of it.
    """

    def __init__(self, folder: Path, run_id: str) -> None:
        self._shared = folder / "artefacts"
        self._private = folder / "private" / run_id
        self._run_id = run_id
        self._numbers = count()

    def save(self, content: bytes, suffix: str) -> Path:
        """The file that holds `content`, named by its hash; the same content is kept once."""
        digest = sha256(content).hexdigest()
        target = self._shared / digest[:2] / f"{digest}{_safe(suffix)}"
        if not (target.is_file() and target.stat().st_size == len(content)):
            self._put(target, content)
        return target

    def put_private(self, name: str, content: bytes) -> Path:
        """The run's private file `name`, now with `content`; readers find the old or the new, never a mixture."""
        target = self._private_file(name)
        self._put(target, content)
        return target

    def private(self, name: str) -> bytes | None:
        """What the run's private file `name` holds; None where there is none."""
        try:
            return self._private_file(name).read_bytes()
        except FileNotFoundError:
            return None

    def sweep(self) -> None:
        """Remove what was half written when the run's last owner died."""
        for path in self._shared.glob(f"{self._run_id}-*.part"):
            path.unlink(missing_ok=True)

    def _private_file(self, name: str) -> Path:
        if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
            raise StoreError(f"{name[:_LONGEST_NAME]!r} is no name for a private file; use letters, digits, - _ and .")
        return self._private / name

    def _put(self, target: Path, content: bytes) -> None:
        for folder in (self._shared, target.parent.parent, target.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
        part = self._shared / f"{self._run_id}-{os.getpid()}-{next(self._numbers)}.part"
        try:
            with open(part, "xb", opener=_for_owner_only) as file:
                file.write(content)
            os.replace(part, target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def _safe(suffix: str) -> str:
    # It may come from a page's download: what is no plain ending is left out.
    wanted = f".{suffix.lower().removeprefix('.')}"
    return wanted if _SUFFIX.fullmatch(wanted) else ""


def _for_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
