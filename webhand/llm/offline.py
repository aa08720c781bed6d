"""A model that needs no key and no network: it follows plain literal instructions and says what it cannot do."""

import hashlib
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar, overload
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel, ValidationError

from webhand.errors import ConfigError, UnsupportedInput
from webhand.llm.elements import called, close_names, described, last_page, plain
from webhand.llm.instructions import UNDERSTOOD, Instruction, parse
from webhand.llm.messages import Message, PageElement, PageView, Text, UserMessage
from webhand.llm.model import Abilities, Completion, Usage
from webhand.llm.reading import values

T = TypeVar("T", bound=BaseModel)
Action: TypeAlias = Mapping[str, Mapping[str, Any]]

TASK_MARK = "Task:\n"
"""What the part of the prompt that holds the task begins with; the task goes on to the end of that part."""

_BATCH = 5
_BATCHED = ("type", "select", "check")
_NOT_TWICE = ("click", "press", "search", "back", "scroll")
"""What is not done again while its outcome is unknown."""
_NOTED = 300
"""How many characters of a value are kept in the memory until the end."""


class OfflineModel:
    """Follows the instructions of the task one after the other, each exactly as it is written.

    Names are those of the page's elements. An instruction that is not understood, or whose target is missing or not
    unmistakable, ends the run with `success` false and a text that says so. The model keeps nothing between calls:
    its place stands in the `memory` of its decisions, so that a run can go on in another process.
    """

    name = "offline"
    abilities = Abilities(vision=False, tools=False, temperature=False)

    @overload
    async def complete(self, messages: Sequence[Message], output: None = None) -> Completion[None]: ...
    @overload
    async def complete(self, messages: Sequence[Message], output: type[T]) -> Completion[T]: ...
    async def complete(self, messages: Sequence[Message], output: type[T] | None = None) -> Completion[Any]:
        """The next decision.

        Raises `UnsupportedInput` for what is no decision, and `ConfigError` where a decision has no `memory`.
        """
        began = time.perf_counter()
        if output is None or "actions" not in output.model_fields:
            raise _unsupported("only follows instructions; it cannot extract, summarise or judge")
        if "memory" not in output.model_fields:
            raise ConfigError('the offline model keeps its place in its memory: use thinking "full" or "brief"')
        decision = _fitting(_decide(messages), output)
        return Completion(
            output=decision,
            text=decision.model_dump_json(exclude_unset=True),
            usage=Usage(prompt=0, completion=0),
            stop="stop",
            raw_stop=None,
            model=self.name,
            request_id=None,
            rung=None,
            seconds=time.perf_counter() - began,
        )

    async def aclose(self) -> None:
        """Nothing is open."""


def _unsupported(what: str) -> UnsupportedInput:
    return UnsupportedInput(f"the offline model {what}; use another model", provider="offline", model="offline")


# The place: how far a run has come.


@dataclass(frozen=True, slots=True)
class _Place:
    """`done` instructions were done when a decision was made, and it did `doing` more; `again` for a second try.

    `task` tells the marks of different tasks apart; `noted` are the values read so far.
    """

    task: str
    total: int
    done: int = 0
    doing: int = 0
    again: bool = False
    noted: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """The memory of a decision: one mark without a character that JSON would escape."""
        again = ", again" if self.again else ""
        noted = f", noted {urlencode(self.noted)}" if self.noted else ""
        return f"offline: {self.done}/{self.total} done, doing {self.doing}{again}, task {self.task}{noted}"


_MARK = re.compile(
    r"offline: (?P<done>\d+)/(?P<total>\d+) done, doing (?P<doing>\d+)(?P<again>, again)?, task (?P<task>[0-9a-f]{8})"
    r"(?:, noted (?P<noted>[\w.~%+=&-]+))?"
)


