"""Plain instructions: how a task is split, and what each form means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhand.llm.instructions import UNDERSTOOD, Instruction, parse, split

PAIRS = [('"', '"'), ("“", "”"), ("„", "“"), ("«", "»"), ("'", "'")]
SEPARATORS = [", ", ". ", "\n", "; ", " then ", " and then ", ", then ", ".\n", ", and "]


@pytest.mark.parametrize(
    ("task", "parts"),
    [
        ("", ()),
        (" \n ,;. ", ()),
        ("go back", ("go back",)),
        ('click "A",click "B"', ('click "A"', 'click "B"')),
        ("open http://x.example/a,b;c?d=1. go back", ("open http://x.example/a,b;c?d=1", "go back")),
        ("open http://x.example/, go back", ("open http://x.example/", "go back")),
        ("open shop.example/a.html. Go back.", ("open shop.example/a.html", "Go back")),
        ('1. click "A"\n2. click "B"\n10) go back', ('click "A"', 'click "B"', "go back")),
        ('- click "A"\n* click "B"', ('click "A"', 'click "B"')),
        ('First, click "A" and then please click "B". Finally go back!', ('click "A"', 'click "B"', "go back")),
        ('type "x" into "Search" and press Enter', ('type "x" into "Search"', "press Enter")),
        ("tell me the price and the name", ("tell me the price and the name",)),
        ('click "then, and. so; on"', ('click "then, and. so; on"',)),
        ('type "one\ntwo" into "Note"', ('type "one\ntwo" into "Note"',)),
        (
            'type \'it, too\' into "A", click "the user\'s, own"',
            ("type 'it, too' into \"A\"", 'click "the user\'s, own"'),
        ),
    ],
)
def test_a_task_is_split_outside_quotes(task: str, parts: tuple[str, ...]) -> None:
    assert split(task) == parts


@st.composite
def quoted(draw: st.DrawFn) -> str:
    left, right = draw(st.sampled_from(PAIRS))
    text = st.text() | st.lists(st.sampled_from(["then", ",", ".", " ", "\n", "and", "open", ";", "x"])).map("".join)
    return left + draw(text.filter(lambda inner: not set(inner) & {left, right, "”", "“"})) + right


@given(st.lists(quoted(), min_size=1, max_size=6), st.data())
def test_quoted_text_survives_the_splitter(texts: list[str], data: st.DataObject) -> None:
    instructions = [f"click {text}" for text in texts]
    task = instructions[0]
    for instruction in instructions[1:]:
        task += data.draw(st.sampled_from(SEPARATORS)) + instruction
    assert split(task) == tuple(instructions)
    assert [one.target for one in parse(task)] == [text[1:-1] for text in texts]


@given(st.text())
def test_any_task_can_be_read(task: str) -> None:
    parts = split(task)
    assert all(part == part.strip() and part for part in parts)
    assert {one.source for one in parse(task)} == set(parts)


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("open http://127.0.0.1:8000/x", Instruction("", "open", value="http://127.0.0.1:8000/x")),
        ("Go to shop.example/cart", Instruction("", "open", value="https://shop.example/cart")),
        ("open localhost:8000/a", Instruction("", "open", value="http://localhost:8000/a")),
        ('visit the page "https://x.example/a b"', Instruction("", "unknown")),
        ('open "https://x.example/a,b"', Instruction("", "open", value="https://x.example/a,b")),
        ('type "a" into "B"', Instruction("", "type", "B", "a")),
        ('enter "a" in the second "B" field', Instruction("", "type", "B", "a", "field", 1)),
        ('fill in the "B" with "a"', Instruction("", "type", "B", "a")),
        ('type <secret:pw> into "Password"', Instruction("", "type", "Password", "<secret:pw>")),
        ('click "A"', Instruction("", "click", "A")),
        ('CLICK ON the 2nd "A"', Instruction("", "click", "A", nth=1)),
        ('press the button "A"', Instruction("", "click", "A", kind="button")),
        ('follow the last "A" link', Instruction("", "click", "A", kind="link", nth=-1)),
        ('choose "A"', Instruction("", "click", "A")),
        ('press "Delete"', Instruction("", "click", "Delete")),
        ("press enter", Instruction("", "press", value="Enter")),
        ("press the Escape key", Instruction("", "press", value="Escape")),
        ('press ctrl+A in "B"', Instruction("", "press", "B", "Control+a")),
        ("press Sign in", Instruction("", "unknown")),
        ('select "Red" in "Colour"', Instruction("", "select", "Colour", "Red")),
        ('choose the option "Red" from the "Colour" list', Instruction("", "select", "Colour", "Red", "list")),
        ('check "News"', Instruction("", "check", "News")),
        ('untick the checkbox "News"', Instruction("", "check", "News", kind="checkbox", on=False)),
        ("scroll down", Instruction("", "scroll", value="down")),
        ("scroll up 3 times", Instruction("", "scroll", value="up", amount=3)),
        ('wait for "Thanks"', Instruction("", "wait", value="Thanks")),
        ('wait until "Thanks" appears', Instruction("", "wait", value="Thanks")),
        ("wait 1.5 seconds", Instruction("", "wait", amount=1.5)),
        ("go back", Instruction("", "back")),
        ('search for "boots"', Instruction("", "search", value="boots")),
        ("tell me the heading of the page", Instruction("", "tell", "heading")),
        ("tell me the order number", Instruction("", "tell", "order number")),
        ("What is the price?", Instruction("", "tell", "price")),
        ('read "Total"', Instruction("", "tell", "Total")),
        ("buy me some boots", Instruction("", "unknown")),
        ("click the red one", Instruction("", "unknown")),
        ("tell me a joke", Instruction("", "unknown")),
        ('type "a', Instruction("", "unknown")),
    ],
)
def test_each_form_has_one_meaning(task: str, expected: Instruction) -> None:
    assert [(one.verb, one.target, one.value, one.kind, one.nth, one.amount, one.on) for one in parse(task)] == [
        (expected.verb, expected.target, expected.value, expected.kind, expected.nth, expected.amount, expected.on)
    ]


def test_several_values_are_several_instructions() -> None:
    assert [one.target for one in parse("tell me the price and the order number of this page")] == [
        "price",
        "order number",
    ]


def test_what_it_says_it_understands_it_does() -> None:
    said = UNDERSTOOD.replace("URL", "http://x.example").split("; ")
    assert [one for one in said if parse(one)[0].verb == "unknown" or len(parse(one)) != 1] == []
