"""Which nodes have listeners of their own: a page cannot hide them, and an isolated world does not see them."""

from __future__ import annotations

from webhand.browser.world import Handle, World, send

ACTED_ON = frozenset(
    ("click", "dblclick", "mousedown", "mouseup", "pointerdown", "pointerup", "touchstart", "touchend")
)
"""Events that say that something happens when a person points at the node."""
DELEGATES = 16
"""Kinds of events from which on a node listens for a whole application, as the root of a React page does."""


class Listeners:
    """The nodes of one frame that listen, as far as the world has been told of them."""

    def __init__(self, world: World, *, nested: bool) -> None:
        self._world = world
        self._nested = nested
        self._document = ""
        self._root = Handle("")
        self._told: set[int] = set()

    async def tell(self) -> None:
        """Let the world know which nodes listen, so that the next reading takes them for something to act on.

        One command gives all listeners of a document; only nodes that are new are looked up one by one.
        """
        document = await self._world.call("documentKey")
        if document != self._document:
            self._document, self._told = document, set()
            self._root = await self._world.document(nested=self._nested)
        reply = await send(
            self._world.session, "DOMDebugger.getEventListeners", objectId=self._root.id, depth=-1, pierce=True
        )
        types: dict[int, set[str]] = {}
        for one in reply["listeners"]:
            if "backendNodeId" in one:
                types.setdefault(int(one["backendNodeId"]), set()).add(one["type"])
        nodes = {node for node, heard in types.items() if heard & ACTED_ON and len(heard) < DELEGATES}
        new = nodes - self._told
        if new:
            self._told |= new
            await self._world.mark_listening(new)
