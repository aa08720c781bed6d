"""What happens in a run, one `Event` each; sinks are plain callables.

Every effect has two events, one written before it and one after, so that a log that ends in between says so.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

EventType = Literal[
    "run.started",
    "step.started",
    "observed",
    "model.called",
    "decided",
    "action.started",
    "action.finished",
    "step.finished",
    "asked",
    "told",
    "paused",
    "resumed",
    "run.ended",
]


class Event(BaseModel):
    """One thing that happened in one run.

    `seq` counts from 1 within the run without gaps; `at` is the wall clock in UTC and only informs: nothing is timed
    by it. `data` holds plain JSON values.
    """

    model_config = ConfigDict(frozen=True)

    run_id: str
    seq: int
    at: datetime
    type: EventType
    data: Mapping[str, Any]


Sink = Callable[[Event], None | Awaitable[None]]
