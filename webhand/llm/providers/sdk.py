"""The way the SDKs of OpenAI, Anthropic and Groq, which are built alike, are set up and tell how a request went."""

from collections.abc import Awaitable
from types import ModuleType
from typing import Any

from webhand.llm.charset import HOOKS
from webhand.llm.connections import connections
from webhand.llm.endpoint import Endpoint
from webhand.llm.failure import Failure
from webhand.llm.outcome import Outcome, Received, TimedOut, Unreachable


def connection(sdk: ModuleType, transport: ModuleType, timeout: float, endpoint: Endpoint) -> dict[str, Any]:
    """Arguments of the SDK's client: tries and time are ours, and what is sent goes to no other address."""
    way = connections(transport, endpoint.base_url, sdk.DEFAULT_CONNECTION_LIMITS)
    http = sdk.DefaultAsyncHttpxClient(timeout=timeout, follow_redirects=False, transport=way, event_hooks=HOOKS)
    return {"timeout": timeout, "max_retries": 0, "http_client": http}


async def sent(call: Awaitable[Any], sdk: ModuleType, transport: ModuleType) -> Outcome:
    """How a raw-response call went; `transport` is the HTTP library, whose errors pass through here and there.

    The bodies are read by us: the SDKs give a text, or raise, where an answer is not what its header says.
    """
    try:
        answer = await call
    except sdk.APITimeoutError:
        return TimedOut()
    except sdk.APIStatusError as error:
        return Failure.of(error.status_code, error.body, dict(error.response.headers))
    except (sdk.APIError, transport.HTTPError) as error:
        if (unmade := _unmade(error, sdk, transport)) is not None:
            raise unmade from None
        return Unreachable(_why(error))
    return Received(answer.http_response.content, dict(answer.http_response.headers))


def _unmade(error: Exception, sdk: ModuleType, transport: ModuleType) -> Exception | None:
    """What kept the request from being made: the SDKs call everything that is raised an error of the connection."""
    cause = error.__cause__ if isinstance(error, sdk.APIConnectionError) else error
    # A RuntimeError says that the connections were closed meanwhile; the next try has new ones.
    passing = isinstance(cause, (sdk.APIError, transport.HTTPError, OSError, RuntimeError))
    made = passing and not isinstance(cause, transport.LocalProtocolError)
    return None if made or not isinstance(cause, Exception) else cause


def _why(error: Exception) -> str:
    """The words of the first cause, which say more than "Connection error."."""
    while isinstance(error.__cause__, Exception):
        error = error.__cause__
    return str(error) or type(error).__name__
