"""Several models in the place of one: where one fails for a reason of its vendor, the next one answers."""

import math
import time
from asyncio import Semaphore
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from copy import copy
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar, cast, overload

from pydantic import BaseModel

from webhand import errors
from webhand.errors import (
    AuthError,
    InvalidSetting,
    LLMError,
    Overloaded,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    SchemaRefused,
)
from webhand.llm.catalog import get_model
from webhand.llm.faults import LONGEST, one_line
from webhand.llm.kinds import check_option
from webhand.llm.loops import PerLoop
from webhand.llm.messages import Message
from webhand.llm.model import Abilities, Completion, Model
from webhand.llm.picture_size import common_size
from webhand.llm.retry import RetryPolicy
from webhand.llm.vendor import VendorModel
from webhand.usage import Usage, total_cost

T = TypeVar("T", bound=BaseModel)

SURVIVABLE = (RateLimited, Overloaded, ProviderTimeout, ProviderUnavailable, QuotaExhausted, SchemaRefused)
"""What another vendor may survive."""
BRIEF = RetryPolicy(attempts=2, budget=15.0)
"""For models that another one stands behind: waiting is better done there."""
COOLDOWN = 60.0
LONGEST_REST = 3600.0
"""Seconds for which a vendor's own word keeps it from being asked."""


