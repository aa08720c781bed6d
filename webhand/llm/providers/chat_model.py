"""A model behind a server that speaks OpenAI's chat completions, whatever SDK carries it."""

import re
from collections.abc import Mapping, Sequence, Set
from functools import cached_property
from typing import Any, TypeVar

from webhand.errors import BadRequest
from webhand.llm.ask import Ask, Reply
from webhand.llm.catalog import ChatProfile, provider_row
from webhand.llm.clients import Client
from webhand.llm.dialect import Dialect
from webhand.llm.failure import mapping
from webhand.llm.messages import Message
from webhand.llm.model import Rung, Usage
from webhand.llm.outcome import Document
from webhand.llm.providers.chat import chat_body, chat_reply, chat_usage, first_choice, structure
from webhand.llm.vendor import VendorModel

C = TypeVar("C", bound=Client)

# Azure takes the one or the other by the deployment and the version of the API, which its name does not tell.
OTHER_CAP = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
REFUSED = re.compile(r"unrecognized|unsupported|unknown|unexpected|not (?:supported|permitted|allowed)", re.IGNORECASE)


class ChatModel(VendorModel[C]):
    """What the vendors of this dialect share; what a server does its own way is in its row of the table."""

    @property
    def profile(self) -> ChatProfile:
        """The server's ways."""
        return provider_row(self.provider).chat

    async def ask(self, messages: Sequence[Message], ask: Ask) -> Reply:
        """One chat completion; where the server knows the key that bounds the answer by its other name, a second."""
        cap = self._cap
        try:
            return await self._asked(messages, ask)
        except BadRequest as error:
            told = str(error)
            if cap not in told or not REFUSED.search(told):
                raise
            self._cap = OTHER_CAP[cap]
            return await self._asked(messages, ask)

    async def _asked(self, messages: Sequence[Message], ask: Ask) -> Reply:
        return self._reply(await self._post(self._body(messages, ask), ask))

    @cached_property
    def _cap(self) -> str:
        """The key that bounds an answer: what the server is said to know, or what it turned out to know."""
        return self.profile.cap

    def _marked(self, messages: Sequence[Message]) -> Set[int] | None:
        """The ids of the parts that are marked as ends of what is cached, None: the vendor finds them by itself."""
        return None

    def _reply(self, document: Document) -> Reply:
        reply = chat_reply(document.body, document.headers)
        if reply is None:
            raise self._empty(document, "without any choice")
        return reply

    def _wrong(self, body: Mapping[str, Any]) -> object:
        choice = first_choice(body)
        return body.get("error") or choice.get("error") or mapping(choice.get("message")).get("error")

    def _taken(self, body: Mapping[str, Any]) -> Usage:
        return chat_usage(body.get("usage"))

    def _body(self, messages: Sequence[Message], ask: Ask) -> dict[str, Any]:
        body = chat_body(
            self.model,
            messages,
            ask,
            self.abilities,
            cap=self._cap,
            efforts=self.row.efforts,
            marked=self._marked(messages),
        )
        body |= structure(ask, strict=self.row.strict, tool_choice=self.profile.tool_choice)
        if ask.rung == "forced_tool" and self.profile.one_call:
            body["parallel_tool_calls"] = False
        return {**body, **self.row.extra}

    def _offered(self) -> tuple[Rung, ...]:
        lacking = {"json_object": not self.profile.json_object, "forced_tool": not self.row.forcing}
        return tuple(rung for rung in self.rungs if not lacking.get(rung, False))

    def _tells_schema(self, rung: Rung) -> bool:
        return super()._tells_schema(rung) or (rung == "native_schema" and self.profile.tell_schema)

    def _dialect(self, rung: Rung) -> Dialect:
        return "openai_strict" if rung == "native_schema" else "plain_inlined"


def without(body: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """The body without these keys."""
    return {key: value for key, value in body.items() if key not in keys}
