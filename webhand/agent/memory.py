"""What happened so far, in words and within a budget. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from webhand.agent.history import History, Step
from webhand.controller import ActionCall, ActionResult
from webhand.llm.borders import inset, one_line, unforgeable

CHARACTERS_PER_TOKEN = 3.6
SHOWN = (8000, 1500, 400, 100)
"""Characters of each result of the latest step: the most that leaves the step in its half of the budget."""
OLD_SHOWN = 200
"""Characters of each result of the steps before it."""
LINES_OF_OURS = 80
"""Characters kept free for headings."""


def remembered(history: History, budget: int) -> tuple[str | None, str]:
    """The steps before the latest, None where there are none, and the latest; both within `budget` tokens.

    From step to step the first only grows at its end. Where it comes to fill its half of the budget, its older half is
    left out at once, or stands in notes, so that its beginning then stays the same for long again.
    """
    half = _half(budget)
    last = history.steps[-1]
    told = [step_text(last, shown) for shown in SHOWN]
    latest = next((text for text in told if len(text) <= half), told[-1])
    return _older(history, half), f"The latest step:\n{_cut(latest, half)}"


def overflow(history: History, budget: int) -> int:
    """The number of the step up to which notes should stand in place of the steps; 0 where there is room for all."""
    steps, texts, first = _fitting(history, _half(budget))
    return steps[first - 1].number if first and texts else 0


def _older(history: History, room: int) -> str | None:
    steps, texts, first = _fitting(history, room)
    if not steps and history.notes is None:
        return None
    noted = [f"Your notes on steps 1 to {history.notes.upto}:", inset(history.notes.text)] if history.notes else []
    gone = [f"(steps {steps[0].number} to {steps[first - 1].number} are left out)"] if first else []
    return "\n".join([*map(unforgeable, noted), "What happened:", *gone, *texts[first:]])


def _fitting(history: History, room: int) -> tuple[Sequence[Step], Sequence[str], int]:
    """The steps before the latest that no notes are about, their texts, and the first there is room for."""
    upto, noted = (history.notes.upto, len(history.notes.text)) if history.notes else (0, 0)
    steps = [step for step in history.steps[:-1] if step.number > upto]
    room = max(room - noted, room // 4)
    texts = [_cut(step_text(step, OLD_SHOWN), room // 2) for step in steps]
    first = size = 0
    for number, text in enumerate(texts):
        size += len(text) + 1
        if size > room:
            while size > room // 2 and first < number:
                size -= len(texts[first]) + 1
                first += 1
    return steps, texts, first


def _half(budget: int) -> int:
    return int(budget * CHARACTERS_PER_TOKEN) // 2 - LINES_OF_OURS


def step_text(step: Step, shown: int) -> str:
    """One step as the model is reminded of it, with `shown` characters of each result."""
    where = f" on {one_line(step.observation.url)}" if step.observation else ""
    lines = [f"Step {step.number}{where}"]
    if step.decision:
        told = {"evaluation": step.decision.evaluation, "memory": step.decision.memory, "goal": step.decision.next_goal}
        lines += [f"  {name}: {inset(text)}" for name, text in told.items() if text]
        calls = step.decision.actions
        lines += [
            f"  {call_text(call)}: {inset(_result_text(result, shown))}"
            for call, result in zip(calls, step.results, strict=False)
        ]
        if step.error is None and len(step.results) < len(calls) and not step.done:
            rest = ", ".join(call_text(call) for call in calls[len(step.results) :])
            why = f" as {'that failed' if step.failed else 'the page became another'}" if step.results else ""
            lines.append(f"  not carried out{why}: {rest}")
    if step.error:
        lines.append(f"  your answer failed: {one_line(step.error, 1000)}")
    return unforgeable("\n".join(lines))


def call_text(call: ActionCall) -> str:
    """An action with what it was given, in short: `type e3 "boots" submit`."""
    return " ".join([call.action, *filter(None, (_given(name, value) for name, value in call.arguments.items()))])


def _given(name: str, value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return name if value else f"{name} off"
        case str() if name in ("ref", "to"):
            return one_line(value, 80)
        case str():
            return f'"{one_line(value, 80)}"'
        case list() | tuple():
            return ", ".join(_given("", one) for one in cast("list[Any]", value))
        case _:
            return one_line(str(value), 80)


def _result_text(result: ActionResult, shown: int) -> str:
    text = _cut(result.text, shown)
    return text if result.ok else f"failed: {text}"


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"
