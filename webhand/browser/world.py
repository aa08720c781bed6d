"""The isolated world of one frame: where our script runs, unseen by the page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib import resources
from typing import TYPE_CHECKING, Any, cast

from playwright.async_api import Error as PlaywrightError

from webhand.errors import BrowserCrashed, TabClosed

if TYPE_CHECKING:
    from playwright.async_api import CDPSession

WORLD = "webhand"
CALL_LIMIT = 10.0
"""Seconds that a call into a page may take; a page caught in a loop never answers."""

_script = resources.files("webhand.browser").joinpath("page.js").read_text("utf-8")


class WorldGone(Exception):
    """The document was replaced or removed while it was asked; what was asked for may or may not have happened."""


class PageHangs(Exception):
    """The page does not answer in time."""


async def send(session: CDPSession, method: str, **parameters: Any) -> dict[str, Any]:
    """One command of the debugging protocol, its failures in our words."""
    commands = cast(
        "Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]",
        session.send,  # pyright: ignore[reportUnknownMemberType] - Playwright types its replies as a bare dict
    )
    try:
        return await asyncio.wait_for(commands(method, parameters), CALL_LIMIT)
    except TimeoutError:
        raise PageHangs(f"the page did not answer within {CALL_LIMIT:g} s") from None
    except PlaywrightError as error:
        raise _translated(error) from None


def _translated(error: PlaywrightError) -> Exception:
    text = error.message
    if "Target crashed" in text:
        return BrowserCrashed("the page's process crashed; reload the page or open another")
    if "closed" in text:
        return TabClosed("the tab was closed")
    return WorldGone(text)


class World:
    """Functions of `page.js` in one frame; made anew by itself when the frame shows another document."""

    def __init__(self, session: CDPSession, frame_id: str) -> None:
        self.session = session
        self.frame_id = frame_id
        self._script_object: str | None = None

    async def call(self, name: str, *arguments: Any) -> Any:
        """The value of a function of `page.js`.

        Raises WorldGone when the document went away meanwhile, PageHangs when it does not answer.
        """
        script = self._script_object or await self._enter()
        try:
            return await self._call_on(script, f"function (...given) {{ return this.{name}(...given); }}", *arguments)
        except WorldGone:
            self._script_object = None
            raise

    async def id_of(self, backend_node_id: int) -> int:
        """The number that this world gives a node which the protocol names by its backend id."""
        context = await self._context()
        found = await send(self.session, "DOM.resolveNode", backendNodeId=backend_node_id, executionContextId=context)
        script = self._script_object or await self._enter()
        reply = await send(
            self.session,
            "Runtime.callFunctionOn",
            objectId=script,
            functionDeclaration="function (node) { return this.idOfNode.call(node); }",
            arguments=[{"objectId": found["object"]["objectId"]}],
            returnByValue=True,
        )
        return int(reply["result"]["value"])

    async def handle(self, node: int) -> str:
        """The protocol's object id of a node, for commands that take one."""
        script = self._script_object or await self._enter()
        reply = await send(
            self.session,
            "Runtime.callFunctionOn",
            objectId=script,
            functionDeclaration="function (id) { return this.nodeOf(id); }",
            arguments=[{"value": node}],
        )
        if "objectId" not in reply["result"]:
            raise WorldGone("the node is gone")
        return str(reply["result"]["objectId"])

    async def _context(self) -> int:
        made = await send(self.session, "Page.createIsolatedWorld", frameId=self.frame_id, worldName=WORLD)
        return int(made["executionContextId"])

    async def _enter(self) -> str:
        # Chromium gives the same world again for the same document, so the script is put in only where it is missing.
        context = await self._context()
        reply = await send(
            self.session,
            "Runtime.evaluate",
            expression=f"globalThis.webhand ??= {_script}",
            contextId=context,
        )
        self._script_object = str(reply["result"]["objectId"])
        return self._script_object

    async def _call_on(self, script: str, function: str, *arguments: Any) -> Any:
        reply = await send(
            self.session,
            "Runtime.callFunctionOn",
            objectId=script,
            functionDeclaration=function,
            arguments=[{"value": argument} for argument in arguments],
            returnByValue=True,
            awaitPromise=True,
        )
        if "exceptionDetails" in reply:
            details = reply["exceptionDetails"]
            raise RuntimeError(f"page.js: {details.get('exception', {}).get('description', details['text'])}")
        return reply["result"].get("value")
