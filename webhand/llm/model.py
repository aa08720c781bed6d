"""What a model is: one call, its settings, and what comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, Literal, Protocol, TypeVar, overload, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field

from webhand.llm.messages import Message
from webhand.llm.picture_size import PictureSize
from webhand.usage import Usage

T = TypeVar("T", bound=BaseModel)
OutputT = TypeVar("OutputT")

Rung = Literal["native_schema", "forced_tool", "json_object", "prompt_only"]
Stop = Literal["stop", "length", "tool", "filtered", "refused", "context", "error"]


class ModelSettings(BaseModel):
    """How a model answers; what a vendor's model does not take is left out of the request.

    `temperature` None leaves the vendor's default; `max_tokens` bounds the answer, thoughts included; `reasoning` is
    the effort for models that think.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    temperature: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    max_tokens: int = Field(default=8192, ge=1)
    reasoning: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None


@dataclass(frozen=True)
class Completion(Generic[OutputT]):
    """One answer of a model.

    `output` is the validated value, or None where none was asked for; `text` the answer as it came; `stop` the reason
    for the end in our words and `raw_stop` in the vendor's; `model` the full name of the one that answered; `rung` how
    the structure was asked for; `seconds` the time of the whole call with its retries. `usage` and `cost` (US$, None
    where a price is unknown) count the answers that could not be used too.
    """

    output: OutputT
    text: str
    usage: Usage
    stop: Stop
    raw_stop: str | None
    model: str
    request_id: str | None
    rung: Rung | None
    seconds: float
    cost: Decimal | None = None


@dataclass(frozen=True)
class Abilities:
    """What a model can do, with the defaults for a model that nobody has heard of."""

    vision: bool = True
    schema: bool = True
    tools: bool = True
    temperature: bool = True
    reasoning: bool = False
    context: int = 128_000
    picture: PictureSize = PictureSize()


@runtime_checkable
class Model(Protocol):
    """Anything that answers messages; `name` is `provider/model`."""

    @property
    def name(self) -> str:
        """The full name, as `get_model` takes it."""
        ...

    @property
    def abilities(self) -> Abilities:
        """What may be sent and asked."""
        ...

    @overload
    async def complete(self, messages: Sequence[Message], output: None = None) -> Completion[None]: ...
    @overload
    async def complete(self, messages: Sequence[Message], output: type[T]) -> Completion[T]: ...
    async def complete(self, messages: Sequence[Message], output: type[T] | None = None) -> Completion[Any]:
        """The model's answer to `messages`, as an `output` where one is asked for.

        Raises an `LLMError`; transport failures have been retried by then, answers that do not fit have been asked
        for again with the error shown.
        """
        ...

    async def aclose(self) -> None:
        """Give connections back; the model can be used again afterwards."""
        ...
