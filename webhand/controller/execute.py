"""The one dispatcher: find, validate, ask for consent, put secrets in, run, take secrets out, say what came of it."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from playwright.async_api import Error as PlaywrightError
from pydantic import BaseModel, ValidationError

from webhand.browser import Effect, Tab, confided
from webhand.browser.refs import Target
from webhand.browser.world import PageHangs, WorldGone
from webhand.controller.action import Action, ActionCall, ActionContext, ActionResult, Approval, misfits
from webhand.controller.consent import consents
from webhand.controller.given import read
from webhand.controller.origin import origin_of, sites_in
from webhand.controller.redact import redacted, revealed, used_in, without_secrets
from webhand.errors import (
    ActionDenied,
    ActionError,
    ActionTimeout,
    BrowserCrashed,
    BrowserError,
    InvalidArguments,
    UnknownAction,
    WebhandError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for one action, and for all of a decision together."""

    each: float
    together: float | None = None

    def left(self, used: float) -> float:
        """What the next action has when so much is used up."""
        return self.each if self.together is None else max(0.0, min(self.each, self.together - used))


async def execute_all(
    actions: Mapping[str, Action], calls: Sequence[ActionCall], tab: Tab, context: ActionContext, limits: Limits
) -> tuple[ActionResult, ...]:
    """The results of the calls that were carried out: up to the first that failed or brought another page."""
    results: list[ActionResult] = []
    began = context.worked()
    for call in calls:
        limit = limits.left(context.worked() - began)
        results.append(await execute(actions, call, tab, context, limit))
        if not results[-1].ok or results[-1].ends != "nothing":
            break
    return tuple(results)


async def execute(
    actions: Mapping[str, Action], call: ActionCall | Mapping[str, Any], tab: Tab, context: ActionContext, limit: float
) -> ActionResult:
    """What came of one call; written to the log before it begins and after it ended."""
    asked = call if isinstance(call, ActionCall) else _call(call)
    context = replace(context, tab=tab)
    if context.emit:
        started = without_secrets(asked.model_dump(mode="json"), context.secrets)
        await context.emit("action.started", {"step": context.step} | started)
    began = time.monotonic()
    result = await _outcome(actions, asked, context, limit)
    safe = {"text": redacted(result.text, context.secrets), "data": without_secrets(result.data, context.secrets)}
    result = result.model_copy(update=safe | {"seconds": round(time.monotonic() - began, 3)})
    if context.emit:
        await context.emit("action.finished", {"step": context.step} | result.model_dump(mode="json"))
    return result


def _call(call: Mapping[str, Any]) -> ActionCall:
    if len(call) != 1:
        return ActionCall(action="", arguments=dict(call))
    ((name, arguments),) = call.items()
    if arguments is None:
        return ActionCall(action=name)
    given = cast("Mapping[str, Any]", arguments) if isinstance(arguments, Mapping) else {"": arguments}
    return ActionCall(action=name, arguments=dict(given))


async def _outcome(
    actions: Mapping[str, Action], call: ActionCall, context: ActionContext, limit: float
) -> ActionResult:
    try:
        action, arguments = _validated(actions, call)
        await _allowed(action, call, context)
        given = await _filled_in(action, arguments, context, limit)
        try:
            return _result(action, await _carried_out(action, given, None if action.person else limit))
        finally:
            if context.tab is not None:
                await confided.end(context.tab)
    except (ActionError, BrowserError) as problem:
        if isinstance(problem, BrowserCrashed) and not _connected(context):
            raise
        error: Exception = problem
    except (PageHangs, WorldGone, PlaywrightError) as problem:
        error = ActionTimeout(f"the page broke it off, its outcome is unknown; look first ({_first_line(problem)})")
    except WebhandError:
        raise
    except Exception as problem:  # an action of the user's own may raise anything; the model is told and goes on
        error = ActionError(f"{type(problem).__name__}: {_first_line(problem)}")
    return ActionResult(action=call.action, ok=False, text=str(error), error=type(error).__name__)


async def _carried_out(action: Action, given: Mapping[str, Any], limit: float | None) -> object:
    clock = asyncio.timeout(limit)
    try:
        async with clock:
            return await action.handler(**given)
    except TimeoutError:
        if not clock.expired():  # the action's own
            raise
        raise ActionTimeout(f"it did not end within {limit:g} s and may have been done in part; look first") from None


