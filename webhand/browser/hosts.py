"""Hosts of closed shadow roots: the browser tells what no script can ask for, and the script is let in."""

from __future__ import annotations

from collections.abc import Sequence

from webhand.browser.world import World

DEEPEST = 8
"""Closed roots within each other that are entered at once; those farther in, at the next look."""


async def open_roots(world: World, hosts: Sequence[int]) -> bool:
    """Let the script into the closed roots of these nodes and into those within; whether there were any."""
    found = False
    for _ in range(DEEPEST):
        opened = await world.with_closed_roots(hosts) if hosts else ()
        if not opened:
            break
        found = True
        hosts = await world.call("adopt", *(one for pair in opened for one in pair))
    return found


async def open_all(world: World, *, anew: bool = True) -> None:
    """Let the script into all closed roots of a document, whatever part of it has been looked at.

    What was asked for a moment ago is asked for again where it is to be done `anew`.
    """
    await open_roots(world, await world.ask("hosts", anew))
