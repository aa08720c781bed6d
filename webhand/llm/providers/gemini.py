"""Google's Gemini models, over the Gemini API."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from webhand.errors import InvalidSetting, QuotaExhausted, RateLimited
from webhand.llm.ask import Ask, Reply
from webhand.llm.charset import HOOKS
from webhand.llm.connections import connections
from webhand.llm.dialect import Dialect
from webhand.llm.endpoint import Endpoint
from webhand.llm.failure import READ, Failure, described, mapping, reasons
from webhand.llm.hints import duration
from webhand.llm.keys import is_set
from webhand.llm.messages import Image, Message, PageView, Part, Text
from webhand.llm.model import Rung, Stop, Usage
from webhand.llm.outcome import Outcome, Received, TimedOut, Unreachable
from webhand.llm.providers.chat import count, known_effort, stop_of
from webhand.llm.providers.turns import system_parts, turns
from webhand.llm.vendor import VendorModel
from webhand.secrets import Secret
from webhand.settings import KEY_VARIABLES

if TYPE_CHECKING:
    import httpx2
    from google import genai

STOPS: Mapping[str, Stop] = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    **dict.fromkeys(("SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR"), "filtered"),
}
MALFORMED = "MALFORMED_FUNCTION_CALL"
# Models before Gemini 3 are told how many tokens they may think.
BUDGETS: Mapping[str, int] = {"none": 0, "minimal": 512, "low": 1024, "medium": 8192, "high": 24_576}
VERSION = re.compile(r"/(v\d\w*)$")
UNFIT = re.compile(r"\.\.|[?&#\s]")
# Throttles of minutes and an empty account are worded alike; what no wait of a run will mend says one of these.
SPENT = re.compile(r"per ?day|limit: 0(?!\.?\d)|credits")


@dataclass(frozen=True)
class GeminiClient:
    """Gemini's part of the SDK with the connections that it uses."""

    sdk: "genai.Client"
    http: "httpx2.AsyncClient"

    async def close(self) -> None:
        """Close the connections."""
        self.sdk.close()
        await self.http.aclose()


class GeminiModel(VendorModel[GeminiClient]):
    """A model of Google's Gemini API; the arguments are those of `VendorModel`.

    The key is read from GOOGLE_API_KEY or GEMINI_API_KEY. A `base_url` may end with the version of the API, such as
    /v1beta; else it is v1.
    """

    provider: str = "gemini"
    sdk: ClassVar[str] = "google.genai"
    extra: ClassVar[str | None] = "gemini"
    # A request may hold 20 MB in all.
    picture_limit: ClassVar[int] = 15_000_000
    picture_urls: ClassVar[bool] = False

    def _found(self, api_key: str | Secret | None, base_url: str | None, api_key_env: str | None) -> Endpoint:
        if UNFIT.search(self.model):
            raise InvalidSetting(f"{self.model!r} cannot be the name of a Gemini model")
        names = KEY_VARIABLES["gemini"]
        variable = api_key_env or next(filter(is_set, names), None)
        return super()._found(api_key, base_url, variable)

    def _new_client(self) -> GeminiClient:
        import httpx2
        from google import genai
        from google.genai.types import HttpOptions

        url = self.endpoint.base_url
        version = VERSION.search(url)
        # With connections of our own the SDK does without aiohttp, which it would try again with, and no redirect is
        # followed: the key would go along.
        way = connections(httpx2, url, httpx2.Limits(max_connections=1000))
        http = httpx2.AsyncClient(timeout=self.timeout, transport=way, event_hooks=HOOKS)
        options = HttpOptions(
            base_url=VERSION.sub("", url),
            api_version=version[1] if version else "v1",
            timeout=max(1, round(self.timeout * 1000)),
            httpx_async_client=http,
        )
        return GeminiClient(genai.Client(api_key=self.endpoint.revealed, vertexai=False, http_options=options), http)

    async def ask(self, messages: Sequence[Message], ask: Ask) -> Reply:
        """One generated content."""
        body = self._body(messages, ask)
        if not body["contents"]:
            raise self._faults.unasked()
        document = await self._post(body, ask)
        reply = _reply(document.body)
        if reply is None:
            raise self._empty(document, "without any candidate")
        return reply

    def _taken(self, body: Mapping[str, Any]) -> Usage:
        return _usage(mapping(body.get("usageMetadata")))

    def _body(self, messages: Sequence[Message], ask: Ask) -> dict[str, Any]:
        config: dict[str, Any] = {"max_output_tokens": ask.settings.max_tokens}
        system = system_parts(messages)
        if system:
            config["system_instruction"] = {"role": "user", "parts": [_part(part) for part in system]}
        if ask.settings.temperature is not None and self.abilities.temperature:
            config["temperature"] = ask.settings.temperature
        spoken = turns(messages)
        contents = [
            {"role": "model" if role == "assistant" else role, "parts": [_part(part) for part in parts]}
            for role, parts in spoken
        ]
        seen = [part for _, parts in spoken for part in parts if isinstance(part, Image)]
        config |= _resolution(seen) | self._thought(ask) | _structure(ask)
        return {"model": self.model, "contents": contents, "config": config}

    def _thought(self, ask: Ask) -> dict[str, Any]:
        if ask.settings.reasoning is None or not self.abilities.reasoning:
            return {}
        effort = known_effort(ask.settings.reasoning, self.row.efforts)
        if self.row.thinks_by_budget:
            return {"thinking_config": {"thinking_budget": BUDGETS[effort]}}
        return {"thinking_config": {"thinking_level": effort.upper()}}

    def _dialect(self, rung: Rung) -> Dialect:
        return "gemini" if rung in ("native_schema", "forced_tool") else "plain_inlined"

    async def _send(self, body: Mapping[str, Any]) -> Outcome:
        import httpx2
        from google.genai import errors
        from google.genai.types import GenerateContentConfig

        # The answer is read by us: the SDK raises where it is no JSON. It would also go on by itself where an answer
        # says that it is to be continued.
        config = GenerateContentConfig(**body["config"], should_return_http_response=True, automatic_continuation=False)
        models = self._clients.here().sdk.aio.models
        try:
            answer = await models.generate_content(model=body["model"], contents=body["contents"], config=config)
        except errors.APIError as error:
            told = cast(Any, error)  # its types span five HTTP libraries
            if error.code < 300:
                return Received(b"", dict(told.response.headers))
            return _failure(error.code, told.details, dict(told.response.headers))
        except httpx2.TimeoutException:
            return TimedOut()
        except httpx2.HTTPError as error:
            return Unreachable(str(error) or type(error).__name__)
        except (RecursionError, UnicodeError):
            return Unreachable("an error that cannot be read")
        received = answer.sdk_http_response
        assert received is not None
        return Received((received.body or "").encode(), received.headers or {})


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Text() | PageView():
            return {"text": part.text}
        case Image():
            return {"inline_data": {"data": part.data, "mime_type": part.media_type}}


