"""Messages for the next decision: rules, task, what happened, the page. Only their end changes. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import resources

from webhand.agent.borders import BEGIN, END, one_line, unforgeable
from webhand.agent.config import AgentConfig
from webhand.agent.history import History
from webhand.agent.memory import remembered
from webhand.browser import Observation
from webhand.controller import Controller
from webhand.llm.messages import Detail, Image, Message, PageElement, PageView, Part, SystemMessage, Text, UserMessage
from webhand.llm.offline import TASK_MARK

_REFS = re.compile(r"\b(?:f\d+)?e\d+\b")
_rules = resources.files("webhand.agent").joinpath("prompts", "rules.md").read_text("utf-8")


def rules(controller: Controller, config: AgentConfig) -> SystemMessage:
    """What holds for the whole run."""
    actions = "\n".join(f"- {action.signature}: {action.description}" for action in controller.actions.values())
    text = _rules.replace("{actions}", actions)
    if config.extra_instructions:
        text += f"\n# Also\n{config.extra_instructions}\n"
    return SystemMessage([Text(text, stable=True)])


def messages(
    system: SystemMessage,
    history: History,
    seen: Observation,
    config: AgentConfig,
    images: Sequence[Image] = (),
) -> tuple[Message, ...]:
    """The whole prompt of the next step."""
    parts: list[Part] = [Text(TASK_MARK + history.task, stable=True), *images]
    if history.steps:
        older, latest = remembered(history, config.memory_tokens)
        parts += [Text(older, stable=True)] if older else []
        parts.append(Text(latest))
    left = config.max_steps - len(history.steps)
    parts.append(Text(_situation(seen, left)))
    parts.append(page_view(seen))
    if seen.screenshot is not None:
        parts.append(Image(data=seen.screenshot, detail=_detail(config)))
    return system, UserMessage(parts)


def seen_text(seen: Observation) -> str:
    """A look as a model reads it: where it is, what is to be noted, and the page between its borders."""
    return f"{_situation(seen)}\n{page_view(seen).text}"


def page_view(seen: Observation) -> PageView:
    """The page between its borders, with the elements that the references shown there stand for."""
    shown = [seen.elements[ref] for ref in dict.fromkeys(_REFS.findall(seen.text)) if ref in seen.elements]
    elements = tuple(PageElement(ref=e.ref, role=e.role, name=e.name, value=e.value) for e in shown)
    return PageView(text=f"{BEGIN}\n{unforgeable(seen.text)}\n{END}", elements=elements)


def _situation(seen: Observation, left: int = 2) -> str:
    lines = [f"Now: {one_line(seen.title) or '(no title)'} | {one_line(seen.url)}"]
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
    lines += [f"Note: {one_line(notice)}" for notice in seen.notices]
    lines += [f"Not read: {one_line(problem)}" for problem in seen.partial]
    if left <= 1:
        lines.append("This is the last step: end with done and report what you have.")
    return unforgeable("\n".join(lines))


def _detail(config: AgentConfig) -> Detail | None:
    return None if config.image_detail == "auto" else config.image_detail
