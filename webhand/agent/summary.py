"""Notes in place of old steps, by a model: a long run keeps what it has learned within its budget."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from importlib import resources
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict

from webhand.agent.history import History, Notes
from webhand.agent.memory import CHARACTERS_PER_TOKEN, OLD_SHOWN, Memory, step_text
from webhand.errors import ConfigError, LLMError
from webhand.llm.messages import SystemMessage, Text, UserMessage
from webhand.llm.model import Completion, Model

SHARE = 1 / 6
"""Share of the budget for memory that notes may take."""
WORDS_PER_TOKEN = 0.7
REST = 10
"""Steps after which a model that gave no notes is asked again."""
_rules = resources.files("webhand.agent").joinpath("prompts", "summary.md").read_text("utf-8")


class Summary(BaseModel):
    """What a model is asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    notes: str


Within: TypeAlias = Callable[[Awaitable[Completion[Summary]]], Awaitable[Completion[Summary]]]
"""Waits for the model's answer as long as there is time for it; LLMError where it does not come."""


class Notekeeper:
    """Makes notes for one run when its steps do not fit into the budget of memory any more."""

    def __init__(self, memory: Memory, model: Model, within: Within) -> None:
        self._memory = memory
        self._model = model
        self._within = within
        self._rests_until = 0

    async def notes(self, history: History) -> Notes | None:
        """Notes in place of the steps that do not fit; None where all fit or no model gives any.

        Then the oldest are left out by rule, and the model is asked again some steps later.
        """
        upto = self._memory.overflow(history.steps, history.notes)
        if not upto or upto < self._rests_until:
            return None
        try:
            messages = _messages(history, upto, self._memory.budget)
            reply = await self._within(self._model.complete(messages, output=Summary))
            text = reply.output.notes.strip()
        except (LLMError, ConfigError):
            text = ""
        if not text:
            self._rests_until = upto + REST
            return None
        room = int(self._memory.budget * SHARE * CHARACTERS_PER_TOKEN) * 2  # a model may take more than it was asked to
        return Notes(upto=upto, text=text[:room])


def _messages(history: History, upto: int, budget: int) -> Sequence[SystemMessage | UserMessage]:
    told = history.notes.text if history.notes else ""
    after = history.notes.upto if history.notes else 0
    steps = [step_text(step, OLD_SHOWN * 2) for step in history.steps[after:upto]]
    parts = [f"The task:\n{history.task}", *([f"Your notes so far:\n{told}"] if told else []), *steps]
    rules = _rules.replace("{words}", str(int(budget * SHARE * WORDS_PER_TOKEN)))
    return SystemMessage([Text(rules)]), UserMessage([Text(part) for part in parts])
