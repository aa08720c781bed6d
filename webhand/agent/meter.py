"""What the calls of a step cost, whoever makes them: the decision, an extract, a summary, a judge."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeVar, overload

from pydantic import BaseModel

from webhand.errors import LLMError
from webhand.llm.messages import Message
from webhand.llm.model import Abilities, Completion, Model
from webhand.usage import Usage, total_cost

T = TypeVar("T", bound=BaseModel)


class Meter:
    """Adds up tokens and US$ of the models that it is put on; None is unknown."""

    def __init__(self) -> None:
        self._usage: list[Usage] = []
        self._costs: list[Decimal | None] = []

    def on(self, model: Model) -> Model:
        """The model, with its calls counted here."""
        return _Metered(model, self)

    def add(self, usage: Usage | None, cost: Decimal | None) -> None:
        """Count one call; one that took nothing does not count."""
        if usage is not None and usage != Usage():
            self._usage.append(usage)
            self._costs.append(cost)

    def taken(self) -> tuple[Usage, Decimal | None]:
        """What was counted since it was last taken."""
        taken = sum(self._usage, Usage()), total_cost(self._costs)
        self._usage, self._costs = [], []
        return taken


class _Metered:
    def __init__(self, model: Model, meter: Meter) -> None:
        self._model = model
        self._meter = meter

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def abilities(self) -> Abilities:
        return self._model.abilities

    @overload
    async def complete(self, messages: Sequence[Message], output: None = None) -> Completion[None]: ...
    @overload
    async def complete(self, messages: Sequence[Message], output: type[T]) -> Completion[T]: ...
    async def complete(self, messages: Sequence[Message], output: type[T] | None = None) -> Completion[Any]:
        try:
            reply = await (
                self._model.complete(messages) if output is None else self._model.complete(messages, output=output)
            )
        except LLMError as error:
            self._meter.add(error.usage, error.cost)
            raise
        self._meter.add(reply.usage, reply.cost)
        return reply

    async def aclose(self) -> None:
        """The run closes the model itself."""
