"""What the scripts of a page fail with: told, as it says why nothing happens, and not too often."""

from collections.abc import Awaitable, Callable

import pytest

from webhand.browser import Context, Tab

Show = Callable[[str], Awaitable[Tab]]


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("cart.add()", "ReferenceError: cart is not defined"),
        ("throw new Error('line one\\n  line two')", "Error: line one line two"),
        ("Promise.reject(new TypeError('no answer'))", "TypeError: no answer"),
        ("throw 'bare'", "Error: bare"),
        ("try { cart.add() } catch {}", None),
    ],
)
async def test_an_error_that_nobody_caught_is_told_once(show: Show, script: str, told: str | None) -> None:
    tab = await show(f'<button onclick="{script}">Add</button>')
    await tab.observe()
    await tab.click("e1")
    await tab.click("e1")
    notices = (await tab.observe()).notices
    assert notices == ((f'a script of the page failed: "{told}"',) if told else ())
    await tab.click("e1")
    assert (await tab.observe()).notices == ()


async def test_only_the_first_of_many_errors_are_told_each_in_short(context: Context) -> None:
    tab = await context.open()
    script = "for (let i = 0; i < 500; i++) Promise.reject(new Error(i + '!'.repeat(9999)))"
    for _ in range(2):  # each document has its own
        await tab.goto(f"data:text/html,<script>{script}</script>")
        notices = (await tab.observe()).notices
        assert [one[:42] for one in notices] == [f'a script of the page failed: "Error: {i}!!!!' for i in range(3)]
        assert all(len(one) < 200 for one in notices)