def _place(history: str, task: str, total: int) -> tuple[_Place, str]:
    """The place that the last mark of this task tells, and the text after it; pages cannot know the task's hash."""
    place, after = _Place(hashlib.sha256(task.strip().encode()).hexdigest()[:8], total), ""
    for mark in _MARK.finditer(history):
        if mark["task"] == place.task and int(mark["total"]) == total:
            noted = tuple(parse_qsl(mark["noted"] or ""))
            place = replace(
                place, done=int(mark["done"]), doing=int(mark["doing"]), again=bool(mark["again"]), noted=noted
            )
            after = history[mark.end() :]
    return place, after


# Lines of the prompt that tell of a failure: `click e9: failed: it is covered` (what the action said of itself stands
# behind the first colon and does not count), `not carried out as that failed: check e6`, `your answer failed: gone`.
_FAILED = re.compile(
    r"\s*(?:(?:(?:navigate|click|press|check|scroll|back)\b(?:(?!: ).)*?|(?:type|select|wait|done)\b.*?):? failed: "
    r"|not carried out(?: as [a-z ]+)?: |your answer failed: )"
)
_NEXT_STEP = re.compile(r"^Step \d+\b", re.MULTILINE)
_UNSURE = re.compile(r"outcome.*unknown|may have been done|your answer failed: ")


def _failure(after: str) -> str:
    """The line that tells what went wrong in the step of the last mark, or nothing."""
    results = _NEXT_STEP.split(after, maxsplit=1)[0]
    return next((line.strip() for line in results.splitlines() if _FAILED.match(line)), "")


def _task(messages: Sequence[Message]) -> tuple[str, str]:
    """The task, and all text after it but the pages'."""
    task: str | None = None
    after: list[str] = []
    for message in messages:
        for part in message.parts:
            if isinstance(part, Text) and isinstance(message, UserMessage) and part.text.startswith(TASK_MARK):
                task, after = part.text.removeprefix(TASK_MARK), []
            elif isinstance(part, Text):
                after.append(part.text)
    if task is None:
        raise _unsupported(f"found no part of the prompt that begins with {TASK_MARK!r}")
    return task, "\n".join(after)


# The plan: what is done now.


@dataclass(frozen=True, slots=True)
class _Plan:
    """A decision before it has its form; `first` comes before the actions where a second try does something else."""

    place: _Place
    goal: str
    actions: tuple[Action, ...]
    first: tuple[Action, ...] = ()
    evaluation: str = ""


class _Cannot(Exception):
    """An instruction cannot be carried out on this page; the text says why."""


def _decide(messages: Sequence[Message]) -> _Plan:
    task, history = _task(messages)
    instructions = parse(task)
    place, after = _place(history, task, len(instructions))
    strange = [one.source for one in instructions if one.verb == "unknown"]
    if strange or not instructions:
        what = f"I do not understand this instruction: {strange[0]}." if strange else "The task has no instruction."
        return _end(place, f"{what} Nothing was done. I am the offline model; I can: {UNDERSTOOD}.", False)
    failure = _failure(after)
    if not failure:
        return _go_on(instructions, replace(place, done=place.done + place.doing, again=False), messages)
    if not place.doing:
        return _end(place, f"My answer was not taken, and I have no other: {failure}", False)
    current = instructions[place.done]
    if _UNSURE.search(failure) and current.verb in _NOT_TWICE:
        if place.done + 1 == len(instructions):
            return _end(place, f"{_which(place, current)} may have been done or not: {failure}", False)
        return _go_on(instructions, replace(place, done=place.done + 1, again=False), messages, failure)
    if place.again:
        return _end(place, f"{_which(place, current)} failed twice: {failure}", False)
    return _go_on(instructions, replace(place, again=True), messages, failure)


