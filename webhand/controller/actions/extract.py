"""Collecting data from all of a page, by a model that reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import reduce
from importlib import resources
from typing import Any, cast

from webhand.browser import Tab
from webhand.controller.action import ActionContext, ActionResult, Family
from webhand.controller.redact import redacted
from webhand.errors import ActionError, InvalidArguments, InvalidSetting, LLMError, OutputInvalid
from webhand.llm.answer import parse_answer
from webhand.llm.borders import BEGIN, END, unforgeable
from webhand.llm.messages import AssistantMessage, Message, SystemMessage, Text, UserMessage
from webhand.llm.model import Model

family = Family()
PIECE = 40_000
"""Characters of a page, about 10,000 tokens, that are read in one call."""
PIECES = 10
SHOWN = 2000
"""Characters of what was found that are shown to the model where all of it stands in a file."""
_rules = resources.files("webhand.controller.actions").joinpath("extract.md").read_text("utf-8")
_LINK = re.compile(r"(?<!!)\[([^\[\]]*)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)")


@family.action(changes=False)
async def extract(
    tab: Tab,
    context: ActionContext,
    query: str,
    schema: dict[str, Any] | None = None,
    links: bool = False,
    to: str | None = None,
) -> ActionResult:
    """Collect data from the whole page, as text or by a JSON schema; to adds it to a file."""
    if context.model is None:
        raise ActionError("extract needs a model, and there is none here; use read")
    page = await tab.markdown()
    text = redacted(page if links else _LINK.sub(r"\1", page), context.secrets)
    pieces = list(_pieces(text))
    found = [await _found(context.model, query, schema, piece) for piece in pieces[:PIECES]]
    left = len(text) - sum(map(len, pieces[:PIECES]))
    more = f"\n(the last {left:,} characters of the page were not read)" if left > 0 else ""
    data = "\n".join(map(str, found)) if schema is None else reduce(_joined, found)
    said = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    if to is None:
        return ActionResult(action="extract", ok=True, text=said + more, data=data)
    path = context.room.write(to, said.rstrip() + "\n", append=True)
    begin = said if len(said) <= SHOWN else f"{said[:SHOWN]}…"
    text = f"added to {to} ({len(said):,} characters): {begin}{more}"
    return ActionResult(action="extract", ok=True, text=text, data=data, files=(path,))


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that end with a line."""
    while len(text) > PIECE:
        end = text.rfind("\n", PIECE // 2, PIECE) + 1 or PIECE
        yield text[:end]
        text = text[end:]
    yield text


async def _found(model: Model, query: str, schema: Mapping[str, Any] | None, piece: str) -> Any:
    """What the model finds in a piece: a text, or a value of the schema; a wrong one is asked for once more."""
    wanted = f"Collect: {query}"
    shape = None if schema is None else _in_object(schema)
    if shape is not None:
        wanted += f"\nAnswer with JSON alone, as this schema says:\n{json.dumps(shape, ensure_ascii=False)}"
    messages: list[Message] = [
        SystemMessage([Text(_rules, stable=True)]),
        UserMessage([Text(f"{BEGIN}\n{unforgeable(piece)}\n{END}"), Text(wanted)]),
    ]
    try:
        answer = (await model.complete(messages)).text
        if shape is None:
            return answer.strip()
        try:
            return parse_answer(answer, shape)["found"]
        except OutputInvalid as wrong:
            again = f"{wrong}\nAnswer again, with JSON alone."
            messages += [AssistantMessage([Text(answer)]), UserMessage([Text(again)])]
            return parse_answer((await model.complete(messages)).text, shape)["found"]
    except InvalidSetting as wrong:
        raise InvalidArguments(f"the schema cannot be used: {wrong}") from None
    except LLMError as problem:
        raise ActionError(f"nothing could be collected: {problem}; try read") from None


def _in_object(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of an object that holds the value as `found`: what is asked for may be a list or a number."""
    inner = {key: value for key, value in schema.items() if key != "$defs"}
    whole = {"type": "object", "properties": {"found": inner}, "required": ["found"]}
    return whole | ({"$defs": schema["$defs"]} if "$defs" in schema else {})


def _joined(one: Any, other: Any) -> Any:
    """What two pieces hold together: lists one after the other, of other values the first that is given."""
    match one, other:
        case list(), list():
            return [*cast("list[Any]", one), *cast("list[Any]", other)]
        case dict(), dict():
            first, second = cast("dict[str, Any]", one), cast("dict[str, Any]", other)
            return second | {name: _joined(value, second.get(name)) for name, value in first.items()}
        case _:
            return other if one in (None, "", [], {}) else one
