"""The time that a run has worked."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from time import monotonic


class Stopwatch:
    """Counts while the run works, on from `seconds`, and stands still while people are waited for.

    It goes by a clock that nobody can put forward or back.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self._counted: float = seconds
        self._since: float | None = None

    @property
    def seconds(self) -> float:
        """What it shows now."""
        return self._counted + (0.0 if self._since is None else monotonic() - self._since)

    @contextmanager
    def running(self) -> Generator[None]:
        """Counts until it is left."""
        yield from self._switched(on=True)

    @contextmanager
    def stopped(self) -> Generator[None]:
        """Stands still until it is left; then it is as before."""
        yield from self._switched(on=False)

    def _switched(self, *, on: bool) -> Generator[None]:
        was_on = self._since is not None
        self._switch(on)
        try:
            yield
        finally:
            self._switch(was_on)

    def _switch(self, on: bool) -> None:
        self._counted, self._since = self.seconds, monotonic() if on else None
