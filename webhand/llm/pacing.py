"""Many calls that are begun at once, spread over turns of the event loop."""

import asyncio

from webhand.llm.loops import PerLoop

_LOCKS = PerLoop(asyncio.Lock)


async def own_turn() -> None:
    """Return in a turn of the running loop in which nobody else returns from here.

    An SDK computes some milliseconds before it sends a request: of a hundred calls begun in one turn everything else
    in the loop would hear nothing for as long as all of them take.
    """
    async with _LOCKS.here():
        await asyncio.sleep(0)
