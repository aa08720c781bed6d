"""An Ollama server, over its own API."""

import base64
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.llm.providers.double import Double, Picture, Trouble
from tests.llm.providers.wire import Answer, Request
from webhand.llm.model import Rung
from webhand.llm.providers.ollama import OllamaModel
from webhand.llm.vendor import VendorModel

SEEING = ("completion", "tools", "vision")


def shown(*capabilities: str, length: int = 131_072) -> Answer:
    """What the server says of a model."""
    info = {"general.architecture": "llama", "llama.context_length": length}
    return Answer({"capabilities": capabilities, "model_info": info, "details": {"family": "llama"}})


class OllamaDouble(Double):
    name: ClassVar[str] = "ollama"
    model: ClassVar[str] = "qwen3-vl:8b"
    blind: ClassVar[str | None] = "llama3.2"
    kind: ClassVar[type[VendorModel[Any]]] = OllamaModel
    key_env: ClassVar[str | None] = None
    request_id: ClassVar[str | None] = None
    takes_urls: ClassVar[bool] = False
    knows_detail: ClassVar[bool] = False
    rungs: ClassVar[tuple[Rung, ...]] = ("native_schema", "json_object", "prompt_only")
    troubles: ClassVar[Mapping[Trouble, tuple[int, str, str]]] = {
        "throttled": (429, "", "you've reached your hourly usage limit"),
        "busy": (503, "", "server busy, please try again.  maximum pending requests exceeded"),
        "bad_key": (401, "", "unauthorized"),
        "no_model": (404, "", "model 'no-such-model' not found"),
        "too_long": (400, "", "request (8889 tokens) exceeds the available context size (4096 tokens)"),
        "schema_refused": (500, "", "invalid JSON schema in format"),
        "bad_request": (400, "", "The moon is wrong"),
    }

    def aside(self, request: Request) -> Answer | None:
        if request.path != "/api/show":
            return None
        return shown("completion", "tools") if request.body["model"] == self.blind else shown(*SEEING)

    def message(self, message: Mapping[str, Any], stop: str = "stop", **more: Any) -> Answer:
        """An answer; `more` stands beside the message."""
        told = {"role": "assistant", **message}
        return Answer({"model": "m", "message": told, "done": True, "done_reason": stop, **more})

    def reply(self, text: str, stop: str | None = None, *, usage: bool = True) -> Answer:
        counted = {"prompt_eval_count": 11, "eval_count": 7} if usage else {}
        return self.message({"content": text}, stop or "stop", **counted)

    def cut(self, text: str) -> Answer:
        return self.reply(text, "length")

    def tool(self, arguments: Mapping[str, Any]) -> Answer:
        return self.message({"content": "", "tool_calls": [{"function": {"name": "Fruit", "arguments": arguments}}]})

    def error(self, status: int, message: str, code: str = "", headers: Mapping[str, str] | None = None) -> Answer:
        return Answer({"error": message}, status, headers or {})

    def address(self, server: str) -> str:
        return server

    def path(self, model: str) -> str:
        return "/api/chat"

    def key(self, request: Request) -> str | None:
        return request.headers.get("authorization", "").removeprefix("Bearer ") or None

    def model_of(self, request: Request) -> str:
        return request.body["model"]

    def turns(self, request: Request) -> list[tuple[str, str]]:
        assert request.body["stream"] is False
        assert all(isinstance(message["content"], str) for message in request.body["messages"])
        return [(message["role"], message["content"]) for message in request.body["messages"]]

    def picture(self, request: Request) -> Picture | None:
        images = [image for message in request.body["messages"] for image in message.get("images", ())]
        if not images:
            return None
        data = base64.b64decode(images[-1], validate=True)
        return Picture(data, media_type="image/png" if data.startswith(b"\x89PNG") else None)

    def cap(self, request: Request) -> int:
        return request.body["options"]["num_predict"]

    def rung(self, request: Request) -> Rung:
        assert "tools" not in request.body
        match request.body.get("format"):
            case None:
                return "prompt_only"
            case "json":
                return "json_object"
            case schema:
                assert "$ref" not in str(schema)
                return "native_schema"