def _go_on(instructions: Sequence[Instruction], place: _Place, messages: Sequence[Message], failure: str = "") -> _Plan:
    """The plan from this place on: values are read at once, then come the next actions or the end."""
    page = last_page(messages) or PageView(text="")
    noted = dict(place.noted)
    left = list(instructions[place.done :])
    try:
        while left and left[0].verb == "tell":
            noted[left[0].target] = _value(left[0], page)
            left.pop(0)
            place = replace(place, done=place.done + 1)
        if not left:
            return _end(place, _answer(noted, place.total), True)
        actions = tuple(_actions(left[: 1 if place.again else _BATCH], page.elements))
    except _Cannot as why:
        return _end(place, f"{_which(place, left[0])} cannot be done: {why}", False)
    kept = tuple((label, value[:_NOTED]) for label, value in noted.items())
    return _Plan(
        replace(place, doing=len(actions), noted=kept),
        "; ".join(one.source for one in left[: len(actions)]),
        actions,
        first=_another_way(left[0]) if place.again else (),
        evaluation=f"This did not work: {failure}" if failure else "",
    )


def _another_way(instruction: Instruction) -> tuple[Action, ...]:
    if instruction.verb == "wait":
        return ({"scroll": {"direction": "down"}},)
    return ({"wait": {"seconds": 1}},)


def _end(place: _Place, answer: str, success: bool) -> _Plan:
    done: Action = {"done": {"answer": answer, "success": success}}
    return _Plan(replace(place, doing=0, again=False), "report", (done,))


def _which(place: _Place, instruction: Instruction) -> str:
    return f"Instruction {place.done + 1} of {place.total}, {instruction.source},"


def _answer(noted: Mapping[str, str], total: int) -> str:
    if len(noted) > 1:
        return "; ".join(f"{label}: {value}" for label, value in noted.items())
    count = "The instruction was" if total == 1 else f"All {total} instructions were"
    return next(iter(noted.values()), f"{count} carried out.")


def _value(instruction: Instruction, page: PageView) -> str:
    found = values(instruction.target, page)
    if len(found) == 1:
        return found[0]
    if found:
        raise _Cannot(f'the page has several values for "{instruction.target}": {"; ".join(found[:_BATCH])}.')
    raise _Cannot(f'the page has nothing that is marked "{instruction.target}".')


def _actions(instructions: Sequence[Instruction], elements: Sequence[PageElement]) -> Iterator[Action]:
    """The first instruction's action, and those of the form fields after it that are on the page now."""
    yield _action(instructions[0], elements)
    if instructions[0].verb not in _BATCHED:
        return
    for instruction in instructions[1:]:
        try:
            if instruction.verb not in _BATCHED:
                return
            yield _action(instruction, elements)
        except _Cannot:
            return


def _action(instruction: Instruction, elements: Sequence[PageElement]) -> Action:
    one = instruction
    match one.verb:
        case "open":
            return {"navigate": {"url": one.value}}
        case "type":
            return {"type": {"ref": _target(one, elements), "text": one.value}}
        case "click":
            return {"click": {"ref": _target(one, elements)}}
        case "press":
            return {"press": {"keys": one.value} | ({"ref": _target(one, elements)} if one.target else {})}
        case "select":
            return {"select": {"ref": _target(one, elements), "values": [one.value]}}
        case "check":
            return {"check": {"ref": _target(one, elements), "on": one.on}}
        case "scroll":
            return {"scroll": {"direction": one.value, "amount": int(one.amount)}}
        case "wait":
            return {"wait": {"text": one.value} if one.value else {"seconds": one.amount}}
        case "back":
            return {"back": {}}
        case "search":
            return {"type": {"ref": _search_box(elements), "text": one.value, "submit": True}}
        case "tell" | "unknown":
            raise AssertionError(f"{one.verb} is no action")


# The target: the one element that is meant.

