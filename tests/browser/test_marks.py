"""Marks: which elements get one, and where its label stands."""

import random
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw

from webhand.browser.marks import COLOURS, Mark, draw, label_places, marks_of
from webhand.browser.observation import Box, Element


def element(x: float, y: float, width: float, height: float, **more: Any) -> Element:
    told: dict[str, Any] = {"ref": "e1", "role": "button", "name": "Go", "tag": "button", "value": None, "states": ()}
    told |= {"in_view": True, "frame": "", "attributes": {}} | more
    box = Box(x=x, y=y, width=width, height=height)
    return Element(box=box, **told)


MARKED: dict[str, tuple[Element, tuple[int, int, int, int] | None]] = {
    "a button": (element(10, 20, 60, 24), (10, 20, 70, 44)),
    "one that reaches out of the view": (element(-30, 580, 60, 60), (0, 580, 30, 600)),
    "one that is out of view": (element(10, 20, 60, 24, in_view=False), None),
    "one that another covers": (element(10, 20, 60, 24, cover="dialog"), None),
    "one that is disabled": (element(10, 20, 60, 24, states=("disabled",)), None),
    "one pixel": (element(10, 20, 1, 1), None),
    "a line": (element(10, 20, 300, 3), None),
    "most of the view": (element(0, 0, 700, 500), None),
    "a wide bar": (element(0, 0, 800, 60), (0, 0, 800, 60)),
}


@pytest.mark.parametrize("name", MARKED)
def test_what_gets_a_mark(name: str) -> None:
    one, corners = MARKED[name]
    marks = marks_of([one], 800, 600, 1.0)
    assert marks == ([Mark("e1", *corners)] if corners else [])


def test_marks_are_as_small_as_the_picture() -> None:
    assert marks_of([element(100, 50, 60, 24)], 800, 600, 0.5) == [Mark("e1", 50, 25, 80, 37)]


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def luminance(colour: tuple[int, ...]) -> float:
    linear = [v / 12.92 if (v := part / 255) <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", COLOURS)
def test_boxes_stand_out_from_light_and_dark_and_labels_can_be_read(colour: str) -> None:
    own = luminance(rgb(colour))
    assert 1.05 / (own + 0.05) >= 4.5, "white letters on it, and its line on a white page"
    assert (own + 0.05) / 0.05 >= 3.0, "its line on a black page"


def test_a_label_does_not_lie_on_what_is_written() -> None:
    picture = Image.new("RGB", (400, 200), "white")
    pen = ImageDraw.Draw(picture)
    for y in range(60, 160, 4):  # writing everywhere but to the right of the box
        pen.line((20, y, 200, y), fill="black")
    before = picture.copy()
    draw(picture, [Mark("e7", 100, 90, 200, 120)])
    changed = ImageChops.difference(before, picture)
    inside = changed.crop((102, 92, 198, 118)).getbbox()
    assert inside is None, "the label stands outside, on white"
    assert changed.getbbox() is not None
    assert changed.crop((201, 80, 260, 130)).getbbox() is not None


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def touches(mark: Mark, place: Box) -> bool:
    grown = Box(x=mark.left - 1, y=mark.top - 1, width=mark.box.width + 2, height=mark.box.height + 2)
    return overlap(grown, place)


def test_hundreds_of_labels_do_not_lie_on_each_other_and_stand_at_their_boxes() -> None:
    dice = random.Random(5)
    picture = Image.new("RGB", (1280, 800), "white")
    corners = [(dice.randrange(0, 1150), dice.randrange(0, 760)) for _ in range(300)]
    marks = [
        Mark(f"e{number}", x, y, x + dice.randrange(12, 120), y + dice.randrange(10, 30))
        for number, (x, y) in enumerate(corners)
    ]
    places = label_places(picture, marks)
    there = [place for _, place in places if place is not None]
    assert len(there) > 280
    assert not any(overlap(one, other) for number, one in enumerate(there) for other in there[:number])
    assert all(touches(mark, place) for mark, place in places if place is not None)
    assert all(0 <= one.x <= 1280 - one.width and 0 <= one.y <= 800 - one.height for one in there)


def test_in_a_grid_without_gaps_each_label_stands_in_its_own_box() -> None:
    picture = Image.new("RGB", (800, 600), "#101418")
    marks = [Mark(f"e{10 * y + x}", x * 80, y * 24, x * 80 + 79, y * 24 + 23) for y in range(25) for x in range(10)]
    strangers = [
        (mark.label, other.label)
        for mark, place in label_places(picture, marks)
        for other in marks
        if place is not None and other is not mark and overlap(place, other.box)
    ]
    assert strangers == []


def test_no_marks_no_change() -> None:
    picture = Image.new("RGB", (100, 100), "white")
    draw(picture, [])
    assert picture.getcolors() == [(10_000, (255, 255, 255))]
