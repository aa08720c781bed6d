"""What all vendors' models share: a call is time around structure around retries around one request."""

import math
import time
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, TypeVar, overload

from pydantic import BaseModel

from webhand.errors import (
    BadRequest,
    InvalidSetting,
    LLMError,
    OutputInvalid,
    SchemaRefused,
)
from webhand.llm.ask import Ask, Reply
from webhand.llm.bill import Bill
from webhand.llm.catalog import model_row, provider_row
from webhand.llm.clients import Client
from webhand.llm.dialect import Dialect
from webhand.llm.endpoint import Endpoint, find_base_url, with_login
from webhand.llm.exchange import Exchange
from webhand.llm.faults import LONGEST, Faults, one_line
from webhand.llm.headers import added_secrets, check_added
from webhand.llm.keys import checked_variable, find_key, key_source
from webhand.llm.ladder import RUNGS, Ladder, rungs_for, with_schema_note
from webhand.llm.limiter import shared_limiter
from webhand.llm.login import without_login
from webhand.llm.messages import Message
from webhand.llm.model import Abilities, Completion, ModelSettings, Rung
from webhand.llm.options import check_model_name, check_options
from webhand.llm.patience import Patience
from webhand.llm.pictures import Blind, Sight, prepare
from webhand.llm.prices import Prices
from webhand.llm.proxies import check_proxies
from webhand.llm.question import Question, check_question
from webhand.llm.replies import check_stop, read_reply, said
from webhand.llm.retry import RetryPolicy, with_retries
from webhand.llm.schema import compile_schema, model_schema, schema_name
from webhand.llm.sdk import load_sdk
from webhand.llm.thoughts import without_thoughts
from webhand.secrets import Secret
from webhand.usage import Usage

T = TypeVar("T", bound=BaseModel)
C = TypeVar("C", bound=Client)

TOLD: tuple[Rung, ...] = ("json_object", "prompt_only")