def _resolution(pictures: Sequence[Image]) -> dict[str, Any]:
    """The detail that was asked for, the highest of all; it holds for a whole request."""
    asked = {picture.detail for picture in pictures}
    if len(asked) == 1 and asked <= {"low"}:
        return {"media_resolution": "MEDIA_RESOLUTION_LOW"}
    return {"media_resolution": "MEDIA_RESOLUTION_HIGH"} if "high" in asked else {}


def _structure(ask: Ask) -> dict[str, Any]:
    """What asks for a structure; a JSON format and tools never stand together."""
    match ask.rung:
        case "native_schema":
            return {"response_mime_type": "application/json", "response_json_schema": ask.schema}
        case "json_object":
            return {"response_mime_type": "application/json"}
        case "forced_tool":
            function = {"name": ask.name, "description": "Gives the answer.", "parameters_json_schema": ask.schema}
            calling = {"mode": "ANY", "allowed_function_names": [ask.name]}
            return {
                "tools": [{"function_declarations": [function]}],
                "tool_config": {"function_calling_config": calling},
                "automatic_function_calling": {"disable": True},
            }
        case "prompt_only" | None:
            return {}


def _reply(body: Mapping[str, Any]) -> Reply | None:
    """The reply in a document, None where it holds none."""
    candidates = _list(body.get("candidates"))
    blocked = _text(mapping(body.get("promptFeedback")).get("blockReason"))
    if not candidates and blocked is None:
        return None
    candidate = mapping(next(iter(candidates), None))
    raw_stop = _text(candidate.get("finishReason")) or blocked
    parts = [mapping(part) for part in _list(mapping(candidate.get("content")).get("parts"))]
    said = [part for part in parts if not part.get("thought")]
    calls = [mapping(mapping(part["functionCall"]).get("args")) for part in said if "functionCall" in part]
    stop: Stop = stop_of(STOPS, raw_stop) if candidates else "filtered"
    return Reply(
        text="".join(str(part.get("text") or "") for part in said),
        arguments=calls[0] if calls else None,
        usage=_usage(mapping(body.get("usageMetadata"))),
        stop="tool" if calls and stop == "stop" else stop,
        raw_stop=raw_stop,
        request_id=_text(body.get("responseId")),
        reason=raw_stop if stop == "filtered" else None,
        remark=_text(candidate.get("finishMessage")) or (raw_stop if raw_stop == MALFORMED else None),
    )


def _usage(usage: Mapping[str, Any]) -> Usage:
    """The output that the vendor tells leaves the thoughts out; ours counts them in."""
    told, thought = count(usage.get("candidatesTokenCount")), count(usage.get("thoughtsTokenCount"))
    return Usage(
        prompt=count(usage.get("promptTokenCount")),
        cached=count(usage.get("cachedContentTokenCount")),
        completion=None if told is None and thought is None else (told or 0) + (thought or 0),
        reasoning=thought,
    )


def _failure(status: int, details: object, headers: Mapping[str, str]) -> Failure:
    """An error as Google words it: the reason and the time to wait stand in a list of details."""
    told = mapping(mapping(details).get("error")) or mapping(details)
    message = described(told.get("message") or told.get("detail") or ("" if told else details))
    more = [mapping(detail) for detail in _list(told.get("details"))]
    reason = next((reason for detail in more if (reason := _text(detail.get("reason")))), None)
    wait = next((wait for detail in more if (wait := _text(detail.get("retryDelay")))), None)
    if wait is not None and (seconds := duration(wait)) is not None:
        headers = {"retry-after": str(seconds), **headers}
    meant = None
    if status == 429:
        said = [message[:READ], *(json.dumps(detail)[:READ] for detail in more)]
        meant = QuotaExhausted if any(SPENT.search(reasons(one)) for one in said) else RateLimited
    return Failure(
        status,
        message,
        reason or _text(told.get("status")),
        headers=headers,
        request_id=headers.get("x-request-id"),
        body=told,
        meant=meant,
    )


def _list(value: object) -> list[object]:
    return cast(list[object], value) if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
