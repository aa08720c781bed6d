"""Models over OpenRouter, which passes each request on to one of many hosts."""

import json
import re
from collections.abc import Mapping, Sequence, Set
from typing import Any, ClassVar, Unpack

from webhand.errors import InvalidSetting
from webhand.llm.ask import Ask
from webhand.llm.headers import check_headers
from webhand.llm.kinds import check_option
from webhand.llm.messages import Message
from webhand.llm.options import ModelOptions
from webhand.llm.providers.compatible import OpenAICompatibleModel
from webhand.llm.providers.turns import breakpoints

CLAUDE = re.compile(r"~?anthropic/")
BREAKPOINTS = 4


class OpenRouterModel(OpenAICompatibleModel):
    """A model over OpenRouter.

    `routing` is OpenRouter's `provider` object, such as `{"order": ["anthropic"], "zdr": True}`; a request for
    structure goes only to hosts that know how, unless it says `require_parameters` otherwise. `referer` and `title`
    name the program in OpenRouter's lists; unset, nothing is told. The other arguments are those of `VendorModel`.
    """

    provider: str = "openrouter"
    doubts_structure: ClassVar[bool] = False

    def __init__(
        self,
        model: str,
        *,
        routing: Mapping[str, Any] | None = None,
        referer: str | None = None,
        title: str | None = None,
        **more: Unpack[ModelOptions],
    ) -> None:
        check_option("routing", routing, Mapping[str, Any] | None)
        check_option("referer", referer, str | None)
        check_option("title", title, str | None)
        super().__init__(model, **more)
        self._routing = _sendable(routing or {})
        for source, name, value in (("referer", "HTTP-Referer", referer), ("title", "X-Title", title)):
            check_headers(source, {} if value is None else {name: value})
        self._named = {"HTTP-Referer": referer, "X-Title": title}
        self._way |= {"routing": self._routing or None, "referer": referer, "title": title}

    def _headers(self) -> Mapping[str, str]:
        return {name: value for name, value in self._named.items() if value is not None}

    def _marked(self, messages: Sequence[Message]) -> Set[int] | None:
        # The marks are passed on to Claude; other models are cached without, or not at all.
        return breakpoints(messages, BREAKPOINTS) if CLAUDE.match(self.model) else None

    def _body(self, messages: Sequence[Message], ask: Ask) -> dict[str, Any]:
        body = super()._body(messages, ask) | {"usage": {"include": True}}
        if "reasoning_effort" in body:
            body["reasoning"] = {"effort": body.pop("reasoning_effort")}
        # Else a host that ignores the format may get the request, and answers in prose.
        needed = {} if ask.rung in (None, "prompt_only") else {"require_parameters": True}
        routing = needed | self._routing
        return body | ({"provider": routing} if routing else {})


def _sendable(routing: Mapping[str, Any]) -> dict[str, Any]:
    """A copy as it is sent; raises InvalidSetting for what is no JSON."""
    try:
        text = json.dumps(dict(routing), allow_nan=False, ensure_ascii=False)
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidSetting(f"routing holds what cannot be sent as JSON ({type(error).__name__})") from None
    return json.loads(text)
