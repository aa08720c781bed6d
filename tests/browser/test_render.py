"""A snapshot as text: pure, within its budget, and honest about what is left out."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhand.browser import Element
from webhand.browser.budget import page_text
from webhand.browser.render import element_text, line_text
from webhand.browser.snapshot import CELL, Gap, Line
from webhand.browser.tokens import tokens


def element(**more: Any) -> Element:
    given: dict[str, Any] = {
        **{"ref": "e1", "role": "button", "name": "Go", "tag": "button", "value": None, "states": (), "box": None},
        **{"frame": "", "in_view": True, "attributes": {}},
    }
    return Element(**given | more)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({}, "e1 button Go"),
        ({"name": ""}, "e1 button"),
        ({"role": "textbox", "value": ""}, 'e1 textbox Go = ""'),
        ({"role": "textbox", "value": "a\nb"}, 'e1 textbox Go = "a⏎b"'),
        ({"role": "textbox", "value": "x" * 250}, f'e1 textbox Go = "{"x" * 200}… 50 more characters"'),
        ({"role": "textbox", "value": "", "attributes": {"placeholder": "a word"}}, 'e1 textbox Go = "" hint "a word"'),
        ({"role": "textbox", "value": "x", "attributes": {"placeholder": "a word"}}, 'e1 textbox Go = "x"'),
        ({"role": "textbox", "value": "", "attributes": {"placeholder": "Go"}}, 'e1 textbox Go = ""'),
        ({"role": "textbox", "states": ("secret",), "value": "•"}, 'e1 password Go = "•"'),
        ({"role": "checkbox", "states": ("checked", "focused")}, "e1 [x] Go (focused)"),
        ({"role": "checkbox", "states": ("unchecked",)}, "e1 [ ] Go"),
        ({"role": "menuitemcheckbox", "states": ("mixed",)}, "e1 [-] Go"),
        ({"role": "menuitemradio", "states": ("checked",)}, "e1 (x) Go"),
        ({"role": "switch", "states": ("unchecked", "disabled")}, "e1 switch [ ] Go (disabled)"),
        ({"role": "slider", "value": "3", "attributes": {"min": "1"}}, 'e1 slider Go = "3" [1..]'),
        ({"states": ("covered", "disabled"), "cover": 'div "X"'}, 'e1 button Go (disabled, covered by div "X")'),
        ({"options": ("A", "B")}, "e1 button Go {A; B}"),
        ({"options": tuple("abcdefghijklm")}, "e1 button Go {a; b; c; d; e; f; g; h; i; j; k; l; m}"),
        ({"options": tuple("abcdefghijklmn")}, "e1 button Go {a; b; c; d; e; f; g; h; i; j; k; l; … 2 more}"),
    ],
)
def test_an_element(more: dict[str, Any], text: str) -> None:
    assert element_text(element(**more)) == text


@pytest.mark.parametrize(
    ("kind", "parts", "depth", "text"),
    [
        ("", ("some text",), 0, "some text"),
        ("", ("inside",), 2, "    inside"),
        ("h1", ("News",), 0, "# News"),
        ("h6", ("News", element()), 0, "###### News e1 button Go"),
        ("li", ("One",), 1, "- One"),
        ("li", ("Inner",), 2, "  - Inner"),
        ("row", ("Anna", CELL, "30"), 0, "Anna\t30"),
        ("row", (CELL, element(), CELL), 1, "  \te1 button Go\t"),
        ("legend", ("Address",), 0, "Address"),
        ("group", ("dialog Consent:",), 0, "dialog Consent:"),
    ],
)
def test_a_line(kind: str, parts: tuple[str | Element, ...], depth: int, text: str) -> None:
    assert line_text(Line(kind, parts, depth, True)) == text


def test_what_is_in_view_comes_first() -> None:
    lines = [Line("", (f"line {number}",), 0, 50 <= number < 53) for number in range(100)]
    shown = page_text(lines, 200).splitlines()
    numbers = [int(line.split()[1]) for line in shown[1:-1]]
    assert {50, 51, 52} < set(numbers)
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert shown[0] == f"… {numbers[0]} more lines above; find(text) or read(offset)"
    assert shown[-1] == f"… {99 - numbers[-1]} more lines below; find(text) or read(offset)"


def test_a_line_that_is_longer_than_the_room_is_cut() -> None:
    text = page_text([Line("", ("x" * 4000,), 0, True), Line("", (element(),), 0, False)], 200)
    first, last = text.splitlines()
    assert re.fullmatch(r"x{40,}….*", first)
    assert last == "e1 button Go"


def test_far_from_the_view_texts_are_short() -> None:
    far = Line("", ("word " * 40 + "(image: a lamp)",), 0, False)
    lines = [Line("", ("in view " * 20,), 0, True), *[Line("", ("x",), 0, False)] * 12, far]
    shown = page_text(lines, 300).splitlines()
    assert shown[0] == "in view " * 20
    assert shown[-1] == "word word word word word word word word word wor…"


def test_what_was_not_read_is_counted_with_its_headings() -> None:
    gap = Gap("below", 1940, 3880, "rows", ((2, "Reviews"), (3, "By others")))
    assert line_text(Line("gap", (gap,), 0, False)).splitlines() == [
        "… 1,940 more rows with 3,880 elements below; find(text) or read(offset); headings:",
        "  Reviews",
        "    By others",
    ]


def test_what_a_dialog_covers_is_told_in_one_line() -> None:
    behind = [Line("", (element(ref=f"e{n}", cover='dialog "Use?"'),), 0, True) for n in range(1, 8)]
    front = Line("", (element(ref="e9"),), 0, True)
    assert page_text([*behind, Line("", ("A text",), 0, True), front], 2000).splitlines() == [
        '(covered by dialog "Use?": 7 elements, e1…e7)',
        "A text",
        "e9 button Go",
    ]


def test_what_many_things_cover_is_told_in_one_line_too() -> None:
    behind = [Line("", (element(ref=f"e{n}", cover=f"div {n % 5}"),), 0, True) for n in (*range(1, 13), 20)]
    assert page_text(behind, 2000) == "(covered by div 1 and others: 13 elements)"


def test_a_few_lines_more_are_shown_and_not_counted() -> None:
    lines = [Line("", (f"line {number} of the page",), 0, number < 10) for number in range(40)]
    assert "more line" not in page_text(lines, 600)
    assert "more lines below" in page_text(lines, 250)


def test_what_is_left_out_in_a_row_is_told_once() -> None:
    gaps = [
        Line("gap", (Gap("above", 1, 1, "parts", ()),), 0, False),
        Line("gap", (Gap("above", 6, 12, "rows", ()),), 0, False),
    ]
    view = Line("", ("In view",), 0, True)
    assert page_text([*gaps, view], 2000).splitlines() == [
        "… 7 more lines with 13 elements above; find(text) or read(offset)",
        "In view",
    ]
    assert page_text([gaps[0], view], 2000).startswith("… 1 more part with 1 element above; ")


def test_a_name_ends_where_words_follow_it() -> None:
    named, filled = element(name="Go"), element(name="City", value="Bern")
    assert line_text(Line("", (named, "0 of 5 selected"), 0, True)) == "e1 button Go · 0 of 5 selected"
    assert line_text(Line("", (named, ", then"), 0, True)) == "e1 button Go, then"
    assert line_text(Line("", (filled, "or"), 0, True)) == 'e1 button City = "Bern" or'
    assert line_text(Line("row", (named, CELL, "5"), 0, True)) == "e1 button Go\t5"


def test_a_view_that_is_too_much_is_folded() -> None:
    lines = [Line("", (element(ref=f"e{n}", name=f"Place {n}"),), 0, True) for n in range(1, 400)]
    *shown, folded = page_text(lines, 500).split("\n")
    assert shown == [f"e{n} button Place {n}" for n in range(1, len(shown) + 1)]
    first, rest = len(shown) + 1, 399 - len(shown)
    assert folded == f"e{first}…e399 {rest} buttons: Place {first} … Place 399"
    assert 300 < tokens(page_text(lines, 500)) <= 500


def test_runs_that_share_a_view_are_all_shown_in_part() -> None:
    lines = [
        Line("", (element(ref=f"e{n}", role=role, name=f"Place {n}"),), 0, True)
        for role, numbers in (("button", range(1, 100)), ("link", range(100, 400)))
        for n in numbers
    ]
    text = page_text([*lines, Line("", ("Words that stay",), 0, True)], 600)
    assert tokens(text) <= 600
    assert text.startswith("e1 button Place 1\ne2 button Place 2\n")
    assert "\ne100 link Place 100\ne101 link Place 101\n" in text
    assert text.endswith(" … Place 399\nWords that stay")
    assert text.count("…") == 4


LINES = st.lists(
    st.builds(
        Line,
        kind=st.sampled_from(["", "h2", "li", "row"]),
        parts=st.lists(st.text("ab ", min_size=1, max_size=300) | st.just(element()), min_size=1, max_size=3).map(
            tuple
        ),
        depth=st.integers(0, 3),
        in_view=st.booleans(),
    ),
    max_size=60,
)


@given(LINES, st.integers(200, 2000))
def test_the_budget_holds_and_nothing_is_lost_in_silence(lines: list[Line], budget: int) -> None:
    text = page_text(lines, budget)
    assert tokens(text) <= budget + 8
    shown = text.split("\n") if text else []
    left = [int(found[1].replace(",", "")) for line in shown if (found := re.match(r"… ([\d,]+) more lines?", line))]
    assert sum(left) + len(shown) - len(left) == len(lines)


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("# Stock\nNo\tName\tKind\tStock\tPlace\tDate\tNote\tAct", 16),
        ('e3 textbox Email = "anna@example.com"', 10),
        ("e123 link The quick brown fox jumps over the lazy dog", 12),
        ("… 1,940 more rows with 3,880 elements below; find(text) or read(offset)", 24),
    ],
)
def test_an_estimate_of_tokens(text: str, measured: int) -> None:
    """Measured with the o200k vocabulary."""
    assert abs(tokens(text) - measured) <= 0.25 * measured


def test_what_says_that_lines_are_left_out_takes_room_as_well() -> None:
    words = "one two three four five six seven eight nine ten eleven twelve"
    lines = [Line("", (words if number % 4 else "a",), 0, number % 4 == 0) for number in range(60)]
    for budget in (200, 250, 300, 400):
        text = page_text(lines, budget)
        assert tokens(text) <= budget
        left = re.findall(r"(?m)^… (\d+) more lines?", text)
        assert sum(map(int, left)) + len(text.splitlines()) - len(left) == len(lines)
