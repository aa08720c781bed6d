"""What happened to a request, turned into the error that says what it was and what to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from webhand.errors import (
    AuthError,
    BadRequest,
    ContentBlocked,
    ContextTooLong,
    LLMError,
    ModelNotFound,
    Overloaded,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    SchemaRefused,
    UnsupportedInput,
)
from webhand.llm.endpoint import Endpoint
from webhand.llm.failure import READ, Failure
from webhand.llm.hints import reset_after, retry_after
from webhand.llm.keys import HIDDEN, without_key
from webhand.llm.proxies import proxy_before, proxy_passwords

LONGEST = 480
LONGEST_BODY = 200

BY_STATUS: Mapping[int, type[LLMError]] = {
    401: AuthError,
    402: QuotaExhausted,
    403: AuthError,
    404: ModelNotFound,
    408: ProviderTimeout,
    409: ProviderUnavailable,
    413: ContextTooLong,
    424: ProviderUnavailable,
    425: ProviderUnavailable,
    429: RateLimited,
    498: Overloaded,
    503: Overloaded,
    504: ProviderTimeout,
    529: Overloaded,
}

# Read in this order over "code type message", for the statuses that vendors use for many things.
BY_WORDS: tuple[tuple[type[LLMError], re.Pattern[str]], ...] = (
    (AuthError, re.compile(r"api_key_invalid|invalid_api_key|authentication_error|api key (not valid|expired)")),
    (
        QuotaExhausted,
        re.compile(
            r"insufficient_quota|exceeded your current quota|billing_(error|hard_limit|not_active)|credit balance"
            r"|spend(ing)? limit|insufficient (balance|credits|funds)"
        ),
    ),
    (
        ContentBlocked,
        re.compile(
            r"content_filter|content_policy|responsibleaipolicy|content management policy|content exists risk"
            r"|moderation_blocked|moderation system|(by|requires) moderation"
            r"|(input|prompt|content|image|request) (was|has been) flagged"
        ),
    ),
    (
        ContextTooLong,
        re.compile(
            r"context_length|maximum context|context (window|size|length|limit)|prompt is too long|input is too long"
            r"|request too large|reduce the length|too many tokens|exceeds the maximum number of tokens"
            r"|string_above_max_length"
        ),
    ),
    (
        ModelNotFound,
        re.compile(
            r"model_not_found|deploymentnotfound|model_decommissioned|(invalid|unknown) model|model (does )?not exist"
            r"|model identifier is invalid|on-demand throughput"
        ),
    ),
)
SCHEMA_WORDS = re.compile(
    r"schema|grammar|response_format|response format|output_?config|output_format|tool_?choice|tool_?config"
    r"|structured output|json_object|json mode|response mime type|constraint that has too many states"
    r"|(tools?|function call\w*)\b.{0,40}not (been )?(support|enabled|available)"
    r"|n[o'’]t support.{0,20}\b(tools?|function)"
)
PICTURE_WORDS = re.compile(r"(?<![a-z])images?(?![a-z])")
# A connection that will fail the next time too; others with TLS break off for moments.
LASTING = re.compile(r"WRONG_VERSION_NUMBER|RECORD_LAYER_FAILURE|CERTIFICATE_VERIFY_FAILED", re.IGNORECASE)
NO_TLS = "tls"
# A marketplace of hosts that has none for what the request asks.
NO_HOST = re.compile(r"no endpoints found that (?:can handle|support)|no (?:allowed )?providers? .{0,40}support")


def one_line(text: str, longest: int) -> str:
    """The text without line breaks and control characters, cut to `longest` characters."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text[: 4 * longest]).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


