"""Models on Amazon Bedrock, over its Converse API."""

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, ClassVar, Unpack, cast

from webhand.errors import (
    AuthError,
    InvalidSetting,
    LLMError,
    ModelNotFound,
    Overloaded,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
)
from webhand.llm.ask import Ask, Reply
from webhand.llm.dialect import Dialect
from webhand.llm.endpoint import Endpoint, find_base_url
from webhand.llm.failure import Failure, mapping
from webhand.llm.in_thread import in_thread
from webhand.llm.keys import find_key, key_source
from webhand.llm.kinds import check_option
from webhand.llm.login import without_login
from webhand.llm.messages import Image, Message, PageView, Part, Text
from webhand.llm.model import Rung, Stop, Usage
from webhand.llm.options import ModelOptions
from webhand.llm.outcome import Outcome
from webhand.llm.providers.aws import TOKEN_VARIABLE, Runtime, Way, connect, converse
from webhand.llm.providers.chat import stop_of, usage_beside_caches
from webhand.llm.providers.turns import breakpoints, system_parts, turns
from webhand.llm.vendor import VendorModel
from webhand.secrets import Secret

STOPS: Mapping[str, Stop] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "tool_use": "tool",
    "guardrail_intervened": "filtered",
    "content_filtered": "filtered",
    "model_context_window_exceeded": "context",
}
# AWS answers with one of several statuses for the same thing; the code is what counts.
MEANT: Mapping[str | None, type[LLMError]] = {
    "AccessDeniedException": AuthError,
    "ExpiredToken": AuthError,
    "ExpiredTokenException": AuthError,
    "IncompleteSignature": AuthError,
    "InvalidSignatureException": AuthError,
    "MissingAuthenticationTokenException": AuthError,
    "UnrecognizedClientException": AuthError,
    "ResourceNotFoundException": ModelNotFound,
    "ServiceQuotaExceededException": QuotaExhausted,
    "ThrottlingException": RateLimited,
    "ModelNotReadyException": Overloaded,
    "ServiceUnavailableException": Overloaded,
    "ModelTimeoutException": ProviderTimeout,
    "InternalServerException": ProviderUnavailable,
    "ModelErrorException": ProviderUnavailable,
}
ADDRESSES = ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_ENDPOINT_URL")
EFFORTS = {"minimal": "low"}
BREAKPOINTS = 4
CACHE_POINT = {"cachePoint": {"type": "default"}}


@dataclass(frozen=True)
class BedrockClient:
    """The client with the places of one event loop: boto3 blocks, so each call takes a thread and a connection."""

    runtime: Runtime
    places: asyncio.Semaphore = field(repr=False)

    async def close(self) -> None:
        """Close the connections."""
        self.runtime.close()


