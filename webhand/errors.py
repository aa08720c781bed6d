"""Everything that webhand raises, in one tree.

WebhandError
  ConfigError            the developer fixes it
    MissingKey  MissingExtra  UnknownProvider  InvalidSetting
  BrowserError           the browser, or the way to a page
    BrowserMissing  LaunchFailed  BrowserCrashed  NavigationFailed  TabClosed  BlockedURL
  ActionError            goes back to the model as text that says what to do next
    InvalidArguments  UnknownAction  StaleRef  NotInteractable  ActionTimeout  ActionDenied
  LLMError               vendor, model and status are kept
    AuthError  ModelNotFound  ContentBlocked  Refused  QuotaExhausted
    BadRequest           SchemaRefused  ContextTooLong  UnsupportedInput
    RateLimited  Overloaded  ProviderTimeout  ProviderUnavailable
    OutputInvalid        OutputTruncated
  StoreError             RunNotFound  RunLocked  StoreCorrupt
  ReplayError            TargetNotFound  CassetteMiss
  HubError
"""

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webhand.usage import Usage  # loads pydantic, which errors alone do not need


class WebhandError(Exception):
    """Base of all errors; the text is one line that says what happened and what to do."""


class ConfigError(WebhandError):
    """The caller's set-up is wrong; nothing was started."""


class MissingKey(ConfigError):
    """No API key was given and none is in the environment."""


class MissingExtra(ConfigError):
    """An optional package is needed; the text holds the command that installs it."""


class UnknownProvider(ConfigError):
    """The part of a model's name before the first slash is no known provider."""


class InvalidSetting(ConfigError):
    """A setting has a value that cannot be used."""


class BrowserError(WebhandError):
    """The browser, or the way to a page, failed."""


class BrowserMissing(BrowserError):
    """No Chromium was found; the text holds the command that installs one."""


class LaunchFailed(BrowserError):
    """Chromium was found but did not start."""


class BrowserCrashed(BrowserError):
    """The browser process or the connection to it is gone."""


class NavigationFailed(BrowserError):
    """A page could not be opened."""


class TabClosed(BrowserError):
    """The tab does not exist any more."""


class BlockedURL(BrowserError):
    """The address rules do not allow this address."""


class ActionError(WebhandError):
    """An action was not carried out; the text tells the model what to do next."""


class InvalidArguments(ActionError):
    """The arguments do not fit the action's parameters."""


class UnknownAction(ActionError):
    """No action has this name."""


class StaleRef(ActionError):
    """The reference does not belong to anything that is on the page now."""


class NotInteractable(ActionError):
    """The element is there but hidden, disabled, covered, or of the wrong kind."""


class ActionTimeout(ActionError):
    """The action did not finish in time; its outcome is unknown."""


class ActionDenied(ActionError):
    """A person or a rule refused the action."""


class LLMError(WebhandError):
    """A model call failed.

    Besides the text: `provider` and `model` as they were asked for, HTTP `status`, the vendor's error `code` and
    `request_id`, and `retry_after` in seconds where the server named a time; `guessed` where it did not ask to wait so
    long, but told when a limit is reset. `usage` and `cost` (US$) are those of the answers that the call brought and
    that could not be used, as far as the vendor told them.
    """

    def __init__(
        self,
        message: str,
        *,
        provider: str | None = None,
        model: str | None = None,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.provider = provider
        self.model = model
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after = retry_after
        self.guessed = False
        self.usage: Usage | None = None
        self.cost: Decimal | None = None


class AuthError(LLMError):
    """The vendor does not accept the key."""


class ModelNotFound(LLMError):
    """The vendor does not know the model, or the key may not use it."""


class BadRequest(LLMError):
    """The vendor refused the request as it stands."""


class SchemaRefused(BadRequest):
    """The vendor refused the schema of the answer."""


class ContextTooLong(BadRequest):
    """The prompt is longer than the model takes."""


class UnsupportedInput(BadRequest):
    """The model does not take this kind of input, a picture for instance."""


class ContentBlocked(LLMError):
    """A content filter of the vendor stopped the call."""


class Refused(LLMError):
    """The model declined to answer."""


class QuotaExhausted(LLMError):
    """The account has no credit or quota left."""


class RateLimited(LLMError):
    """Too many requests or tokens in too short a time."""


class Overloaded(LLMError):
    """The vendor is overloaded just now."""


class ProviderTimeout(LLMError):
    """The vendor did not answer in time."""


class ProviderUnavailable(LLMError):
    """The vendor cannot be reached or answers nonsense."""


class OutputInvalid(LLMError):
    """The answer does not fit the schema; `raw` is the text that came."""

    def __init__(
        self,
        message: str,
        *,
        raw: str = "",
        provider: str | None = None,
        model: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, provider=provider, model=model, request_id=request_id)
        self.raw = raw


class OutputTruncated(OutputInvalid):
    """The answer was cut off before its end."""


class StoreError(WebhandError):
    """The run log cannot be read or written."""


class RunNotFound(StoreError):
    """No run has this id, or several begin with it."""


class RunLocked(StoreError):
    """Another process is carrying this run out."""


class StoreCorrupt(StoreError):
    """The run log's file is damaged or was written by a newer version."""


class ReplayError(WebhandError):
    """A recorded run cannot be played again."""


class TargetNotFound(ReplayError):
    """A recorded target is not on the page, or not unmistakably."""


class CassetteMiss(ReplayError):
    """The cassette holds no answer to this prompt."""


class HubError(WebhandError):
    """The team server refused or cannot be reached."""
