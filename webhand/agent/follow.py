"""A task that follows another: what the run before it leaves to the next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Self

from webhand.agent.history import Result
from webhand.agent.memory import latest
from webhand.agent.record import STATE
from webhand.llm.borders import inset, one_line
from webhand.store import RunLog

LEFT_OUT = re.compile(r"\((\d+) earlier tasks are left out\)")
LEARNED = 3
"""Steps whose memory is told on, the last ones: each says what has to be known by then."""


@dataclass(frozen=True, slots=True)
class Before:
    """The run before: what the next one's model is told of it, and the state of its browser."""

    run_id: str
    text: str
    state: bytes | None
    steps: int
    """How many steps were made in it."""
    workspace: str
    """The first of the runs that follow each other: they share its folder, where no other is given."""

    @classmethod
    def of(cls, log: RunLog, result: Result[Any], budget: int) -> Self:
        """What a run leaves that has just ended; the runs before it are told of as well.

        `budget` is what a prompt has for memory, in tokens.
        """
        earlier = log.events()[0].data
        lines = [f"Task: {one_line(str(earlier['task']))}", f"Ended: {_end(result)}"]
        memories = [step.decision.memory for step in result.steps[-LEARNED:] if step.decision and step.decision.memory]
        lines += [f"Noted: {inset(memory)}" for memory in dict.fromkeys(memories)]
        text = followed(earlier.get("before") or "", "\n".join(lines), budget)
        return cls(log.run_id, text, log.read_private(STATE), len(result.steps), whose_workspace(log))

    @staticmethod
    def told(before: Before | None) -> dict[str, Any]:
        """What the next run's first event holds of it."""
        if before is None:
            return {}
        return {"continues": before.run_id, "before": before.text, "workspace": before.workspace}

    def hand_over(self, log: RunLog) -> None:
        """Leave the browser's state to the next run's log."""
        if self.state is not None:
            log.private(STATE, self.state)


def whose_workspace(log: RunLog) -> str:
    """The run in whose folder this one works: its own, or the first of those that it follows."""
    return log.events()[0].data.get("workspace", log.run_id)


def followed(before: str, last: str, budget: int) -> str:
    """What was done before with what was done last; of what is too much the oldest tasks are left out."""
    left_out = LEFT_OUT.match(before)
    runs = re.findall(r"^Task: .*(?:\n(?!Task: ).*)*", before, re.MULTILINE)
    kept, gone = latest([*runs, last], budget)
    gone += int(left_out[1]) if left_out else 0
    return "\n".join([*([f"({gone} earlier tasks are left out)"] if gone else []), *kept])


def _end(result: Result[Any]) -> str:
    said = result.answer or result.error or result.limit or ""
    status = "done" if result.success else f"{result.status}, not done" if result.status == "done" else result.status
    return f"{status}: {one_line(said, 1000)}" if said else status
