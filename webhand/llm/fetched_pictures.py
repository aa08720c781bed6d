"""Pictures fetched from their addresses, for vendors that take bytes only."""

import asyncio
from collections import OrderedDict
from typing import cast
from urllib.parse import urlsplit

from webhand.errors import UnsupportedInput
from webhand.llm.authorities import authorities

LONGEST = 20_000_000
"""Bytes that are read of a picture: the most that any vendor takes."""
PATIENCE = 20.0
"""Seconds for the whole of a picture."""
REDIRECTS = 5
KEPT = 8
"""Pictures that are kept: those of the task go along with every prompt of a run."""
OTHERWISE = "give the picture as data= or path="


class FetchedPictures:
    """Pictures by their addresses, each fetched once while it is kept.

    Nothing is sent along: no key, no cookie.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    async def get(self, url: str) -> bytes:
        """The bytes at an http address; UnsupportedInput where they do not come, not in time, or are too many."""
        if url not in self._kept:
            self._kept[url] = await self._fetched(url)
        self._kept.move_to_end(url)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[url]

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
