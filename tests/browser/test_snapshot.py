"""What the frames' readings say together: pure, from readings as the script gives them."""

from collections.abc import Sequence
from typing import Any, cast

import pytest

from webhand.browser.frames import Frame, FrameReading
from webhand.browser.listeners import Listeners
from webhand.browser.refs import Refs
from webhand.browser.render import line_text
from webhand.browser.snapshot import Snapshot, assemble
from webhand.browser.world import World
from webhand.errors import StaleRef

URL = "http://shop.example/"


def frame(number: int = 1, parent: Frame | None = None, owner: int | None = None, url: str = URL) -> Frame:
    """A frame that nobody calls into."""
    world = World(cast("Any", None), str(number))
    return Frame(number, str(number), world, parent, url, Listeners(world, nested=False), owner)


def item(name: str, node: int = 1, box: Sequence[float] = (10, 20, 30, 40)) -> list[Any]:
    """An element; `reading` puts its entry where the script would."""
    return ["element", [node, "button", name, "button", None, "", *box, 1, {}, 0, None, 0]]


def reading(one: Frame, *items: list[Any], key: str = "k", **more: Any) -> FrameReading:
    entries = [given[1] for given in items if given[0] == "element"]
    raw = {
        "key": key,
        "items": [["element", entries.index(given[1])] if given[0] == "element" else given for given in items],
        "entries": entries,
        "dead": [],
        "partial": None,
        "count": 1,
        "title": "Shop",
        "url": URL,
        "width": 1000,
        "height": 800,
        "scroll": [5, 10, 800],
        "loading": False,
    }
    return FrameReading(one, raw | more)


def lines(page: Snapshot) -> list[str]:
    return [line_text(line) for line in page.lines]


def test_a_page() -> None:
    page = assemble([reading(frame(), ["text", "Hello", 1], item("Go"))], Refs(), 1)
    assert (page.url, page.title, page.loading, page.partial) == (URL, "Shop", False, ())
    assert (page.scroll.above, page.scroll.below, page.scroll.height) == (5, 10, 800)
    assert lines(page) == ["Hello", "e1 button Go"]
    assert list(page.elements) == ["e1"]


def begin(kind: str, name: str = "") -> list[Any]:
    return ["block", kind, name]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([begin("h2"), ["text", "A", 1], item("b"), ["end", "h2"], ["text", "c", 1]], ["## A e1 button b", "c"]),
        (
            [begin("li"), ["text", "A", 1], begin("li"), ["text", "B", 1], ["end", "li"], ["end", "li"]],
            ["- A", "  - B"],
        ),
        ([begin("li"), ["end", "li"], ["text", "x", 1]], ["x"]),
        (
            [begin("li"), begin("h3"), ["text", "A", 1], ["end", "h3"], ["text", "b", 1], ["end", "li"]],
            ["  ### A", "  b"],
        ),
        (
            [
                begin("row"),
                begin("cell"),
                ["end", "cell"],
                begin("cell"),
                ["text", "A", 1],
                ["end", "cell"],
                ["end", "row"],
            ],
            ["\tA"],
        ),
        ([begin("row"), begin("cell"), ["end", "cell"], ["end", "row"]], []),
        ([begin("cell"), ["text", "A", 1], ["end", "cell"]], ["A"]),
        ([begin("dialog", "Consent"), ["text", "A", 1], ["end", "dialog"]], ["dialog Consent:", "A"]),
        ([begin("navigation"), ["text", "A", 1], ["end", "navigation"]], ["A"]),
        (
            [begin("alert"), ["text", "A", 1], ["text", "b", 1], ["end", "alert"], ["text", "c", 1]],
            ["alert: A", "b", "c"],
        ),
        ([begin("status"), begin("li"), ["text", "A", 1], ["end", "li"], ["end", "status"]], ["- status: A"]),
        ([begin("alert"), ["end", "alert"], ["text", "c", 1]], ["c"]),
    ],
)
def test_lines(items: list[list[Any]], expected: list[str]) -> None:
    assert lines(assemble([reading(frame(), *items)], Refs(), 1)) == expected


def test_a_frame_stands_where_its_element_does() -> None:
    main = frame()
    child = frame(2, main, owner=7, url="http://ads.example/")
    page = assemble(
        [
            reading(main, ["text", "a", 1], ["frame", 7, 100, 200, 300, 400, "Ads"], ["text", "b", 1]),
            reading(child, item("Go"), key="other"),
        ],
        Refs(),
        1,
    )
    assert lines(page) == ["a", "frame Ads:", "  f2e1 button Go", "b"]
    element = page.elements["f2e1"]
    assert element.box
    assert (element.box.x, element.box.y) == (110, 220)
    assert element.frame == element.fingerprint.frame == "http://ads.example/"