_TYPED = ("textbox", "searchbox", "combobox", "spinbutton")
_CLICKED = ("button", "link", "tab", "menuitem", "option", "checkbox", "radio", "switch", "treeitem")
_ROLES = {
    "type": _TYPED,
    "press": _TYPED,
    "select": ("combobox", "listbox"),
    "check": ("checkbox", "radio", "switch", "menuitemcheckbox", "menuitemradio"),
}
_KINDS = (
    {
        "button": ("button",),
        "link": ("link",),
        "tab": ("tab",),
        "option": ("option", "radio"),
        "menu item": ("menuitem", "menuitemcheckbox", "menuitemradio"),
        "switch": ("switch",),
    }
    | dict.fromkeys(("checkbox", "check box"), ("checkbox",))
    | dict.fromkeys(("radio", "radio button"), ("radio",))
)
"""Kinds that say exactly which roles are meant; the others (field, box, menu) say no more than the verb does."""


def _target(instruction: Instruction, elements: Sequence[PageElement]) -> str:
    """The ref of the element that the instruction names, or `_Cannot` with the names that come close."""
    name, nth = instruction.target, instruction.nth
    found = _named(name, [[e for e in elements if e.role in roles] for roles in _pools(instruction, elements)])
    if len(found) == 1 and nth in (None, 0, -1):
        return found[0].ref
    if not found:
        near = close_names(name, elements)
        hint = f"Close names: {', '.join(near)}." if near else f"It has: {', '.join(described(elements)) or 'nothing'}."
        raise _Cannot(f'the page has no {instruction.kind or "fitting element"} called "{name}". {hint}')
    if nth is None:
        raise _Cannot(f'the page has {len(found)} that fit "{name}": {", ".join(described(found))}. Say which one.')
    if nth >= len(found):
        raise _Cannot(f'the page has only {len(found)} called "{name}".')
    return found[nth].ref


def _pools(instruction: Instruction, elements: Sequence[PageElement]) -> tuple[Sequence[str], ...]:
    """Which roles come into question, the fitting ones first."""
    if instruction.verb != "click":
        return (_ROLES[instruction.verb],)
    if roles := _KINDS.get(instruction.kind):
        return (roles,)
    return (_CLICKED, tuple({e.role for e in elements}))


def _named(name: str, pools: Sequence[Sequence[PageElement]]) -> Sequence[PageElement]:
    """The elements of this name in the first pool that has any; only then those whose name contains it."""
    if not plain(name):
        return ()
    whole = next((found for pool in pools if (found := called(name, pool))), ())
    return whole or next((part for pool in pools if (part := [e for e in pool if plain(name) in plain(e.name)])), ())


def _search_box(elements: Sequence[PageElement]) -> str:
    boxes = [e for e in elements if e.role == "searchbox"]
    boxes = boxes or [e for e in elements if e.role in _TYPED and "search" in plain(e.name)]
    if len(boxes) == 1:
        return boxes[0].ref
    raise _Cannot(
        f"the page has {len(boxes) or 'no'} search boxes{': ' if boxes else ''}{', '.join(described(boxes))}."
    )


# The form: what the run's decision takes.


def _fitting(plan: _Plan, output: type[T]) -> T:
    """The plan as an `output`, with fewer actions where it takes no more, and as an honest end where it lacks one."""
    smaller = replace(plan, actions=plan.actions[:1], first=(), place=replace(plan.place, doing=1))
    names = ", ".join(dict.fromkeys(name for action in plan.actions for name in action))
    ended = _end(plan.place, f"This run does not offer {names}, which I need for: {plan.goal}", False)
    ways = (plan, ended) if "done" in plan.actions[0] else (plan, replace(plan, first=()), smaller, ended)
    for way in ways:
        try:
            return output.model_validate(_form(way, output))
        except ValidationError:
            continue
    raise _unsupported("cannot give this run's done action what it takes")


def _form(plan: _Plan, output: type[BaseModel]) -> dict[str, Any]:
    texts = {"evaluation": plan.evaluation, "memory": str(plan.place), "next_goal": plan.goal}
    said = {name: text for name, text in texts.items() if name in output.model_fields}
    return said | {"actions": [*plan.first, *plan.actions]}
