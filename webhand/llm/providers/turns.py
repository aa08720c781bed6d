"""Messages sorted as most vendors want them: system text by itself, the rest in turns. Pure."""

from collections.abc import Sequence
from itertools import groupby

from webhand.errors import UnsupportedInput
from webhand.llm.messages import Image, Message, Part, SystemMessage, Text

Turn = tuple[str, list[Part]]


def system_parts(messages: Sequence[Message]) -> list[Part]:
    """The parts of all system messages, wherever they stand; raises UnsupportedInput for pictures among them."""
    parts = _said([message for message in messages if isinstance(message, SystemMessage)])
    if any(isinstance(part, Image) for part in parts):
        raise UnsupportedInput("This vendor takes no picture in a SystemMessage; send it in a UserMessage")
    return parts


def turns(messages: Sequence[Message]) -> list[Turn]:
    """The other messages, neighbours of the same role merged, those that say nothing left out."""
    spoken = [message for message in messages if not isinstance(message, SystemMessage)]
    merged: list[Turn] = []
    for role, group in groupby(spoken, key=lambda message: message.role):
        if parts := _said(tuple(group)):
            merged.append((role, parts))
    return merged


def breakpoints(messages: Sequence[Message], most: int) -> frozenset[int]:
    """The ids of the parts that end a stretch to be cached: the last system text and the last stable texts."""
    stable = [part for _, parts in turns(messages) for part in parts if isinstance(part, Text) and part.stable]
    return frozenset(id(part) for part in (*system_parts(messages)[-1:], *stable[-(most - 1) :]))


def _said(messages: Sequence[Message]) -> list[Part]:
    """All parts without empty text, which vendors refuse."""
    return [part for message in messages for part in message.parts if isinstance(part, Image) or part.text.strip()]
