"""The isolated world of one frame: where our script runs, unseen by the page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary, WeakSet

from playwright.async_api import Error as PlaywrightError

from webhand.browser.script import script
from webhand.errors import ActionTimeout, BrowserCrashed, TabClosed

if TYPE_CHECKING:
    from playwright.async_api import CDPSession

WORLD = "webhand"
CALL_LIMIT = 10.0
"""Seconds that a call into a page may take; a page caught in a loop never answers."""
CRASHED = "the page's process crashed; open the address in a new tab"

_script = script()
_waiting: WeakKeyDictionary[CDPSession, set[asyncio.Timeout]] = WeakKeyDictionary()
"""The limits of the commands under way to processes that can crash."""
_crashed: WeakSet[CDPSession] = WeakSet()
"""The sessions of processes that did."""


class WorldGone(Exception):
    """The document was replaced or removed while it was asked; what was asked for may or may not have happened."""


class PageHangs(Exception):
    """The page does not answer in time."""


@contextmanager
def answered() -> Generator[None]:
    """Tells the model what to do when the page does not answer, or went away, during an action."""
    try:
        yield
    except PageHangs as error:
        raise ActionTimeout(f"{error}; wait, or reload the page") from None
    except WorldGone:
        raise ActionTimeout("the page was replaced meanwhile, the outcome is unknown; look again") from None


def heed_crash(session: CDPSession) -> None:
    """Let commands to a process that crashes fail at once: the browser itself leaves them without an answer."""

    def crashed(_: object) -> None:
        _crashed.add(session)
        for limit in _waiting.pop(session, ()):
            limit.reschedule(0)

    _waiting[session] = set()
    session.on("Inspector.targetCrashed", crashed)


async def send(session: CDPSession, method: str, **parameters: Any) -> dict[str, Any]:
    """One command of the debugging protocol, its failures in our words."""
    commands = cast(
        "Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]",
        session.send,  # pyright: ignore[reportUnknownMemberType] - Playwright types its replies as a bare dict
    )
    if session in _crashed:
        raise BrowserCrashed(CRASHED)
    waiting = _waiting.get(session, set())
    try:
        # Not `wait_for`: in Python 3.11 it loses a cancellation that comes together with the reply.
        async with asyncio.timeout(CALL_LIMIT) as limit:
            waiting.add(limit)
            try:
                return await commands(method, parameters)
            finally:
                waiting.discard(limit)
    except TimeoutError:
        if session in _crashed:
            raise BrowserCrashed(CRASHED) from None
        raise PageHangs(f"the page did not answer within {CALL_LIMIT:g} s") from None
    except PlaywrightError as error:
        raise _translated(error) from None


def _translated(error: PlaywrightError) -> Exception:
    if has_crashed(error):
        return BrowserCrashed(CRASHED)
    if "closed" in error.message:
        return TabClosed("the tab was closed")
    return WorldGone("another document took its place meanwhile")


def has_crashed(error: PlaywrightError) -> bool:
    """Whether this is what Playwright says of a page whose process crashed."""
    return "Target crashed" in error.message or "Page crashed" in error.message


def _writable(value: Any) -> Any:
    """The value without halves of signs, which a page's texts may have and no encoding can write."""
    match value:
        case str():
            try:
                value.encode()
            except UnicodeEncodeError:
                return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            return value
        case list():
            return [_writable(one) for one in cast("list[Any]", value)]
        case dict():
            return {name: _writable(one) for name, one in cast("dict[str, Any]", value).items()}
        case _:
            return value


@dataclass(frozen=True, slots=True)
class Handle:
    """An object in the browser, by the protocol's id for it."""

    id: str


