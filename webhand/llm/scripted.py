"""A model that plays a script: agents tested exactly, without a network and for nothing."""

import inspect
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar, cast, overload

from pydantic import BaseModel

from webhand.errors import ConfigError, LLMError
from webhand.llm.answer import parse_answer
from webhand.llm.elements import called, close_names, described, last_page
from webhand.llm.messages import Message, PageView
from webhand.llm.model import Abilities, Completion, Usage

T = TypeVar("T", bound=BaseModel)

Answer: TypeAlias = str | Mapping[str, Any] | Sequence[Mapping[str, Any]] | BaseModel | BaseException
Item: TypeAlias = Answer | Callable[[Sequence[Message]], "Item | Awaitable[Item]"]
_Chooser: TypeAlias = Callable[[Sequence[Message], type[BaseModel] | None], Item | Awaitable[Item]]
Others: TypeAlias = Sequence[Item] | _Chooser

_TEXTS = ("evaluation", "memory", "next_goal")


class ScriptExhausted(LLMError):
    """The script has no item left.

    An `LLMError`, so that a run ends as it does when a vendor is gone: failed, with its log closed. No `OutputInvalid`,
    which an agent takes for a bad answer and asks again; and nothing that a retry or a fallback would survive.
    """


@dataclass(frozen=True, slots=True)
class ElementName:
    """Stands in a script for the ref of an element; made by `by_name`."""

    name: str
    role: str | None = None
    nth: int = 0


def by_name(name: str, role: str | None = None, nth: int = 0) -> Any:
    """A mark for the ref of the element of this name (and role) on the page shown last.

    Case matters only where several names differ by it. `nth` counts from 0 among several; -1 is the last.
    """
    return ElementName(name, role, nth)


class ScriptedModel:
    """Answers each call with the next item of `script`.

    An item is one keyed action (`{"click": {"ref": by_name("Sign in")}}`), a list of them, a full decision (a dict
    with `actions`), raw text, read like any model's answer, an exception, which is raised, or a function of the
    messages, async or not, that gives any of these. Texts of a decision that a script leaves out are empty.

    `others` answers the calls that ask for no decision (extract, summary, judge): a sequence of such items, or a
    function of the messages and the output's type. Without it a call for plain text takes its text from `script`.

    `prompts` holds the messages of every call so far.
    """

    name = "scripted/script"

    def __init__(
        self, script: Sequence[Item], *, others: Others | None = None, abilities: Abilities | None = None
    ) -> None:
        self.abilities = abilities or Abilities()
        self.prompts: list[tuple[Message, ...]] = []
        self._script = _numbered(script, "script")
        self._others = _chosen(others)

    @property
    def calls(self) -> int:
        """How often the model was asked."""
        return len(self.prompts)

    @overload
    async def complete(self, messages: Sequence[Message], output: None = None) -> Completion[None]: ...
    @overload
    async def complete(self, messages: Sequence[Message], output: type[T]) -> Completion[T]: ...
    async def complete(self, messages: Sequence[Message], output: type[T] | None = None) -> Completion[Any]:
        """The next answer of the script.

        Raises what the script says; what `parse_answer` raises for a text that does not fit; `ScriptExhausted` at the
        end; `ConfigError` where the script does not fit the call or the page.
        """
        began = time.perf_counter()
        self._check_answerable(output)
        self.prompts.append(tuple(messages))
        item = await _settled(self._next(messages, output), messages)
        if isinstance(item, BaseException):
            raise item
        text = _as_text(item, messages, output)
        return Completion(
            output=None if output is None else parse_answer(text, output, channel="content"),
            text=text,
            usage=Usage(prompt=sum(len(m.text) for m in messages) // 4, completion=len(text) // 4),
            stop="stop",
            raw_stop=None,
            model=self.name,
            request_id=None,
            rung=None,
            seconds=time.perf_counter() - began,
        )

    async def aclose(self) -> None:
        """Nothing is open."""

    def _next(self, messages: Sequence[Message], output: type[BaseModel] | None) -> Item | Awaitable[Item]:
        if _is_decision(output) or (output is None and self._others is None):
            return next(self._script)
        assert self._others is not None
        return self._others(messages, output)

    def _check_answerable(self, output: type[BaseModel] | None) -> None:
        if self._others is None and output is not None and not _is_decision(output):
            raise ConfigError(f"the script answers decisions only, and {output.__name__} was asked for: give others=")


def _chosen(others: Others | None) -> _Chooser | None:
    """The function that answers what is no decision."""
    if others is None or callable(others):
        return others
    items = _numbered(others, "others")
    return lambda messages, output: next(items)


def _numbered(items: Sequence[Item], what: str) -> Iterator[Item]:
    """The items one by one, then the error that says how many there were."""
    if isinstance(items, (str, Mapping)):
        raise ConfigError(f"{what} is a list with one item for each call, not a single item")
    return _played(tuple(items), what)


def _played(items: tuple[Item, ...], what: str) -> Iterator[Item]:
    yield from items
    while True:
        yield ScriptExhausted(f"{what} has {len(items)} items and the model was asked once more", model="script")


async def _settled(item: Item | Awaitable[Item], messages: Sequence[Message]) -> Answer:
    """The item after all functions in its way were called."""
    while True:
        if inspect.isawaitable(item):
            item = cast("Item", await item)
        elif callable(item):
            item = item(messages)
        else:
            return item


def _is_decision(output: type[BaseModel] | None) -> bool:
    return output is not None and "actions" in output.model_fields


def _as_text(item: Answer, messages: Sequence[Message], output: type[BaseModel] | None) -> str:
    if isinstance(item, str):
        return item
    if isinstance(item, BaseModel):
        return item.model_dump_json()
    if output is None:
        raise ConfigError(f"a call for plain text is answered with a str, not with {item!r}; others= keeps them apart")
    whole = _decision(item, output) if _is_decision(output) else item
    return json.dumps(_with_refs(whole, last_page(messages)), ensure_ascii=False)


def _decision(item: Any, output: type[BaseModel]) -> dict[str, Any]:
    """The whole decision around an item, with the texts that the model would have to give."""
    whole = isinstance(item, Mapping) and "actions" in item
    said: dict[str, Any] = dict(cast("Mapping[str, Any]", item)) if whole else {"actions": item}
    if isinstance(said["actions"], Mapping):
        said["actions"] = [said["actions"]]
    fields = output.model_fields
    empty = {name: "" for name in _TEXTS if name in fields and fields[name].is_required()}
    return empty | said


def _with_refs(value: Any, page: PageView | None) -> Any:
    if isinstance(value, ElementName):
        return _ref(value, page)
    if isinstance(value, Mapping):
        return {key: _with_refs(inner, page) for key, inner in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_with_refs(inner, page) for inner in cast("Sequence[Any]", value)]
    return value


def _ref(mark: ElementName, page: PageView | None) -> str:
    if page is None:
        raise ConfigError(f'by_name("{mark.name}") needs a page, and the prompt shows none')
    found = called(mark.name, (e for e in page.elements if mark.role in (None, e.role)))
    if -len(found) <= mark.nth < len(found):
        return found[mark.nth].ref
    kind = mark.role or "element"
    if found:
        raise ConfigError(f'the page has {len(found)} of {kind} "{mark.name}": nth={mark.nth} is none of them')
    near = close_names(mark.name, page.elements)
    hint = f"close names: {', '.join(near)}" if near else f"it has: {', '.join(described(page.elements)) or 'nothing'}"
    raise ConfigError(f'the page has no {kind} called "{mark.name}"; {hint}')
