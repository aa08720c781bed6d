"""Anthropic's models, over the Messages API."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from webhand.llm.ask import Ask, Reply
from webhand.llm.dialect import Dialect
from webhand.llm.failure import mapping
from webhand.llm.messages import Image, Message, PageView, Part, Text
from webhand.llm.model import Rung, Stop, Usage
from webhand.llm.outcome import Outcome
from webhand.llm.pictures import base64_text
from webhand.llm.providers.chat import CACHED, stop_of, usage_beside_caches
from webhand.llm.providers.sdk import connection, sent
from webhand.llm.providers.turns import breakpoints, system_parts, turns
from webhand.llm.vendor import VendorModel

if TYPE_CHECKING:
    import anthropic

STOPS: Mapping[str, Stop] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "tool_use": "tool",
    "refusal": "refused",
    "model_context_window_exceeded": "context",
}
EFFORTS = {"minimal": "low"}
# The last API version that lets a temperature pass.
OLD_VERSION = "2023-06-01"
BREAKPOINTS = 4


class AnthropicModel(VendorModel["anthropic.AsyncAnthropic"]):
    """A model of Anthropic; the arguments are those of `VendorModel`."""

    provider: str = "anthropic"
    sdk: ClassVar[str] = "anthropic"
    # There is no plain JSON mode.
    rungs: ClassVar[tuple[Rung, ...]] = ("native_schema", "forced_tool", "prompt_only")
    picture_limit: ClassVar[int] = 5 * 1024 * 1024
    own_path: ClassVar[str] = "/v1"
    added: ClassVar[Mapping[str, str | None]] = {"ANTHROPIC_CUSTOM_HEADERS": None}

    def _offered(self) -> tuple[Rung, ...]:
        return self.rungs if self.row.forcing else ("native_schema", "prompt_only")

    def _new_client(self) -> "anthropic.AsyncAnthropic":
        import anthropic
        import httpx2

        return anthropic.AsyncAnthropic(
            api_key=self.endpoint.revealed,
            base_url=self.endpoint.base_url,
            **connection(anthropic, httpx2, self.timeout, self.endpoint),
        )

    async def ask(self, messages: Sequence[Message], ask: Ask) -> Reply:
        """One message."""
        body = self._body(messages, ask)
        if not body["messages"]:
            raise self._faults.unasked()
        document = await self._post(body, ask)
        blocks = document.body.get("content")
        if not isinstance(blocks, list):
            raise self._empty(document, "without any content")
        return _reply(document.body, [mapping(block) for block in cast(list[object], blocks)], document.headers)

    def _taken(self, body: Mapping[str, Any]) -> Usage:
        return _usage(mapping(body.get("usage")))

    def _body(self, messages: Sequence[Message], ask: Ask) -> dict[str, Any]:
        marked = breakpoints(messages, BREAKPOINTS)
        system = [_block(part, marked) for part in system_parts(messages)]
        body: dict[str, Any] = {
            "model": self.model,
            "max_tokens": ask.settings.max_tokens,
            "messages": [
                {"role": role, "content": [_block(part, marked) for part in parts]} for role, parts in turns(messages)
            ],
        }
        return body | ({"system": system} if system else {}) | self._sampling(ask) | self._structure(ask)

    def _sampling(self, ask: Ask) -> dict[str, Any]:
        if ask.settings.temperature is None or not self.abilities.temperature:
            return {}
        # The SDK knows no such parameter any more, and the current API version refuses it.
        return {
            "extra_body": {"temperature": ask.settings.temperature},
            "extra_headers": {"anthropic-version": OLD_VERSION},
        }

    def _structure(self, ask: Ask) -> dict[str, Any]:
        body, config = self._thought(ask)
        if ask.rung == "native_schema":
            config["format"] = {"type": "json_schema", "schema": ask.schema}
        if ask.rung == "forced_tool":
            # Not strict: a strict tool compiles the same grammar that may just have been refused as too large.
            body["tools"] = [{"name": ask.name, "description": "Gives the answer.", "input_schema": ask.schema}]
            body["tool_choice"] = {"type": "tool", "name": ask.name, "disable_parallel_tool_use": True}
        return body | ({"output_config": config} if config else {})

    def _thought(self, ask: Ask) -> tuple[dict[str, Any], dict[str, Any]]:
        """What goes into the body and what into its `output_config` for the wanted depth of thought."""
        effort = ask.settings.reasoning
        if effort is None or not self.abilities.reasoning:
            return {}, {}
        if effort == "none":
            return {"thinking": {"type": "disabled"}}, {}
        return {}, {"effort": EFFORTS.get(effort, effort)}

    def _dialect(self, rung: Rung) -> Dialect:
        return "anthropic" if rung == "native_schema" else "plain_inlined"

    async def _send(self, body: Mapping[str, Any]) -> Outcome:
        import anthropic
        import httpx2

        create: Callable[..., Awaitable[Any]] = self._clients.here().messages.with_raw_response.create
        return await sent(create(**body), anthropic, httpx2)


def _block(part: Part, marked: frozenset[int]) -> dict[str, Any]:
    return _content(part) | (CACHED if id(part) in marked else {})


def _content(part: Part) -> dict[str, Any]:
    match part:
        case Text() | PageView():
            return {"type": "text", "text": part.text}
        case Image(url=str(url)):
            return {"type": "image", "source": {"type": "url", "url": url}}
        case Image():
            source = {"type": "base64", "media_type": part.media_type, "data": base64_text(part)}
            return {"type": "image", "source": source}


def _reply(body: Mapping[str, Any], blocks: Sequence[Mapping[str, Any]], headers: Mapping[str, str]) -> Reply:
    # Thoughts may stand before the answer, so blocks are taken by their type and never by their place.
    raw_stop = body.get("stop_reason")
    details = mapping(body.get("stop_details"))
    category, explanation = details.get("category"), details.get("explanation")
    text = "".join(str(block.get("text") or "") for block in blocks if block.get("type") == "text")
    tools = [block.get("input") for block in blocks if block.get("type") == "tool_use"]
    return Reply(
        text=text,
        arguments=None if not tools else tools[0] if isinstance(tools[0], str) else mapping(tools[0]),
        usage=_usage(mapping(body.get("usage"))),
        stop=stop_of(STOPS, raw_stop),
        raw_stop=None if raw_stop is None else str(raw_stop),
        request_id=headers.get("request-id"),
        reason=category if isinstance(category, str) else None,
        remark=explanation if isinstance(explanation, str) else None,
    )


def _usage(usage: Mapping[str, Any]) -> Usage:
    thoughts = mapping(usage.get("output_tokens_details")).get("thinking_tokens")
    read, written = usage.get("cache_read_input_tokens"), usage.get("cache_creation_input_tokens")
    return usage_beside_caches(usage.get("input_tokens"), written, read, usage.get("output_tokens"), thoughts)