class World:
    """Functions of the script in one frame; made anew by itself when the frame shows another document."""

    def __init__(self, session: CDPSession, frame_id: str) -> None:
        self.session = session
        self.frame_id = frame_id
        self._script_object: str | None = None

    async def call(self, name: str, *arguments: Any) -> Any:
        """The value of a function of the script; an argument may be a Handle.

        Raises WorldGone when the document went away meanwhile, PageHangs when it does not answer.
        """
        reply = await self._call(name, *arguments, returnByValue=True, awaitPromise=True)
        return _writable(reply["result"].get("value"))

    async def ask(self, name: str, *arguments: Any) -> Any:
        """The value of a function that has no effect: asked once more, as the document may have been replaced since."""
        try:
            return await self.call(name, *arguments)
        except WorldGone:
            return await self.call(name, *arguments)

    async def handle(self, node: int) -> Handle:
        """A node that this world has given a number, for commands of the protocol that take one."""
        reply = await self._call("nodeOf", node)
        if "objectId" not in reply["result"]:
            raise WorldGone("the node is gone")
        return Handle(reply["result"]["objectId"])

    async def id_of(self, backend_node_id: int) -> int:
        """The number that this world gives a node which the protocol names by its backend id."""
        return int(await self.call("idOf", await self._resolve(backend_node_id, await self._context())))

    async def listening_roots(self, *, nested: bool) -> tuple[Handle, ...]:
        """The document and its window in the page's own world; `nested` frames share their parent's session.

        Listeners are asked for with these: asked with an object of the isolated world, Chromium 156 puts the page's
        wrappers of nodes into the isolated world.
        """
        if not nested:
            replies = await asyncio.gather(
                *(send(self.session, "Runtime.evaluate", expression=name) for name in ("document", "window"))
            )
            return tuple(Handle(reply["result"]["objectId"]) for reply in replies)
        owner = await send(self.session, "DOM.getFrameOwner", frameId=self.frame_id)
        frame = await send(self.session, "DOM.describeNode", backendNodeId=owner["backendNodeId"])
        return (await self._resolve(frame["node"]["contentDocument"]["backendNodeId"], None),)

    async def mark_listening(self, heard: str, backend_node_ids: Collection[int]) -> None:
        """Tell the script what these nodes listen for; those that are gone or of another frame are passed over."""
        context = await self._context()
        found = await asyncio.gather(
            *(self._resolve(number, context) for number in backend_node_ids), return_exceptions=True
        )
        await self.call("listen", heard, *(one for one in found if isinstance(one, Handle)))

    async def with_closed_roots(self, hosts: Sequence[int]) -> Sequence[tuple[Handle, Handle]]:
        """Those of these nodes that have a closed shadow root, and their roots."""
        numbers: list[int] = []
        for node in await self._described("nodesOf", *hosts):
            root = node.get("shadowRoot")
            if root and root["value"]["mode"] == "closed":
                numbers += (node["backendNodeId"], root["value"]["backendNodeId"])
        context = await self._context()
        found = await asyncio.gather(*(self._resolve(number, context) for number in numbers))
        return list(zip(found[::2], found[1::2], strict=True))

    async def path(self, document: str | None, node: int | None) -> list[int]:
        """The backend ids of a node and of all that hears what is done to it; without a node, of what has the focus."""
        how = self._described("path", None) if node is None else self._described("on", document, "path", node)
        return [int(one["backendNodeId"]) for one in await how]

    async def _described(self, name: str, *arguments: Any) -> list[dict[str, Any]]:
        """What the protocol says of the nodes in the array that a function of the script gives; one message for all."""
        array = (await self._call(name, *arguments))["result"]
        if "objectId" not in array:
            return []
        reply = await send(
            self.session,
            "Runtime.callFunctionOn",
            objectId=array["objectId"],
            functionDeclaration="function () { return this; }",
            serializationOptions={
                "serialization": "deep",
                "maxDepth": 2,
                "additionalParameters": {"maxNodeDepth": 0, "includeShadowTree": "all"},
            },
        )
        return [one["value"] for one in reply["result"]["deepSerializedValue"]["value"] if one["type"] == "node"]

    async def _resolve(self, backend_node_id: int, context: int | None) -> Handle:
        where = {} if context is None else {"executionContextId": context}
        found = await send(self.session, "DOM.resolveNode", backendNodeId=backend_node_id, **where)
        return Handle(found["object"]["objectId"])

    async def _context(self) -> int:
        made = await send(self.session, "Page.createIsolatedWorld", frameId=self.frame_id, worldName=WORLD)
        return int(made["executionContextId"])

    async def _enter(self) -> str:
        # Chromium gives the same world again for the same document, so the script is put in only where it is missing.
        # A symbol is no element's name: named elements and frames are properties of the window in this world too.
        expression = f"globalThis[Symbol.for('webhand')] ??= {_script}"
        reply = await send(self.session, "Runtime.evaluate", expression=expression, contextId=await self._context())
        self._script_object = str(reply["result"]["objectId"])
        return self._script_object

    async def _call(self, name: str, *arguments: Any, **more: bool) -> dict[str, Any]:
        script = self._script_object or await self._enter()
        try:
            reply = await send(
                self.session,
                "Runtime.callFunctionOn",
                objectId=script,
                functionDeclaration=f"function (...given) {{ return this.{name}(...given); }}",
                arguments=[{"objectId": one.id} if isinstance(one, Handle) else {"value": one} for one in arguments],
                **more,
            )
        except WorldGone:
            self._script_object = None
            raise
        if "exceptionDetails" in reply:
            details = reply["exceptionDetails"]
            raise RuntimeError(
                f"the script in the page: {details.get('exception', {}).get('description', details['text'])}"
            )
        return reply
