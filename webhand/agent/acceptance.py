"""Whether what `done` gives may be the end: the caller's checks, and a second look by a model."""

from __future__ import annotations

import inspect
from importlib import resources
from typing import Any

from pydantic import BaseModel, ConfigDict

from webhand.agent.config import AgentConfig
from webhand.agent.history import History
from webhand.agent.memory import Memory
from webhand.agent.prompt import page_view
from webhand.browser import Observation
from webhand.errors import LLMError
from webhand.llm.messages import Part, SystemMessage, Text, UserMessage
from webhand.llm.model import Model

DOUBTS = 2
"""Times that the second look may send a run on: a judge can be wrong, and the run has to come to an end."""
_judge = resources.files("webhand.agent").joinpath("prompts", "judge.md").read_text("utf-8")


class Verdict(BaseModel):
    """What the second look found; `missing` says what is not done or not shown, empty where all is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fulfilled: bool
    missing: str


class Acceptance:
    """Says of a value that `done` gives why it cannot be the end yet, in one run."""

    def __init__(self, config: AgentConfig, memory: Memory, judge: Model) -> None:
        self._checks = config.output_checks
        self._judge = judge if config.judge else None
        self._memory = memory
        self._doubts = 0

    async def problem(self, value: str | BaseModel, history: History, seen: Observation) -> str | None:
        """The first thing that is wrong, None where nothing is."""
        for check in self._checks:
            if problem := await _checked(check, value):
                return problem
        return await self._second_look(value, history, seen)

    async def _second_look(self, value: str | BaseModel, history: History, seen: Observation) -> str | None:
        if self._judge is None or self._doubts >= DOUBTS:
            return None
        given = value if isinstance(value, str) else value.model_dump_json()
        older, latest = self._memory.remembered(history.steps, history.notes) if history.steps else ((), "")
        happened = (f"The task:\n{history.task}", *older, latest)
        parts: list[Part] = [Text(text) for text in happened if text]
        parts += [Text("The page now:"), page_view(seen), Text(f"The answer:\n{given}")]
        try:
            reply = await self._judge.complete([SystemMessage([Text(_judge)]), UserMessage(parts)], output=Verdict)
        except LLMError:  # nobody to look twice: the model's own word counts
            return None
        if reply.output.fulfilled or not reply.output.missing:
            return None
        self._doubts += 1
        return reply.output.missing


async def _checked(check: Any, value: str | BaseModel) -> str | None:
    """What a check of the caller's finds wrong: the text it gives or raises; False without a word is one too."""
    try:
        said = check(value)
        said = await said if inspect.isawaitable(said) else said
    except (ValueError, AssertionError) as error:
        return str(error) or f"{getattr(check, '__name__', 'a check')} failed"
    if said is False:
        return f"{getattr(check, '__name__', 'a check')} failed"
    return said if isinstance(said, str) and said else None