class VendorModel(Exchange[C]):
    """A model behind one vendor's SDK; what differs between vendors is `ask`, `_send` and a few facts.

    `structured` names the way of asking for structure to begin with: json_schema, tool, json_object or prompt.
    `abilities` replaces what the model table says. `pictures` says what a model without vision does with one: leave
    it out with a note, or refuse the call. `api_key_env` names another variable to read the key from.
    `max_concurrency` bounds how many requests are under way at once in one event loop with this key to this model.
    """

    provider: str
    sdk: ClassVar[str]
    rungs: ClassVar[tuple[Rung, ...]] = RUNGS
    # The extra of this package that brings the SDK, None where it is always there.
    extra: ClassVar[str | None] = None
    picture_limit: ClassVar[int] = 20_000_000
    # The vendor fetches a picture from its address by itself.
    picture_urls: ClassVar[bool] = True
    # The end of an address that the SDK adds itself, but that most people write.
    own_path: ClassVar[str] = ""
    usual_timeout: ClassVar[float] = 60.0
    # The SDK can go through a SOCKS proxy.
    socks: ClassVar[bool] = True
    # Variables from which the SDK adds headers: the name of the one whose value it holds; None: it holds headers.
    added: ClassVar[Mapping[str, str | None]] = {}

    def __init__(
        self,
        model: str,
        *,
        api_key: str | Secret | None = None,
        base_url: str | None = None,
        timeout: float | None = None,
        retry: RetryPolicy | None = None,
        settings: ModelSettings | None = None,
        structured: str | None = None,
        abilities: Abilities | None = None,
        pictures: Blind = "note",
        api_key_env: str | None = None,
        max_concurrency: int | None = None,
    ) -> None:
        check_model_name(self.provider, model)
        check_options(
            {
                "api_key": api_key,
                "base_url": base_url,
                "timeout": timeout,
                "retry": retry,
                "settings": settings,
                "structured": structured,
                "abilities": abilities,
                "pictures": pictures,
                "api_key_env": api_key_env,
                "max_concurrency": max_concurrency,
            }
        )
        timeout = self.usual_timeout if timeout is None else timeout
        if not (math.isfinite(timeout) and timeout > 0):
            raise InvalidSetting(f"timeout is {timeout}; give a number of seconds above 0")
        if max_concurrency is not None and max_concurrency < 1:
            raise InvalidSetting(f"max_concurrency is {max_concurrency}; give at least 1, or None for no bound")
        self.model = model
        self.max_concurrency = max_concurrency
        self.timeout = timeout
        self.retry = retry or RetryPolicy()
        self.settings = settings or ModelSettings()
        load_sdk(self.sdk, self.extra)
        self.row = model_row(self.provider, model)
        check_proxies(socks=self.socks)
        check_added(self.added)
        found = with_login(self.provider, self._found(api_key, base_url, checked_variable(api_key_env)))
        self.endpoint = replace(found, added=added_secrets(self.added))
        self._way: dict[str, Any] = {
            "base_url": None if base_url is None else without_login(base_url)[0],
            "api_key_env": api_key_env,
            "timeout": timeout,
            "max_concurrency": max_concurrency,
        }
        self._abilities = seen = abilities or self.row.abilities
        self._sight = Sight(seen.vision, pictures, self.picture_limit, seen.picture, self.picture_urls)
        super().__init__(timeout, Faults(self.provider, model, self.endpoint), shared_limiter(self.endpoint, model))
        self._ladder = Ladder(rungs_for(self._abilities, self._offered(), structured))

    @property
    def name(self) -> str:
        """The full name, `provider/model`."""
        return f"{self.provider}/{self.model}"

    @property
    def abilities(self) -> Abilities:
        """What may be sent and asked, by the model table or as the caller said."""
        return self._abilities

    @property
    def way(self) -> dict[str, Any]:
        """How it is reached, as arguments of `get_model`: a run that is resumed goes to the same server.

        No keys and no logins.
        """
        return {name: value for name, value in self._way.items() if value is not None}

    @property
    def prices(self) -> Prices | None:
        """What its tokens cost, None where the table does not say."""
        return self.row.prices

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    @overload
    async def complete(self, messages: Sequence[Message], output: None = None) -> Completion[None]: ...
    @overload
    async def complete(self, messages: Sequence[Message], output: type[T]) -> Completion[T]: ...
    async def complete(self, messages: Sequence[Message], output: type[T] | None = None) -> Completion[Any]:
        """The model's answer, as an `output` where one is asked for; see `Model.complete`."""
        check_question(messages, output)
        started = time.monotonic()
        bill = Bill(self.prices)
        try:
            await self._learn()
            ready = await prepare(messages, self._sight)
            done = await (self._free(ready, bill) if output is None else self._structured(ready, output, bill))
        except LLMError as error:
            self._sign(error)
            error.usage, error.cost = bill.usage, bill.cost
            raise
        return replace(done, usage=bill.usage, cost=bill.cost, seconds=time.monotonic() - started)

    # One layer per method from here: structure, one rung, retries, one request.

    async def _free(self, messages: Sequence[Message], bill: Bill) -> Completion[None]:
        reply = await self._retried(messages, Ask(self.settings), bill)
        check_stop(reply, self._faults)
        done = self._completion(None, reply, None)
        return replace(done, text=without_thoughts(done.text))

    async def _structured(self, messages: Sequence[Message], output: type[T], bill: Bill) -> Completion[T]:
        question = Question(messages, output, self._ladder, self.settings)
        while True:
            try:
                reply = await self._at_rung(question, bill)
            except BadRequest as error:
                question.refused(error)
                continue
            try:
                check_stop(reply, self._faults)
                value = await read_reply(reply, output, question.settings.max_tokens)
            except OutputInvalid as error:
                question.failed(error, reply.stop)
                continue
            question.answered()
            return self._completion(value, reply, question.rung)

    async def _at_rung(self, question: Question[T], bill: Bill) -> Reply:
        rung, output = question.rung, question.output
        schema = self._schema(output, rung)
        messages = with_schema_note(question.messages, schema) if self._tells_schema(rung) else question.messages
        ask = Ask(question.settings, rung, schema, schema_name(output), question.failures)
        return await self._retried(messages, ask, bill)

    async def _retried(self, messages: Sequence[Message], ask: Ask, bill: Bill) -> Reply:
        async def attempt(patience: Patience) -> Reply:
            async with self._limiter.turn(patience, self.max_concurrency):
                try:
                    return await self.ask(messages, ask)
                except LLMError as error:
                    if error.usage not in (None, Usage()):
                        bill.add(error.usage)
                    raise

        reply = await with_retries(attempt, self.retry)
        self._limiter.used(reply.usage)
        bill.add(reply.usage)
        return reply

    async def _learn(self) -> None:
        """Ask the server what the model can do, where it can be asked and has not been; raises an LLMError."""

    def _can(self, abilities: Abilities) -> None:
        """What the server has said of the model holds from now on."""
        self._abilities = abilities
        self._sight = replace(self._sight, vision=abilities.vision, size=abilities.picture)

    @abstractmethod
    async def ask(self, messages: Sequence[Message], ask: Ask) -> Reply:
        """One request and its reply; raises an LLMError. `messages` are prepared."""

    @abstractmethod
    def _dialect(self, rung: Rung) -> Dialect:
        """The schema dialect that this vendor wants at a rung."""

    def _offered(self) -> tuple[Rung, ...]:
        return self.rungs

    def _tells_schema(self, rung: Rung) -> bool:
        """Whether the model is told the schema in words at this rung."""
        return rung in TOLD

    def _found(self, api_key: str | Secret | None, base_url: str | None, api_key_env: str | None) -> Endpoint:
        row = provider_row(self.provider)
        variable = api_key_env or row.api_key_env
        url = find_base_url(self.provider, base_url, row.base_url_env, row.base_url)
        # A variable that the caller names has to hold a key, also where none is needed as such.
        key = find_key(self.provider, api_key, variable, required=variable is not None)
        source = None if key is None else key_source(api_key, variable)
        return Endpoint(url.rstrip("/").removesuffix(self.own_path), key, source)

    def _schema(self, output: type[BaseModel], rung: Rung) -> Mapping[str, Any]:
        try:
            return compile_schema(output, self._dialect(rung))
        except SchemaRefused:
            if rung not in TOLD:
                raise
            return model_schema(output)

    def _sign(self, error: LLMError) -> None:
        """Put the model's name into an error that was made by somebody who did not know it."""
        error.provider, error.model = self.provider, self.model
        if not str(error).startswith(self.name):
            error.args = (one_line(f"{self.name}: {error}", LONGEST),)

    def _completion(self, value: BaseModel | None, reply: Reply, rung: Rung | None) -> Completion[Any]:
        text = said(reply.text if reply.arguments is None else reply.arguments)
        return Completion(value, text, reply.usage, reply.stop, reply.raw_stop, self.name, reply.request_id, rung, 0.0)
