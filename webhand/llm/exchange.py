"""One exchange with a vendor: a request goes out over its SDK, and what comes back is taken for what it is."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Generic, TypeVar

from webhand.errors import BadRequest, LLMError, SchemaRefused, WebhandError
from webhand.llm.ask import Ask
from webhand.llm.clients import Client, Clients
from webhand.llm.failure import Failure
from webhand.llm.faults import Faults
from webhand.llm.limiter import Limiter
from webhand.llm.outcome import Document, Outcome, Received, TimedOut, Unreachable
from webhand.llm.pacing import own_turn
from webhand.usage import Usage

C = TypeVar("C", bound=Client)


class Exchange(ABC, Generic[C]):
    """Sends requests to one vendor and says what came of each; what differs between vendors is `_send`."""

    # A server that says 400 without a reason may mean the way structure was asked for.
    doubts_structure: ClassVar[bool] = False

    def __init__(self, timeout: float, faults: Faults, limiter: Limiter) -> None:
        self.timeout = timeout
        self._faults = faults
        self._limiter = limiter
        self._clients: Clients[C] = Clients(self._client)

    async def aclose(self) -> None:
        """Give connections back; the model can be used again afterwards."""
        await self._clients.aclose()

    @abstractmethod
    async def _send(self, body: Mapping[str, Any]) -> Outcome:
        """One request over the SDK; what goes wrong is returned, not raised."""

    @abstractmethod
    def _new_client(self) -> C:
        """A client of the SDK, its own retries off."""

    def _client(self) -> C:
        with self._making():
            return self._new_client()

    async def _post(self, body: Mapping[str, Any], ask: Ask) -> Document:
        return self._document(await self._in_time(body), ask)

    def _document(self, outcome: Outcome, ask: Ask) -> Document:
        """The vendor's document; everything else that can come back is raised as what it is."""
        match outcome:
            case Received() as received:
                return self._decoded(received, ask)
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
        return outcome.without(*self._faults.endpoint.secrets) if isinstance(outcome, Received) else outcome

    async def _timed(self, call: Awaitable[Outcome]) -> Outcome:
        # The SDKs bound each read, not the whole: a server that drips would hold a call for ever.
        with self._making():
            try:
                async with asyncio.timeout(self.timeout):
                    return await call
            except TimeoutError:
                return TimedOut()
            except OSError as error:
                return Unreachable(str(error) or type(error).__name__)

    @contextmanager
    def _making(self) -> Generator[None]:
        """What foreign code raises of a request that it will not make or send, as an error of ours."""
        try:
            yield
        except WebhandError:
            raise
        except Exception as error:  # a library's own checks, of which each raises what it likes
            # Its text may hold what the request held, keys too.
            raise self._faults.unmade(error) from None

    def _refusal(self, failure: Failure, ask: Ask) -> LLMError:
        error = self._faults.status(failure, structured=ask.rung is not None)
        doubtful = self.doubts_structure and failure.status in (400, 422)
        if doubtful and ask.rung not in (None, "prompt_only") and type(error) is BadRequest:
            return _as(SchemaRefused, error)
        return error

    def _wrong(self, body: Mapping[str, Any]) -> object:
        """The error that stands in a success, nothing where there is none; an answer beside it is in doubt."""
        return body.get("error")

    @abstractmethod
    def _taken(self, body: Mapping[str, Any]) -> Usage:
        """The tokens that a document tells of."""

    def _empty(self, document: Document, what: str) -> LLMError:
        """The error of a success that holds no answer."""
        return self._paid(self._faults.nonsense(what, document.request_id), document)

    def _paid(self, error: LLMError, document: Document) -> LLMError:
        """The error with the tokens that were told beside it."""
        error.usage = self._taken(document.body)
        return error

    def _decoded(self, received: Received, ask: Ask) -> Document:
        document = received.document()
        if document is None:
            raise self._faults.nonsense(
                f"with something else than a JSON object: {received.start()}", received.request_id
            )
        if told := self._wrong(document.body):
            raise self._paid(self._refusal(Failure.within(told, document.headers), ask), document)
        return document


def _as(kind: type[LLMError], error: LLMError) -> LLMError:
    return kind(str(error), status=error.status, code=error.code, request_id=error.request_id)
