"""Models on an Ollama server, over its own API: the one for OpenAI's clients knows no `num_ctx` and no `keep_alive`."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, cast
from urllib.parse import urlsplit

from webhand.errors import InvalidSetting, LLMError, ModelNotFound, ProviderUnavailable
from webhand.llm.ask import Ask, Reply
from webhand.llm.charset import HOOKS
from webhand.llm.connections import connections
from webhand.llm.dialect import Dialect
from webhand.llm.endpoint import Endpoint, checked_url
from webhand.llm.failure import Failure, mapping
from webhand.llm.faults import SCHEMA_WORDS
from webhand.llm.keys import is_set
from webhand.llm.kinds import check_option
from webhand.llm.messages import Image, Message
from webhand.llm.model import Abilities, Rung, Stop, Usage
from webhand.llm.outcome import Document, Outcome, Received, TimedOut, Unreachable
from webhand.llm.pictures import base64_text
from webhand.llm.providers.chat import count, stop_of, tool_arguments
from webhand.llm.retry import with_retries
from webhand.llm.shared import Shared
from webhand.llm.vendor import VendorModel
from webhand.secrets import Secret

STOPS: Mapping[str, Stop] = {"stop": "stop", "length": "length"}
KEY = "OLLAMA_API_KEY"
HOST = "OLLAMA_HOST"
PORT = 11434
LEVELS = {"minimal": "low", "low": "low", "medium": "medium", "high": "high", "xhigh": "high", "max": "high"}


class OllamaServer:
    """A pool of connections to the server, with what SDKs' clients have."""

    def __init__(self, endpoint: Endpoint, timeout: float) -> None:
        import httpx2

        allowed = endpoint.authorization
        headers = {} if allowed is None else {"authorization": allowed}
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=100)
        way = connections(httpx2, endpoint.base_url, limits)
        self._http = httpx2.AsyncClient(
            base_url=endpoint.base_url, headers=headers, timeout=timeout, transport=way, event_hooks=HOOKS
        )
        self.learning = Shared[None]()

    async def post(self, path: str, body: Mapping[str, Any]) -> Outcome:
        """How a request went."""
        import httpx2

        try:
            answer = await self._http.post(path, json=body)
        except httpx2.TimeoutException:
            return TimedOut()
        except httpx2.HTTPError as error:
            return Unreachable(str(error) or type(error).__name__)
        received = Received(answer.content, dict(answer.headers))
        if answer.is_success:
            return received
        document = received.document()
        return Failure.of(answer.status_code, answer.text if document is None else document.body, received.headers)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


