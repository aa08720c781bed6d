"""Which nodes have listeners of their own: a page cannot hide them, and an isolated world does not see them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from webhand.browser.world import Handle, World, WorldGone, send

CLICKED = frozenset(
    ("click", "dblclick", "auxclick", "contextmenu", "mousedown", "mouseup")
    + ("pointerdown", "pointerup", "touchstart", "touchend")
)
HOVERED = frozenset(("mouseenter", "mouseover", "pointerenter", "pointerover"))
PUT_IN = frozenset(("input", "change", "keydown", "keypress", "keyup"))
"""Events that say that something is put into a field."""
DROPPED = frozenset(["drop", "dragover", "dragenter"])
"""Events that say that something happens when a person clicks on the node, points at it, drops something on it."""
DELEGATES = 16
"""Kinds of events from which on a node listens for a whole application, as the root of a React page does."""
SLOW = 0.05
"""Seconds from which on asking is worth avoiding."""
AT_ONCE = 2000
"""New nodes that are looked up at one look; each costs a message. Until all are, the pointer's shape tells too."""
EVERYWHERE = -1
"""In place of a node: the window listens, for all that is in it."""


class Listeners:
    """The nodes of one frame that listen, as far as the world has been told of them."""

    def __init__(self, world: World, *, nested: bool) -> None:
        self._world = world
        self._nested = nested
        self._roots: tuple[Handle, ...] = ()
        self._told: dict[int, str] = {}
        self._took = 0.0
        self._revision: str | None = None
        self.heard: Mapping[int, str] = {}
        """What each node listens for; those of frames within, which live in the same process, among them."""
        self._everywhere = False
        self._put_in: frozenset[int] = frozenset()
        self.asked = False
        """Whether it is known who listens."""

    @property
    def slow(self) -> bool:
        """Whether asking is worth avoiding while no nodes come: a page that has very many takes long to answer."""
        return self.asked and self._took > SLOW

    async def ask(self, revision: str | None = None) -> None:
        """Find out which nodes listen; where that is slow, only when nodes have come since.

        `revision` is that of the document where it has just been read. One command gives all listeners of a document.
        """
        if self.slow:
            revision = revision or await self._world.ask("revision")
            if revision == self._revision:
                return
        self.asked = False  # until it has been found out: asking may end before its time
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            replies = await self._all()
        except WorldGone:  # another document by now
            self._roots = ()
            replies = await self._all()
        self._took = loop.time() - began
        types: dict[int, set[str]] = {}
        for one in replies[0]["listeners"]:
            if "backendNodeId" in one:
                types.setdefault(int(one["backendNodeId"]), set()).add(one["type"])
        self.heard = dict(_meant(types))
        self.asked, self._revision = True, revision
        window = {one["type"] for one in replies[1]["listeners"]} if len(replies) > 1 else set[str]()
        self._everywhere = not CLICKED.isdisjoint(window)
        types[EVERYWHERE] = window
        self._put_in = frozenset(node for node, heard in types.items() if not PUT_IN.isdisjoint(heard))

    async def hear_input(self, document: str | None, node: int | None) -> bool:
        """Whether what is put into a node, or into what has the focus, is heard by it or by something around it."""
        await self.ask()
        if not self._put_in or EVERYWHERE in self._put_in:
            return bool(self._put_in)
        return not self._put_in.isdisjoint(await self._world.path(document, node))

    def news(self, elsewhere: Collection[int] = ()) -> Mapping[int, str]:
        """What the world has not been told yet, as much as is told at once.

        Nodes of frames within are `elsewhere`: looked up here, the browser would take them for nodes of this document.
        """
        meant = {node: means for node, means in self.heard.items() if node not in elsewhere}
        new = [(node, means) for node, means in meant.items() if self._told.get(node) != means]
        if (self._everywhere or not self.asked or len(new) > AT_ONCE) and EVERYWHERE not in self._told:
            new.insert(0, (EVERYWHERE, ""))
        return dict(new[:AT_ONCE])

    async def tell(self, news: Mapping[int, str]) -> None:
        """Let the world know what nodes listen for, so that the next reading takes them for something to act on."""
        for means in sorted(set(news.values())):
            nodes = [node for node in news if news[node] == means and node != EVERYWHERE]
            await self._world.mark_listening(means, nodes)
        if EVERYWHERE in news:
            await self._world.call("listenAll")
        self._told |= news

    async def _all(self) -> Sequence[Mapping[str, Any]]:
        if not self._roots:
            self._told = {}
            self._roots = await self._world.listening_roots(nested=self._nested)
        ask = (
            send(self._world.session, "DOMDebugger.getEventListeners", objectId=root.id, depth=-1, pierce=True)
            for root in self._roots
        )
        return await asyncio.gather(*ask)


def _meant(heard: Mapping[int, set[str]]) -> Iterator[tuple[int, str]]:
    """What each node listens for, in the script's words; "" for what is in it."""
    for node, types in heard.items():
        if len(types) >= DELEGATES and types & CLICKED:
            yield node, ""
        elif types & CLICKED:
            yield node, "clickable hoverable" if types & HOVERED else "clickable"
        elif types & DROPPED:
            yield node, "droppable"
        elif types & HOVERED:
            yield node, "hoverable"
