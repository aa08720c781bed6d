"""What happened so far, in words and within a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, cast

from webhand.agent.history import Notes, Step
from webhand.controller import ActionCall, ActionResult
from webhand.llm.borders import inset, one_line, unforgeable

CHARACTERS_PER_TOKEN = 3.6
SHARE = 1 / 8
"""Share of the budget that what was done before may take, and what people have said: the latest is kept whole."""
SHOWN = (8000, 1500, 400, 100)
"""Characters of each result of the latest step: the most that leaves the step in its half of the budget."""
OLD_SHOWN = 200
"""Characters of each result of the steps before it."""
LINES_OF_OURS = 80
"""Characters kept free for headings."""


def latest(texts: Sequence[str], budget: int) -> tuple[Sequence[str], int]:
    """The latest of the texts, those before it as far as there is room; and how many are left out."""
    room, kept = int(budget * CHARACTERS_PER_TOKEN * SHARE), 0
    for text in reversed(texts):
        room -= len(text)
        if kept and room < 0:
            break
        kept += 1
    return texts[len(texts) - kept :], len(texts) - kept


@dataclass(frozen=True, slots=True)
class _Told:
    """Steps in words, those from number `begin` on: the latest of them, in `size` of `room` characters.

    `upto` is the number of the last one that is left out, 0 where all are told.
    """

    room: int
    begin: int = 0
    upto: int = 0
    texts: tuple[str, ...] = ()
    size: int = 0

    def add(self, step: Step) -> _Told:
        """With the next step; where there is no room for it, the older half is left out at once."""
        text = _cut(step_text(step, OLD_SHOWN), self.room // 2)
        texts, size = (*self.texts, text), self.size + len(text) + 1
        gone = 0
        if size > self.room:
            while size > self.room // 2 and gone < len(texts) - 1:
                size -= len(texts[gone]) + 1
                gone += 1
        upto = step.number - len(texts) + gone if gone else self.upto
        return _Told(self.room, self.begin or step.number, upto, texts[gone:], size)


class Memory:
    """What one run is reminded of, within `budget` tokens; each step is put into words once."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self._half = int(budget * CHARACTERS_PER_TOKEN) // 2 - LINES_OF_OURS
        self._notes: Notes | None = None
        self._told = _Told(self._half)
        self._next = 0

    def remembered(self, steps: Sequence[Step], notes: Notes | None) -> tuple[Sequence[str], str]:
        """The steps before the latest, none where it is the first, and the latest; both within the budget.

        `notes` stand in place of the steps that they are about. From step to step another text comes to the first, and
        those before stay word for word: some vendors find what they have read before by whole texts alone. Where they
        come to fill their half of the budget, the older half is left out at once, or stands in notes, so that the
        beginning then stays the same for long again.
        """
        older = self._older(steps, notes)
        return older, f"{'Then:' if older else 'What happened:'}\n{_latest(steps[-1], self._half)}"

    def overflow(self, steps: Sequence[Step], notes: Notes | None) -> int:
        """The number of the step up to which notes should stand in place of the steps; 0 where all have room."""
        return self._known(steps, notes).upto

    def _older(self, steps: Sequence[Step], notes: Notes | None) -> Sequence[str]:
        told = self._known(steps, notes)
        if not told.texts and notes is None:
            return ()
        noted = [f"Your notes on steps 1 to {notes.upto}:", inset(notes.text)] if notes else []
        gone = [f"(steps {told.begin} to {told.upto} are left out)"] if told.upto else []
        return "\n".join([*map(unforgeable, noted), "What happened:", *gone, *told.texts[:1]]), *told.texts[1:]

    def _known(self, steps: Sequence[Step], notes: Notes | None) -> _Told:
        """The steps before the latest that no notes are about; those that were known already are not read again."""
        if notes != self._notes:
            room = self._half - len(notes.text) if notes else self._half
            self._told, self._next = _Told(max(room, self._half // 4)), notes.upto if notes else 0
            self._notes = notes
        new = steps[self._next : -1]
        self._told, self._next = reduce(_Told.add, new, self._told), self._next + len(new)
        return self._told


def _latest(step: Step, room: int) -> str:
    """The latest step in words, with as much of its results as there is room for."""
    text = ""
    for shown in SHOWN:
        if len(text := step_text(step, shown)) <= room:
            break
    return _cut(text, room)


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
