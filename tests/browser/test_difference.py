"""The difference between two looks: short, in the order of the page, nothing lost."""

import random

from webhand.browser.difference import UNCHANGED, difference

PAGE = """# Sign in
e1 textbox Email = ""
e2 textbox Word = ""
e3 button Sign in
Forgotten?"""


def test_nothing_changed() -> None:
    assert difference(PAGE, PAGE) == UNCHANGED


def test_a_value_and_an_error() -> None:
    now = PAGE.replace('Email = ""', 'Email = "anna"').replace("Forgotten?", "That is not right\nForgotten?")
    assert difference(PAGE, now).splitlines() == [
        "  # Sign in",
        '+ e1 textbox Email = "anna"',
        "…",
        "  e3 button Sign in",
        "+ That is not right",
        "…",
    ]


def test_what_went_is_named_and_much_of_it_counted() -> None:
    assert difference(PAGE, PAGE.replace("e3 button Sign in\n", "")).splitlines() == ["- e3 button Sign in", "…"]
    many = "\n".join(f"e{n} link {n}" for n in range(40))
    assert difference(many, "e99 link x").splitlines()[6] == "- and 34 more lines"


def test_what_moved_is_not_said_to_be_gone() -> None:
    said = difference("e1 button A\ne2 button B", "e2 button B\ne1 button A").splitlines()
    assert "+ e1 button A" in said or "+ e2 button B" in said
    assert not any(line.startswith("-") for line in said)


def test_every_line_that_came_is_there_and_every_line_that_went_is_counted() -> None:
    chance = random.Random(7)
    for _ in range(300):
        old = [f"e{chance.randrange(30)} button {chance.choice('abc')}" for _ in range(chance.randrange(25))]
        new = [line for line in old if chance.random() < 0.7]
        came = [f"line {chance.randrange(99)}" for _ in range(3)]
        for line in came:
            new.insert(chance.randrange(len(new) + 1), line)
        said = difference("\n".join(old), "\n".join(new)).splitlines()
        assert all(f"+ {line}" in said for line in came)
