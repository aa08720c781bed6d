"""The dialect of OpenAI's chat completions, which many vendors speak: messages out, replies in."""

from collections.abc import Mapping, Sequence, Set
from typing import Any, cast

from webhand.llm.ask import Ask, Reply
from webhand.llm.catalog import ToolChoice
from webhand.llm.failure import mapping
from webhand.llm.messages import Image, Message, PageView, Part, Text
from webhand.llm.model import Abilities, Stop, Usage
from webhand.llm.pictures import base64_text

STOPS: Mapping[str, Stop] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool",
    "function_call": "tool",
    "content_filter": "filtered",
}


CACHED = {"cache_control": {"type": "ephemeral"}}
MOST_TOKENS = 10**12
"""What is above is no number of tokens, and would break sums that it goes into."""
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")


def chat_body(
    model: str,
    messages: Sequence[Message],
    ask: Ask,
    abilities: Abilities,
    *,
    cap: str,
    efforts: Sequence[str] = (),
    marked: Set[int] | None = None,
) -> dict[str, Any]:
    """The request's body without its structure.

    `cap` is the key that bounds the answer, `efforts` the depths of thought that the model knows (none: all), `marked`
    the ids of the parts up to which the prompt is to be cached, None where the vendor takes no marks.
    """
    body: dict[str, Any] = {"model": model, "messages": [_message(message, marked) for message in messages]}
    body[cap] = ask.settings.max_tokens
    if ask.settings.temperature is not None and abilities.temperature:
        body["temperature"] = ask.settings.temperature
    if ask.settings.reasoning is not None and abilities.reasoning:
        body["reasoning_effort"] = known_effort(ask.settings.reasoning, efforts)
    return body


def known_effort(wanted: str, known: Sequence[str]) -> str:
    """The least effort that the model knows and that is not below the wanted one, else its greatest."""
    enough = [effort for effort in EFFORTS[EFFORTS.index(wanted) :] if effort in known]
    return wanted if not known else enough[0] if enough else known[-1]


def structure(ask: Ask, *, strict: bool, tool_choice: ToolChoice = "named") -> dict[str, Any]:
    """The part of the body that asks for a structure; JSON formats and tools never stand together."""
    match ask.rung:
        case "native_schema":
            named = {"name": ask.name, "strict": strict, "schema": ask.schema}
            return {"response_format": {"type": "json_schema", "json_schema": named}}
        case "forced_tool":
            return {
                "tools": [{"type": "function", "function": {"name": ask.name, "parameters": ask.schema}}],
                "tool_choice": _named(ask.name) if tool_choice == "named" else tool_choice,
            }
        case "json_object":
            return {"response_format": {"type": "json_object"}}
        case "prompt_only" | None:
            return {}


def _named(tool: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": tool}}


def _message(message: Message, marked: Set[int] | None) -> dict[str, Any]:
    said = [part for part in message.parts if isinstance(part, Image) or part.text.strip()]
    # Plain text goes as a string: some servers know nothing else. Where marks are taken it goes in parts, with a mark
    # and without: what is cached has to stay as it was when the marks move on.
    if not said or (marked is None and not any(isinstance(part, Image) for part in said)):
        return {"role": message.role, "content": message.text}
    marks = marked or frozenset[int]()
    return {"role": message.role, "content": [_part(part) | (CACHED if id(part) in marks else {}) for part in said]}


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Text() | PageView():
            return {"type": "text", "text": part.text}
        case Image():
            url = part.url or f"data:{part.media_type};base64,{base64_text(part)}"
            detail = {} if part.detail is None else {"detail": part.detail}
            return {"type": "image_url", "image_url": {"url": url} | detail}


def chat_reply(body: Mapping[str, Any], headers: Mapping[str, str]) -> Reply | None:
    """The reply in a document, None where it holds none."""
    choice = first_choice(body)
    if not choice:
        return None
    message = mapping(choice.get("message"))
    refused, known = message.get("refusal"), body.get("id")
    refusal = refused if isinstance(refused, str) and refused.strip() else None
    raw_stop = choice.get("finish_reason")
    return Reply(
        text=refusal or _content(message.get("content")),
        arguments=tool_arguments(message.get("tool_calls")),
        usage=chat_usage(body.get("usage")),
        stop="refused" if refusal else stop_of(STOPS, raw_stop),
        raw_stop=None if raw_stop is None else str(raw_stop),
        request_id=headers.get("x-request-id") or (known if isinstance(known, str) else None),
    )


def first_choice(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first choice, empty where there is none."""
    choices = body.get("choices")
    return mapping(cast(list[object], choices)[0]) if isinstance(choices, list) and choices else {}


def _content(content: object) -> str:
    if isinstance(content, list):
        parts = [mapping(part) for part in cast(list[object], content)]
        return "".join(str(part.get("text") or "") for part in parts if part.get("type") in (None, "text"))
    return content if isinstance(content, str) else ""


def tool_arguments(calls: object) -> str | Mapping[str, Any] | None:
    """The arguments of the first tool that is called, None where none is."""
    if not isinstance(calls, list) or not calls:
        return None
    arguments = mapping(mapping(cast(list[object], calls)[0]).get("function")).get("arguments")
    return arguments if isinstance(arguments, str) else mapping(arguments)


def chat_usage(told: object) -> Usage:
    """The tokens of a reply; what is not told stays None."""
    usage = mapping(told)
    prompt, completion = mapping(usage.get("prompt_tokens_details")), mapping(usage.get("completion_tokens_details"))
    cached = count(prompt.get("cached_tokens"))
    thought = count(completion.get("reasoning_tokens"))
    return Usage(
        prompt=count(usage.get("prompt_tokens")),
        cached=cached if cached is not None else count(usage.get("prompt_cache_hit_tokens")),
        cache_write=count(prompt.get("cache_write_tokens")),
        completion=_output(usage, thought or 0),
        reasoning=thought,
    )


def _output(usage: Mapping[str, Any], thought: int) -> int | None:
    """All output: some servers, such as xAI's, count thoughts beside the answer, as their total shows."""
    prompt, said = count(usage.get("prompt_tokens")), count(usage.get("completion_tokens"))
    if prompt is None or said is None or usage.get("total_tokens") != prompt + said + thought:
        return said
    return said + thought


def usage_beside_caches(
    fresh: object, written: object, read: object, completion: object, reasoning: object = None
) -> Usage:
    """The tokens of a reply whose input, as the vendor tells it, leaves its caches out; ours counts them in."""
    told, cache_write, cached = count(fresh), count(written), count(read)
    return Usage(
        prompt=None if told is None else told + (cache_write or 0) + (cached or 0),
        cached=cached,
        cache_write=cache_write,
        completion=count(completion),
        reasoning=count(reasoning),
    )


def stop_of(stops: Mapping[str, Stop], told: object) -> Stop:
    """Why the answer ended, in our words, by a vendor's table of its own; `error` for what is not in it."""
    return stops.get(told, "error") if isinstance(told, str) else "error"


def count(value: object) -> int | None:
    """The value if it can be a number of tokens, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_TOKENS else None