def _validated(actions: Mapping[str, Action], call: ActionCall) -> tuple[Action, BaseModel]:
    action = actions.get(call.action)
    if action is None:
        raise UnknownAction(f'there is no action "{call.action}"; there are {", ".join(actions)}')
    try:
        return action, read(action.parameters, dict(call.arguments))
    except ValidationError as error:
        raise InvalidArguments(f"{misfits(error)}. It is used as {action.signature}") from None


async def _allowed(action: Action, call: ActionCall, context: ActionContext) -> None:
    url = context.page.url
    if action.origins and origin_of(url) not in map(origin_of, action.origins):
        raise ActionDenied(f"{action.name} may only be used on {', '.join(action.origins)}")
    if context.approve is None and action.approve:
        raise ActionDenied(f"{action.name} needs somebody's consent, and nobody is there to give it")
    if context.approve is None or not (action.approve or (action.changes and not action.terminates)):
        return
    element = _element(action, call.arguments, context)
    target = redacted(await context.page.describe(element), context.secrets) if element else None
    url = redacted(url, context.secrets)
    wish = Approval(action=action.name, arguments=call.arguments, target=target, url=url, reason=action.description)
    verdict = context.approve(wish)
    if inspect.isawaitable(verdict):
        verdict = await verdict
    if not consents(verdict):
        raise ActionDenied(f"refused: {verdict}" if verdict else "refused; do something else or end with done")


async def _filled_in(action: Action, arguments: BaseModel, context: ActionContext, limit: float) -> dict[str, Any]:
    given = {name: getattr(arguments, name) for name in type(arguments).model_fields}
    if action.changes and (names := used_in(given)):
        clock = asyncio.timeout(limit)
        try:
            async with clock:
                given = await revealed(given, context.secrets, await _goals(action, given, context))
        except TimeoutError:
            raise ActionError(f"a secret did not come within {limit:g} s; nothing was done") from None
        if element := _element(action, given, context):
            values = [value for name in names for value in context.secrets[name].known]
            await confided.begin(context.page, element, values)
    for name, kind in action.injected.items():
        value = context if kind is ActionContext else context.tab if kind is Tab else context.browser
        if value is None:
            raise ActionError(f"{action.name} needs a {kind.__name__}, and there is none here")
        given[name] = value
    return given


def _element(action: Action, arguments: Mapping[str, Any], context: ActionContext) -> Target | None:
    """The element that an action on the page is for."""
    ref = arguments.get("ref")
    return context.page.target(ref) if isinstance(ref, str) and Tab in action.injected.values() else None


async def _goals(action: Action, arguments: Mapping[str, Any], context: ActionContext) -> list[str]:
    """The sites that get what the arguments hold.

    That of the element's frame and of where its form goes, those that the address to go to names, else the page's.
    """
    if element := _element(action, arguments, context):
        return list(map(origin_of, await context.page.on(element, "sitesOf")))
    url = arguments.get("url")
    return sites_in(url) if isinstance(url, str) else [origin_of(context.page.url)]


def _result(action: Action, returned: object) -> ActionResult:
    """What a handler returned, as a result."""
    ends = "run" if action.terminates else "nothing"
    match returned:
        case ActionResult():
            return returned.model_copy(
                update={"action": action.name, "ends": ends if action.terminates else returned.ends}
            )
        case Effect():
            left = bool(returned.navigated or returned.new_tabs or returned.dialog)
            files = tuple(Path(name) for name in returned.downloads)
            ends = "decision" if left and not action.terminates else ends
            return ActionResult(
                action=action.name, ok=True, text=returned.text, data=returned.value, files=files, ends=ends
            )
        case BaseModel():
            data = returned.model_dump(mode="json")
            return ActionResult(action=action.name, ok=True, text=returned.model_dump_json(), data=data, ends=ends)
        case _:
            text = "done" if returned is None else str(returned)
            return ActionResult(action=action.name, ok=True, text=text, ends=ends)


def _connected(context: ActionContext) -> bool:
    inner = context.page.context.inner.browser
    return inner is None or inner.is_connected()


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "")[:300]
