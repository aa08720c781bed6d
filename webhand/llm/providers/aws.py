"""The way to Amazon Bedrock: credentials, region, signing and one HTTP exchange, all by boto3."""

import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any, Protocol, cast

from webhand.errors import AuthError, InvalidSetting, MissingKey
from webhand.llm.failure import Failure, described, mapping
from webhand.llm.keys import KEY_LIKE, checked_key, without_key
from webhand.llm.outcome import Outcome, Received, TimedOut, Unreachable
from webhand.secrets import Secret

TOKEN_VARIABLE = "AWS_BEARER_TOKEN_BEDROCK"
"""Holds an API key of Bedrock, which stands for all other credentials."""


class Runtime(Protocol):
    """What is used of boto3's client, which has no types."""

    meta: Any

    def converse(self, **request: Any) -> Mapping[str, Any]:
        """One exchange; raises `Answered` with whatever came."""
        ...

    def close(self) -> None:
        """Close the connections that lie idle."""
        ...


@dataclass(frozen=True)
class Way:
    """How Bedrock is reached; `token` is an API key of Bedrock, None where requests are signed with AWS credentials."""

    region: str | None
    profile: str | None
    base_url: str | None
    token: str | None
    timeout: float
    connections: int


@dataclass(frozen=True)
class Connection:
    """A client that threads may share, and where its credentials are from, for people."""

    runtime: Runtime
    source: str
    credentials: Any = field(repr=False)

    def without_secrets(self, received: Received) -> Received:
        """What came, without the secrets that signed the request; called in the thread that sent it."""
        frozen = None if self.credentials is None else self.credentials.get_frozen_credentials()
        for secret in () if frozen is None else (frozen.secret_key, frozen.token):
            received = received.without(Secret(secret) if secret else None)
        return received


