"""A snapshot as text: pure, within its budget, and honest about what is left out."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhand.browser import Element, Fingerprint, Scroll
from webhand.browser.render import CHARACTERS_PER_TOKEN, element_text, line_text, page_text, tokens
from webhand.browser.snapshot import Line, Snapshot


def element(**more: Any) -> Element:
    given: dict[str, Any] = {
        **{"ref": "e1", "role": "button", "name": "Go", "tag": "button", "value": None, "states": (), "box": None},
        **{"frame": "", "in_view": True, "attributes": {}, "fingerprint": Fingerprint(role="", name="", tag="")},
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
        ("row", ("Anna", "|", "30"), 0, "| Anna | 30 |"),
        ("row", (element(), "|"), 1, "  | e1 button Go | |"),
        ("legend", ("Address",), 0, "Address"),
        ("group", ("dialog Consent:",), 0, "dialog Consent:"),
    ],
)
def test_a_line(kind: str, parts: tuple[str | Element, ...], depth: int, text: str) -> None:
    assert line_text(Line(kind, parts, depth, True)) == text


def page(*lines: Line) -> Snapshot:
    return Snapshot("", "", lines, {}, Scroll(0, 0, 0), False, ())


def test_what_is_in_view_comes_first() -> None:
    lines = [Line("", (f"line {number}",), 0, 50 <= number < 53) for number in range(100)]
    shown = page_text(page(*lines), 80).splitlines()
    numbers = [int(line.split()[1]) for line in shown[1:-1]]
    assert {50, 51, 52} < set(numbers)
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert shown[0] == f"… {numbers[0]} more lines with 0 elements above: scroll, find(text) or read(offset)"
    assert shown[-1] == f"… {99 - numbers[-1]} more lines with 0 elements below: scroll, find(text) or read(offset)"


def test_a_line_that_is_longer_than_the_room_is_cut() -> None:
    text = page_text(page(Line("", ("x" * 4000,), 0, True), Line("", (element(),), 0, False)), 200)
    first, last = text.splitlines()
    assert re.fullmatch(r"x{500,}… \d+ more characters", first)
    assert last == "… 1 more lines with 1 elements below: scroll, find(text) or read(offset)"


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


@given(LINES, st.integers(100, 2000))
def test_the_budget_holds_and_nothing_is_lost_in_silence(lines: list[Line], budget: int) -> None:
    text = page_text(page(*lines), budget)
    assert tokens(text) <= budget
    shown = text.split("\n") if text else []
    left = [int(found[1].replace(",", "")) for line in shown if (found := re.match(r"… ([\d,]+) more lines", line))]
    assert sum(left) + len(shown) - len(left) == len(lines)


@given(st.text())
def test_an_estimate_of_tokens(text: str) -> None:
    assert abs(tokens(text) - len(text) / CHARACTERS_PER_TOKEN) <= 0.5
