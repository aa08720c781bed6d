"""When a run has to end. Pure."""

from webhand.agent.config import AgentConfig
from webhand.agent.history import History


def reached(history: History, config: AgentConfig, seconds: float, earlier: int = 0) -> str | None:
    """The limit that the run has reached, in words; None while it may go on.

    `seconds` is its time so far, `earlier` how many of its steps were made before it was resumed: somebody has dealt
    with what they failed at.
    """
    usage = history.usage
    if len(history.steps) >= config.max_steps:
        return f"max_steps: {config.max_steps} steps"
    if config.max_seconds is not None and seconds >= config.max_seconds:
        return f"max_seconds: {config.max_seconds:g} s"
    if config.max_tokens is not None and (usage.prompt or 0) + (usage.completion or 0) >= config.max_tokens:
        return f"max_tokens: {config.max_tokens:,} tokens"
    if config.max_cost is not None and float(history.cost or 0) >= config.max_cost:
        return f"max_cost: US$ {config.max_cost:g}"
    if failures_in_a_row(history, earlier) >= config.max_failures:
        return f"max_failures: {config.max_failures} failed steps in a row"
    return None


def failures_in_a_row(history: History, earlier: int = 0) -> int:
    """How many of the latest steps, those after the first `earlier`, brought nothing."""
    count = 0
    for step in reversed(history.steps[earlier:]):
        if not step.failed:
            break
        count += 1
    return count
