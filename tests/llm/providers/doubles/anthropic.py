"""Anthropic's Messages."""

import base64
from collections.abc import Mapping
from typing import Any, ClassVar, get_args

from anthropic.types.model import Model

from tests.llm.providers.double import Double, Picture, Trouble
from tests.llm.providers.wire import Answer, Request
from webhand.llm.model import Rung
from webhand.llm.providers.anthropic import AnthropicModel
from webhand.llm.vendor import VendorModel

_NAMES = next(one for one in get_args(Model) if one is not str)
UNFORCED = [name for name in get_args(_NAMES) if "fable" in name or "mythos" in name]
"""The SDK's names of models that cannot be made to use a tool."""


class AnthropicDouble(Double):
    name: ClassVar[str] = "anthropic"
    model: ClassVar[str] = "claude-sonnet-5-5"
    kind: ClassVar[type[VendorModel[Any]]] = AnthropicModel
    key_env: ClassVar[str | None] = "ANTHROPIC_API_KEY"
    knows_detail: ClassVar[bool] = False
    rungs: ClassVar[tuple[Rung, ...]] = ("native_schema", "forced_tool", "prompt_only")
    troubles: ClassVar[Mapping[Trouble, tuple[int, str, str]]] = {
        "throttled": (429, "rate_limit_error", "This request would exceed your rate limit"),
        "busy": (529, "overloaded_error", "Overloaded"),
        "bad_key": (401, "authentication_error", "invalid x-api-key"),
        "no_model": (404, "not_found_error", "model: no-such-model"),
        "too_long": (400, "invalid_request_error", "prompt is too long: 9 tokens > 8 maximum"),
        "no_credit": (400, "invalid_request_error", "Your credit balance is too low to access the API"),
        "schema_refused": (400, "invalid_request_error", "The compiled grammar is too large"),
        "bad_request": (400, "invalid_request_error", "The moon is wrong"),
    }

    def message(self, *blocks: Mapping[str, Any], stop: str = "end_turn", **more: Any) -> Answer:
        """A message of these blocks; `more` stands beside them."""
        told = {"id": "m1", "type": "message", "role": "assistant", "content": blocks, "stop_reason": stop, **more}
        return Answer(told, headers={"request-id": "req-1"})

    def reply(self, text: str, stop: str | None = None, *, usage: bool = True) -> Answer:
        counted = {"usage": {"input_tokens": 11, "output_tokens": 7}} if usage else {}
        return self.message({"type": "text", "text": text}, stop=stop or "end_turn", **counted)

    def cut(self, text: str) -> Answer:
        return self.reply(text, "max_tokens")

    def tool(self, arguments: Mapping[str, Any]) -> Answer:
        return self.message({"type": "tool_use", "id": "t", "name": "Fruit", "input": arguments}, stop="tool_use")

    def error(self, status: int, message: str, code: str = "", headers: Mapping[str, str] | None = None) -> Answer:
        body = {"type": "error", "error": {"type": code or "x", "message": message}, "request_id": "req-1"}
        return Answer(body, status, headers or {})

    def path(self, model: str) -> str:
        return "/v1/messages"

    def key(self, request: Request) -> str | None:
        return request.headers["authorization"].removeprefix("Bearer ")

    def model_of(self, request: Request) -> str:
        return request.body["model"]

    def turns(self, request: Request) -> list[tuple[str, str]]:
        system = [("system", _text([block])) for block in request.body.get("system", [])]
        return [*system, *((turn["role"], _text(turn["content"])) for turn in request.body["messages"])]

    def picture(self, request: Request) -> Picture | None:
        blocks = [block for turn in request.body["messages"] for block in turn["content"]]
        sources = [block["source"] for block in blocks if block["type"] == "image"]
        return _picture(**sources[-1]) if sources else None

    def cap(self, request: Request) -> int:
        return request.body["max_tokens"]

    def rung(self, request: Request) -> Rung:
        if "tools" in request.body:
            return "forced_tool"
        return "native_schema" if "format" in request.body.get("output_config", {}) else "prompt_only"


def _text(blocks: Any) -> str:
    return "\n".join(block["text"] for block in blocks if block["type"] == "text")


def _picture(type: str, url: str | None = None, media_type: str | None = None, data: str | None = None) -> Picture:
    assert type == ("base64" if url is None else "url")
    return Picture(None if data is None else base64.b64decode(data, validate=True), url, media_type)
