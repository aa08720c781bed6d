"""What goes into an adapter and what comes out: one request, one reply."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from webhand.llm.model import ModelSettings, Rung, Stop, Usage

Channel = Literal["content", "tool_arguments", "groq_failed_generation"]


@dataclass(frozen=True)
class Ask:
    """How one answer is asked for.

    `rung` None asks for free text. `schema` is compiled for the rung, `name` is the schema's. `failures` counts the
    answers to this question that could not be used so far.
    """

    settings: ModelSettings
    rung: Rung | None = None
    schema: Mapping[str, Any] = field(default_factory=dict[str, Any])
    name: str = ""
    failures: int = 0


@dataclass(frozen=True)
class Reply:
    """What the vendor sent, in our words.

    `arguments` are those of the forced tool, as text or decoded. `reason` says why the vendor or the model stopped,
    where it says so, and `remark` is what the vendor says about that: it is none of the answer.
    """

    text: str
    arguments: str | Mapping[str, Any] | None = None
    usage: Usage = field(default_factory=Usage)
    stop: Stop = "stop"
    raw_stop: str | None = None
    request_id: str | None = None
    reason: str | None = None
    remark: str | None = None
    channel: Channel = "content"
