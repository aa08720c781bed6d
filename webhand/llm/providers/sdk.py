"""The way the SDKs of OpenAI, Anthropic and Groq, which are built alike, are set up and tell how a request went."""

from collections.abc import Awaitable
from types import ModuleType
from typing import Any

from webhand.llm.authorities import authorities
from webhand.llm.charset import HOOKS
from webhand.llm.failure import Failure
from webhand.llm.outcome import Outcome, Received, TimedOut, Unreachable


def connection(sdk: ModuleType, transport: ModuleType, timeout: float) -> dict[str, Any]:
    """Arguments of the SDK's client: tries and time are ours, and what is sent goes to no other address."""
    http = sdk.DefaultAsyncHttpxClient(
        timeout=timeout, follow_redirects=False, verify=authorities(transport), event_hooks=HOOKS
    )
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
        return Unreachable(_why(error))
    return Received(answer.http_response.content, dict(answer.http_response.headers))


def _why(error: Exception) -> str:
    """The words of the first cause, which say more than "Connection error."."""
    while isinstance(error.__cause__, Exception):
        error = error.__cause__
    return str(error) or type(error).__name__
