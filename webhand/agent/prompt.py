"""Messages for the next decision: rules, task, what happened, the page. Only their end changes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from webhand.agent.config import AgentConfig
from webhand.agent.history import History, Notes, Step
from webhand.agent.memory import Memory, latest
from webhand.agent.since import Front
from webhand.browser import Observation
from webhand.browser.difference import REFS
from webhand.controller import Controller
from webhand.llm.borders import BEGIN, END, inset, one_line, unforgeable
from webhand.llm.messages import Detail, Image, Message, PageElement, PageView, Part, SystemMessage, Text, UserMessage
from webhand.llm.offline import TASK_MARK

CHANGED = "The page is as it stands above, but for this:"
_rules = resources.files("webhand.agent").joinpath("prompts", "rules.md").read_text("utf-8")


def rules(controller: Controller, config: AgentConfig) -> SystemMessage:
    """What holds for the whole run."""
    actions = "\n".join(f"- {action.name}: {action.description}" for action in controller.actions.values())
    text = _rules.replace("{actions}", actions)
    if config.extra_instructions:
        text += f"\n# Also\n{config.extra_instructions}\n"
    return SystemMessage([Text(text, stable=True)])


class Prompts:
    """The prompts of one run; knows what the model has been shown."""

    def __init__(
        self, system: SystemMessage, config: AgentConfig, memory: Memory, images: Sequence[Image] = ()
    ) -> None:
        self._system = system
        self._config = config
        self._memory = memory
        self._images = images
        self._front: Front | None = None

    def next(
        self, history: History, seen: Observation, notes: Sequence[str] = (), opened: Sequence[Path] = ()
    ) -> tuple[Message, ...]:
        """The next step's prompt; where little has changed on the page since it was last shown, only that.

        `notes` are what the model is told besides: what is left of its limits, what it repeats in vain; `opened` are
        pictures that it has asked for.
        """
        shown = [Image(path=path) for path in opened]
        if self._front is not None and (change := self._front.change(seen, history)) is not None:
            return _with(shown, since(self._system, self._front, change, history, seen, self._config, notes))
        whole = messages(self._system, history, seen, self._config, self._images, notes, self._memory)
        self._front = Front.of(whole, seen, history)
        return _with(shown, whole)


def messages(
    system: SystemMessage,
    history: History,
    seen: Observation,
    config: AgentConfig,
    images: Sequence[Image] = (),
    notes: Sequence[str] = (),
    memory: Memory | None = None,
) -> tuple[Message, ...]:
    """A prompt with the whole page; `memory` is that of the run, where its earlier steps were put into words."""
    happened = _happened(memory or Memory(config.memory_tokens), history.steps, history.notes)
    parts: list[Part] = [*_task(history, config), *images, *happened]
    parts += [Text(_situation(seen, notes)), page_view(seen), *_picture(seen, config)]
    return system, UserMessage(parts)


def since(
    system: SystemMessage,
    front: Front,
    change: str,
    history: History,
    seen: Observation,
    config: AgentConfig,
    notes: Sequence[str] = (),
) -> tuple[Message, ...]:
    """A prompt that goes on from an earlier one: what was done since, and what has changed on the page."""
    view = page_view(seen)
    changed = f"{BEGIN}\n{CHANGED}\n{unforgeable(change)}\n{END}"
    later = _happened(Memory(config.memory_tokens), history.steps[front.steps :], None)  # notes stand in the front
    parts: list[Part] = [*front.parts, *later, Text(_situation(seen, notes))]
    parts += [view.model_copy(update={"text": changed, "whole": view.text}), *_picture(seen, config)]
    return system, UserMessage(parts)


def _with(shown: Sequence[Image], made: tuple[Message, ...]) -> tuple[Message, ...]:
    """The prompt with pictures at its end."""
    *before, last = made
    return (*before, UserMessage([*last.parts, *shown])) if shown else made


def _task(history: History, config: AgentConfig) -> list[Part]:
    """The task, with what it follows and what people have said of it since; this seldom changes during a run."""
    before = [f"What was done before, in the same browser:\n{unforgeable(history.before)}"] if history.before else []
    told, gone = latest(history.told, config.memory_tokens)
    lines = [*([f"({gone} earlier ones are left out)"] if gone else []), *(f"- {inset(one)}" for one in told)]
    said = ["\n".join(["Since then you have been told:", *lines])] if told else []
    return [Text(text, stable=True) for text in (*before, TASK_MARK + history.task, *said)]


def _happened(memory: Memory, steps: Sequence[Step], notes: Notes | None) -> list[Part]:
    if not steps:
        return []
    older, latest = memory.remembered(steps, notes)
    return [*(Text(text, stable=True) for text in older), Text(latest)]


def _picture(seen: Observation, config: AgentConfig) -> list[Part]:
    return [] if seen.screenshot is None else [Image(data=seen.screenshot, detail=_detail(config))]


def seen_text(seen: Observation) -> str:
    """A look as a model reads it: where it is, what is to be noted, and the page between its borders."""
    return f"{_situation(seen)}\n{page_view(seen).text}"


def page_view(seen: Observation) -> PageView:
    """The page between its borders, with the elements that the references shown there stand for."""
    shown = [seen.elements[ref] for ref in dict.fromkeys(REFS.findall(seen.text)) if ref in seen.elements]
    elements = tuple(PageElement(ref=e.ref, role=e.role, name=e.name, value=e.value) for e in shown)
    return PageView(text=f"{BEGIN}\n{unforgeable(seen.text)}\n{END}", elements=elements)


def _situation(seen: Observation, notes: Sequence[str] = ()) -> str:
    lines = [f"Page: {one_line(seen.title) or '(no title)'} | {one_line(seen.url)}"]
    if len(seen.tabs) > 1:
        lines += [
            f"Tab {tab.number}{' (this one)' if tab.active else ''}: {one_line(tab.title)} | {one_line(tab.url)}"
            for tab in seen.tabs
        ]
    if seen.scroll.above or seen.scroll.below:
        lines.append(f"Scrolled: {seen.scroll.above:.0f} px above the view, {seen.scroll.below:.0f} px below")
    if seen.dialog:
        asks = one_line(seen.dialog.message)
        lines.append(f'A {seen.dialog.kind} dialog is open and waits: "{asks}"; use answer_dialog')
    lines += [f"Note: {one_line(note)}" for note in (*seen.notices, *notes)]
    lines += [f"Not read: {one_line(problem)}" for problem in seen.partial]
    return unforgeable("\n".join(lines))


def _detail(config: AgentConfig) -> Detail | None:
    return None if config.image_detail == "auto" else config.image_detail
