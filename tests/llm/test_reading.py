"""The value beside a label, in the forms in which page texts come."""

import time

import pytest

from webhand.llm.messages import PageElement, PageView
from webhand.llm.reading import values

ELEMENTS = (
    PageElement(ref="e1", role="button", name="Buy"),
    PageElement(ref="e2", role="textbox", name="Voucher:", value="SPRING"),
    PageElement(ref="e3", role="link", name="WH-77"),
)


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("order number", "Thanks\nOrder number: WH-1234\nBye", ("WH-1234",)),
        ("order number", "  - Your order number: WH-1234", ("WH-1234",)),
        ("order number", "Your order number is WH-1234.", ("WH-1234",)),
        ("order number", "Order number\nWH-1234", ("WH-1234",)),
        ("order number", "Order number: [e3] link WH-77", ("WH-77",)),
        ("order number", "Order number: e3 link WH-77", ("WH-77",)),
        ("order number", 'Order number: [e3] link "WH-77"', ("WH-77",)),
        ("order number", "<<<page\nOrder number\nWH-1234\npage>>>", ("WH-1234",)),
        ("order number", "<<<page\nOrder number\npage>>>", ()),
        ("heading", "<<<page\n# e3 link Boots\npage>>>", ("Boots",)),
        ("room", "Room: e12", ("e12",)),
        ("total", "Total 12.90", ("12.90",)),
        ("total", "Total = 12.90", ("12.90",)),
        ("total", "Totally: 5", ()),
        ("total", "Total\t12.90", ("12.90",)),
        ("time", "Time: 12:30", ("12:30",)),
        ("price", "Name\tPrice\tStock\ne4 link Boots\t12.90\t4", ("12.90",)),
        ("price", "Name\tPrice\n\t3.00\nSocks\t12.90", ("3.00", "12.90")),
        ("price", "Boots\n€ 12.90\nAdd to cart", ("€ 12.90",)),
        ("price", "Boots $12 now\nSocks $3", ("$12", "$3")),
        ("price", "Price: 12 €\nShipping: 3 €", ("12 €",)),
        ("price", "12 boots", ()),
        ("price", "Price: 12\nagain Price: 12", ("12",)),
        ("voucher", "anything", ("SPRING",)),
        ("name", "nothing here", ()),
        ("heading", "# Welcome\n## More", ("Welcome",)),
        ("heading", "## Menu\n  # Welcome", ("Welcome",)),
        ("heading", 'heading "Welcome" [level=1]', ("Welcome",)),
        ("heading", "heading 2 Side\nheading 1 Welcome", ("Welcome",)),
        ("heading", "Welcome", ()),
    ],
)
def test_the_value_beside_a_label(label: str, text: str, expected: tuple[str, ...]) -> None:
    assert values(label, PageView(text=text, elements=ELEMENTS)) == expected


@pytest.mark.parametrize("line", ["a: " * 40_000, "1 " * 50_000, "order number " * 10_000, "[e1] " * 30_000])
def test_long_lines_are_read_in_linear_time(line: str) -> None:
    began = time.perf_counter()
    for label in ("order number", "price", "heading"):
        values(label, PageView(text=line, elements=ELEMENTS))
    assert time.perf_counter() - began < 5
