"""Taking a run up again: what was begun and not finished is closed, what is left of the old browser is ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from webhand.agent.decision import Decision
from webhand.agent.history import Result, Seen, Step
from webhand.agent.people import unanswered
from webhand.agent.reuse import Pending
from webhand.browser.process import end_browser
from webhand.controller import ActionResult
from webhand.errors import ConfigError, StoreCorrupt
from webhand.events import Event, EventType
from webhand.store import RunLog, RunStore

UNKNOWN = "the run was interrupted while this was carried out and its outcome is unknown; look before you do it again"

NEEDED: Mapping[EventType, Sequence[str]] = {
    "run.started": ("task",),
    "step.started": ("browser_pid",),
    "action.started": ("action",),
    "action.finished": ("seconds",),
    "run.ended": ("status",),
}
"""What a run that goes on reads of events by itself, besides the steps."""


def check_log(events: Sequence[Event]) -> None:
    """Raises StoreCorrupt for a log that lacks what each log has, or tells it in another way; before it is touched."""
    try:
        Result[Any].of(events)
        interrupted(events)
        Pending.of(events)
        unanswered(events)
        for event in events:
            for name in NEEDED.get(event.type, ()):
                event.data[name]
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        told = f"lacks {error}" if isinstance(error, KeyError) else str(error).splitlines()[0]
        raise StoreCorrupt(f"the log of run {events[0].run_id} is damaged or of another version: {told}") from None


def refuse_done(events: Sequence[Event]) -> None:
    """Raises ConfigError for a run that has come to its end."""
    if events[-1].type == "run.ended" and events[-1].data["status"] == "done":
        raise ConfigError(f"run {events[0].run_id} is done; there is nothing to resume")


def resumed(store: RunStore, run_id: str) -> tuple[RunLog, int, Pending | None]:
    """The run's log, locked and open again, with a `resumed` event and no step left half done; its old length.

    And the decision that it ends with, if that was not begun.

    Raises RunNotFound, RunLocked while another process carries the run out, and ConfigError where it is done by now.
    """
    log = store.open(run_id)
    try:
        events = log.events()
        refuse_done(events)
        pid = _left_behind(events)
        log.append("resumed", {"after": events[-1].seq, "ended_browser": pid is not None and end_browser(pid)})
        if (half := interrupted(events)) is not None:
            log.append("step.finished", half.model_dump(mode="json"))
    except BaseException:
        log.close()
        raise
    return log, events[-1].seq, Pending.of(events)


def _left_behind(events: Sequence[Event]) -> int | None:
    """The process of the browser that the run launched and had no time to close."""
    last = next((event for event in reversed(events) if event.type in ("step.started", "run.ended")), None)
    return last.data.get("browser_pid") if last is not None and last.type == "step.started" else None


def interrupted(events: Sequence[Event]) -> Step | None:
    """The step whose actions were begun and not finished, as far as it came; None when there is none."""
    last = max((event.seq for event in events if event.type == "step.finished"), default=0)
    open_events = {event.type: event for event in events if event.seq > last}
    if "action.started" not in open_events:
        return None
    decided, begun = open_events["decided"].data, open_events["action.started"]
    results = [ActionResult.model_validate(e.data) for e in events if e.seq > last and e.type == "action.finished"]
    started = sum(event.type == "action.started" for event in events if event.seq > last)
    if started > len(results):
        results.append(ActionResult(action=begun.data["action"], ok=False, text=UNKNOWN, error="Interrupted"))
    seen = open_events.get("observed")
    return Step(
        number=decided["step"],
        observation=None if seen is None else Seen.model_validate(seen.data),
        decision=Decision.model_validate(decided["decision"]),
        results=tuple(results),
        usage=decided["usage"],
        cost=decided["cost"],
    )