class FallbackModel:
    """Asks the first of `models`; where it fails with one of `on`, the next, and so on.

    A model is a Model or a name, which becomes a model that is tried twice at most if another comes after it. One that
    has failed is asked last for `cooldown` seconds, or for as long as its vendor named, up to an hour. A wrong key is
    never a reason to go on: it is to be put right.

    `Completion.model` says which one answered, and its price holds; what others took before they failed is added.
    """

    def __init__(
        self,
        models: Iterable[str | Model],
        *,
        on: type[LLMError] | Iterable[type[LLMError]] = SURVIVABLE,
        cooldown: float = COOLDOWN,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        given, kinds = _listed(models), _listed([on] if isinstance(on, type) else on)
        if not given or not all(isinstance(one, str | Model) for one in given):
            raise InvalidSetting("give FallbackModel a list with at least one model or name")
        check_option("cooldown", cooldown, float)
        check_option("clock", clock, Callable[..., Any])
        if not (math.isfinite(cooldown) and cooldown >= 0):
            raise InvalidSetting(f"cooldown is {cooldown}; give a number of seconds from 0 up")
        if not kinds or not all(isinstance(kind, type) and issubclass(kind, LLMError) for kind in kinds):
            raise InvalidSetting("on= of a FallbackModel takes classes of LLMError, such as [RateLimited]")
        self._on = cast(tuple[type[LLMError], ...], kinds)
        if any(issubclass(AuthError, kind) for kind in self._on):
            raise InvalidSetting("a wrong key is no reason for another model: name errors other than AuthError in on=")
        last = len(given) - 1
        self.models = tuple(
            get_model(one, retry=BRIEF if place < last else None) if isinstance(one, str) else one
            for place, one in enumerate(cast(tuple[str | Model, ...], given))
        )
        if any(isinstance(model, FallbackModel) for model in self.models):
            raise InvalidSetting("a FallbackModel holds no other one: put all models into one list")
        self._cooldown = cooldown
        self._clock = clock
        self._rests_until: dict[int, float] = {}
        # Who waits within the model for one of its places asks it even if it has failed for all others by then.
        self._doors = PerLoop(lambda: [_door(model) for model in self.models])

    @classmethod
    def of(
        cls, names: Sequence[str], ways: Sequence[Mapping[str, Any]] | None, on: Sequence[str] | None, **shared: Any
    ) -> "FallbackModel":
        """The model of these names, as `way` tells it; `shared` are arguments of `get_model` for all of them."""
        ways = ways or [{} for _ in names]
        built: list[Model] = []
        for name, way in zip(names, ways, strict=True):
            arguments: dict[str, Any] = {**shared, **way}
            arguments.setdefault("retry", BRIEF if len(built) < len(names) - 1 else None)
            built.append(get_model(name, **arguments))
        return cls(built, on=SURVIVABLE if on is None else [_kind(name) for name in on])

    @property
    def name(self) -> str:
        """The names of all, in their order; `get_model` takes it."""
        return ", ".join(model.name for model in self.models)

    @property
    def abilities(self) -> Abilities:
        """What all of them can do."""
        all_of = [model.abilities for model in self.models]
        return Abilities(
            vision=all(one.vision for one in all_of),
            schema=all(one.schema for one in all_of),
            tools=all(one.tools for one in all_of),
            temperature=all(one.temperature for one in all_of),
            reasoning=all(one.reasoning for one in all_of),
            context=min(one.context for one in all_of),
            picture=common_size([one.picture for one in all_of]),
        )

    @property
    def way(self) -> dict[str, Any]:
        """How they are reached, as arguments of `get_model`. No keys."""
        way: dict[str, Any] = {"ways": [way_of(model) for model in self.models]}
        return way if set(self._on) == set(SURVIVABLE) else way | {"on": [kind.__name__ for kind in self._on]}

    def __repr__(self) -> str:
        return f"FallbackModel({[model.name for model in self.models]})"

    @overload
    async def complete(self, messages: Sequence[Message], output: None = None) -> Completion[None]: ...
    @overload
    async def complete(self, messages: Sequence[Message], output: type[T]) -> Completion[T]: ...
    async def complete(self, messages: Sequence[Message], output: type[T] | None = None) -> Completion[Any]:
        """The answer of the first that gives one.

        Where none does, the last error is raised, with what each said in its text.
        """
        began = time.monotonic()
        failed: list[tuple[Model, LLMError]] = []
        left = set(range(len(self.models)))
        while left:
            place = self._first(left)
            model = self.models[place]
            async with self._doors.here()[place]:
                if self._first(left) != place:
                    continue  # it has failed for others while this call waited
                left.remove(place)
                try:
                    done = await model.complete(messages, output)
                except LLMError as error:
                    failed.append((model, error))
                    if not isinstance(error, self._on):
                        break
                    named = min(error.retry_after or 0.0, LONGEST_REST)
                    self._rests_until[place] = self._clock() + max(self._cooldown, named)
                    continue
            self._rests_until.pop(place, None)
            usage, cost = _spent([error for _, error in failed], done.usage, done.cost)
            return replace(done, usage=usage, cost=cost, seconds=time.monotonic() - began)
        raise _told(failed)

    async def aclose(self) -> None:
        """Give the connections of all back; they can be used again afterwards."""
        for model in self.models:
            await model.aclose()

    def _first(self, left: Iterable[int]) -> int:
        """The first of those left that does not rest; where all do, the one that rests the shortest."""
        now = self._clock()
        check_option("what clock gives", now, float)
        return min(left, key=lambda place: (max(0.0, self._rests_until.get(place, 0.0) - now), place))


def _door(model: Model) -> AbstractAsyncContextManager[None]:
    """Lets no more calls through at once than the model asks at once."""
    most = model.max_concurrency if isinstance(model, VendorModel) else None
    return nullcontext() if most is None else Semaphore(most)


def _listed(given: object) -> tuple[object, ...]:
    """What is in it, nothing where it is no list or the like."""
    return tuple(cast(Iterable[object], given)) if isinstance(given, Iterable) and not isinstance(given, str) else ()


def way_of(model: Model) -> dict[str, Any]:
    """How a model is reached, as arguments of `get_model`; empty where its name says it all."""
    return cast("VendorModel[Any]", model).way if isinstance(model, VendorModel | FallbackModel) else {}


def _kind(name: str) -> type[LLMError]:
    kind = getattr(errors, name, None)
    if not (isinstance(kind, type) and issubclass(kind, LLMError)):
        raise InvalidSetting(f"{name!r} is no error of models")
    return kind


def _spent(
    failed: Iterable[LLMError], usage: Usage | None = None, cost: Decimal | None = None
) -> tuple[Usage, Decimal | None]:
    """Tokens and US$ of the calls that failed and of the answer, where there is one."""
    parts = [(error.usage, error.cost) for error in failed if error.usage not in (None, Usage())]
    parts += [] if usage is None else [(usage, cost)]
    return sum((used or Usage() for used, _ in parts), Usage()), total_cost(paid for _, paid in parts)


def _told(failed: Sequence[tuple[Model, LLMError]]) -> LLMError:
    """The last error, with what each of the models said."""
    last = failed[-1][1]
    if len(failed) == 1:
        return last
    share = (LONGEST - len("no model answered: ")) // len(failed) - 2
    said = [f"{one.name}: {str(error).removeprefix(f'{one.name}: ')}" for one, error in failed]
    error = copy(last)
    error.args = ("no model answered: " + "; ".join(one_line(text, share) for text in said),)
    error.__cause__ = last
    error.usage, error.cost = _spent(one for _, one in failed)
    hints = [one.retry_after for _, one in failed if one.retry_after is not None]
    error.retry_after = min(hints, default=None)
    return error