@dataclass(frozen=True)
class Faults:
    """Makes the errors of one model: `provider`, `model` and the endpoint are in each, its secrets in none.

    `advice` is what to do about an error where the vendor's users have to do something of their own.
    """

    provider: str
    model: str
    endpoint: Endpoint
    advice: Mapping[type[LLMError], str] = field(default_factory=dict[type[LLMError], str])

    def timeout(self, seconds: float) -> LLMError:
        """The answer did not come in time."""
        return self._made(ProviderTimeout, f"no answer within {seconds:g} s; raise timeout= if the model is that slow")

    def unreachable(self, why: str) -> LLMError:
        """No connection, or one that broke."""
        proxy = proxy_before(self.endpoint.base_url)
        way = "" if proxy is None else f" over the proxy {proxy}"
        told = f"{self.endpoint.host} cannot be reached{way} or broke off ({self._clean(why, 120)})"
        to_check = "the base_url and the network" if proxy is None else "the proxy, the base_url and the network"
        advice = self.advice.get(ProviderUnavailable, f"check {to_check}, or try again later")
        if LASTING.search(why):
            advice = "check its certificate, and whether the base_url has to begin with http://"
            return self._made(ProviderUnavailable, f"{told}; {advice}", code=NO_TLS)
        return self._made(ProviderUnavailable, f"{told}; {advice}")

    def unmade(self, error: Exception) -> LLMError:
        """A request that some library would not make or send."""
        told = self._clean(f"{type(error).__name__}: {error}", LONGEST_BODY)
        return self._made(BadRequest, f"the request could not be made: {told}; check what is set for this model")

    def nonsense(self, what: str, request_id: str | None = None) -> LLMError:
        """An answer that says it is one and is none."""
        said = f"{self.endpoint.host} answered {self._clean(what, LONGEST_BODY)}; check the base_url if this goes on"
        return self._made(ProviderUnavailable, said, request_id=request_id)

    def status(self, failure: Failure, *, structured: bool) -> LLMError:
        """An error that the vendor sent; `structured` says that the request asked for a structure."""
        error = classify(failure, structured=structured)
        passes = error in (RateLimited, Overloaded, ProviderTimeout, ProviderUnavailable)
        asked = retry_after(failure.headers) if passes else None
        reset = reset_after(failure.headers, failure.words) if passes and asked is None else None
        made = self._made(
            error,
            f"{self._advice(error, failure)} ({self._told(failure)})",
            status=failure.status,
            code=self._clean(failure.code or failure.kind or "", LONGEST_BODY) or None,
            request_id=failure.request_id,
            retry_after=reset if asked is None else asked,
        )
        made.guessed = reset is not None
        return made

    def stopped(self, error: type[LLMError], said: str, *, code: str | None, request_id: str | None) -> LLMError:
        """The model, or a filter, ended the answer."""
        return self._made(error, self._clean(said, LONGEST_BODY), code=code, request_id=request_id)

    def unasked(self) -> LLMError:
        """A prompt of rules alone, which these vendors take no request for."""
        return self._made(BadRequest, "there is nothing to answer; send a message of a user")

    def shortened(self, text: str) -> str:
        """Foreign text as it may stand in an error: short, one line, no secret."""
        return self._clean(text, LONGEST_BODY)

    def _advice(self, error: type[LLMError], failure: Failure) -> str:
        if error in self.advice and error is not ProviderUnavailable:
            return self.advice[error]
        if error is AuthError and self.endpoint.login is not None:
            return "the login in the address is not accepted; put a valid one there"
        if error is AuthError and self.endpoint.source is None:
            return "the server wants a key, and there is none; pass api_key="
        if error is AuthError:
            return f"the key in {self.endpoint.source} is not accepted; put a valid one there"
        if error is ModelNotFound:
            return "the vendor does not know this model, or not at this address; check its name and the base_url"
        if error is BadRequest and (elsewhere := self._elsewhere(failure)):
            return f"this address only points to {elsewhere}; check the base_url"
        if error is BadRequest and (failure.status < 400 or failure.status == 405):
            return "this address takes no such request; check the base_url"
        return ADVICE.get(error, "the request was refused")

    def _elsewhere(self, failure: Failure) -> str | None:
        """The host that a redirect points to, if it is one."""
        # The key is taken out first: as a host it would stand in small letters.
        location = self._clean(failure.headers.get("location", ""), READ)
        try:
            return urlsplit(location).hostname
        except ValueError:
            return None

    def _told(self, failure: Failure) -> str:
        code = None if failure.code == str(failure.status) else failure.code
        told = self._clean(" ".join(part for part in (code, failure.message) if part), LONGEST_BODY)
        status = "in an answer with status 200" if failure.inside else str(failure.status)
        return f"{status}: {told}" if told else status

    def _made(self, error: type[LLMError], text: str, *, request_id: str | None = None, **known: Any) -> LLMError:
        known["request_id"] = None if request_id is None else self._clean(request_id, LONGEST_BODY)
        line = one_line(f"{self.provider}/{self.model}: {text}", LONGEST)
        return error(line, provider=self.provider, model=self.model, **known)

    def _clean(self, text: str, longest: int) -> str:
        text = text[:READ]  # much more than is shown, since keys are taken out of it first
        for password in proxy_passwords():
            text = text.replace(password, HIDDEN)
        return one_line(without_key(text, *self.endpoint.secrets), longest)


ADVICE: Mapping[type[LLMError], str] = {
    QuotaExhausted: "the account has no credit or quota left; top it up or use another key",
    ContentBlocked: "a content filter of the vendor stopped the request; change what is asked",
    ContextTooLong: "the prompt is too long for this model or account; shorten it",
    SchemaRefused: "the schema of the answer was refused; make it simpler, or set structured= to another way",
    UnsupportedInput: "a picture was refused; send none, or another one, or choose a model with vision",
    RateLimited: "too many requests or tokens in a short time; wait, or raise the RetryPolicy",
    Overloaded: "the vendor is overloaded; try again later",
    ProviderTimeout: "the vendor gave up waiting; try again",
    ProviderUnavailable: "the vendor has a fault; try again later",
}


def classify(failure: Failure, *, structured: bool) -> type[LLMError]:
    """The kind of error that a status and its words mean."""
    if failure.meant is not None:
        return failure.meant
    status, words = failure.status, failure.words
    if NO_HOST.search(words):
        return UnsupportedInput if PICTURE_WORDS.search(words) else SchemaRefused if structured else BadRequest
    if status in (400, 403, 404, 422, 429):
        for error, pattern in BY_WORDS:
            if pattern.search(words) and _may_be(error, status):
                return error
    if status in (400, 422):
        if structured and SCHEMA_WORDS.search(words):
            return SchemaRefused
        return UnsupportedInput if PICTURE_WORDS.search(words) else BadRequest
    if (failure.kind or "").startswith("overloaded"):
        return Overloaded
    if status >= 500:
        return BY_STATUS.get(status, ProviderUnavailable)
    return BY_STATUS.get(status, BadRequest)


def _may_be(error: type[LLMError], status: int) -> bool:
    """A throttle often speaks of models and tokens too; of 429 only the empty account is told apart by its words."""
    if status == 429:
        return error is QuotaExhausted
    if status == 403:
        return error in (ContentBlocked, QuotaExhausted)
    return status != 404 or error is ModelNotFound
