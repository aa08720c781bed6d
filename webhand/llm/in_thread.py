"""Blocking work done beside the event loop."""

import asyncio
from _thread import start_new_thread
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """What `work` returns or raises, run in a thread of its own.

    The thread is left behind when the wait for it is cancelled, and never keeps the process from ending: those of an
    executor would be waited for.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def finish(result: T | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # pyright: ignore[reportArgumentType]

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except BaseException as raised:  # raised again where it is waited for
            error = raised
        with suppress(RuntimeError):  # the loop is gone, and nobody waits
            loop.call_soon_threadsafe(finish, result, error)

    # `Thread.start` waits until the new thread runs, and the loop with it: long, where many threads are about.
    start_new_thread(run, ())
    return await done
