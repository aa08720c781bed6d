"""What a log tells of a run, step by step, the one that was never finished included."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from webhand.agent.history import Result, Seen, Step
from webhand.agent.resume import interrupted
from webhand.controller import ActionCall, ActionResult
from webhand.events import Event

SHOWN = 80
"""Characters of one argument."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One step: `picture` is the view, `thought` the seconds of its call, `targets` names refs in words.

    `finished` is False where the run ended in the middle of it.
    """

    step: Step
    picture: Path | None = None
    thought: float | None = None
    targets: Mapping[str, str] | None = None
    finished: bool = True

    @property
    def actions(self) -> tuple[tuple[ActionCall, ActionResult | None], ...]:
        """The actions that were decided on, each with its result; None was not carried out."""
        calls, results = self.step.decision.actions if self.step.decision else (), self.step.results
        return tuple((call, results[at] if at < len(results) else None) for at, call in enumerate(calls))


@dataclass(frozen=True, slots=True)
class Story:
    """One run: what it was to do and with which model, how it ended, and its steps."""

    task: str
    model: str
    started: datetime
    result: Result[Any]
    chapters: tuple[Chapter, ...]

    @classmethod
    def of(cls, events: Sequence[Event]) -> Story:
        """The story that a log gives; StoreCorrupt when the log has no beginning."""
        result = Result[Any].of(events)
        told = _told(events)
        chapters = [replace(told.get(step.number, Chapter(step)), step=step) for step in result.steps]
        if (half := _unfinished(events, told)) is not None:
            chapters.append(half)
        first = events[0]
        return cls(first.data["task"], str(first.data.get("model", "")), first.at, result, tuple(chapters))


def described(call: ActionCall, targets: Mapping[str, str] | None = None) -> str:
    """An action in words, with the names of its targets: `type textbox "Search" text="boots"`."""
    named = targets or {}
    parts = [named.get(str(value)) or _argument(name, value) for name, value in call.arguments.items()]
    return " ".join([call.action, *parts])


def named_targets(data: Mapping[str, Any]) -> dict[str, str]:
    """The targets of a `decided` event in words, by reference."""
    return {ref: _name(mark) for ref, mark in data.get("targets", {}).items()}


def _name(mark: Mapping[str, Any]) -> str:
    kind, name = mark.get("role") or mark.get("tag") or "element", mark.get("name") or mark.get("text")
    return f'{kind} "{name}"' if name else str(kind)


def _argument(name: str, value: object) -> str:
    text = value if name == "ref" and isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text if len(text) <= SHOWN else text[:SHOWN] + "…"
    return text if name == "ref" else f"{name}={text}"


def _told(events: Sequence[Event]) -> dict[int, Chapter]:
    """What stands in the log about each step besides the step itself."""
    told: dict[int, Chapter] = {}
    for event in events:
        number = event.data.get("step", 0)
        if event.type == "step.started":  # also a second beginning of the same step, after an interruption
            told[number] = Chapter(Step(number=number), finished=False)
        elif event.type == "observed" and number in told:
            picture = event.data.get("screenshot")
            step = Step(number=number, observation=Seen.model_validate(event.data))
            told[number] = replace(told[number], step=step, picture=Path(picture) if picture else None)
        elif event.type == "decided" and number in told:
            thought = event.data.get("seconds")
            told[number] = replace(told[number], thought=thought, targets=named_targets(event.data))
        elif event.type == "step.finished" and event.data["number"] in told:
            told[event.data["number"]] = replace(told[event.data["number"]], finished=True)
    return told


def _unfinished(events: Sequence[Event], told: Mapping[int, Chapter]) -> Chapter | None:
    left = [chapter for chapter in told.values() if not chapter.finished]
    if not left:
        return None
    half = interrupted(events)
    return left[-1] if half is None else replace(left[-1], step=half)
