"""The record of a run: its log, and those who are told of each event once it is in there."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from hashlib import sha256
from inspect import isawaitable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from webhand.browser import Kept
from webhand.browser.standing import Standing
from webhand.browser.storage import Storage
from webhand.controller.redact import put_back, without_secrets
from webhand.events import Event, EventType, Sink
from webhand.secrets import Secret
from webhand.store import RunLog

STATE = "state.json"
"""Where the browser's state is kept beside the log."""
Status = Literal["done", "failed", "limit", "stopped"]


class BrowserState(BaseModel):
    """What is kept of the browser after each `step`: cookies and storage, the tabs, the browser if it outlives us."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    storage: Storage | None = None
    tabs: tuple[Standing, ...] = ()
    browser: Kept | None = None
    step: int | None = None


class Record:
    """Writes events, with the secrets' values taken out, and tells the sinks; a sink that raises ends the run."""

    def __init__(self, log: RunLog, sinks: Sequence[Sink], secrets: Mapping[str, Secret]) -> None:
        self.log = log
        self.ended = False
        self._sinks = sinks
        self._secrets = secrets
        self._kept = b""
        self._damaged = False

    async def emit(self, type: EventType, data: Mapping[str, Any]) -> None:
        """Write an event to the log, then tell the sinks."""
        await self._tell(self.log.append(type, self.veiled(data)))

    def veiled(self, value: Any) -> Any:
        """A plain value with the secrets taken out of it."""
        return without_secrets(value, self._secrets) if self._secrets else value

    def keep_state(self, state: Mapping[str, Any]) -> None:
        """Keep the browser's state beside the log, for its owner alone, and without secrets all the same."""
        text = json.dumps(self.veiled(state)).encode()
        if (digest := sha256(text).digest()) != self._kept:  # written anew it is a new file, and a wait for the disk
            self.log.private(STATE, text)
            self._kept, self._damaged = digest, False

    def state(self) -> dict[str, Any]:
        """The browser's state as it was kept last, with secrets where it had them; empty when there is none.

        One that is damaged is none: somebody is told so, and the run goes on without it.
        """
        if self._damaged or not (text := self.log.read_private(STATE)):
            return {}
        try:
            state = json.loads(text)
            BrowserState.model_validate(state)
        except (ValueError, RecursionError):
            self._damaged = True
            lost = "it goes on without the cookies, storage and tabs that it had"
            warnings.warn(f"the browser's state of run {self.log.run_id} is damaged ({STATE}): {lost}", stacklevel=2)
            return {}
        return put_back(state, self._secrets)

    async def catch_up(self, after: int) -> None:
        """Tell the sinks of the events that were written before there was a record, from number `after` on."""
        for event in self.log.events(after=after):
            await self._tell(event)

    async def end(
        self,
        status: Status,
        seconds: float,
        *,
        limit: str | None = None,
        error: str | None = None,
        final_url: str | None = None,
    ) -> None:
        """Write how the run ended; only the first end counts."""
        if self.ended:
            return
        self.ended = True
        end = {"status": status, "seconds": round(seconds, 3), "limit": limit, "error": error, "final_url": final_url}
        await self.emit("run.ended", end)

    async def _tell(self, event: Event) -> None:
        for sink in self._sinks:
            told = sink(event)
            if isawaitable(told):
                await told
