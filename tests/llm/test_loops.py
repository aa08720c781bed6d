"""What is kept per event loop."""

import asyncio
import gc
import weakref

from webhand.llm.loops import PerLoop


class Value:
    closed = False

    async def close(self) -> None:
        await asyncio.sleep(0)
        self.closed = True


def values() -> PerLoop[Value]:
    return PerLoop(Value, Value.close)


def test_a_loop_has_a_value_until_it_ends() -> None:
    kept = values()

    async def here() -> Value:
        assert kept.here() is kept.here()
        return kept.here()

    first, second = asyncio.run(here()), asyncio.run(here())
    assert first is not second
    assert (first.closed, second.closed) == (True, True)


def test_a_value_that_was_closed_is_made_anew() -> None:
    kept = values()

    async def here() -> None:
        first = kept.here()
        await kept.aclose()
        assert first.closed
        second = kept.here()
        assert second is not first
        assert second is kept.here()
        assert not second.closed
        await kept.aclose()
        await kept.aclose()

    asyncio.run(here())


def test_one_that_is_made_while_another_is_being_closed_stays() -> None:
    kept = values()

    async def here() -> None:
        kept.here()
        closing = asyncio.create_task(kept.aclose())
        await asyncio.sleep(0)
        second = kept.here()
        await closing
        assert kept.here() is second
        assert not second.closed

    asyncio.run(here())


def test_a_loop_that_was_closed_without_a_word_is_let_go_with_the_next() -> None:
    kept = values()

    async def here() -> Value:
        return kept.here()

    loop = asyncio.new_event_loop()
    value = weakref.ref(loop.run_until_complete(here()))
    loop.close()
    gone = weakref.ref(loop)
    del loop
    asyncio.run(here())
    gc.collect()
    assert (gone(), value()) == (None, None)
