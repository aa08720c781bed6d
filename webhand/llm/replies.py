"""What a reply says: the value in it, or why there is none."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from webhand.errors import ContentBlocked, ContextTooLong, LLMError, OutputInvalid, OutputTruncated, Refused
from webhand.llm.answer import parse_answer
from webhand.llm.ask import Reply
from webhand.llm.faults import Faults
from webhand.llm.pictures import encodable
from webhand.llm.schema import schema_name

T = TypeVar("T", bound=BaseModel)

LONG = 100_000
"""Characters from which an answer is read in a thread."""
LONGEST_REMARK = 2000
"""Characters of what the vendor says that the model is shown."""
MEMBER = 8
"""Characters that a number, or a key and its marks, may count for."""


def check_stop(reply: Reply, faults: Faults) -> None:
    """Raise where the vendor or the model ended the answer before it was one."""
    errors: Mapping[str, tuple[type[LLMError], str]] = {
        "filtered": (ContentBlocked, "a content filter of the vendor stopped the answer"),
        "refused": (Refused, "the model declined to answer"),
        "context": (ContextTooLong, "prompt and answer together are too long for the model; shorten the prompt"),
    }
    if reply.stop in errors:
        error, why = errors[reply.stop]
        more = reply.text or reply.remark or reply.reason
        told = f"{why}: {more}" if more else why
        raise faults.stopped(error, told, code=reply.reason, request_id=reply.request_id)


async def read_reply(reply: Reply, output: type[T], max_tokens: int) -> T:
    """The value in a finished reply; OutputInvalid with the raw text where there is none, OutputTruncated if cut."""
    raw = reply.text if reply.arguments is None else reply.arguments
    if reply.stop == "length":
        text = f"the answer was cut off at max_tokens={max_tokens}; raise it"
        raise OutputTruncated(text, raw=said(raw), request_id=reply.request_id)
    if reply.stop == "error" and reply.remark is not None:
        # What stands there is what was left of an answer that went wrong.
        text = f"invalid answer: {reply.remark[:LONGEST_REMARK]}"
        raise OutputInvalid(text, raw=said(raw), request_id=reply.request_id)
    channel = reply.channel if reply.arguments is None else "tool_arguments"
    try:
        if not _is_long(raw):
            return _parsed(raw, output, channel)
        # Reading takes up to half a second per megabyte, in which nothing else would run.
        return await asyncio.to_thread(_parsed, raw, output, channel)
    except (OutputInvalid, Refused) as error:
        error.request_id = reply.request_id
        raise


def _parsed(raw: str | Mapping[str, Any], output: type[T], channel: str) -> T:
    tool = schema_name(output) if channel == "groq_failed_generation" else None
    try:
        return parse_answer(raw, output, channel, tool)
    except OutputInvalid as error:
        error.raw = said(raw)
        raise


def _is_long(raw: object) -> bool:
    """Whether reading it would hold the loop up; of what is decoded, a part alone is looked at."""
    left, size = [raw], 0
    while left and size < LONG:
        value = left.pop()
        size += len(value) if isinstance(value, str) else MEMBER
        if isinstance(value, Mapping):
            left += cast(Mapping[object, object], value).values()
        elif isinstance(value, list):
            left += cast(list[object], value)
    return size >= LONG


def said(raw: str | Mapping[str, Any]) -> str:
    """The answer as text that can be logged and sent again."""
    # A model may write half a surrogate pair, which no log and no next prompt takes.
    return encodable(raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False))
