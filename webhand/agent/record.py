"""The record of a run: its log, and those who are told of each event once it is in there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import isawaitable
from typing import Any, Literal, cast

from webhand.controller.redact import redacted
from webhand.events import Event, EventType, Sink
from webhand.secrets import Secret
from webhand.store import RunLog

Status = Literal["done", "failed", "limit", "stopped"]


class Record:
    """Writes events, with the secrets' values taken out, and tells the sinks; a sink that raises ends the run."""

    def __init__(self, log: RunLog, sinks: Sequence[Sink], secrets: Mapping[str, Secret]) -> None:
        self.log = log
        self.ended = False
        self._sinks = sinks
        self._secrets = secrets

    async def emit(self, type: EventType, data: Mapping[str, Any]) -> None:
        """Write an event to the log, then tell the sinks."""
        await self._tell(self.log.append(type, self._veiled(data) if self._secrets else data))

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

    def _veiled(self, value: Any) -> Any:
        match value:
            case str():
                return redacted(value, self._secrets)
            case Mapping():
                given = cast("Mapping[str, Any]", value)
                return {key: self._veiled(one) for key, one in given.items()}
            case list() | tuple():
                return [self._veiled(one) for one in cast("Sequence[Any]", value)]
            case _:
                return value
