"""Messages for the next decision: rules, task, what happened, the page. Only their end changes. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from importlib import resources

from webhand.agent.config import AgentConfig
from webhand.agent.history import History, Step
from webhand.browser import Observation
from webhand.controller import ActionCall, Controller
from webhand.llm.messages import Detail, Image, Message, PageElement, PageView, Part, SystemMessage, Text, UserMessage
from webhand.llm.offline import TASK_MARK

BEGIN, END = "<<<page", "page>>>"
RESULT_SHOWN = 1500
"""Characters of an action's result in the prompt of the next step; older ones are shorter."""
OLD_RESULT_SHOWN = 200
CHARACTERS_PER_TOKEN = 3.6

_rules = resources.files("webhand.agent").joinpath("prompts", "rules.md").read_text("utf-8")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


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
        parts.append(Text(happened(history, config.memory_tokens), stable=True))
    left = config.max_steps - len(history.steps)
    parts.append(Text(_situation(seen, left)))
    parts.append(page_view(seen))
    if seen.screenshot is not None:
        parts.append(Image(data=seen.screenshot, media_type="image/png", detail=_detail(config)))
    return system, UserMessage(parts)


def page_view(seen: Observation) -> PageView:
    """The page between its borders, with the elements that its references stand for."""
    elements = tuple(PageElement(ref=e.ref, role=e.role, name=e.name, value=e.value) for e in seen.elements.values())
    return PageView(text=f"{BEGIN}\n{unforgeable(seen.text)}\n{END}", elements=elements)


def unforgeable(text: str) -> str:
    """The text with everything escaped that looks like the page's borders, in whatever guise."""
    return "\n".join(_escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", line))
    if "<<<" not in plain and ">>>" not in plain:
        return line
    return re.sub("<{3,}", "‹‹‹", re.sub(">{3,}", "›››", plain))


def happened(history: History, budget: int) -> str:
    """The steps so far, the oldest left out above the budget (tokens)."""
    room = int(budget * CHARACTERS_PER_TOKEN)
    lines: list[str] = []
    for step in reversed(history.steps):
        text = step_text(step, OLD_RESULT_SHOWN if lines else RESULT_SHOWN)
        room -= len(text)
        if room < 0 and lines:
            lines.append(f"(steps 1 to {step.number} are left out)")
            break
        lines.append(text)
    return "What happened:\n" + "\n".join(reversed(lines))


def step_text(step: Step, shown: int) -> str:
    """One step as the model is reminded of it."""
    where = f" on {step.observation.url}" if step.observation else ""
    lines = [f"Step {step.number}{where}"]
    if step.decision:
        told = {"evaluation": step.decision.evaluation, "memory": step.decision.memory, "goal": step.decision.next_goal}
        lines += [f"  {name}: {text}" for name, text in told.items() if text]
        calls = step.decision.actions
        lines += [
            f"  {_call_text(call)}: {_result_text(result.ok, result.text, shown)}"
            for call, result in zip(calls, step.results, strict=False)
        ]
        if step.error is None and len(step.results) < len(calls) and not step.done:
            lines.append(f"  not carried out: {', '.join(_call_text(call) for call in calls[len(step.results) :])}")
    if step.error:
        lines.append(f"  your answer failed: {step.error}")
    return "\n".join(lines)


def _call_text(call: ActionCall) -> str:
    given = " ".join(" ".join(str(value).split())[:80] for value in call.arguments.values())
    return f"{call.action} {given}".rstrip()


def _result_text(ok: bool, text: str, shown: int) -> str:
    text = text if len(text) <= shown else text[:shown] + "…"
    return unforgeable(text if ok else f"failed: {text}")


def _situation(seen: Observation, left: int) -> str:
    lines = [f"Now: {seen.title or '(no title)'} | {seen.url}"]
    if len(seen.tabs) > 1:
        lines += [
            f"Tab {tab.number}{' (this one)' if tab.active else ''}: {tab.title} | {tab.url}" for tab in seen.tabs
        ]
    if seen.scroll.above or seen.scroll.below:
        lines.append(f"Scrolled: {seen.scroll.above:.0f} px above the view, {seen.scroll.below:.0f} px below")
    if seen.dialog:
        lines.append(f'A {seen.dialog.kind} dialog is open and waits: "{seen.dialog.message}"; use answer_dialog')
    lines += [f"Note: {notice}" for notice in seen.notices]
    lines += [f"Not read: {problem}" for problem in seen.partial]
    if left <= 1:
        lines.append("This is the last step: end with done and report what you have.")
    return unforgeable("\n".join(lines))


def _detail(config: AgentConfig) -> Detail | None:
    return None if config.image_detail == "auto" else config.image_detail
