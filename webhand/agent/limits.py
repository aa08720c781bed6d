"""When a run has to end, and when to say that it soon will. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from webhand.agent.config import AgentConfig
from webhand.agent.history import History
from webhand.agent.stuck import Force

SOON = 3 / 4
"""Share of a limit from which on the model is told of it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of something a run may use, and has used, by the name of its setting; `each` is what one step takes."""

    name: str
    used: float
    most: float
    each: float
    unit: str

    @property
    def is_reached(self) -> bool:
        """Whether nothing is left."""
        return self.used >= self.most

    @property
    def is_soon(self) -> bool:
        """Whether most of it is used up."""
        return self.used >= self.most * SOON

    @property
    def is_last(self) -> bool:
        """Whether a step more, such as those before, is the last there is room for."""
        return self.used + 2 * self.each > self.most

    def said(self, amount: float) -> str:
        """So much of it, in words."""
        match self.unit:
            case "US$":
                return f"US$ {amount:.3g}"
            case "s":
                return f"{amount:.4g} s"
            case _:
                return f"{amount:,.0f} {self.unit}"


def reached(history: History, config: AgentConfig, seconds: float, earlier: int = 0) -> str | None:
    """The limit that the run has reached, in words; None while it may go on.

    `seconds` is its time so far, `earlier` how many of its steps were made before it was resumed: somebody has dealt
    with what they failed at.
    """
    for limit in _limits(history, config, seconds):
        if limit.is_reached:
            return f"{limit.name}: {limit.said(limit.most)}"
    if failures_in_a_row(history, earlier) >= config.max_failures:
        return f"max_failures: {config.max_failures} failed steps in a row"
    last = history.steps[-1].observation if len(history.steps) > earlier else None
    return f"patience: {last.stuck}" if last is not None and last.force >= Force.REPORT else None


def notes(history: History, config: AgentConfig, seconds: float) -> Iterator[str]:
    """What the model is told of its limits: of each that is mostly used up, and that a step is the last one."""
    limits = list(_limits(history, config, seconds))
    if any(limit.is_last for limit in limits):
        yield "this is the last step: end with done and report what you have"
    else:
        yield from (f"{one.said(one.most - one.used)} left of {one.said(one.most)}" for one in limits if one.is_soon)


def _limits(history: History, config: AgentConfig, seconds: float) -> Iterator[Limit]:
    steps, usage = len(history.steps), history.usage
    yield Limit("max_steps", steps, config.max_steps, 1, "steps")
    used = {
        "max_seconds": (seconds, config.max_seconds, "s"),
        "max_tokens": ((usage.prompt or 0) + (usage.completion or 0), config.max_tokens, "tokens"),
        "max_cost": (float(history.cost or 0), config.max_cost, "US$"),
    }
    for name, (amount, most, unit) in used.items():
        if most is not None:
            yield Limit(name, amount, most, amount / steps if steps else 0.0, unit)


def failures_in_a_row(history: History, earlier: int = 0) -> int:
    """How many of the latest steps, those after the first `earlier`, brought nothing."""
    count = 0
    for step in reversed(history.steps[earlier:]):
        if not step.failed or step.waited:
            break
        count += 1
    return count
