"""Drawings in the text: where their shapes lie, and what acting on them needs."""

from collections.abc import Awaitable, Callable

import pytest

from webhand.browser import Tab

Show = Callable[[str], Awaitable[Tab]]

BOARD = """<style>body { margin: 0 } svg, iframe { display: block; border: 0 }</style>
<svg width=200 height=100><circle cx=40 cy=50 r=10 fill=red /><line x1=10 y1=20 x2=60 y2=80 stroke=blue /></svg>"""


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


async def test_places_are_those_of_the_last_picture(show: Show) -> None:
    tab = await show(BOARD)
    tab.picture_scale = 2.0
    text = (await tab.observe()).text
    tab.picture_scale = 1.0
    assert text == "red circle 10x10 at 20,25\nblue line 5,10 to 30,40"


async def test_places_in_a_frame_are_those_of_the_view(show: Show) -> None:
    board = BOARD.replace('"', "&quot;")
    tab = await show(
        f'<body style="margin:0"><iframe style="margin:30px 0 0 100px;border:0" srcdoc="{board}"></iframe>'
    )
    assert "red circle 20x20 at 140,80\n" in (await tab.observe()).text


async def test_a_shape_that_moves_keeps_its_reference(show: Show) -> None:
    tab = await show(f"{BOARD}<script>c = document.querySelector('circle'); c.onclick = () => c.remove();</script>")
    (shape,) = (await tab.observe()).elements.values()
    assert shape.drawn == "red circle 20x20 at 40,50"
    await tab.page.evaluate("c.setAttribute('cx', 90); c.setAttribute('fill', 'lime')")
    (moved,) = (await tab.observe()).elements.values()
    assert (moved.ref, moved.drawn) == (shape.ref, "lime circle 20x20 at 90,50")
    assert (await tab.click(shape.ref)).text == "clicked clickable e1"
    assert "circle" not in (await tab.observe()).text


async def test_colours_have_words(show: Show) -> None:
    colours = {
        "#f00": "red", "#fe0505": "red", "hsl(0 60% 20%)": "dark red", "hsl(120 40% 80%)": "light green",
        "rgb(90 90 96)": "dark gray", "#7fb0ff": "light blue", "#123456": "dark blue",
        "#ffa500": "orange", "#0ff": "aqua",
    }  # fmt: skip
    shapes = "".join(f"<rect y={at * 10} width=9 height=9 fill='{one}' />" for at, one in enumerate(colours))
    tab = await show(f"<svg width=100 height=100>{shapes}<text y=99>.</text></svg>")
    said = [line.split(" rectangle")[0] for line in (await tab.observe()).text.split("\n") if "rectangle" in line]
    assert said == list(colours.values())


async def test_many_drawings_are_counted(show: Show) -> None:
    shapes = "".join(f"<rect x={at * 3} width=2 height=40 fill=green />" for at in range(30))
    tab = await show(f"<svg width=100 height=50>{shapes}</svg>" * 5)
    text = (await tab.observe()).text
    assert text.count("green rectangle") == 100
    assert text.count("and 20 more shapes") == 1
    assert text.endswith("and 30 more shapes")
