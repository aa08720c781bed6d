"""The files of a run: what it may read, and the folder that it writes into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from webhand.errors import ActionDenied, ActionError, InvalidArguments

LARGEST = 20_000_000
"""Bytes that one file of the folder may have."""
LISTED = 20
"""Files that are named when another one is asked for."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder, None where nothing can be written, and files elsewhere that may be read as well."""

    folder: Path | None
    files: Sequence[Path] = ()

    def readable(self, name: str) -> Path:
        """The file that is meant: one of those listed, by its path or its name alone, or one in the folder.

        Raises ActionDenied for any other and InvalidArguments for one that is not there.
        """
        listed = [path.resolve() for path in self.files]
        folder = self.folder.resolve() if self.folder else None
        path = (folder / name if folder and not Path(name).is_absolute() else Path(name)).resolve()
        by_name = [one for one in listed if one.name == name]
        if path not in listed and len(by_name) == 1:
            path = by_name[0]
        if path not in listed and not (folder and path.is_relative_to(folder)):
            raise ActionDenied(f"{name} may not be read; {self._told()}")
        if not path.is_file():
            raise InvalidArguments(f"there is no file {name}; {self._told()}")
        return path

    def writable(self, name: str) -> Path:
        """Where a file of this name lies in the folder, its own folder made; ActionDenied for what lies outside."""
        if self.folder is None:
            raise ActionDenied("there is no folder to save files in")
        folder = self.folder.resolve()
        path = (folder / name).resolve()
        if path == folder or not path.is_relative_to(folder) or path.is_dir():
            raise ActionDenied(f"{name!r} is no name of a file in the folder of this run; give one such as notes.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def write(self, name: str, content: str, *, append: bool = False) -> Path:
        """Write a text, or add it to what the file holds; the file's path.

        A file is replaced at once or not at all. Raises ActionError when there is no room, or it becomes too large.
        """
        path = self.writable(name)
        try:
            before = path.read_text("utf-8") if append and path.exists() else ""
            data = (before + content).encode("utf-8", errors="replace")
            if len(data) > LARGEST:
                raise ActionError(f"{name} would have {len(data):,} bytes, more than {LARGEST:,}; begin another file")
            part = path.with_name(f".{path.name}.part")
            part.write_bytes(data)
            part.replace(path)
        except (OSError, UnicodeDecodeError) as problem:
            raise ActionError(f"{name} could not be written: {problem}") from None
        return path

    def _told(self) -> str:
        folder = self.folder
        inside = sorted(folder.rglob("*")) if folder and folder.is_dir() else []
        own = [str(path.relative_to(folder)) for path in inside if folder and path.is_file()]
        known = [*map(str, self.files), *own]
        more = f" and {len(known) - LISTED} more" if len(known) > LISTED else ""
        return f"files of this task: {', '.join(known[:LISTED]) or 'none'}{more}"
