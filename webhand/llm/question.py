"""One question for a structured answer, on its way from the first try to the last."""

from collections.abc import Sequence
from typing import Generic, TypeVar, cast

from pydantic import BaseModel

from webhand.errors import BadRequest, InvalidSetting, OutputInvalid, SchemaRefused
from webhand.llm.ladder import Ladder, with_complaint
from webhand.llm.messages import AssistantMessage, Message, SystemMessage, UserMessage
from webhand.llm.model import ModelSettings, Rung, Stop

T = TypeVar("T", bound=BaseModel)

OUTPUT_RETRIES = 2
FAILURES_PER_RUNG = 2


ROLES = (SystemMessage, UserMessage, AssistantMessage)


def check_question(messages: object, output: object) -> None:
    """Raises InvalidSetting for what no model can be asked."""
    if not isinstance(messages, Sequence) or isinstance(messages, str | bytes):
        raise InvalidSetting(f'messages is {_kind(messages)}; give a list, such as [UserMessage("...")]')
    for message in cast(Sequence[object], messages):
        if not isinstance(message, ROLES):
            raise InvalidSetting(
                f"One of messages is {_kind(message)}; they are SystemMessage, UserMessage and AssistantMessage"
            )
    kind = cast(type[object], output) if isinstance(output, type) else None
    if output is not None and not (kind is not None and issubclass(kind, BaseModel) and kind is not BaseModel):
        raise InvalidSetting(f"output is {_kind(kind or output)}; give a class derived from pydantic.BaseModel")


def _kind(value: object) -> str:
    return f"the class {value.__name__}" if isinstance(value, type) else f"of type {type(value).__name__}"


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
