"""The four ways to ask for a structure, from the firmest down, and what was learnt about them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from pydantic import BaseModel

from webhand.errors import InvalidSetting
from webhand.llm.messages import AssistantMessage, Message, SystemMessage, Text, UserMessage
from webhand.llm.model import Abilities, Rung
from webhand.llm.pictures import encodable

RUNGS: tuple[Rung, ...] = ("native_schema", "forced_tool", "json_object", "prompt_only")
STARTS: Mapping[str, Rung] = {
    "json_schema": "native_schema",
    "tool": "forced_tool",
    "json_object": "json_object",
    "prompt": "prompt_only",
}
LONGEST_RAW = 4000


class Ladder:
    """Which rungs one model has and, per kind of output, the highest that worked.

    It is kept per output because a refused schema says nothing about the next one.
    """

    def __init__(self, rungs: Sequence[Rung]) -> None:
        self.rungs = tuple(rungs)
        self._working: WeakKeyDictionary[type[BaseModel], Rung] = WeakKeyDictionary()

    def rung(self, output: type[BaseModel]) -> Rung:
        """Where to ask for this output."""
        return self._working.get(output, self.rungs[0])

    def below(self, rung: Rung) -> Rung | None:
        """The next rung down, None at the foot."""
        place = self.rungs.index(rung) + 1
        return self.rungs[place] if place < len(self.rungs) else None

    def remember(self, output: type[BaseModel], rung: Rung) -> None:
        """Ask for this output at `rung` from now on."""
        self._working[output] = rung


def rungs_for(abilities: Abilities, offered: Sequence[Rung], structured: str | None) -> tuple[Rung, ...]:
    """The rungs of `offered` that a model has, from `structured` down where the caller named a start.

    Raises InvalidSetting for a name that is none.
    """
    if structured is not None:
        if structured not in STARTS:
            raise InvalidSetting(f"structured={structured!r} is unknown; choose one of {', '.join(STARTS)}")
        start = RUNGS.index(STARTS[structured])
        return tuple(rung for rung in offered if RUNGS.index(rung) >= start)
    lacking = {"native_schema": not abilities.schema, "forced_tool": not abilities.tools}
    return tuple(rung for rung in offered if not lacking.get(rung, False))


def with_schema_note(messages: Sequence[Message], schema: Mapping[str, Any]) -> tuple[Message, ...]:
    """The messages with the schema told in the last of the leading system messages, where caches keep it."""
    written = json.dumps(schema, ensure_ascii=False)
    note = Text(f"Answer with one JSON object and nothing else. It must fit this JSON schema:\n{written}")
    place = 0
    while place < len(messages) and isinstance(messages[place], SystemMessage):
        place += 1
    if place == 0:
        return (SystemMessage(parts=(note,)), *messages)
    return (*messages[: place - 1], SystemMessage(parts=(*messages[place - 1].parts, note)), *messages[place:])


def with_complaint(messages: Sequence[Message], raw: str, complaint: str) -> tuple[Message, ...]:
    """The messages with the bad answer and what is wrong with it at their end."""
    shown = encodable(raw if len(raw) <= LONGEST_RAW else raw[:LONGEST_RAW] + " [...]")
    answer = (AssistantMessage(parts=(Text(shown),)),) if shown.strip() else ()
    asked = f"Your answer cannot be used: {encodable(complaint)}\nAnswer again, with the whole JSON object only."
    return (*messages, *answer, UserMessage(parts=(Text(asked),)))