class Answered(Exception):
    """What the server sent, taken out of the SDK before its parser, which fails on much that is no answer."""

    def __init__(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        super().__init__(status)
        self.status, self.headers, self.content = status, headers, content

    @property
    def is_cut(self) -> bool:
        """Whether the connection ended before the answer did; the SDK does not look."""
        promised = self.headers.get("content-length", "")
        return promised.isdecimal() and len(self.content) < int(promised)


def connect(way: Way) -> Connection:
    """A client with the credentials that are found.

    Raises MissingKey without credentials, InvalidSetting for a profile, region or address that cannot be used.
    """
    errors = _part("exceptions")
    _mask_logs()
    session = _part("session").Session(profile=way.profile)
    try:
        source, credentials = _source(session, way)
        region = way.region or os.environ.get("AWS_REGION") or session.get_config_variable("region")
        if not region:
            raise InvalidSetting("bedrock needs a region: set AWS_REGION, or pass region=, such as us-east-1")
        config = _part("config").Config(
            signature_version="v4" if way.token is None else "bearer",
            retries={"total_max_attempts": 1},
            connect_timeout=way.timeout,
            read_timeout=way.timeout,
            max_pool_connections=way.connections,
            tcp_keepalive=True,
        )
        client = session.create_client("bedrock-runtime", region, endpoint_url=way.base_url, config=config)
    except errors.PartialCredentialsError as error:
        raise MissingKey(f"The AWS credentials for bedrock are not whole: {error}") from error
    except (errors.BotoCoreError, ValueError) as error:
        raise InvalidSetting(f"bedrock cannot be reached as it is set up: {without_key(str(error), None)}") from error
    if way.token is not None and not client.meta.endpoint_url.startswith("https://"):
        raise InvalidSetting("An API key of bedrock is sent over https only; give an https base_url")
    client.meta.events.register("before-send.bedrock-runtime.Converse", _GATE.leave)
    client.meta.events.register("before-parse.bedrock-runtime.Converse", _answered)
    return Connection(cast(Runtime, client), source, credentials)


def _part(name: str) -> Any:
    """A module of botocore, which has no types."""
    return import_module(f"botocore.{name}")


def _source(session: Any, way: Way) -> tuple[str, Any]:
    if way.token is not None:
        session.register_component("token_provider", _Token(way.token))
        # Not used, but looked for everywhere otherwise, also at an address that only Amazon's machines have.
        session.set_credentials("unused", "unused")
        return TOKEN_VARIABLE, None
    credentials = session.get_credentials()
    if credentials is None:
        raise MissingKey(
            f"There are no credentials for bedrock: set {TOKEN_VARIABLE}, or AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY, or pass api_key= or profile="
        )
    source = f"the AWS credentials ({credentials.method})"
    if not isinstance(credentials, _part("credentials").RefreshableCredentials):  # those are yet to be fetched
        for key in (credentials.access_key, credentials.secret_key, credentials.token or ""):
            checked_key("bedrock", source, key)
    return source, credentials


class _Token:
    """Gives boto3 a token that stands in no variable."""

    def __init__(self, token: str) -> None:
        self._token = token

    def load_token(self, **asked: Any) -> Any:
        return _part("tokens").FrozenAuthToken(self._token)


class _Gate:
    """Lets one thread at a time make its request ready, until it is sent.

    Many threads that compute at once would keep the interpreter from the event loop's.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = threading.local()

    def __enter__(self) -> None:
        self._lock.acquire()
        self._inside.held = True

    def __exit__(self, *raised: object) -> None:
        self.leave()

    def leave(self, **event: Any) -> None:
        """Let the next one in; called by boto3 when a request is ready."""
        if self._inside.held:
            self._inside.held = False
            self._lock.release()


_GATE = _Gate()


def converse(connection: Connection, body: Mapping[str, Any]) -> Outcome:
    """One exchange, however long it takes: to be called in a thread."""
    errors = _part("exceptions")
    try:
        with _GATE:
            connection.runtime.converse(**body)
    except Answered as answered:
        if answered.is_cut:
            connection.runtime.close()  # else the broken connection is taken for the next request
            return Unreachable("the answer broke off")
        return _outcome(answered.status, connection.without_secrets(Received(answered.content, answered.headers)))
    except (errors.ReadTimeoutError, errors.ConnectTimeoutError):
        return TimedOut()
    except (errors.ConnectionError, errors.HTTPClientError) as error:
        return Unreachable(_why(error))
    except errors.ParamValidationError as error:
        return Failure(400, str(error), "ParamValidationError")
    except (errors.BotoCoreError, errors.ClientError) as error:
        # What is left are credentials that could not be fetched or renewed.
        return Failure(401, str(error), type(error).__name__, meant=AuthError)
    return Unreachable("the SDK gave no answer")


def _answered(response_dict: Mapping[str, Any], **more: Any) -> None:
    headers = {name.lower(): value for name, value in response_dict["headers"].items()}
    raise Answered(response_dict["status_code"], headers, response_dict["body"])


def _outcome(status: int, received: Received) -> Outcome:
    headers = received.headers
    request_id = headers.get("x-amzn-requestid")
    if status < 300:
        return replace(received, headers={**headers, "x-request-id": request_id}) if request_id else received
    document = received.document()
    told = mapping(document and document.body)
    # The code stands in a header or in the body, with a name space before it or an address behind it.
    code = str(headers.get("x-amzn-errortype") or told.get("__type") or told.get("code") or "")
    code = code.partition(":")[0].rpartition("#")[2] or None
    words = next((told[name] for name in ("message", "Message", "detail") if told.get(name)), None)
    message = words or (received.start() if not told else "")
    return Failure(status, described(message), code, None, headers, request_id, told)


def _why(error: Exception) -> str:
    """The words of the cause, which say more than those of the SDK."""
    cause = getattr(error, "kwargs", {}).get("error")
    return str(cause or error)


class _Mask(logging.Filter):
    """Takes keys and tokens out of what boto3 logs of its requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = KEY_LIKE.sub("***", record.getMessage()), None
        return True


_MASK = _Mask()


def _mask_logs() -> None:
    for name in ("botocore.auth", "botocore.endpoint"):
        logging.getLogger(name).addFilter(_MASK)
