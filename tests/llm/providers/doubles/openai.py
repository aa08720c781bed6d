"""Chat completions: OpenAI itself, and any server that speaks its dialect."""

import base64
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.llm.providers.double import Double, Picture, Trouble
from tests.llm.providers.wire import Answer, Request
from webhand.llm.model import Rung
from webhand.llm.providers.compatible import OpenAICompatibleModel
from webhand.llm.providers.openai import OpenAIModel
from webhand.llm.vendor import VendorModel


class OpenAIDouble(Double):
    """OpenAI, and the base of the doubles of its dialect."""

    name: ClassVar[str] = "openai"
    model: ClassVar[str] = "gpt-6-luna"
    blind: ClassVar[str | None] = "o3-mini"
    kind: ClassVar[type[VendorModel[Any]]] = OpenAIModel
    key_env: ClassVar[str | None] = "OPENAI_API_KEY"
    cap_key: ClassVar[str] = "max_completion_tokens"
    troubles: ClassVar[Mapping[Trouble, tuple[int, str, str]]] = {
        "throttled": (429, "rate_limit_exceeded", "Rate limit reached"),
        "busy": (503, "", "The engine is currently overloaded"),
        "bad_key": (401, "invalid_api_key", "Incorrect API key provided:"),
        "no_model": (404, "model_not_found", "The model does not exist"),
        "too_long": (400, "context_length_exceeded", "This model's maximum context length is 8 tokens"),
        "no_credit": (429, "insufficient_quota", "You exceeded your current quota"),
        "blocked": (400, "content_filter", "The prompt was filtered"),
        "schema_refused": (400, "invalid_request_error", "Invalid schema for response_format 'Fruit':"),
        "bad_request": (400, "", "The moon is wrong"),
    }

    def choice(
        self, message: Mapping[str, Any], stop: str | None = "stop", *, usage: object = None, **more: Any
    ) -> Answer:
        """An answer with one choice; `more` stands in the choice."""
        told = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": stop, **more}
        counted = {} if usage is None else {"usage": usage}
        return Answer({"id": "c1", "choices": [told], **counted}, headers={"x-request-id": "req-1"})

    def reply(self, text: str, stop: str | None = None, *, usage: bool = True) -> Answer:
        counted = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
        return self.choice({"content": text}, stop or "stop", usage=counted if usage else None)

    def cut(self, text: str) -> Answer:
        return self.reply(text, "length")

    def tool(self, arguments: object) -> Answer:
        called = {"id": "t1", "type": "function", "function": {"name": "Fruit", "arguments": arguments}}
        return self.choice({"content": None, "tool_calls": [called]}, "tool_calls")

    def error(self, status: int, message: str, code: str = "", headers: Mapping[str, str] | None = None) -> Answer:
        return Answer({"error": {"message": message, "type": "x", "code": code}}, status, headers or {})

    def path(self, model: str) -> str:
        return "/v1/chat/completions"

    def key(self, request: Request) -> str | None:
        return request.headers["authorization"].removeprefix("Bearer ")

    def model_of(self, request: Request) -> str:
        return request.body["model"]

    def turns(self, request: Request) -> list[tuple[str, str]]:
        return [(message["role"], _text(message["content"])) for message in request.body["messages"]]

    def picture(self, request: Request) -> Picture | None:
        contents: list[Any] = [message["content"] for message in request.body["messages"]]
        parts: list[Any] = [part for content in contents if not isinstance(content, str) for part in content]
        pictures = [part["image_url"] for part in parts if part["type"] == "image_url"]
        return _picture(**pictures[-1]) if pictures else None

    def cap(self, request: Request) -> int:
        assert {"max_tokens", "max_completion_tokens"} & set(request.body) == {self.cap_key}
        return request.body[self.cap_key]

    def rung(self, request: Request) -> Rung:
        body = request.body
        assert not {"tools", "response_format"} <= set(body), "JSON formats and tools never stand together"
        if "tools" in body:
            assert "tool_choice" in body
            return "forced_tool"
        match body.get("response_format", {}).get("type"):
            case "json_schema":
                return "native_schema"
            case "json_object":
                assert "JSON" in str(self.texts(request)), "a JSON mode is refused where nothing speaks of JSON"
                return "json_object"
            case told:
                assert told is None
                return "prompt_only"


class CompatibleDouble(OpenAIDouble):
    """A server that nobody has heard of."""

    name: ClassVar[str] = "compatible"
    model: ClassVar[str] = "some-model"
    blind: ClassVar[str | None] = None
    kind: ClassVar[type[VendorModel[Any]]] = OpenAICompatibleModel
    key_env: ClassVar[str | None] = None
    cap_key: ClassVar[str] = "max_tokens"
    doubted: ClassVar[bool] = True


def _text(content: Any) -> str:
    return content if isinstance(content, str) else "\n".join(part["text"] for part in content if "text" in part)


def _picture(url: str, detail: str | None = None) -> Picture:
    if not url.startswith("data:"):
        return Picture(url=url, detail=detail)
    head, comma, data = url.removeprefix("data:").partition(",")
    assert comma
    assert head.endswith(";base64")
    return Picture(base64.b64decode(data, validate=True), None, head.removesuffix(";base64"), detail)
