"""What all vendors' models share: a call is time around structure around retries around one request."""

import asyncio
import gc
import json
import math
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any, ClassVar, Generic, TypeVar, overload

from pydantic import BaseModel

from webhand.errors import (
    BadRequest,
    ContentBlocked,
    ContextTooLong,
    InvalidSetting,
    LLMError,
    MissingExtra,
    OutputInvalid,
    OutputTruncated,
    Refused,
    SchemaRefused,
)
from webhand.llm.answer import parse_answer
from webhand.llm.ask import Ask, Reply
from webhand.llm.bill import Bill
from webhand.llm.catalog import model_row, provider_row
from webhand.llm.clients import Client, Clients
from webhand.llm.dialect import Dialect
from webhand.llm.endpoint import Endpoint, find_base_url, find_key
from webhand.llm.faults import LONGEST, Failure, Faults, one_line
from webhand.llm.ladder import RUNGS, Ladder, rungs_for, with_schema_note
from webhand.llm.limiter import shared_limiter
from webhand.llm.messages import Message
from webhand.llm.model import Abilities, Completion, ModelSettings, Rung
from webhand.llm.outcome import Document, Outcome, Received, TimedOut, Unreachable
from webhand.llm.pacing import own_turn
from webhand.llm.patience import Patience
from webhand.llm.pictures import Blind, Sight, encodable, prepare
from webhand.llm.prices import Prices
from webhand.llm.question import Question
from webhand.llm.retry import RetryPolicy, with_retries
from webhand.llm.schema import compile_schema, model_schema, schema_name
from webhand.llm.thoughts import without_thoughts
from webhand.secrets import Secret

T = TypeVar("T", bound=BaseModel)
C = TypeVar("C", bound=Client)

TOLD: tuple[Rung, ...] = ("json_object", "prompt_only")
LONG = 100_000