class OllamaModel(VendorModel[OllamaServer]):
    """A model on an Ollama server; the arguments are those of `VendorModel`, and two more.

    `num_ctx` is how many tokens prompt and answer may have together: the server's own choice is often 4096, and what
    is longer it would cut at its beginning. Never more than the model has. `keep_alive` is how long the server keeps
    the model loaded. What the model can do is asked from the server with the first call, unless `abilities` says it.
    """

    provider: str = "ollama"
    sdk: ClassVar[str] = "httpx2"  # comes with OpenAI's SDK
    # A tool cannot be forced.
    rungs: ClassVar[tuple[Rung, ...]] = ("native_schema", "json_object", "prompt_only")
    own_path: ClassVar[str] = "/api"
    picture_urls: ClassVar[bool] = False
    # Loading a model, and reading a long prompt without a graphics card, take minutes.
    usual_timeout: ClassVar[float] = 300.0

    def __init__(
        self,
        model: str,
        *,
        num_ctx: int = 32_768,
        keep_alive: str | int = "10m",
        abilities: Abilities | None = None,
        **options: Any,
    ) -> None:
        check_option("num_ctx", num_ctx, int)
        check_option("keep_alive", keep_alive, str | int)
        super().__init__(model, abilities=abilities, **options)
        if num_ctx < 1:
            raise InvalidSetting(f"num_ctx is {num_ctx}; give a number of tokens above 0")
        self.num_ctx = num_ctx
        self.keep_alive = keep_alive
        self._way |= {"num_ctx": num_ctx, "keep_alive": keep_alive}
        self._asked = abilities is not None
        if not self._asked:
            self._can(replace(self._abilities, context=num_ctx))
        advice = {
            ModelNotFound: f"the server has no such model; run: ollama pull {model}",
            ProviderUnavailable: "is Ollama running there? It is started with: ollama serve",
        }
        self._faults = replace(self._faults, advice=advice)

    async def ask(self, messages: Sequence[Message], ask: Ask) -> Reply:
        """One chat."""
        document = await self._post(self._body(messages, ask), ask)
        message = document.body.get("message")
        if not isinstance(message, Mapping):
            raise self._empty(document, "without a message")
        return self._reply(cast(Mapping[str, Any], message), document.body)

    async def _learn(self) -> None:
        if not self._asked:
            asking = partial(with_retries, lambda _: self._ask_abilities(), self.retry)
            await self._clients.here().learning.of(asking)

    def _tells_schema(self, rung: Rung) -> bool:
        """At every rung: what guides the writing is not read by the model."""
        return True

    async def _ask_abilities(self) -> None:
        match await self._timed(self._clients.here().post("/api/show", {"model": self.model})):
            case Failure(status=status) if status != 404:
                pass  # the call itself will say what is wrong, if anything is
            case outcome:
                self._known(self._document(outcome, Ask(self.settings)))
        self._asked = True

    def _known(self, document: Document) -> None:
        told, info = document.body.get("capabilities"), mapping(document.body.get("model_info"))
        length = count(info.get(f"{info.get('general.architecture')}.context_length"))
        self.num_ctx = min(self.num_ctx, length or self.num_ctx)
        known = replace(self._abilities, context=self.num_ctx)
        if isinstance(told, list):
            can = cast(list[object], told)
            known = replace(known, vision="vision" in can, tools="tools" in can, reasoning="thinking" in can)
        self._can(known)

    def _body(self, messages: Sequence[Message], ask: Ask) -> dict[str, Any]:
        options: dict[str, Any] = {"num_ctx": self.num_ctx, "num_predict": ask.settings.max_tokens}
        if ask.settings.temperature is not None and self.abilities.temperature:
            options["temperature"] = ask.settings.temperature
        body: dict[str, Any] = {
            "model": self.model,
            "messages": [_message(message) for message in messages],
            "stream": False,
            # Else what is too long is cut without a word, the rules first. Servers before 0.12.6 do not know these.
            "truncate": False,
            "shift": False,
            "options": options,
            "keep_alive": self.keep_alive,
        }
        return body | _format(ask) | self._thought(ask)

    def _thought(self, ask: Ask) -> dict[str, Any]:
        effort = ask.settings.reasoning
        if effort is None or not self.abilities.reasoning:
            return {}
        if effort != "none" and self.model.startswith("gpt-oss"):
            return {"think": LEVELS[effort]}
        return {"think": effort != "none"}

    def _reply(self, message: Mapping[str, Any], body: Mapping[str, Any]) -> Reply:
        raw_stop, text = body.get("done_reason"), message.get("content")
        usage = self._taken(body)
        # The place is used up: more room for the answer would not help.
        full = raw_stop == "length" and (usage.prompt or 0) + (usage.completion or 0) >= self.num_ctx
        return Reply(
            text=text if isinstance(text, str) and not full else "",
            arguments=tool_arguments(message.get("tool_calls")),
            usage=usage,
            stop="context" if full else stop_of(STOPS, raw_stop),
            raw_stop=None if raw_stop is None else str(raw_stop),
            reason=f"num_ctx is {self.num_ctx}" if full else None,
        )

    def _taken(self, body: Mapping[str, Any]) -> Usage:
        return Usage(prompt=count(body.get("prompt_eval_count")), completion=count(body.get("eval_count")))

    def _refusal(self, failure: Failure, ask: Ask) -> LLMError:
        if failure.status == 500 and SCHEMA_WORDS.search(failure.words):
            failure = replace(failure, status=400)  # the server calls a schema that it cannot use its own fault
        return super()._refusal(failure, ask)

    def _offered(self) -> tuple[Rung, ...]:
        # Models that the server passes on to Ollama's cloud are not held to a format.
        return ("prompt_only",) if self.model.endswith(("-cloud", ":cloud")) else self.rungs

    def _found(self, api_key: str | Secret | None, base_url: str | None, api_key_env: str | None) -> Endpoint:
        variable = api_key_env or (KEY if is_set(KEY) else None)  # most servers want none
        if base_url is None and (host := _host()) is not None:
            base_url = checked_url(self.provider, HOST, host)
        found = super()._found(api_key, base_url, variable)
        return replace(found, base_url=found.base_url.removesuffix("/v1"))

    def _new_client(self) -> OllamaServer:
        return OllamaServer(self.endpoint, self.timeout)

    def _dialect(self, rung: Rung) -> Dialect:
        return "plain_inlined"

    async def _send(self, body: Mapping[str, Any]) -> Outcome:
        return await self._clients.here().post("/api/chat", body)


def _message(message: Message) -> dict[str, Any]:
    """Content is one text; pictures stand beside it as bare base64."""
    images = [base64_text(part) for part in message.parts if isinstance(part, Image)]
    return {"role": message.role, "content": message.text} | ({"images": images} if images else {})


def _format(ask: Ask) -> dict[str, Any]:
    match ask.rung:
        case "native_schema":
            return {"format": ask.schema}
        case "json_object":
            return {"format": "json"}
        case _:
            return {}


def _host() -> str | None:
    """The address that OLLAMA_HOST means, which may be a host or a port alone; None where it is not set.

    The variable also tells the server where to listen: "everywhere" is this machine for us.
    """
    host = os.environ.get(HOST, "").strip()
    if not host or "://" in host:
        return host or None
    try:
        parts = urlsplit(f"http://{host}")
        port = parts.port or PORT
    except ValueError:
        return host  # no address: it is told where it is checked
    name = "127.0.0.1" if parts.hostname in (None, "0.0.0.0", "::") else parts.hostname or ""
    login = "".join(parts.netloc.rpartition("@")[:2])
    return f"http://{login}{f'[{name}]' if ':' in name else name}:{port}{parts.path}"
