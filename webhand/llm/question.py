"""One question for a structured answer, on its way from the first try to the last."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from pydantic import BaseModel

from webhand.errors import BadRequest, OutputInvalid, SchemaRefused
from webhand.llm.ladder import Ladder, with_complaint
from webhand.llm.messages import Message
from webhand.llm.model import ModelSettings, Rung, Stop

T = TypeVar("T", bound=BaseModel)

OUTPUT_RETRIES = 2
FAILURES_PER_RUNG = 2


class Question(Generic[T]):
    """Where on the ladder a question stands and what has gone wrong so far."""

    def __init__(self, messages: Sequence[Message], output: type[T], ladder: Ladder, settings: ModelSettings) -> None:
        self.messages = messages
        self.output = output
        self.settings = settings
        self.ladder = ladder
        self.rung: Rung = ladder.rung(output)
        self.failures = 0
        self._cut: OutputInvalid | None = None

    def refused(self, error: BadRequest) -> None:
        """The vendor refused the request: go one rung down if the schema was the reason, else raise."""
        if self._cut is not None:
            # The request differs from an accepted one only by its raised cap, so the cut answer is the truth.
            raise self._cut from error
        lower = self.ladder.below(self.rung)
        if lower is None or not isinstance(error, SchemaRefused):
            raise error
        self.rung = lower

    def failed(self, error: OutputInvalid, stop: Stop) -> None:
        """The answer cannot be used: show the model why, or give it more room, or raise when that was the last try."""
        self.failures += 1
        if self.failures > OUTPUT_RETRIES or self._cut is not None:
            raise error
        if stop == "length":
            self._cut = error
            self.settings = self.settings.model_copy(update={"max_tokens": 2 * self.settings.max_tokens})
            return
        self.messages = with_complaint(self.messages, error.raw, str(error))
        if self.failures == FAILURES_PER_RUNG:
            self.rung = self.ladder.below(self.rung) or self.rung

    def answered(self) -> None:
        """The answer was good: ask the next time where this one was."""
        self.ladder.remember(self.output, self.rung)