class VendorModel(ABC, Generic[C]):
    """A model behind one vendor's SDK; what differs between vendors is `ask`, `_send` and a few facts.

    `structured` names the way of asking for structure to begin with: json_schema, tool, json_object or prompt.
    `abilities` replaces what the model table says. `pictures` says what a model without vision does with one: leave
    it out with a note, or refuse the call. `api_key_env` names another variable to read the key from.
    `max_concurrency` bounds how many requests are under way at once with this key to this model.
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
    # A server that says 400 without a reason may mean the way structure was asked for.
    doubts_structure: ClassVar[bool] = False

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
        if not model:
            raise InvalidSetting(f"The name of a model is missing after {self.provider}/")
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
        _load(self.sdk, self.extra)
        self.row = model_row(self.provider, model)
        self.endpoint = self._found(api_key, base_url, api_key_env)
        self._way: dict[str, Any] = {
            "base_url": base_url,
            "api_key_env": api_key_env,
            "timeout": timeout,
            "max_concurrency": max_concurrency,
        }
        self._abilities = seen = abilities or self.row.abilities
        self._sight = Sight(seen.vision, pictures, self.picture_limit, seen.picture, self.picture_urls)
        self._limiter = shared_limiter(self.endpoint, model)
        self._faults = Faults(self.provider, model, self.endpoint)
        self._clients: Clients[C] = Clients(self._new_client)
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
        """How it is reached, as arguments of `get_model`: a run that is resumed goes to the same server. No keys."""
        given = {name: value for name, value in self._way.items() if value is not None}
        return {name: value for name, value in given.items() if "@" not in str(value)}

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

    async def aclose(self) -> None:
        """Give connections back; the model can be used again afterwards."""
        await self._clients.aclose()

    # One layer per method from here: structure, one rung, retries, one request.

    async def _free(self, messages: Sequence[Message], bill: Bill) -> Completion[None]:
        reply = await self._retried(messages, Ask(self.settings), bill)
        self._check_stop(reply)
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
                value = await self._read(reply, question)
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
                return await self.ask(messages, ask)

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
    async def _send(self, body: Mapping[str, Any]) -> Outcome:
        """One request over the SDK; what goes wrong is returned, not raised."""

    @abstractmethod
    def _new_client(self) -> C:
        """A client of the SDK, its own retries off."""

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
        # A variable that the caller names has to hold a key, also where none is needed as such.
        required = variable is not None
        url = find_base_url(self.provider, base_url, row.base_url_env, row.base_url)
        return Endpoint(
            url.rstrip("/").removesuffix(self.own_path),
            find_key(self.provider, api_key, variable, required=required),
            variable,
        )

    def _schema(self, output: type[BaseModel], rung: Rung) -> Mapping[str, Any]:
        try:
            return compile_schema(output, self._dialect(rung))
        except SchemaRefused:
            if rung not in TOLD:
                raise
            return model_schema(output)

    async def _post(self, body: Mapping[str, Any], ask: Ask) -> Document:
        return self._document(await self._in_time(body), ask)

    def _document(self, outcome: Outcome, ask: Ask) -> Document:
        """The vendor's document; everything else that can come back is raised as what it is."""
        match outcome:
            case Received() as received:
                return self._decoded(received)
            case Failure() as failure:
                raise self._refusal(failure, ask)
            case Unreachable(why):
                raise self._faults.unreachable(why)
            case TimedOut():
                raise self._faults.timeout(self.timeout)

    async def _in_time(self, body: Mapping[str, Any]) -> Outcome:
        self._clients.here()  # made before the clock runs
        await own_turn()
        outcome = await self._timed(self._send(body))
        if isinstance(outcome, Received | Failure):
            self._limiter.told(outcome.headers)
        return outcome

    async def _timed(self, call: Awaitable[Outcome]) -> Outcome:
        # The SDKs bound each read, not the whole: a server that drips would hold a call for ever.
        try:
            async with asyncio.timeout(self.timeout):
                return await call
        except TimeoutError:
            return TimedOut()

    def _refusal(self, failure: Failure, ask: Ask) -> LLMError:
        structured = ask.rung is not None and ask.rung != "prompt_only"
        error = self._faults.status(failure, structured=structured)
        if structured and self.doubts_structure and type(error) is BadRequest:
            return _as(SchemaRefused, error)
        return error

    def _decoded(self, received: Received) -> Document:
        document = received.document()
        if document is None:
            raise self._faults.nonsense(
                f"with something else than a JSON object: {received.start()}", received.request_id
            )
        return document

    def _check_stop(self, reply: Reply) -> None:
        errors: Mapping[str, tuple[type[LLMError], str]] = {
            "filtered": (ContentBlocked, "a content filter of the vendor stopped the answer"),
            "refused": (Refused, "the model declined to answer"),
            "context": (ContextTooLong, "prompt and answer together are too long for the model; shorten the prompt"),
        }
        if reply.stop in errors:
            error, said = errors[reply.stop]
            told = f"{said}: {reply.text or reply.reason}" if reply.text or reply.reason else said
            raise self._faults.stopped(error, told, code=reply.reason, request_id=reply.request_id)

    async def _read(self, reply: Reply, question: Question[T]) -> T:
        self._check_stop(reply)
        raw = reply.text if reply.arguments is None else reply.arguments
        if reply.stop == "length":
            text = f"the answer was cut off at max_tokens={question.settings.max_tokens}; raise it"
            raise OutputTruncated(text, raw=_as_text(raw), request_id=reply.request_id)
        channel = reply.channel if reply.arguments is None else "tool_arguments"
        try:
            if len(raw) < LONG:
                return parse_answer(raw, question.output, channel)
            # Reading takes up to half a second per megabyte, in which nothing else would run.
            return await asyncio.to_thread(parse_answer, raw, question.output, channel)
        except (OutputInvalid, Refused) as error:
            error.request_id = reply.request_id
            if isinstance(error, OutputInvalid):
                error.raw = _as_text(raw)
            raise

    def _sign(self, error: LLMError) -> None:
        """Put the model's name into an error that was made by somebody who did not know it."""
        error.provider, error.model = self.provider, self.model
        if not str(error).startswith(self.name):
            error.args = (one_line(f"{self.name}: {error}", LONGEST),)

    def _completion(self, value: BaseModel | None, reply: Reply, rung: Rung | None) -> Completion[Any]:
        text = _as_text(reply.text if reply.arguments is None else reply.arguments)
        return Completion(value, text, reply.usage, reply.stop, reply.raw_stop, self.name, reply.request_id, rung, 0.0)


def _load(sdk: str, extra: str | None) -> None:
    """Import the SDK when the model is made: the first call should not stand still for it."""
    known = sdk in sys.modules
    try:
        import_module(sdk)
    except ImportError as error:
        what = sdk if extra is None else f'"webhand[{extra}]"'
        raise MissingExtra(f"The package {sdk} is needed for this model: pip install {what}") from error
    if not known:
        # An SDK is a hundred thousand objects: the collector would go through them amid the first calls instead.
        gc.collect()


def _as(kind: type[LLMError], error: LLMError) -> LLMError:
    return kind(str(error), status=error.status, code=error.code, request_id=error.request_id)


def _as_text(raw: str | Mapping[str, Any]) -> str:
    # A model may write half a surrogate pair, which no log and no next prompt takes.
    return encodable(raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False))
