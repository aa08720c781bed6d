"""Taking a run up again: what was begun and not finished is closed, what is left of the old browser is ended."""

from __future__ import annotations

from collections.abc import Sequence

from webhand.agent.decision import Decision
from webhand.agent.history import Seen, Step
from webhand.agent.reuse import Pending
from webhand.browser.process import end_browser
from webhand.controller import ActionResult
from webhand.events import Event
from webhand.store import RunLog, RunStore

UNKNOWN = "the run was interrupted while this was carried out and its outcome is unknown; look before you do it again"


def resumed(store: RunStore, run_id: str) -> tuple[RunLog, int, Pending | None]:
    """The run's log, locked and open again, with a `resumed` event and no step left half done; its old length.

    And the decision that it ends with, if that was not begun.

    Raises RunNotFound, and RunLocked while another process carries the run out.
    """
    log = store.open(run_id)
    try:
        events = log.events()
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