@pytest.mark.parametrize(
    ("box", "in_view"),
    [([10, 20, 30, 40], True), ([10, 500, 30, 40], False), ([-50, 20, 30, 40], False), ([290, 20, 30, 40], True)],
)
def test_what_a_frame_cuts_off_is_not_in_view(box: list[float], in_view: bool) -> None:
    main = frame()
    child = frame(2, main, owner=7)
    page = assemble([reading(main, ["frame", 7, 0, 0, 300, 400, ""]), reading(child, item("Go", box=box))], Refs(), 1)
    assert page.elements["f2e1"].in_view is in_view


def test_a_frame_that_could_not_be_read_says_why() -> None:
    main = frame()
    child = frame(2, main, owner=7)
    page = assemble(
        [reading(main, ["frame", 7, 0, 0, 300, 400, ""]), FrameReading(child, None, "it did not answer")], Refs(), 1
    )
    assert lines(page) == ["frame: it did not answer"]
    assert page.partial == ("it did not answer",)


def test_a_page_that_could_not_be_read() -> None:
    page = assemble([FrameReading(frame(), None, "it did not answer")], Refs(), 1)
    assert (page.url, page.lines, page.partial) == (URL, (), ("it did not answer",))


def test_a_frame_that_no_element_is_known_for_is_left_out() -> None:
    main = frame()
    child = frame(2, main, owner=9)
    page = assemble(
        [reading(main, ["frame", 7, 0, 0, 9, 9, ""], ["text", "a", 1]), reading(child, item("Go"))], Refs(), 1
    )
    assert lines(page) == ["a"]
    assert not page.elements


def test_an_unknown_item_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError, match="the script gave 'surprise'"):
        assemble([reading(frame(), ["surprise"])], Refs(), 1)


def entry(name: str, node: int) -> list[Any]:
    return item(name, node)[1]


def test_numbers_are_given_once_for_all_tabs_frames_and_documents() -> None:
    refs, main, other, elsewhere = Refs(), frame(), frame(3), frame()
    assert refs.give(1, main, "a", [entry("A", 1), entry("B", 2)]) == ["e1", "e2"]
    assert refs.give(2, elsewhere, "b", [entry("A", 1)]) == ["e3"]
    assert refs.give(1, other, "c", [entry("A", 1)]) == ["f3e4"]
    assert refs.give(1, main, "a", [entry("A", 1)]) == ["e1"]
    assert refs.resolve("f3e4", 1).node == refs.resolve("4", 1).node == 1
    with pytest.raises(StaleRef, match=r"e3 is in tab 2; switch_tab\(2\) first"):
        refs.resolve("e3", 1)
    refs.forget(1)
    with pytest.raises(StaleRef, match="e1 is no longer on the page"):
        refs.resolve("e1", 1)
    with pytest.raises(StaleRef, match="there is no element e5"):
        refs.resolve("e5", 1)
    assert refs.resolve("e3", 2).document == "b"
    assert refs.give(1, main, "a", [entry("A", 1)]) == ["e5"]


def test_another_document_in_the_same_frame_ends_the_references_of_the_one_before() -> None:
    refs, main = Refs(), frame()
    refs.give(1, main, "a", [entry("A", 1)])
    refs.give(1, main, "b", [entry("A", 1)])
    with pytest.raises(StaleRef, match="e1 is no longer on the page"):
        refs.resolve("e1", 1)


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ([("A", 1)], [("A", 2)], ["e1"]),
        ([("A", 1), ("B", 2)], [("A", 4), ("B", 3)], ["e1", "e2"]),
        ([("A", 1), ("B", 2)], [("B", 4), ("A", 3)], ["e3", "e4"]),
        ([("A", 1), ("A", 2)], [("A", 3), ("A", 4)], ["e3", "e4"]),
        ([("A", 1)], [("A", 2), ("A", 3)], ["e2", "e3"]),
        ([("A", 1), ("A", 2)], [("A", 3)], ["e3"]),
        ([("A", 1)], [("B", 2)], ["e2"]),
        ([("", 1)], [("", 2)], ["e2"]),
    ],
)
def test_a_twin_takes_a_reference_over_only_where_it_is_unmistakable(
    before: list[tuple[str, int]], after: list[tuple[str, int]], kept: list[str]
) -> None:
    refs, main = Refs(), frame()
    refs.give(1, main, "a", [entry(name, node) for name, node in before])
    assert refs.give(1, main, "a", [entry(*one) for one in after], [node for _, node in before]) == kept


def test_a_twin_may_come_a_look_later() -> None:
    refs, main = Refs(), frame()
    refs.give(1, main, "a", [entry("A", 1)])
    refs.give(1, main, "a", [], [1])
    assert refs.give(1, main, "a", [entry("A", 2)]) == ["e1"]
    assert refs.resolve("e1", 1).node == 2