class BedrockModel(VendorModel[BedrockClient]):
    """A model on Amazon Bedrock, by the id or ARN of a model or inference profile.

    `api_key` is an API key of Bedrock, else read from AWS_BEARER_TOKEN_BEDROCK; without one, AWS credentials are looked
    for where boto3 does: environment, `profile`, roles. `region` is by default that of AWS_REGION, AWS_DEFAULT_REGION
    or the profile. `connections` bounds the calls at the same time. The other arguments are those of `VendorModel`.
    """

    provider: str = "bedrock"
    sdk: ClassVar[str] = "boto3"
    extra: ClassVar[str | None] = "bedrock"
    # There is no plain JSON mode.
    rungs: ClassVar[tuple[Rung, ...]] = ("native_schema", "forced_tool", "prompt_only")
    picture_limit: ClassVar[int] = 5_000_000
    picture_urls: ClassVar[bool] = False
    socks: ClassVar[bool] = False

    def __init__(
        self,
        model: str,
        *,
        region: str | None = None,
        profile: str | None = None,
        connections: int = 64,
        **more: Unpack[ModelOptions],
    ) -> None:
        check_option("region", region, str | None)
        check_option("profile", profile, str | None)
        check_option("connections", connections, int)
        if connections < 1:
            raise InvalidSetting(f"connections is {connections}; give at least 1")
        self._place = Way(region, profile, None, None, self.usual_timeout, connections)
        super().__init__(model, **more)
        self._way |= {"region": region, "profile": profile}

    def _found(self, api_key: str | Secret | None, base_url: str | None, api_key_env: str | None) -> Endpoint:
        address = _address_variable()
        if base_url is not None or address is not None:
            base_url = find_base_url(self.provider, base_url, address, None).rstrip("/")
            if without_login(base_url)[1] is not None:
                raise InvalidSetting("The address for bedrock holds a login, which is not sent to it; take it out")
        variable = api_key_env or TOKEN_VARIABLE
        # A profile that is asked for is not outdone by a token that lies about.
        named = self._place.profile is None or api_key is not None or api_key_env is not None
        key = find_key(self.provider, api_key, variable, required=api_key_env is not None) if named else None
        token = None if key is None else key.reveal()
        self._connection = connect(replace(self._place, base_url=base_url, token=token, timeout=self.timeout))
        url = self._connection.runtime.meta.endpoint_url
        return Endpoint(url, key, self._connection.source if key is None else key_source(api_key, variable))

    def _offered(self) -> tuple[Rung, ...]:
        return self.rungs if self.row.forcing else ("native_schema", "prompt_only")

    def _new_client(self) -> BedrockClient:
        return BedrockClient(self._connection.runtime, asyncio.Semaphore(self._place.connections))

    async def ask(self, messages: Sequence[Message], ask: Ask) -> Reply:
        """One message of a conversation."""
        body = self._body(messages, ask)
        if not body["messages"]:
            raise self._faults.unasked()
        document = await self._post(body, ask)
        blocks = mapping(mapping(document.body.get("output")).get("message")).get("content")
        if not isinstance(blocks, list):
            raise self._empty(document, "without any output")
        return _reply(document.body, [mapping(block) for block in cast(list[object], blocks)], document.headers)

    def _taken(self, body: Mapping[str, Any]) -> Usage:
        return _usage(mapping(body.get("usage")))

    def _body(self, messages: Sequence[Message], ask: Ask) -> dict[str, Any]:
        marked = breakpoints(messages, BREAKPOINTS) if self.row.caching else frozenset[int]()
        system = _blocks(system_parts(messages), marked)
        limits: dict[str, Any] = {"maxTokens": ask.settings.max_tokens}
        if ask.settings.temperature is not None and self.abilities.temperature:
            limits["temperature"] = ask.settings.temperature
        body: dict[str, Any] = {
            "modelId": self.model,
            "messages": [{"role": role, "content": _blocks(parts, marked)} for role, parts in turns(messages)],
            "inferenceConfig": limits,
        }
        return body | ({"system": system} if system else {}) | self._structure(ask)

    def _structure(self, ask: Ask) -> dict[str, Any]:
        body, config = self._thought(ask)
        if ask.rung == "native_schema":
            told = {"name": ask.name, "schema": json.dumps(ask.schema, ensure_ascii=False)}
            config["textFormat"] = {"type": "json_schema", "structure": {"jsonSchema": told}}
        if ask.rung == "forced_tool":
            tool = {"name": ask.name, "description": "Gives the answer.", "inputSchema": {"json": ask.schema}}
            body["toolConfig"] = {"tools": [{"toolSpec": tool}], "toolChoice": {"tool": {"name": ask.name}}}
        return body | ({"outputConfig": config} if config else {})

    def _thought(self, ask: Ask) -> tuple[dict[str, Any], dict[str, Any]]:
        """What goes into the body and what into its `outputConfig` for the wanted depth of thought."""
        effort = ask.settings.reasoning
        if effort is None or not self.abilities.reasoning:
            return {}, {}
        if effort == "none":
            return {"additionalModelRequestFields": {"thinking": {"type": "disabled"}}}, {}
        return {}, {"effort": EFFORTS.get(effort, effort)}

    def _dialect(self, rung: Rung) -> Dialect:
        return "bedrock" if rung == "native_schema" else "plain_inlined"

    async def _in_time(self, body: Mapping[str, Any]) -> Outcome:
        # Waiting for a place is not the vendor's time.
        async with self._clients.here().places:
            return await super()._in_time(body)

    async def _send(self, body: Mapping[str, Any]) -> Outcome:
        outcome = await in_thread(partial(converse, self._connection, body))
        if isinstance(outcome, Failure) and outcome.meant is None:
            return replace(outcome, meant=MEANT.get(outcome.code))
        return outcome


def _address_variable() -> str | None:
    """The variable that holds another address, as boto3 chooses it: read here, its error says which one it is."""
    ignored = os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true"
    return None if ignored else next((name for name in ADDRESSES if os.environ.get(name)), None)


def _blocks(parts: Sequence[Part], marked: frozenset[int]) -> list[dict[str, Any]]:
    """The parts as blocks; behind each marked one stands the point up to which the prompt is cached."""
    return [block for part in parts for block in (_block(part), *([CACHE_POINT] if id(part) in marked else []))]


def _block(part: Part) -> dict[str, Any]:
    match part:
        case Text() | PageView():
            return {"text": part.text}
        case Image():
            kind = (part.media_type or "").removeprefix("image/")
            return {"image": {"format": kind, "source": {"bytes": part.data}}}


def _reply(body: Mapping[str, Any], blocks: Sequence[Mapping[str, Any]], headers: Mapping[str, str]) -> Reply:
    raw_stop = body.get("stopReason")
    tools = [mapping(block["toolUse"]).get("input") for block in blocks if "toolUse" in block]
    return Reply(
        text="".join(str(block.get("text") or "") for block in blocks),
        arguments=None if not tools else tools[0] if isinstance(tools[0], str) else mapping(tools[0]),
        usage=_usage(mapping(body.get("usage"))),
        stop=stop_of(STOPS, raw_stop),
        raw_stop=None if raw_stop is None else str(raw_stop),
        request_id=headers.get("x-request-id"),
    )


def _usage(usage: Mapping[str, Any]) -> Usage:
    read, written = usage.get("cacheReadInputTokens"), usage.get("cacheWriteInputTokens")
    return usage_beside_caches(usage.get("inputTokens"), written, read, usage.get("outputTokens"))
