"""What only a listener makes clickable, when it takes long to find out who listens."""

from collections.abc import Awaitable, Callable

import pytest

from webhand.browser import Tab, frames, listeners

Show = Callable[[str], Awaitable[Tab]]

HEARD = "<span>Go</span><script>document.querySelector('span').onclick = () => document.title = 'went'</script>"


async def test_a_look_says_when_it_could_not_find_out(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    tab = await show(HEARD + "<span style='cursor:pointer'>Pointed at</span>")
    monkeypatch.setattr(frames, "LISTENERS_LIMIT", 0.0)
    for _ in range(2):
        seen = await tab.observe()
        assert [one.name for one in seen.elements.values()] == ["Pointed at"]
        assert seen.partial == (frames.UNHEARD,)
    monkeypatch.undo()
    seen = await tab.observe()
    assert [one.name for one in seen.elements.values()] == ["Go", "Pointed at"]
    assert seen.partial == ()


async def test_a_page_on_which_asking_is_slow_is_asked_again_after_a_failure(
    show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = await show("<p>Nothing yet</p>")
    monkeypatch.setattr(listeners, "SLOW", -1.0)
    await tab.observe()
    await tab.page.set_content(HEARD)
    monkeypatch.setattr(frames, "LISTENERS_LIMIT", 0.0)
    assert (await tab.observe()).partial == (frames.UNHEARD,)
    monkeypatch.setattr(frames, "LISTENERS_LIMIT", 1.5)
    seen = await tab.observe()
    assert [one.name for one in seen.elements.values()] == ["Go"]
