"""Points of the picture are acted on where nothing has a reference."""

from collections.abc import Awaitable, Callable

import pytest

from webhand.browser import Tab
from webhand.errors import InvalidArguments

Show = Callable[[str], Awaitable[Tab]]
Heard = Callable[..., Awaitable[list[str]]]

CANVAS = "<style>body { margin: 0 }</style><canvas aria-label=Board width=500 height=300></canvas>"


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


async def where(tab: Tab) -> list[str]:
    return await tab.page.evaluate("window.at.splice(0)")


@pytest.fixture
async def board(show: Show) -> Tab:
    """A canvas that keeps what the mouse did and where."""
    tab = await show(
        f"""{CANVAS}<script>window.at = [];
        for (const type of ["click", "mousedown", "mouseup", "mousemove"]) document.querySelector("canvas")
          .addEventListener(type, ({{isTrusted, x, y}}) => {{ if (isTrusted) at.push(`${{type}} ${{x}} ${{y}}`); }});
        </script>"""
    )
    tab.picture_scale = 1.0
    return tab


async def test_a_click(board: Tab) -> None:
    assert (await board.click_at(110, 60)).text == 'clicked at 110, 60: canvas "Board"'
    assert await where(board) == ["mousemove 110 60", "mousedown 110 60", "mouseup 110 60", "click 110 60"]


async def test_a_click_with_another_button_or_count(board: Tab) -> None:
    assert (await board.click_at(110, 60, count=2)).text == 'double-clicked at 110, 60: canvas "Board"'
    assert (await where(board)).count("click 110 60") == 2
    assert (await board.click_at(110, 60, "right")).text == 'right-clicked at 110, 60: canvas "Board"'
    assert "click 110 60" not in await where(board)
    with pytest.raises(InvalidArguments, match="count is 1 to 3, not 4"):
        await board.click_at(110, 60, count=4)


async def test_parts_of_pixels(board: Tab) -> None:
    await board.page.evaluate("addEventListener('pointerdown', ({ x, y }) => { at.push(`${x} ${y}`); })")
    assert (await board.click_at(110.5, 60.25)).text == 'clicked at 110.5, 60.25: canvas "Board"'
    await board.drag_at(100.25, 50.5, 200, 150)
    seen = await where(board)
    assert "110.5 60.25" in seen
    assert "100.25 50.5" in seen


async def test_hovering(board: Tab) -> None:
    assert (await board.hover_at(110, 60)).text == 'the pointer is at 110, 60: canvas "Board"'
    assert await where(board) == ["mousemove 110 60"]


async def test_dragging(board: Tab) -> None:
    effect = await board.drag_at(100, 50, 200, 150)
    assert effect.text == 'dragged from 100, 50 (canvas "Board") to 200, 150 (canvas "Board")'
    seen = await where(board)
    assert seen[:2] == ["mousemove 100 50", "mousedown 100 50"]
    assert seen[-3:] == ["mousemove 200 150", "mouseup 200 150", "click 200 150"]


async def test_dragging_along_a_path(board: Tab) -> None:
    effect = await board.drag_at(100, 50, 100, 60, via=[(140, 50), [140, 60]])
    assert effect.text == 'dragged from 100, 50 (canvas "Board") through 2 points to 100, 60 (canvas "Board")'
    seen = await where(board)
    moves = [tuple(map(int, one.split()[1:])) for one in seen if one.startswith("mousemove")]
    assert seen[:2] == ["mousemove 100 50", "mousedown 100 50"]
    assert seen[-2:] == ["mouseup 100 60", "click 100 60"]
    assert {(140, 50), (140, 60)} <= set(moves)
    assert len(moves) > 6
    assert all(y in (50, 60) or x == 140 for x, y in moves)
    with pytest.raises(InvalidArguments, match=r"a point of via is \[x, y\], not \[1\]"):
        await board.drag_at(100, 50, 100, 60, via=[[1]])


async def test_points_are_those_of_the_last_picture(board: Tab) -> None:
    board.picture_scale = 2.0
    await board.click_at(50, 30)
    await board.drag_at(50, 30, 100, 70)
    seen = await where(board)
    assert seen[3] == "click 100 60"
    assert seen[-1] == "click 200 140"


@pytest.mark.parametrize(("x", "y"), [(-1, 10), (10, 900), (1280, 10)])
async def test_a_point_outside(board: Tab, x: float, y: float) -> None:
    board.picture_scale = 2.0
    for act in (board.click_at(x, y), board.hover_at(x, y), board.drag_at(1, 1, x, y)):
        with pytest.raises(InvalidArguments, match=f"{x:g}, {y:g} is outside of the picture, which is 640 x 400"):
            await act
    assert await where(board) == []


async def test_what_a_click_in_a_frame_changes_is_waited_for(show: Show) -> None:
    button = "<button onclick='setTimeout(() => { document.body.append(1) }, 300)'>Go"
    tab = await show(f'<iframe style="border:0" srcdoc="{button}"></iframe>')
    await tab.observe()
    assert (await tab.click_at(20, 20)).text == "clicked at 20, 20: iframe"
    assert "1" in (await tab.observe()).text
