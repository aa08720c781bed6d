"""The states that are kept in the data folder, by name."""

import os
import re
import tempfile
from pathlib import Path

from webhand.errors import ConfigError, StoreError
from webhand.settings import load_settings

FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class State:
    """One state; ConfigError for a name that is none."""

    def __init__(self, name: str) -> None:
        if not FORM.fullmatch(name):
            raise ConfigError(f"{name!r} is no name for a state; use up to 64 letters, digits, - and _")
        self.name = name
        self.path = _folder() / f"{name}.json"

    def found(self) -> Path:
        """Its file; ConfigError, which lists the known ones, when there is none."""
        if not self.path.is_file():
            told = ", ".join(known()) or "none; webhand state save NAME URL makes one"
            raise ConfigError(f"there is no state {self.name!r}; known are: {told}")
        return self.path

    def write(self, content: str) -> Path:
        """The file, now with this content, for its owner alone; readers find the old one or the new one."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.parent.chmod(0o700)
            handle, part = tempfile.mkstemp(prefix=f"{self.name}-", suffix=".part", dir=self.path.parent)  # has 0600
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(content)
                os.replace(part, self.path)
            except BaseException:
                os.unlink(part)
                raise
        except OSError as error:
            raise StoreError(f"{self.path} cannot be written: {error.strerror}") from None
        return self.path


def known() -> list[str]:
    """The names of all states."""
    return sorted(path.stem for path in _folder().glob("*.json"))


def _folder() -> Path:
    return load_settings().home / "states"
