"""Pictures fetched from their addresses, for vendors that take bytes only."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import cast
from urllib.parse import urlsplit

from webhand.errors import UnsupportedInput
from webhand.llm.authorities import authorities
from webhand.llm.loops import PerLoop

LONGEST = 20_000_000
"""Bytes that are read of a picture: the most that any vendor takes."""
PATIENCE = 20.0
"""Seconds for the whole of a picture."""
REDIRECTS = 5
KEPT = 64_000_000
"""Bytes of pictures that are kept: those of the task go along with every prompt of a run."""
OTHERWISE = "give the picture as data= or path="


@dataclass(eq=False)
class _Fetch:
    """One that is under way, and how many wait for it."""

    task: asyncio.Task[bytes]
    waiting: int = 0


class FetchedPictures:
    """Pictures by their addresses, each fetched once while it is kept, for all who ask for it at once.

    `patience` is seconds for one picture, `most` how many bytes are kept. Nothing is sent along: no key, no cookie.
    """

    def __init__(self, patience: float = PATIENCE, most: int = KEPT) -> None:
        self._patience = patience
        self._most = most
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._keeping = Lock()
        self._under_way: PerLoop[dict[str, _Fetch]] = PerLoop(dict)

    async def get(self, url: str) -> bytes:
        """The bytes at an http address; UnsupportedInput where they do not come, not in time, or are too many."""
        content = self._kept.get(url)
        if content is None:
            content = await self._shared(url)
        self._keep(url, content)
        return content

    def _keep(self, url: str, content: bytes) -> None:
        with self._keeping:  # loops in other threads keep theirs here too
            self._kept[url] = content
            self._kept.move_to_end(url)
            while sum(len(one) for one in self._kept.values()) > self._most:
                self._kept.popitem(last=False)

    async def _shared(self, url: str) -> bytes:
        """What one fetch brings to all who wait for it; it ends with the last of them."""
        under_way = self._under_way.here()
        fetch = under_way.get(url)
        if fetch is None:
            fetch = under_way[url] = _Fetch(asyncio.create_task(self._fetched(url)))
        fetch.waiting += 1
        try:
            return await asyncio.shield(fetch.task)
        except UnsupportedInput as error:
            raise UnsupportedInput(str(error)) from error.__cause__  # each call signs its own
        finally:
            fetch.waiting -= 1
            if not fetch.waiting:
                del under_way[url]
                fetch.task.cancel()

    async def _fetched(self, url: str) -> bytes:
        # The rest of an address may hold what lets its holder in.
        where = f"The picture at {urlsplit(url).hostname}"
        try:
            async with asyncio.timeout(self._patience):
                return await _read(url, where)
        except TimeoutError as error:
            raise UnsupportedInput(f"{where} did not come within {self._patience:g} s; {OTHERWISE}") from error
        except UnsupportedInput:
            raise
        except Exception as error:  # a redirect may lead to what the HTTP library itself does not foresee
            raise UnsupportedInput(f"{where} cannot be fetched ({_kind(error)}); {OTHERWISE}") from None


def _kind(error: Exception) -> str:
    """The name of the error; of several at once, the first one's."""
    while isinstance(error, ExceptionGroup):
        error = cast("ExceptionGroup[Exception]", error).exceptions[0]
    return type(error).__name__


async def _read(url: str, where: str) -> bytes:
    import httpx2  # comes with OpenAI's SDK

    content = bytearray()
    async with (
        httpx2.AsyncClient(
            follow_redirects=True, max_redirects=REDIRECTS, timeout=None, verify=authorities(httpx2)
        ) as client,
        client.stream("GET", url, headers={"accept": "image/*"}) as answer,
    ):
        if not answer.is_success:
            raise UnsupportedInput(f"{where} cannot be fetched (status {answer.status_code}); {OTHERWISE}")
        async for piece in answer.aiter_bytes():
            content += piece
            if len(content) > LONGEST:
                raise UnsupportedInput(f"{where} is larger than {LONGEST // 1_000_000} MB; make it smaller")
    return bytes(content)
